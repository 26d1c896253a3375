"""What bytes look like: by their first ones, and for text by its form."""

from __future__ import annotations

import re
from typing import Final

_LOOKED_AT: Final = 1024

# (offset, first bytes, media type); longer and more telling ones come first.
_SIGNATURES: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heif"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypM4A", "audio/m4a"),
    (4, b"ftypM4V", "video/x-m4v"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"%PDF", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"%!", "application/postscript"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\x00asm", "application/wasm"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"wOFF", "application/font-woff"),
    (0, b"wOF2", "application/font-woff"),
    (0, b"OTTO\x00", "application/font-sfnt"),
    (0, b"\x00\x01\x00\x00\x00", "application/font-sfnt"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/x-flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (8, b"WAVE", "audio/x-wav"),
    (0, b"MThd", "audio/midi"),
    (8, b"AVI", "video/x-msvideo"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)

# (form, media type), tried in this order on the beginning of a text.
_FORMS: Final = (
    (re.compile(r"\s*<\?xml\s*version"), "application/xml"),
    (re.compile(r"(?i)\s*<!DOCTYPE|.*<HTML>", re.DOTALL), "text/html"),
    (re.compile(r"\s*<\w+"), "application/xml"),
    (re.compile(r'\s*(?:true|false|null|[0-9]|"|\{\s*(?:\}|"\w)|\[)'), "application/json"),
)


def sniff_binary(content: bytes) -> str | None:
    """The media type that the first bytes give away, None for text and for bytes that say nothing."""
    found = (kind for at, first, kind in _SIGNATURES if content.startswith(first, at))
    return next(found, None)


def sniff_text(content: bytes) -> str:
    """The media type of text by its form: XML, HTML, JSON, else plain; bytes that are no text are taken as plain."""
    beginning = content[:_LOOKED_AT].decode("utf-8", "ignore")
    return next((kind for form, kind in _FORMS if form.match(beginning)), "text/plain")


def content_matches(content: bytes, media_type: str) -> str | None:
    """None when the bytes look like the media type, else the type that they look like."""
    detected = sniff_binary(content)
    if detected is None and _is_text(content):
        detected = sniff_text(content)
        if media_type == "text/plain" and detected != "text/html":
            return None
    detected = detected or "application/octet-stream"
    accepted = detected == media_type or {detected, media_type} <= {"application/xml", "text/xml"}
    return None if accepted else detected


def _is_text(content: bytes) -> bool:
    try:
        text = content[:_LOOKED_AT].decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut in two at the end of what is looked at is no reason to call it binary.
        return not (len(content) <= _LOOKED_AT or error.start < _LOOKED_AT - 4)
    return "\0" not in text
