"""Exchanges as a HAR file (HTTP Archive 1.2), which browsers and other tools read."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

from pact_recorder.http import Body, Exchange, Headers, MediaType, Request, Response, parse_query
from pact_recorder.http.octets import octets

JsonObject = dict[str, Any]
_UNKNOWN = -1


def har_document(exchanges: Iterable[Exchange], version: str) -> JsonObject:
    """The HAR document of exchanges, in their order; `version` is this program's. A failed one has status 0."""
    creator = {"name": "pact-recorder", "version": version}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": list(map(_entry, exchanges))}}


def _entry(exchange: Exchange) -> JsonObject:
    wait = exchange.duration if exchange.first_byte is None else exchange.first_byte
    timings = {"send": 0, "wait": _milliseconds(wait), "receive": _milliseconds(exchange.duration - wait)}
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.started, UTC).isoformat(timespec="milliseconds"),
        "time": timings["wait"] + timings["receive"],
        "request": _request(exchange.request),
        "response": _response(exchange.response),
        "cache": {},
        "timings": timings,
    }


def _milliseconds(seconds: float) -> float:
    return round(max(0.0, seconds) * 1000, 3)


def _request(request: Request) -> JsonObject:
    document = {
        "method": _text(request.method),
        "url": _text(request.url),
        "httpVersion": request.http_version,
        "cookies": _cookies(request.headers.get_all("cookie")),
        "headers": _pairs(request.headers),
        "queryString": [
            {"name": _text(name), "value": _text(value or "")} for name, value in parse_query(request.query or "")
        ],
        "headersSize": _UNKNOWN,
        "bodySize": _size(request.body),
    }
    if request.body is not None and request.body.content:
        document["postData"] = {
            "mimeType": _mime_type(request.media_type),
            **_content(request.body, request.media_type),
        }
    return document


def _response(response: Response) -> JsonObject:
    content = {"size": max(0, _size(response.body)), "mimeType": _mime_type(response.media_type)}
    if response.body is not None:
        content |= _content(response.body, response.media_type)
    return {
        "status": response.status,
        "statusText": _text(response.reason),
        "httpVersion": response.http_version,
        "cookies": _cookies(response.headers.get_all("set-cookie")),
        "headers": _pairs(response.headers),
        "content": content,
        "redirectURL": _text(response.headers.get("location") or ""),
        "headersSize": _UNKNOWN,
        "bodySize": _size(response.body),
    }


def _content(body: Body, media_type: MediaType | None) -> JsonObject:
    """The text of a body, or its bytes in base64 when they are none."""
    text = body.text(media_type)
    if text is None or (media_type is not None and not media_type.is_text):
        return {"text": b64encode(body.content).decode("ascii"), "encoding": "base64"}
    return {"text": text}


def _size(body: Body | None) -> int:
    if body is None:
        return 0
    return len(body.content) if body.size is None else body.size


def _mime_type(media_type: MediaType | None) -> str:
    return "" if media_type is None else _text(str(media_type))


def _pairs(headers: Headers) -> list[JsonObject]:
    return [{"name": _text(name), "value": _text(value)} for name, value in headers]


def _cookies(lines: Iterable[str]) -> list[JsonObject]:
    found: list[JsonObject] = []
    for line in lines:
        try:
            parsed = SimpleCookie(line)
        except CookieError:
            continue
        found += [{"name": _text(name), "value": _text(morsel.value)} for name, morsel in parsed.items()]
    return found


def _text(value: str) -> str:
    """The text with replacement characters for bytes that are not UTF-8."""
    return value if value.isascii() else octets(value).decode("utf-8", "replace")
