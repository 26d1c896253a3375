"""A listening socket whose requests an ASGI application answers: the one serving core of this program."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl

from uvicorn.config import Config
from uvicorn.server import ServerState

from pact_recorder.errors import UsageError
from pact_recorder.server.direct import DirectApp, DirectProtocol
from pact_recorder.server.messages import AsgiApp
from pact_recorder.server.protocol import BoundedProtocol

KEEP_ALIVE_SECONDS = 75
"""How long a connection may be idle between two requests."""

_BACKLOG = 2048
_LAST_PORT = 65_535
_SWEEP_SECONDS = 1.0
_STEP_SECONDS = 0.002
_ABORT_SECONDS = 1.0


class Listener:
    """A socket that is listened on; made by `listen`, it belongs to the event loop that runs then."""

    def __init__(self, server: asyncio.Server, bound: socket.socket, state: ServerState) -> None:
        self._server = server
        self._socket = bound
        self._state = state
        self._loop = asyncio.get_running_loop()
        self._sweeper = self._loop.call_later(_SWEEP_SECONDS, self._sweep)
        self.host, self.port = bound.getsockname()[:2]

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return self._state.total_requests

    async def close(self, grace: float = 0.2) -> None:
        """Stop listening, let requests that are under way finish within `grace` seconds, and end every connection."""
        self._server.close()
        self._socket.close()
        self._sweeper.cancel()
        connections = self._state.connections
        for connection in list(connections):
            connection.shutdown()
        await self._until_gone(grace)
        for task in list(self._state.tasks):
            task.cancel()
        for connection in list(connections):
            connection.transport.abort()
        await self._until_gone(_ABORT_SECONDS)

    async def _until_gone(self, seconds: float) -> None:
        """Wait until every connection has ended, for so many seconds at most."""
        await asyncio.sleep(0)
        until = self._loop.time() + seconds
        while self._state.connections and self._loop.time() < until:
            await asyncio.sleep(_STEP_SECONDS)

    def _sweep(self) -> None:
        now = self._loop.time()
        for connection in list(self._state.connections):
            if isinstance(connection, BoundedProtocol):
                connection.expire(now)
        self._sweeper = self._loop.call_later(_SWEEP_SECONDS, self._sweep)


async def listen(
    app: AsgiApp,
    host: str,
    port: int,
    tls: ssl.SSLContext | None = None,
    bound: socket.socket | None = None,
    direct: DirectApp | None = None,
) -> Listener:
    """Let an application answer at an address (port 0: one that the system picks), or at a socket that is bound.

    `direct` is the application itself when it can answer without ASGI too. Raises UsageError when the address cannot be
    listened on.
    """
    sock = bound if bound is not None else bind(host, port)
    config = Config(app, http=BoundedProtocol, ws="none", lifespan="off", interface="asgi3", log_config=None,
                    proxy_headers=False, timeout_keep_alive=KEEP_ALIVE_SECONDS)  # fmt: skip
    config.load()
    state = ServerState()

    def connect() -> BoundedProtocol:
        if direct is None:
            return BoundedProtocol(config, state, {}, loop)
        return DirectProtocol(config, state, loop, direct, KEEP_ALIVE_SECONDS)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connect, sock=sock, ssl=tls, backlog=_BACKLOG)
    return Listener(server, sock, state)


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to an address. Raises UsageError with the reason when there is none to have."""
    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"There is no port {port}: choose one up to {_LAST_PORT}, or 0 for any.")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{host}:{port} is no address of this machine that can be listened on.") from error
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setblocking(False)
        sock.bind(place)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(f"Cannot listen on {host}:{port}: {host} is no address of this machine.") from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(f"Cannot listen on {host}:{port}: {reason}; choose another port, or 0 for any.") from error
    return sock
