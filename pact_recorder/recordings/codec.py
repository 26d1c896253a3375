"""An exchange as a JSON value for the journal, and back: exact, compact and fast.

Texts stay texts (lone surrogates too: JSON escapes them), content that is not UTF-8 becomes base64, and what
has its usual value is left out.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any

from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response

JsonObject = dict[str, Any]
"""A JSON object as the json module makes it."""

_USUAL_VERSION = "HTTP/1.1"


def encode_exchange(exchange: Exchange) -> JsonObject:
    """The exchange as a value that `json.dumps` (with `ensure_ascii`) can write."""
    encoded: JsonObject = {
        "request": _encode_request(exchange.request),
        "response": _encode_response(exchange.response),
        "started": exchange.started,
        "duration": exchange.duration,
    }
    if exchange.first_byte is not None:
        encoded["first_byte"] = exchange.first_byte
    return encoded


def decode_exchange(value: JsonObject) -> Exchange:
    """The exchange of an encoded value; ValueError when it is not one."""
    try:
        return Exchange(
            request=_decode_request(value["request"]),
            response=_decode_response(value["response"]),
            started=float(value["started"]),
            duration=float(value["duration"]),
            first_byte=float(value["first_byte"]) if "first_byte" in value else None,
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"not an encoded exchange: {error!r}") from error


def _encode_request(request: Request) -> JsonObject:
    encoded: JsonObject = {
        "method": request.method,
        "scheme": request.scheme,
        "host": request.host,
        "port": request.port,
        "path": request.path,
    }
    if request.query is not None:
        encoded["query"] = request.query
    return encoded | _encode_rest(request)


def _decode_request(value: JsonObject) -> Request:
    return Request(
        method=_text(value["method"]),
        scheme=_text(value["scheme"]),
        host=_text(value["host"]),
        port=int(value["port"]),
        path=_text(value["path"]),
        query=_text(value["query"]) if "query" in value else None,
        headers=_decode_headers(value["headers"]),
        body=_decode_body(value["body"]) if "body" in value else None,
        http_version=_text(value.get("version", _USUAL_VERSION)),
        trailers=_decode_headers(value.get("trailers", ())),
    )


def _encode_response(response: Response) -> JsonObject:
    encoded: JsonObject = {"status": response.status}
    if response.reason:
        encoded["reason"] = response.reason
    return encoded | _encode_rest(response)


def _decode_response(value: JsonObject) -> Response:
    return Response(
        status=int(value["status"]),
        reason=_text(value.get("reason", "")),
        headers=_decode_headers(value["headers"]),
        body=_decode_body(value["body"]) if "body" in value else None,
        http_version=_text(value.get("version", _USUAL_VERSION)),
        trailers=_decode_headers(value.get("trailers", ())),
    )


def _encode_rest(message: Request | Response) -> JsonObject:
    encoded: JsonObject = {"headers": message.headers.fields}
    if message.body is not None:
        encoded["body"] = _encode_body(message.body)
    if message.http_version != _USUAL_VERSION:
        encoded["version"] = message.http_version
    if message.trailers:
        encoded["trailers"] = message.trailers.fields
    return encoded


def _decode_headers(value: Iterable[list[str]]) -> Headers:
    return Headers([(_text(name), _text(text)) for name, text in value])


def _encode_body(body: Body) -> JsonObject:
    encoded = _encode_content(body.content)
    if body.encoded is not None:
        encoded["encoded"] = {"coding": body.encoded.coding, "base64": _base64(body.encoded.content)}
    if body.cut:
        encoded["cut"] = True
    if body.size is not None:
        encoded["size"] = body.size
    if body.media_type is not None:
        encoded["type"] = body.media_type
    return encoded


def _decode_body(value: JsonObject) -> Body:
    encoded = value.get("encoded")
    return Body(
        content=_decode_content(value),
        encoded=EncodedBody(_text(encoded["coding"]), _bytes(encoded["base64"])) if encoded else None,
        cut=bool(value.get("cut", False)),
        size=int(value["size"]) if "size" in value else None,
        media_type=_text(value["type"]) if "type" in value else None,
    )


def _encode_content(content: bytes) -> JsonObject:
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": _base64(content)}


def _decode_content(value: JsonObject) -> bytes:
    if "text" in value:
        return _text(value["text"]).encode()
    return _bytes(value["base64"])


def _base64(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _bytes(value: str) -> bytes:
    return b64decode(value, validate=True)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {type(value).__name__}")
    return value
