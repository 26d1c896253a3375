"""Requests that were seen, in MockServer's JSON: written, and chosen by its control-plane matcher.

What is written as it was seen is data; what is written as a matcher escapes what MockServer would read as a prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID, uuid5

from pact_recorder.http import Body, Exchange, Headers, MediaType, Request, Response, parse_query
from pact_recorder.http.identity import exchange_identity
from pact_recorder.http.names import FRAMING
from pact_recorder.http.remembering import remembered
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.body import recorded_body
from pact_recorder.mock.mockserver.request import MockServerRequest, read_request_pattern
from pact_recorder.mock.mockserver.response import write_response
from pact_recorder.mock.mockserver.text import TextPattern, escaped

_ORDER = ("method", "path", "pathParameters", "queryStringParameters", "headers", "cookies")
_ONCE: Mapping[str, JsonValue] = {"remainingTimes": 1}
_UNLIMITED: Mapping[str, JsonValue] = {"unlimited": True}


def takes(pattern: MockServerRequest, request: Request) -> bool:
    """Whether a matcher of the control plane takes a request that was seen.

    Expressions are tried in both directions: that of the matcher on the request's value, and a request's value that is
    meant as an expression on the matcher's text.
    """
    if not pattern.match(request):
        return True
    if not any(map(_is_pattern, _texts(request))):
        return False
    if pattern.body is not None and pattern.body.difference(request.body, request.media_type) is not None:
        return False
    as_pattern = read_request_pattern(_request(request, request.headers, escaped, {}))
    return replace(pattern, body=None).covers(as_pattern)


def write_seen_request(request: Request) -> dict[str, JsonValue]:
    """The `httpRequest` of a request as it was seen: every header, and a body without a type as plain text."""
    return _request(request, request.headers, str, _seen_body(request.body, request.media_type))


def write_seen_response(response: Response) -> dict[str, JsonValue]:
    """The `httpResponse` of an answer as it was seen."""
    return write_response(response)


def write_recording(exchange: Exchange, number: int = 0) -> dict[str, JsonValue]:
    """An exchange as the expectation that answers the same request once.

    `number` tells apart the times that one exchange was seen.
    """
    request = exchange.request
    headers = request.headers.without(FRAMING)
    if request.authority and "host" not in headers:
        headers = Headers((("Host", request.authority), *headers))
    return {
        "httpRequest": dict(sorted(_request(request, headers, escaped, _matched_body(request)).items())),
        "httpResponse": write_response(exchange.response),
        "id": _identifier(exchange, number),
        "priority": 0,
        "timeToLive": _UNLIMITED,
        "times": _ONCE,
    }


def in_usual_order(request: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The members of an `httpRequest` as MockServer orders them: the request line, the headers, the body at the end."""
    first = {name: request[name] for name in _ORDER if name in request}
    last = {"body": request["body"]} if "body" in request else {}
    return first | {name: value for name, value in request.items() if name not in first and name != "body"} | last


def _identifier(exchange: Exchange, number: int) -> str:
    return str(uuid5(UUID(exchange_identity(exchange), version=4), str(number)))


@remembered(8192)
def _is_pattern(text: str) -> bool:
    """Whether a value is meant as an expression; the same ones come again and again."""
    return TextPattern(text).is_pattern


def _texts(request: Request) -> Iterable[str]:
    yield request.method
    yield request.path
    yield from (value or "" for _, value in parse_query(request.query or ""))
    yield from (value for _, value in request.headers)


def _request(
    request: Request, headers: Headers, spell: Callable[[str], str], body: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    document: dict[str, JsonValue] = {"method": spell(request.method), "path": spell(request.path)}
    parameters: dict[str, list[str]] = {}
    for name, value in parse_query(request.query or ""):
        parameters.setdefault(spell(name), []).append(spell(value or ""))
    if parameters:
        document["queryStringParameters"] = parameters
    if len(headers):
        document["headers"] = {spell(name): list(map(spell, values)) for name, values in headers.grouped().items()}
    return document | body


def _seen_body(body: Body | None, media_type: MediaType | None) -> dict[str, JsonValue]:
    if body is None or not body.content:
        return {}
    text = body.text(None) if media_type is None else None
    return {"body": recorded_body(body, media_type) if text is None else text}


def _matched_body(request: Request) -> dict[str, JsonValue]:
    if request.body is None or not request.body.content:
        return {}
    written = recorded_body(request.body, request.media_type)
    if written["type"] == "JSON":
        # What was recorded is matched as it is; MockServer's own default would take more.
        written["matchType"] = "STRICT"
    return {"body": written}
