"""The answering side of the addon: our responses as mitmproxy's."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

from mitmproxy import http

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.heads import in_one_line, is_field_name
from pact_recorder.http.names import FRAMING
from pact_recorder.http.octets import octets
from pact_recorder.mock import Miss, replayable
from pact_recorder.mock.actions import Reply

_BODILESS = frozenset({204, 304})


def recorded_response(response: Response, request: Request, now: float) -> http.Response:
    """The response to send for a recorded or expected one, at a moment in seconds since the epoch.

    Trailers reach clients of HTTP/2 and HTTP/3: to others the answer goes with its length, and has no place for them.
    """
    if not 200 <= response.status <= 999:
        return refusal(500, f"the recorded status {response.status} cannot be sent as an answer")
    date = format_datetime(datetime.fromtimestamp(now, UTC), usegmt=True)
    fresh = replayable(response, request, date)
    return http.Response(
        http_version=b"HTTP/1.1",
        status_code=fresh.status,
        reason=in_one_line(fresh.reason or _phrase(fresh.status)).encode("latin-1", "replace"),
        headers=http.Headers(_sendable(fresh.headers)),
        content=fresh.body.content if fresh.body is not None else b"",
        trailers=_trailers(fresh.trailers) if fresh.trailers and _has_frames(request) else None,
        timestamp_start=now,
        timestamp_end=now,
    )


def reply_response(reply: Reply, request: Request, now: float) -> http.Response:
    """The response to send for one that also says what becomes of the connection."""
    response = recorded_response(reply.response, request, now)
    if reply.close is not None and not _has_frames(request):
        response.headers["Connection"] = "close" if reply.close else "keep-alive"
    return response


def miss_response(miss: Miss, status: int) -> http.Response:
    """The answer to a request that nothing matches: JSON, readable by a page of any origin."""
    body = json.dumps(miss.to_json(), indent=2, ensure_ascii=True).encode()
    headers = {"Content-Type": "application/json", "X-Pact-Recorder": "miss", "Cache-Control": "no-store"}
    origin = miss.request.headers.get("origin")
    if origin is not None:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    return http.Response.make(status, body if status not in (204, 304) else b"", headers)


def without_forbidden_body(flow: http.HTTPFlow) -> None:
    """Take the body out of an answer that has none in HTTP (RFC 9110, 6.4.1): clients would read it as the next one."""
    response, method = flow.response, flow.request.method
    if response is not None and (method == "HEAD" or response.status_code in _BODILESS):
        length = response.headers.get("Content-Length")
        response.raw_content = b""
        response.headers.pop("Transfer-Encoding", None)
        if method != "HEAD":
            response.headers.pop("Content-Length", None)
        elif length is not None:
            # The length is that of the answer to GET.
            response.headers["Content-Length"] = length


def refusal(status: int, sentence: str) -> http.Response:
    """A plain answer that says why there is no other."""
    return http.Response.make(status, sentence + "\n", {"Content-Type": "text/plain; charset=utf-8"})


def sent_response(response: http.Response) -> Response:
    """One of these answers as the log keeps it: the same bytes."""
    headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.fields)
    return Response(response.status_code, response.reason, headers, Body(response.raw_content or b""))


def _has_frames(request: Request) -> bool:
    """Whether the client speaks HTTP/2 or HTTP/3."""
    return request.http_version.startswith(("HTTP/2", "HTTP/3"))


def _sendable(headers: Headers) -> list[tuple[bytes, bytes]]:
    fields = [(name, value) for name, value in headers if is_field_name(name)]
    return [(name.encode("ascii"), octets(in_one_line(value))) for name, value in fields]


def _trailers(trailers: Headers) -> http.Headers | None:
    """Trailers in lower case, as these protocols write names: mitmproxy changes them in headers only."""
    fields = [(name.lower(), value) for name, value in _sendable(trailers.without(FRAMING))]
    return http.Headers(fields) if fields else None


def _phrase(status: int) -> str:
    with suppress(ValueError):
        return HTTPStatus(status).phrase
    return ""
