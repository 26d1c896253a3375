"""Signals to stop that are heard in every case, and an end without a stack.

asyncio learns of a signal by a byte in a socket, which it drops when the socket is full. mitmproxy fills that socket
when it logs hundreds of lines in one turn of its loop, as when a thousand clients go at once; a SIGTERM of that moment
is lost.

Where clients still hold their connections when mitmproxy has ended, their tasks are cancelled with the event loop, and
asyncio of Python 3.11 prints a stack for each, below the report: it reads like a lost session. So they are closed
before.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from mitmproxy import ctx
from mitmproxy.proxy.server import ConnectionHandler

_LONGEST_SECONDS = 1.0
_LOOK_SECONDS = 0.01


def hear_signals(shutdown: Callable[[], None]) -> None:
    """Have SIGTERM and SIGINT call `shutdown` where asyncio handles them; its own handlers are called besides."""
    loop = asyncio.get_running_loop()

    def on_signal(number: int, frame: object) -> None:
        loop.call_soon_threadsafe(shutdown)

    for each in (signal.SIGTERM, signal.SIGINT):
        # asyncio's handler in Python does nothing: the byte in the socket is all.
        if getattr(signal.getsignal(each), "__name__", "") == "_sighandler_noop":
            signal.signal(each, on_signal)


class Closing:
    """An addon that closes what clients hold open when mitmproxy ends, after every other has done its own.

    It stands beside the recorder: mitmproxy ends a script also when it loads it again, and waits for nothing then.
    """

    name = "pact-recorder-closing"

    async def done(self) -> None:
        """Close the clients' connections, and wait a moment until they are."""
        loop = asyncio.get_running_loop()
        held: dict[object, ConnectionHandler] = ctx.master.addons.get("proxyserver").connections
        end = loop.time() + _LONGEST_SECONDS
        closed: set[object] = set()
        while held and loop.time() < end:
            for name, connection in list(held.items()):
                client = connection.transports.get(connection.client)
                if name not in closed and client is not None and client.handler is not None:
                    closed.add(name)
                    client.handler.cancel("mitmproxy ends")
            await asyncio.sleep(_LOOK_SECONDS)
