"""A mitmproxy flow as an exchange: what was on the wire, decoded.

Empty and absent bodies are kept apart: a request has a body when it declared one, a response unless its status or
the method forbids one (RFC 9110 §6.4.1). The provider is the authority that the client asked for, except behind a
reverse proxy, where the client knows only the proxy and the provider is the upstream; so it is for a client that asks
for a port which no machine has.
"""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.proxy.mode_specs import ReverseMode

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response
from pact_recorder.http.content_coding import CodingError, decode_content
from pact_recorder.http.heads import port_fault
from pact_recorder.http.messages import DEFAULT_PORTS

_NO_BODY = frozenset({204, 304})
_ANNOUNCING_A_BODY = frozenset({"content-length", "transfer-encoding"})
_PORT_DIGITS = 5
_NO_FIELDS = Headers()
_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x9c", b"\x78\xda")


def request_of(flow: http.HTTPFlow, limit: int, content: bytes | None = None, cut: bool = False) -> Request:
    """The request of a flow; `content` overrules its body bytes when they were streamed, `limit` bounds the decoded."""
    request = flow.request
    host, port = _provider(flow)
    raw = request.raw_content if content is None else content
    headers = _headers(request.headers)
    declared = bool(raw) or any(name.lower() in _ANNOUNCING_A_BODY for name, _ in headers.fields)
    path, mark, query = request.path.partition("?")
    return Request(
        method=request.method,
        path=path,
        query=query if mark else None,
        headers=headers,
        body=_body(raw or b"", headers, limit, cut) if declared else None,
        scheme=request.scheme,
        host=host,
        port=port,
        http_version=request.http_version,
        trailers=_trailers(request),
    )


def response_of(flow: http.HTTPFlow, limit: int, content: bytes | None = None, cut: bool = False) -> Response:
    """The response of a flow, which must have one; parameters as for `request_of`."""
    response = flow.response
    assert response is not None
    raw = response.raw_content if content is None else content
    headers = _headers(response.headers)
    bodiless = flow.request.method == "HEAD" or response.status_code in _NO_BODY or response.status_code < 200
    return Response(
        status=response.status_code,
        reason=response.reason,
        headers=headers,
        body=None if bodiless and not raw else _body(raw or b"", headers, limit, cut),
        http_version=response.http_version,
        trailers=_trailers(response),
    )


def exchange_of(flow: http.HTTPFlow, request: Request, response: Response) -> Exchange:
    """The exchange of the two messages with the flow's times."""
    assert flow.response is not None
    started = flow.request.timestamp_start
    ended = flow.response.timestamp_end or flow.response.timestamp_start
    return Exchange(
        request,
        response,
        started=started,
        duration=_seconds(ended - started),
        first_byte=_seconds(flow.response.timestamp_start - started),
    )


def _seconds(difference: float) -> float:
    """A time that passed, to the microsecond; clocks may jump backwards."""
    return round(max(0.0, difference), 6)


def _provider(flow: http.HTTPFlow) -> tuple[str, int]:
    request = flow.request
    if isinstance(flow.client_conn.proxy_mode, ReverseMode):
        return request.host, request.port
    host, port = request.host, request.port
    if request.host_header in (None, "", host, f"{host}:{port}"):
        return host, port
    # The Host header names the provider; its port is only there when it is not the scheme's own.
    _, colon, digits = (request.host_header or "").rpartition(":")
    if not (colon and digits.isascii() and digits.isdigit()):
        return request.pretty_host, DEFAULT_PORTS.get(request.scheme, 80)
    if len(digits) > _PORT_DIGITS or port_fault(int(digits)):
        return host, port
    return request.pretty_host, int(digits) or DEFAULT_PORTS.get(request.scheme, 80)


def _headers(headers: http.Headers) -> Headers:
    return Headers(
        [
            (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
            for name, value in headers.fields
        ]
    )


def _trailers(message: http.Message) -> Headers:
    return _NO_FIELDS if message.trailers is None else _headers(message.trailers)


def _body(raw: bytes, headers: Headers, limit: int, cut: bool) -> Body:
    coding = ", ".join(headers.get_all("content-encoding")).strip() if raw else ""
    if not coding or coding.lower() == "identity":
        return _bounded(raw, limit, cut)
    try:
        content = decode_content(raw, coding, limit, partial=cut)
    except CodingError:
        return _damaged(raw, coding, limit)
    except LimitError:
        return Body(b"", cut=True)
    return Body(content, EncodedBody(coding, raw) if not cut else None, cut=cut)


def _damaged(raw: bytes, coding: str, limit: int) -> Body:
    """A body that is not what its coding says: what can be decoded of it, or as it is when it is not compressed.

    Compressed bytes that nobody can read are not kept: nobody could see the secrets in them either.
    """
    try:
        content = decode_content(raw, coding, limit, partial=True)
    except (CodingError, LimitError):
        content = b""
    if content or raw.startswith(_COMPRESSED):
        return Body(content, cut=True)
    return _bounded(raw, limit, cut=False)


def _bounded(raw: bytes, limit: int, cut: bool) -> Body:
    if len(raw) > limit:
        return Body(raw[:limit], cut=True, size=len(raw))
    return Body(raw, cut=cut)
