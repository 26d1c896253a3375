"""Character sets, and codecs that are none."""

import pytest

from pact_recorder.http.charsets import known_charset


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
        "undefined", "no-such", "", "a\0b", "x" * 5_000,
    ],
)  # fmt: skip
def test_other_names(name: str) -> None:
    assert known_charset(name) is None
