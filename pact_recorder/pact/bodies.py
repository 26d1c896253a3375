"""Bodies in documents: JSON as a value, text as text, everything else as base64.

V1 to V3 have one member whose form depends on the Content-Type, so some bodies have no form there (a body
that is not the JSON it claims to be). V4 says how it wrote: `{content, contentType, encoded}`. Writing takes
the first form that reads back to the same content, here and by the reference, and says when there is none.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType
from pact_recorder.http.charsets import charset_or_utf8
from pact_recorder.matching.magic import sniff_text
from pact_recorder.matching.rules import JsonValue
from pact_recorder.pact.json_text import format_json, parse_json
from pact_recorder.pact.portable import is_portable, may_not_be_portable

_V4_MEMBERS = frozenset(("content", "contentType", "encoded"))
_NOT_JSON = object()
# A JSON body nested deeper is written as text or base64: other tools refuse a document of more than 128 levels.
_MAX_BODY_DEPTH = 100


def read_body(value: JsonValue, media_type: MediaType | None) -> Body:
    """A body of V1 to V3: any JSON value, read by the declared type.

    Null and `""` are an empty body. A string under a JSON type is JSON text when it is that of a string or
    an object, else the string itself; under a type that is not text it is base64 when it can be; else it is
    the text. Without a declared type a string is the text, whatever it looks like.
    """
    if value is None or value == "":
        return Body(b"")
    if not isinstance(value, str):
        return Body(_encoded(format_json(value), media_type))
    if _is_spelled_out(media_type):
        return Body(_encoded(_json_text(value), media_type))
    if media_type is None or _is_document_text(media_type):
        return Body(_encoded(value, media_type))
    return Body(_from_base64(value, media_type))


def write_body(body: Body, media_type: MediaType | None) -> tuple[JsonValue, bool]:
    """The form of a body in V2 and V3, and whether it reads back to the same content (JSON up to spaces).

    One that others read as the same content, too, goes before one that they do not.
    """
    if not body.content:
        return "", True
    fallback, same = _NOT_JSON, False
    for form in _forms(body.content, media_type):
        is_read = _is_plain(form) or _same(read_body(form, media_type).content, body.content, media_type)
        if is_read and not is_misread(form, body.content, media_type):
            return form, True
        if fallback is _NOT_JSON or (is_read and not same):
            fallback, same = form, is_read
    return fallback, same


def is_misread(form: JsonValue, content: bytes, media_type: MediaType | None) -> bool:
    """Whether the reference takes a form in V2 and V3 for other content.

    It reads every text as UTF-8, and text of no declared type as what it looks like: `12 monkeys` as a JSON string,
    which is in quotation marks. An empty body is one under every type.
    """
    if not content:
        return form not in (None, "")
    kind = media_type or MediaType.parse(sniff_text(content))
    if _is_document_text(kind) and (_decoded(content, media_type) or "").encode("utf-8", "replace") != content:
        return True
    if not isinstance(form, str):
        return form is None and bool(content)
    if _is_json(kind):
        return not _same(_json_text(form).encode("utf-8", "replace"), content, None)
    read = _encoded(form, kind) if _is_document_text(kind) else _from_base64(form, kind)
    return not _same(read, content, media_type)


def is_unreadable(content: bytes, media_type: MediaType | None) -> bool:
    """Whether the reference cannot read the JSON of a body, in whatever form a document has it."""
    if not may_not_be_portable(content) or not _is_json(media_type or MediaType.parse(sniff_text(content))):
        return False
    value = _parsed(content, media_type)
    return value is not _NOT_JSON and not is_portable(value)


def read_v4_body(value: JsonValue, declared: str | None) -> tuple[Body, dict[str, JsonValue]]:
    """A body of V4 and the members that the model has no place for; `declared` is the message's Content-Type.

    What is not an object with `content` is read as in V3, as the reference does. A `contentType` that only
    repeats the declared one is not kept.
    """
    if not isinstance(value, Mapping) or "content" not in value:
        return read_body(value, MediaType.parse(declared)), {}
    extras = {name: given for name, given in value.items() if name not in _V4_MEMBERS}
    named = value.get("contentType")
    named = named if isinstance(named, str) and named else None
    content = _v4_content(value["content"], value.get("encoded"), MediaType.parse(named or declared))
    return Body(content, media_type=None if named == declared else named), extras


def write_v4_body(body: Body, declared: str | None) -> dict[str, JsonValue]:
    """The form of a body in V4; it always reads back to the same content (JSON up to white space)."""
    named = body.media_type or declared
    if not body.content:
        return {"content": "", "contentType": body.media_type} if body.media_type else {"content": ""}
    typed: dict[str, JsonValue] = {"contentType": named} if named else {}
    media_type = MediaType.parse(named)
    for content in _v4_forms(body.content, media_type):
        if _is_plain(content) or _same(_v4_content(content, False, media_type), body.content, media_type):
            return {"content": content, **typed, "encoded": False}
    return {"content": _base64(body.content), **typed, "encoded": "base64"}


def _v4_content(content: JsonValue, encoded: JsonValue, media_type: MediaType | None) -> bytes:
    if content is None or content == "":
        return b""
    if not isinstance(content, str):
        return _encoded(format_json(content), media_type)
    if encoded == "base64":
        return _from_base64(content, media_type)
    is_json = _is_spelled_out(media_type) and encoded != "json"
    return _encoded(format_json(content) if is_json else content, media_type)


def _forms(content: bytes, media_type: MediaType | None) -> Iterator[JsonValue]:
    """The V3 forms that a body may take, the best first."""
    value = _json_value(content, media_type)
    text = _decoded(content, media_type)
    if value is not _NOT_JSON:
        yield value
    if isinstance(value, str) and text is not None:
        yield text.strip()
    if text is not None and (media_type is None or _is_document_text(media_type)):
        yield text
    yield _base64(content)


def _v4_forms(content: bytes, media_type: MediaType | None) -> Iterator[JsonValue]:
    """The V4 forms without an encoding that a body may take, the best first."""
    value = _json_value(content, media_type)
    if value is not _NOT_JSON:
        yield value
    text = _decoded(content, media_type)
    # The reference takes a text for UTF-8 whatever the charset, so text in another one is better written as bytes.
    if text is None or text.encode() != content:
        return
    if media_type is None or (media_type.is_text and not _is_spelled_out(media_type)):
        yield text


def _json_value(content: bytes, media_type: MediaType | None) -> JsonValue:
    """The JSON value of content that is declared JSON, or of no type but looks like it and is no text or null."""
    if media_type is not None and not _is_spelled_out(media_type):
        return _NOT_JSON
    value = _parsed(content, media_type)
    if media_type is None and not (_is_plain(value) and sniff_text(content) == "application/json"):
        return _NOT_JSON
    # Most tools would refuse the document as a whole.
    unsafe = value is not _NOT_JSON and may_not_be_portable(content) and not is_portable(value)
    return _NOT_JSON if unsafe else value


def _parsed(content: bytes, media_type: MediaType | None) -> JsonValue:
    text = _decoded(content, media_type)
    try:
        return _NOT_JSON if text is None else parse_json(text.removeprefix("\ufeff"), max_depth=_MAX_BODY_DEPTH)
    except (ValueError, LimitError):
        return _NOT_JSON


def _is_spelled_out(media_type: MediaType | None) -> bool:
    """Whether contracts hold a body of this type as a JSON value.

    It is the reference's rule, narrower than ours: it compares others (`application/x-amz-json-1.1`, `text/json`) as
    text, so that they have to stand in a contract letter by letter.
    """
    return (
        media_type is not None
        and media_type.main == "application"
        and (media_type.sub.startswith("json") or media_type.suffix == "json")
    )


def _is_json(media_type: MediaType | None) -> bool:
    """Whether the reference takes a text under this type for JSON."""
    return _is_spelled_out(media_type) or (media_type is not None and media_type.essence == "application/graphql")


def _is_document_text(media_type: MediaType | None) -> bool:
    """Whether contracts hold a body of this type as text, by the reference's rule; others are base64."""
    if media_type is None or media_type.main == "text" or _is_json(media_type):
        return True
    xml = media_type.sub == "xml" or media_type.suffix == "xml"
    return media_type.main == "application" and (xml or media_type.is_form)


def _json_text(text: str) -> str:
    try:
        value = parse_json(text)
    except (ValueError, LimitError):
        return format_json(text)
    return text if isinstance(value, (str, dict)) else format_json(text)


def _is_plain(form: JsonValue) -> bool:
    """Whether a form is JSON that reads back as itself: only text and null have a second meaning."""
    return isinstance(form, (dict, list, bool, int, float))


def _same(read: bytes, content: bytes, media_type: MediaType | None) -> bool:
    if read == content:
        return True
    if media_type is not None and not _is_spelled_out(media_type):
        return False
    first, second = _parsed(read, media_type), _parsed(content, media_type)
    return _NOT_JSON not in (first, second) and format_json(first) == format_json(second)


def _charset(media_type: MediaType | None) -> str:
    return charset_or_utf8(None if media_type is None else media_type.charset)


def _encoded(text: str, media_type: MediaType | None) -> bytes:
    try:
        return text.encode(_charset(media_type))
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _decoded(content: bytes, media_type: MediaType | None) -> str | None:
    try:
        return content.decode(_charset(media_type))
    except UnicodeDecodeError:
        return None


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _from_base64(text: str, media_type: MediaType | None) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return _encoded(text, media_type)
