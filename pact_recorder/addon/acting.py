"""Carrying out what an expectation does with a request beside answering it: forward it changed, or break off."""

from __future__ import annotations

import logging

from mitmproxy import ctx, http
from mitmproxy.net.http.status_codes import RESPONSES

from pact_recorder.capture.flow import request_of, response_of
from pact_recorder.http import Body, Headers
from pact_recorder.http.octets import octets
from pact_recorder.mock.actions import BodyChange, Fault, Forward, RequestChange, ResponseChange

logger = logging.getLogger(__name__)
_CLEAR_TEXT = ("HTTP/1.0", "HTTP/1.1")


def send_on(flow: http.HTTPFlow, forward: Forward, limit: int) -> None:
    """Change the request and where it goes; mitmproxy then forwards it as any other.

    The Host header follows the new destination unless the change sets one. `limit` bounds a decoded body.
    """
    if forward.request is not None:
        _change_request(flow, forward.request, limit)
    named = flow.request.headers.get("Host") if _names_host(forward.request) else None
    if forward.scheme is not None:
        flow.request.scheme = forward.scheme
    if forward.host is not None:
        flow.request.host = forward.host
    if forward.port is not None:
        flow.request.port = forward.port
    if named is not None:
        flow.request.headers["Host"] = named


def change_answer(flow: http.HTTPFlow, change: ResponseChange, limit: int) -> None:
    """Change the answer to a forwarded request before the client gets it."""
    assert flow.response is not None
    changed = change.apply(response_of(flow, limit))
    flow.response.status_code = changed.status
    flow.response.reason = changed.reason or RESPONSES.get(changed.status, "")
    flow.response.headers = _fields(changed.headers)
    if change.body is not None:
        flow.response.content = _content(change.body)


def break_off(flow: http.HTTPFlow, fault: Fault) -> None:
    """Send the bytes of a fault as they are, if any, and end the connection without a response."""
    if fault.content and not _send_raw(flow, fault.content):
        logger.warning("responseBytes reach clients without TLS that speak HTTP/1 only: the connection is dropped")
    if flow.killable:
        flow.kill()


def _change_request(flow: http.HTTPFlow, change: RequestChange, limit: int) -> None:
    changed = change.apply(request_of(flow, limit))
    flow.request.method = changed.method
    flow.request.path = changed.target
    flow.request.headers = _fields(changed.headers)
    if change.body is not None:
        flow.request.content = _content(change.body)


def _names_host(change: RequestChange | None) -> bool:
    return change is not None and any(name.lower() == "host" for name, _ in change.headers.set)


def _content(change: BodyChange) -> bytes:
    body: Body = change.body
    return body.content


def _fields(headers: Headers) -> http.Headers:
    return http.Headers([(octets(name), octets(value)) for name, value in headers])


def _send_raw(flow: http.HTTPFlow, content: bytes) -> bool:
    """Write to the client's connection beside mitmproxy; whether that could be done."""
    if flow.client_conn.tls or flow.request.http_version not in _CLEAR_TEXT:
        return False
    handlers = ctx.master.addons.get("proxyserver").connections.values()
    handler = next((each for each in handlers if each.client is flow.client_conn), None)
    if handler is None:
        return False
    handler.transports[flow.client_conn].writer.write(content)
    return True
