"""Character sets, and codecs that are none."""

import pytest

from pact_recorder.http.charsets import decoded, encoded, known_charset


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("utf-8", "utf-8"), ("UTF8", "utf-8"), ("latin1", "iso8859-1"), ("utf-16", "utf-16"),
        ("shift_jis", "shift_jis"), ("us-ascii", "ascii"), ("windows-1252", "cp1252"),
    ],
)  # fmt: skip
def test_character_sets(name: str, expected: str) -> None:
    assert known_charset(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "rot13", "hex", "base64", "zip", "zlib", "bz2", "uu", "quopri", "idna", "punycode", "utf-7", "unicode_escape",
        "raw_unicode_escape", "charmap", "undefined", "no-such", "", "a\0b", "x" * 5_000,
    ],
)  # fmt: skip
def test_other_names(name: str) -> None:
    assert known_charset(name) is None


@pytest.mark.parametrize(
    ("text", "charset", "content"),
    [
        ("é€", None, "é€".encode()), ("é", "latin1", b"\xe9"), ("é€", "latin1", "é€".encode()),
        ("é€", "unicode_escape", "é€".encode()), ("é", "punycode", "é".encode()), ("é", "hex", "é".encode()),
        ("é", "no-such", "é".encode()), ("\ud83d", "utf-8", b"\xed\xa0\xbd"), ("é", "utf-16-le", b"\xe9\0"),
    ],
)  # fmt: skip
def test_texts_as_bytes(text: str, charset: str | None, content: bytes) -> None:
    assert encoded(text, charset) == content


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        (b"\xe9", "latin1", "é"), (b"\xe9", None, None), (b"a-9f", "punycode", "a-9f"),
        (b"\\n", "unicode_escape", "\\n"), (b"\xe9\0", "utf-16-le", "é"), (b"\xe9", "utf-16", None),
    ],
)  # fmt: skip
def test_bytes_as_texts(content: bytes, charset: str | None, text: str | None) -> None:
    assert decoded(content, charset) == text
