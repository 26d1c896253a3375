"""HTTP/1.1 as clients of a mock speak it: uvicorn's protocol with bounds on what a client may send and how slowly.

uvicorn's own bounds are those of a server behind a proxy. Here a request whose head is too large gets 431 or 414, one
that does not come in time is cut off, and the target of the request stays as it was on the wire.
"""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

MAX_HEAD = 64 * 1024
"""Bytes of request line and header fields."""

MAX_FIELDS = 1_000
"""Header fields of a request."""

HEAD_SECONDS = 30.0
"""How long the head of a request may take, and how long a connection may wait for its first one."""

BODY_SECONDS = 60.0
"""How long a client may stay silent in the middle of a body."""

TARGET = "pact_recorder.target"
"""Where the scope has the request's target as it was on the wire, in bytes."""

TRANSPORT = "pact_recorder.transport"
"""Where the scope has the connection's transport, for those who break it off."""

ADVICE = {
    400: "The request is no HTTP that this server understands.",
    408: "The request did not come in time.",
    413: "The body of the request is larger than this server takes.",
    414: f"The target of the request is longer than {MAX_HEAD} bytes.",
    431: f"The head of the request has more than {MAX_HEAD} bytes or {MAX_FIELDS} fields.",
}
"""What a client is told with each status of a refusal."""


class _RefusedError(Exception):
    """The request goes beyond a bound."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # uvicorn would log every request as soon as the program around it logs anything.
        self.access_log = False
        self._status = 400
        self._head_began: float | None = None
        self._head_bytes = 0
        self._heard = 0.0
        self._began_now = False
        self._heard_all = False

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._heard = self._head_began = self.loop.time()
        super().connection_made(transport)

    @override
    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._heard = self.loop.time()
        self._began_now = False
        super().data_received(data)
        if self._head_began is not None and not self._began_now:
            # A field that never ends is not told before it does.
            self._head_bytes += len(data)
            if self._head_bytes > 2 * MAX_HEAD:
                self._refuse(431)

    @override
    def eof_received(self) -> bool | None:  # type: ignore[override]
        """Keep a connection whose client has sent its last request until that is answered."""
        waiting = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        self._heard_all = waiting and self.scheme == "http"
        return self._heard_all or None

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._heard_all and self.cycle.response_complete:
            self.transport.close()

    @override
    def on_message_begin(self) -> None:
        self._head_began, self._head_bytes, self._began_now = self._heard, 0, True
        super().on_message_begin()

    @override
    def on_url(self, url: bytes) -> None:
        self._count(len(url), 414)
        super().on_url(url)

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4, 431)
        if len(self.headers) >= MAX_FIELDS:
            self._reject(431)
        super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        self._head_began = None
        self.scope[TARGET] = self.url  # type: ignore[literal-required]
        self.scope[TRANSPORT] = self.transport  # type: ignore[literal-required]
        super().on_headers_complete()

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(self._status)

    def expire(self, now: float) -> None:
        """Cut the connection off when its client has taken too long; `now` is the loop's time in seconds."""
        if self._head_began is not None:
            if now - self._head_began > HEAD_SECONDS:
                self._refuse(408)
        elif self.cycle is not None and self.cycle.more_body:
            self._expire_body(now)

    def _expire_body(self, now: float) -> None:
        if now - self._heard > BODY_SECONDS:
            self.transport.close()

    def _count(self, size: int, status: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD:
            self._reject(status)

    def _reject(self, status: int) -> NoReturn:
        """Stop reading the request, and refuse it."""
        self._status = status
        raise _RefusedError

    def _refuse(self, status: int) -> None:
        """Answer with a status and end the connection, unless another answer is under way."""
        if not self.pipeline and (self.cycle is None or self._is_unanswered(self.cycle)):
            content = (ADVICE[status] + "\n").encode()
            head = STATUS_LINE[status] + b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
            self.transport.write(head % len(content) + b"connection: close\r\n\r\n" + content)
        self.transport.close()

    def _is_unanswered(self, cycle: RequestResponseCycle) -> bool:
        """Whether nothing of an answer to the present request is sent; then nothing of one will be."""
        if cycle.response_started and not cycle.response_complete:
            return False
        cycle.disconnected = True
        return True
