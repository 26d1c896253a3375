"""Requests and responses: the text of a body."""

import pytest

from pact_recorder.http import Body, MediaType


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (b"a\xc3\xa4", None, "a\u00e4"),
        (b"a\xe4", "text/plain; charset=latin-1", "a\u00e4"),
        (b"a\xe4", "text/plain", None),
        (b"a\xc3\xa4", "text/plain; charset=no-such", "a\u00e4"),
        *((b"a\xc3\xa4", f"text/plain; charset={codec}", "a\u00e4") for codec in ("rot13", "hex", "base64", "zip")),
    ],
)
def test_the_text_of_a_body(content: bytes, media_type: str | None, expected: str | None) -> None:
    assert Body(content).text(MediaType.parse(media_type)) == expected
