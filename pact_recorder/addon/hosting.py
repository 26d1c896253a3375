"""The control API hosted by mitmproxy: one flow is one ASGI request (ASGI 3, HTTP)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mitmproxy import http

from pact_recorder.addon.asking import asked
from pact_recorder.server.protocol import TARGET

Message = MutableMapping[str, Any]
AsgiApp = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


async def serve(app: AsgiApp, flow: http.HTTPFlow) -> None:
    """Let the application answer the flow."""
    answer = _Answer()
    received = [{"type": "http.request", "body": flow.request.raw_content or b"", "more_body": False}]

    async def receive() -> Message:
        return received.pop() if received else {"type": "http.disconnect"}

    await app(_scope(flow), receive, answer.send)
    flow.response = answer.response()


class _Answer:
    """Collects what the application sends."""

    def __init__(self) -> None:
        self._status = 500
        self._fields: list[tuple[bytes, bytes]] = []
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._fields = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    def response(self) -> http.Response:
        fields = [field for field in self._fields if field[0].lower() != b"content-length"]
        fields.append((b"content-length", str(len(self._body)).encode()))
        response = http.Response.make(self._status, bytes(self._body))
        response.headers = http.Headers(fields)
        return response


def _scope(flow: http.HTTPFlow) -> Message:
    request = flow.request
    path, _, query = request.path.partition("?")
    came = asked(request)
    target = request.path.encode("utf-8", "surrogateescape")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "2" if request.is_http2 else "1.1",
        "method": request.method,
        "scheme": "https" if flow.client_conn.tls_established else "http",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "query_string": query.encode("utf-8", "surrogateescape"),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in came.fields],
        "client": flow.client_conn.peername[:2] if flow.client_conn.peername else None,
        "server": flow.client_conn.sockname[:2] if flow.client_conn.sockname else None,
        TARGET: target if came.origin_form else request.scheme.encode() + b"://" + target,
    }
