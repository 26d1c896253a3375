import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http.octets import is_utf8, octets


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("aü", "aü".encode()),
        ("\udcff", b"\xff"),
        ("a\ud800b", "a\ufffdb".encode()),
        ("\ud800\udc80", b"\xef\xbf\xbd\x80"),
    ],
)
def test_text_becomes_the_bytes_that_it_was(text: str, content: bytes) -> None:
    assert octets(text) == content


@given(st.binary())
def test_bytes_come_back(content: bytes) -> None:
    assert octets(content.decode("utf-8", "surrogateescape")) == content


@given(st.text(st.characters(categories=["Cs", "L", "N"])))
def test_every_text_becomes_bytes_letter_by_letter(text: str) -> None:
    assert octets(text) == b"".join(map(octets, text))


@pytest.mark.parametrize(
    ("content", "expected"), [(b"", True), ("ü".encode(), True), (b"\xfc", False), (b"\xed\xa0\x80", False)]
)
def test_text_in_utf_8(content: bytes, expected: bool) -> None:
    assert is_utf8(content) is expected
