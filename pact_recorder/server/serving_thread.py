"""The thread that mock servers in this process share: one event loop, there while a server is.

Test suites start hundreds of servers; a thread for each would cost more than the servers.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class ServingThread:
    """A thread with an event loop that runs from the first `acquire` to the last `release`; any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def acquire(self) -> asyncio.AbstractEventLoop:
        """The running loop, until `release` gives it back."""
        with self._lock:
            if self._loop is None:
                self._loop = new_event_loop()
                self._thread = threading.Thread(
                    target=_run, args=(self._loop,), name="pact-recorder-serving", daemon=True
                )
                self._thread.start()
            self._users += 1
            return self._loop

    def release(self) -> None:
        """Give the loop back; with the last user its thread ends."""
        with self._lock:
            self._users -= 1
            if self._users or self._loop is None or self._thread is None:
                return
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None


def new_event_loop() -> asyncio.AbstractEventLoop:
    """An event loop for serving: uvloop's where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def run_on(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of a coroutine on a loop of another thread."""
    return asyncio.run_coroutine_threadsafe(work, loop).result()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()


SHARED = ServingThread()


def _forget_after_fork() -> None:
    """A forked child has no threads but its own: it starts afresh."""
    SHARED.__init__()  # type: ignore[misc]


os.register_at_fork(after_in_child=_forget_after_fork)
