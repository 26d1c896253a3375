"""An answer in MockServer's JSON (`httpResponse`): read, and written of a recorded one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, EncodedBody, Headers, MediaType, Response
from pact_recorder.http.charsets import encoded
from pact_recorder.http.content_coding import CodingError, decode_content, encode_content
from pact_recorder.http.names import FRAMING
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.body import member_bytes, member_text, recorded_body, typed_body
from pact_recorder.mock.mockserver.fields import named_values
from pact_recorder.mock.mockserver.members import not_supported
from pact_recorder.mock.mockserver.pretty import format_pretty

_SUPPORTED = ("statusCode", "reasonPhrase", "headers", "cookies", "body")
CONNECTION = ("delay", "connectionOptions")
"""The members about time and connection, which an action has and an answer by itself has not."""

# Some clients send these without asking for anything.
_UNSUPPORTED = frozenset((*CONNECTION, "trailers"))
_NOTHING: tuple[JsonValue, ...] = (None, {}, [])
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_LARGEST_DECODED = 1 << 28


def read_response(document: Mapping[str, JsonValue], as_given: bool = False) -> Response:
    """The answer of an `httpResponse` object; with `as_given` its `Content-Encoding` holds for every client.

    Raises ValueError with a sentence that begins with the member that is wrong or not supported.
    """
    for name, value in document.items():
        if name not in _SUPPORTED and (name not in _UNSUPPORTED or not _asks_for_nothing(value)):
            raise ValueError(f"{name}: {not_supported(name, (*_SUPPORTED, *CONNECTION), 'a response')}")
    try:
        status = read_status(document.get("statusCode"))
    except ValueError as error:
        raise ValueError(f"statusCode: {error}") from None
    headers = Headers((*_pairs("headers", document), *_cookies(document)))
    try:
        content, own_type = read_body(document.get("body"), headers)
    except ValueError as error:
        raise ValueError(f"body: {error}") from None
    if own_type is not None and "content-type" not in headers:
        headers = headers.with_set("Content-Type", own_type)
    try:
        body = _as_given(content, headers, document.get("body")) if as_given else _encoded(content, headers)
    except CodingError as error:
        raise ValueError(f"headers: {error}") from None
    return Response(status, _reason(document, status), headers, body)


def write_response(response: Response) -> dict[str, JsonValue]:
    """The `httpResponse` object of a recorded answer: its framing left out, its body decoded, in the long form."""
    document: dict[str, JsonValue] = {}
    if response.body is not None and response.body.content:
        document["body"] = recorded_body(response.body, response.media_type)
    headers = response.headers.without(FRAMING)
    if len(headers):
        document["headers"] = headers.grouped()
    if response.reason:
        document["reasonPhrase"] = response.reason
    document["statusCode"] = response.status
    return document


def _asks_for_nothing(value: JsonValue) -> bool:
    """Whether a member is empty, or a delay of no time, which clients send too."""
    return value in _NOTHING or (isinstance(value, Mapping) and value.get("value") == 0)


def read_status(value: JsonValue) -> int:
    """The status of an answer, 200 when none is given. Raises ValueError."""
    if value is None:
        return 200
    if not isinstance(value, int) or isinstance(value, bool) or not 200 <= value <= 999:
        interim = "; 100 to 199 only announce an answer" if value in range(100, 200) else ""
        raise ValueError(f"must be a whole number from 200 to 999{interim}")
    return value


def _reason(document: Mapping[str, JsonValue], status: int) -> str:
    given = document.get("reasonPhrase")
    if given is None:
        return _PHRASES.get(status, "")
    if not isinstance(given, str) or not given.isprintable():
        raise ValueError("reasonPhrase: must be text in one line")
    return given


def _pairs(name: str, document: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    try:
        pairs = [(field, value) for field, values in named_values(document.get(name)) for value in values]
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    broken = next((field for pair in pairs for field in pair if any(end in field for end in "\r\n\0")), None)
    if broken is not None:
        raise ValueError(f"{name}: {broken[:60]!r} holds a line break, which no header may")
    return pairs


def _cookies(document: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    return [("Set-Cookie", f"{name}={value}") for name, value in _pairs("cookies", document)]


def read_body(document: JsonValue, headers: Headers) -> tuple[bytes, str | None]:
    """The content of a body, and the content type that it has when no header says. Raises ValueError."""
    if document is None:
        return b"", None
    if isinstance(document, str):
        return _text_bytes(document, headers, None), None
    kind = typed_body(document) if isinstance(document, Mapping) else None
    if kind is None or not isinstance(document, Mapping):
        return _text_bytes(format_pretty(document), headers, None), "application/json"
    return _typed(kind, document, headers)


def _typed(kind: str, document: Mapping[str, JsonValue], headers: Headers) -> tuple[bytes, str | None]:
    if kind not in _TYPED:
        raise ValueError(f"a body of type {kind} is not supported in a response (supported: {', '.join(_TYPED)})")
    if document.get("not") or document.get("optional"):
        raise ValueError('"not" and "optional" have no meaning in the body of a response')
    read, usual_type = _TYPED[kind]
    declared = document.get("contentType")
    if declared is not None and not (isinstance(declared, str) and declared.isprintable()):
        raise ValueError('"contentType" of a body must be text')
    own_type = declared or usual_type
    if document.get("rawBytes") is not None:
        return member_bytes(document, "rawBytes"), own_type
    content = read(document)
    return content if isinstance(content, bytes) else _text_bytes(content, headers, own_type), own_type


def _json_text(document: Mapping[str, JsonValue]) -> str:
    value = document.get("json")
    return value if isinstance(value, str) else format_pretty(value)


_TYPED: dict[str, tuple[Callable[[Mapping[str, JsonValue]], str | bytes], str | None]] = {
    "STRING": (lambda document: member_text(document, "string"), None),
    "JSON": (_json_text, "application/json"),
    "XML": (lambda document: member_text(document, "xml"), "application/xml"),
    "BINARY": (lambda document: member_bytes(document, "base64Bytes"), None),
}


def _text_bytes(text: str, headers: Headers, own_type: str | None) -> bytes:
    media_type = MediaType.parse(headers.get("content-type") or own_type)
    return encoded(text, None if media_type is None else media_type.charset)


def _encoded(content: bytes, headers: Headers) -> Body:
    """The body; under a `Content-Encoding` header it travels encoded to clients that accept the coding."""
    coding = _coding(headers)
    if not content or not coding or coding.lower() == "identity":
        return Body(content)
    return Body(content, EncodedBody(coding, encode_content(content, coding)))


def _as_given(content: bytes, headers: Headers, document: JsonValue) -> Body:
    """The body as MockServer sends it: encoded under a `Content-Encoding` header, unless its bytes are that already."""
    coding = _coding(headers)
    if not coding:
        return Body(content)
    if not content or coding.lower() == "identity":
        return Body(content, EncodedBody(coding, content, always=True))
    if isinstance(document, Mapping) and typed_body(document) == "BINARY":
        try:
            return Body(decode_content(content, coding, _LARGEST_DECODED), EncodedBody(coding, content, always=True))
        except LimitError as error:
            raise ValueError(f"body: {error}") from None
        except CodingError:
            # Bytes that are not encoded, as of a picture.
            pass
    return Body(content, EncodedBody(coding, encode_content(content, coding), always=True))


def _coding(headers: Headers) -> str:
    return ", ".join(headers.get_all("content-encoding")).strip()
