"""A body as a session file shows it, and back to the very bytes.

Text stands in the file as text, JSON indented with the layout it had on the wire; what is large or not text
goes to a file of its own. A form is chosen only when it leads back to exactly the same bytes.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode

from pact_recorder.http import Body, EncodedBody, MediaType
from pact_recorder.http.charsets import known_charset
from pact_recorder.http.json_layout import original, readable
from pact_recorder.recordings.body_files import BodyFiles, content_digest, extension
from pact_recorder.recordings.documents import BodyPart, EncodedPart

INLINE_LIMIT = 32 * 1024
"""Bodies of more bytes stand in files of their own."""

_TINY = 64  # bytes that are no text and yet not worth a file
_OPAQUE_TYPES = frozenset({"image", "audio", "video", "font"})
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def store_body(body: Body, media_type: MediaType | None, files: BodyFiles, limit: int = INLINE_LIMIT) -> BodyPart:
    """The form of a body; files are written as needed (OSError as the system raises it)."""
    part = _inline(body.content, media_type) if len(body.content) <= limit else None
    if part is None:
        reference = files.store(body.content, extension(media_type))
        part = BodyPart(file=reference, size=len(body.content))
    more: dict[str, object] = {}
    if body.cut:
        more["cut"] = True
    if body.size is not None:
        more["full_size"] = body.size
    if body.media_type is not None:
        more["type"] = body.media_type
    if body.encoded is not None:
        more["encoded"] = _store_encoded(body.content, body.encoded, media_type, files)
    return part.model_copy(update=more) if more else part


def load_body(part: BodyPart, files: BodyFiles) -> Body:
    """The body of a form; ValueError with the reason when the form leads to none."""
    content = _content(part, files)
    return Body(
        content=content,
        encoded=_load_encoded(part.encoded, content, files) if part.encoded else None,
        cut=part.cut,
        size=part.full_size,
        media_type=part.type,
    )


def _inline(content: bytes, media_type: MediaType | None) -> BodyPart | None:
    """The form that stands in the session file itself, None when there is none fit for it."""
    as_text = _as_text(content, media_type)
    if as_text is None:
        tiny = len(content) <= _TINY
        return BodyPart(base64=b64encode(content).decode("ascii")) if tiny else None
    text, charset = as_text
    named = None if charset == "utf-8" else charset
    if (laid_out := readable(text)) is None or _json_fault(laid_out[0]) is not None:
        return BodyPart(text=text, charset=named)
    return BodyPart(json_text=laid_out[0], layout=laid_out[1], charset=named)


def _as_text(content: bytes, media_type: MediaType | None) -> tuple[str, str] | None:
    """The text of a content with the charset that leads back to exactly these bytes."""
    if media_type is not None and media_type.main in _OPAQUE_TYPES and not media_type.is_text:
        return None
    declared = media_type.charset if media_type is not None else None
    for charset in (declared, "utf-8"):
        text = _decoded(content, charset) if charset else None
        if text is not None and charset:
            is_declared_text = media_type is not None and media_type.is_text
            return (text, charset) if is_declared_text or not _NO_TEXT.search(text) else None
    return None


def _decoded(content: bytes, charset: str) -> str | None:
    known = known_charset(charset)
    if known is None:
        return None
    try:
        text = content.decode(known)
        exact = not _SURROGATE.search(text) and text.encode(known) == content
    except UnicodeError:
        return None
    return text if exact else None


def _content(part: BodyPart, files: BodyFiles) -> bytes:
    if part.file is not None:
        return files.read(part.file)
    if part.base64 is not None:
        return _unpacked(part.base64)
    return _encoded_text(_wire_text(part), part.charset or "utf-8")


def _unpacked(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise ValueError(f"the base64 cannot be decoded: {error}") from error


def _wire_text(part: BodyPart) -> str:
    if part.json_text is None or part.layout is None:
        return part.text if part.text is not None else part.json_text or ""
    fault = _json_fault(part.json_text)
    if fault is not None:
        raise ValueError(f"the json is not valid: {fault}; put text that is no JSON under text")
    try:
        return original(part.json_text, part.layout)
    except ValueError as error:
        raise ValueError(f"the json cannot be laid out as {part.layout.value}: {error}") from error


def _json_fault(text: str) -> str | None:
    """What is wrong with a JSON text; None when nothing is, or when it is too deep to tell."""
    try:
        json.loads(text)
    except RecursionError:
        return None
    except ValueError as error:
        return str(error)
    return None


def _encoded_text(text: str, charset: str) -> bytes:
    known = known_charset(charset)
    if known is None:
        raise ValueError(f"the charset {charset!r} is not known: use utf-8, or put the body into a file")
    try:
        return text.encode(known, "surrogateescape")
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise ValueError(f"the charset {charset} has no character {character!r}: use utf-8") from error


def _store_encoded(content: bytes, encoded: EncodedBody, media_type: MediaType | None, files: BodyFiles) -> EncodedPart:
    reference = files.store(encoded.content, extension(media_type, encoded.coding))
    return EncodedPart(coding=encoded.coding, file=reference, digest=content_digest(content))


def _load_encoded(part: EncodedPart, content: bytes, files: BodyFiles) -> EncodedBody | None:
    """The form that travelled, unless the content was edited since."""
    if part.digest != content_digest(content):
        return None
    return EncodedBody(part.coding, files.read(part.file))
