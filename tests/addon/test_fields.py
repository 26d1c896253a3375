"""Header fields of a flow as bytes."""

import pytest
from mitmproxy import http

from pact_recorder.addon.fields import declared_length, field


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ([], b""),
        ([(b"HOST", b"a"), (b"Host", b"b")], b"a"),
        ([(b"X-Host", b"a")], b""),
        ([(b"host", b"\xff")], b"\xff"),
    ],
)
def test_the_first_value_of_a_field(fields: list[tuple[bytes, bytes]], value: bytes) -> None:
    assert field(http.Headers(fields), b"host") == value


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ([], None),
        ([(b"Content-Length", b"0")], 0),
        ([(b"content-length", b"12")], 12),
        ([(b"Content-Length", b"12"), (b"Transfer-Encoding", b"chunked")], None),
        ([(b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"12")], None),
        ([(b"Content-Length", b"12"), (b"Content-Length", b"12")], None),
        ([(b"Content-Length", b"-1")], None),
        ([(b"Content-Length", b"")], None),
        ([(b"Content-Length", "²".encode())], None),
        ([(b"Content-Length", b"9" * 5_000)], None),
    ],
)
def test_the_length_that_a_message_declares(fields: list[tuple[bytes, bytes]], length: int | None) -> None:
    assert declared_length(http.Headers(fields)) == length
