"""The parts of a multipart body (RFC 2046 §5.1, RFC 7578), split without copying more than the parts."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pact_recorder.http import MediaType

_MOST_PARTS: Final = 10_000
_PARAMETER = re.compile(r';\s*(?P<name>[\w*-]+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^;\s]*))')


class MultipartError(ValueError):
    """A body is not multipart content with its declared boundary; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its position from 0, its headers by lower-case name, and its content with base64 undone.

    `name` is empty without a Content-Disposition that gives one; a part is a file when it has a file name, or no
    disposition at all.
    """

    index: int
    headers: Mapping[str, str]
    content: bytes
    name: str
    is_file: bool

    @property
    def media_type(self) -> MediaType | None:
        """The declared type of the part."""
        return MediaType.parse(self.headers.get("content-type"))

    @property
    def key(self) -> str | int:
        """Its key in path expressions: the name, else the position."""
        return self.name or self.index


def parse_parts(content: bytes, media_type: MediaType | None) -> list[Part]:
    """The parts between the boundaries. Raises MultipartError."""
    boundary = media_type.parameters.get("boundary") if media_type is not None else None
    if not boundary:
        raise MultipartError("no boundary in content-type")
    pieces = (b"\r\n" + content).split(b"\r\n--" + boundary.encode("utf-8", "surrogateescape"), _MOST_PARTS + 2)
    if len(pieces) > _MOST_PARTS + 1:
        raise MultipartError(f"it has more than {_MOST_PARTS} parts")
    if len(pieces) == 1 or not pieces[-1].startswith(b"--"):
        raise MultipartError("incomplete multipart stream")
    return [_part(index, piece) for index, piece in enumerate(pieces[1:-1])]


def _part(index: int, piece: bytes) -> Part:
    _, newline, rest = piece.partition(b"\r\n")
    if not newline:
        raise MultipartError(f"part {index} has no header")
    head, separator, content = rest.partition(b"\r\n\r\n")
    if rest.startswith(b"\r\n"):
        head, content = b"", rest[2:]
    elif not separator:
        raise MultipartError(f"the headers of part {index} do not end")
    headers = _headers(head)
    disposition = headers.get("content-disposition")
    parameters = _parameters(disposition or "")
    return Part(
        index,
        headers,
        _decoded(content, headers),
        parameters.get("name", ""),
        disposition is None or "filename" in parameters or "filename*" in parameters,
    )


def _headers(head: bytes) -> dict[str, str]:
    lines = re.sub(rb"\r\n[ \t]+", b" ", head).decode("utf-8", "surrogateescape").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _parameters(disposition: str) -> dict[str, str]:
    return {
        found["name"].lower(): found["bare"] if found["quoted"] is None else _unescaped(found["quoted"])
        for found in _PARAMETER.finditer(disposition)
    }


def _unescaped(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def _decoded(content: bytes, headers: Mapping[str, str]) -> bytes:
    if headers.get("content-transfer-encoding", "").lower() != "base64":
        return content
    try:
        return base64.b64decode(content, validate=False)
    except binascii.Error:
        return content
