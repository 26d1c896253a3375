"""Running an application in this process until a signal says stop: listening, watching sources, draining."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path

from pact_recorder.errors import PactRecorderError
from pact_recorder.http.visible import visible
from pact_recorder.server.listener import listen
from pact_recorder.server.messages import AsgiApp
from pact_recorder.server.serving_thread import new_event_loop
from pact_recorder.server.standalone import Standalone

GRACE_SECONDS = 10.0
"""How long requests that are under way may take after a signal to stop."""

_WATCH_SECONDS = 0.5
_log = logging.getLogger(__name__)

Started = Callable[[int], None]
"""Told once when the application listens: its port."""


def run_until_stopped(
    app: AsgiApp, bound: socket.socket, tls: ssl.SSLContext | None, started: Started, watched: Standalone | None = None
) -> None:
    """Let an application answer at a bound socket until SIGTERM, SIGINT or SIGHUP; the next signal ends it at once.

    With `watched` its sources are loaded again whenever one changes.
    """
    loop = new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(_run(app, bound, tls, started, watched))
    finally:
        asyncio.set_event_loop(None)
        loop.close()


async def _run(
    app: AsgiApp, bound: socket.socket, tls: ssl.SSLContext | None, started: Started, watched: Standalone | None
) -> None:
    stop = _stop_signal()
    if isinstance(app, Standalone):
        app.stop = stop.set
    listener = await listen(app, "", 0, tls, bound, direct=app if isinstance(app, Standalone) else None)
    started(listener.port)
    watching = asyncio.ensure_future(watch(watched)) if watched is not None else None
    await stop.wait()
    if watching is not None:
        watching.cancel()
    await listener.close(GRACE_SECONDS)


def _stop_signal() -> asyncio.Event:
    """An event that the first signal sets; after it signals have their usual effect."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    signals = stop_signals()

    def on_signal() -> None:
        stop.set()
        for each in signals:
            loop.remove_signal_handler(each)

    for each in signals:
        loop.add_signal_handler(each, on_signal)
    return stop


def stop_signals() -> list[signal.Signals]:
    """The signals that end a server: SIGTERM, SIGINT, and SIGHUP where the caller (nohup) does not ignore it."""
    heard = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    return [signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if heard else [])]


async def watch(app: Standalone) -> None:
    """Load the sources of an application again whenever one changes; what cannot be loaded changes nothing."""
    known = signatures(app.paths)
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        seen = signatures(app.paths)
        if seen == known:
            continue
        known = seen
        try:
            app.replace(*await asyncio.to_thread(app.loaded))
        except (PactRecorderError, OSError) as error:
            _log.warning("Not loaded again, the earlier state is still served: %s", visible(str(error)))
        else:
            _log.warning("Loaded again: %d expectations.", len(app.recorder.expectations))


def signatures(paths: Sequence[Path]) -> list[tuple[int, ...] | None]:
    """What changes when a file does, for each path; None for one that is not there."""
    return [_signature(path) for path in paths]


def _signature(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
