"""Header fields of a flow as bytes: mitmproxy's own look-up decodes and joins, at several times the cost."""

from __future__ import annotations

from mitmproxy import http

_LONGEST_LENGTH = 18  # digits


def field(headers: http.Headers, name: bytes) -> bytes:
    """The first value of a field (its name in lower case), empty when there is none."""
    for key, value in headers.fields:
        if key.lower() == name:
            return value
    return b""


def declared_length(headers: http.Headers) -> int | None:
    """The length in bytes that `Content-Length` alone decides; None without it, or where it is not for it to say."""
    length = b""
    for key, value in headers.fields:
        lower = key.lower()
        if lower == b"transfer-encoding":
            return None
        if lower == b"content-length":
            if length:
                return None
            length = value
    return int(length) if length.isdigit() and len(length) <= _LONGEST_LENGTH else None
