import pytest

from pact_recorder.matching.magic import content_matches, sniff_binary, sniff_text

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF....WEBP", "image/webp"),
        (b"....ftypisom", "video/mp4"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b\x08", "application/gzip"),
        (b"hello", None),
        (b"", None),
    ],
)
def test_sniff_binary(content: bytes, kind: str | None) -> None:
    assert sniff_binary(content) == kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'<?xml version="1.0"?><a/>', "application/xml"),
        (b"<!doctype html><html>", "text/html"),
        (b"  <html><body>", "text/html"),
        (b"<a>1</a>", "application/xml"),
        (b'{"a":1}', "application/json"),
        (b" []", "application/json"),
        (b"{}", "application/json"),
        (b"12", "application/json"),
        (b'"x"', "application/json"),
        (b"{not json}", "text/plain"),
        (b"hello", "text/plain"),
        (b"\xff\xfe", "text/plain"),
        (b"", "text/plain"),
    ],
)
def test_sniff_text(content: bytes, kind: str) -> None:
    assert sniff_text(content) == kind


@pytest.mark.parametrize(
    ("content", "media_type", "detected"),
    [
        (PNG, "image/png", None),
        (PNG, "image/jpeg", "image/png"),
        (b'{"a":1}', "application/json", None),
        (b'{"a":1}', "text/plain", None),
        (b"<html><body>", "text/plain", "text/html"),
        (b"<a/>", "text/plain", None),
        (b"<a/>", "text/xml", None),
        (b"hello", "application/json", "text/plain"),
        (b"\x00\xff\x00", "application/octet-stream", None),
        (b"\x00\xff\x00", "text/plain", "application/octet-stream"),
        ("é".encode() * 1000, "text/plain", None),
        (b"x" + "é".encode() * 1000, "text/plain", None),
        (b"x" * 500 + b"\xff" + b"x" * 1000, "text/plain", "application/octet-stream"),
        (b"text\0text", "text/plain", "application/octet-stream"),
    ],
)
def test_content_matches(content: bytes, media_type: str, detected: str | None) -> None:
    assert content_matches(content, media_type) == detected
