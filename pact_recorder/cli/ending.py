"""Signals that end a command: what was begun is cleaned up, as after Ctrl-C.

While a command is being loaded nothing was begun, and a signal ends the process at once: an interrupt within the
import of a compiled module can come out of it as any error. Servers take signals themselves once they run.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

_USUAL: dict[signal.Signals, Callable[[int, FrameType | None], object] | signal.Handlers] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}


class Ended(KeyboardInterrupt):
    """A signal has told the command to end; `status` is the exit status that says which."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Within this block SIGINT, SIGTERM and SIGHUP end the process without a word."""
    with _handling(_USUAL, _end_at_once):
        yield


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Within this block SIGTERM and SIGHUP raise `Ended`, as SIGINT raises KeyboardInterrupt."""
    with _handling((signal.SIGTERM, signal.SIGHUP), _raise):
        yield


@contextmanager
def _handling(signals: Iterable[signal.Signals], handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    # A signal that the caller ignores (nohup) or takes itself stays his; and only the main thread may say.
    mine = [each for each in signals if signal.getsignal(each) == _USUAL[each]]
    if threading.current_thread() is not threading.main_thread():
        mine = []
    for each in mine:
        signal.signal(each, handler)
    try:
        yield
    finally:
        for each in mine:
            signal.signal(each, _USUAL[each])


def _end_at_once(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)


def _raise(number: int, frame: FrameType | None) -> None:
    raise Ended(number)
