"""Signals to stop that are heard in every case.

asyncio learns of a signal by a byte in a socket, which it drops when the socket is full. mitmproxy fills that socket
when it logs hundreds of lines in one turn of its loop, as when a thousand clients go at once; a SIGTERM of that moment
is lost.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable


def hear_signals(shutdown: Callable[[], None]) -> None:
    """Have SIGTERM and SIGINT call `shutdown` where asyncio handles them; its own handlers are called besides."""
    loop = asyncio.get_running_loop()

    def on_signal(number: int, frame: object) -> None:
        loop.call_soon_threadsafe(shutdown)

    for each in (signal.SIGTERM, signal.SIGINT):
        # asyncio's handler in Python does nothing: the byte in the socket is all.
        if getattr(signal.getsignal(each), "__name__", "") == "_sighandler_noop":
            signal.signal(each, on_signal)
