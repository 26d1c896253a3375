"""Progress of long work: a line on a terminal that is rewritten in place, nothing anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TextIO, TypeVar

from pact_recorder.cli.tables import shown

Item = TypeVar("Item")
_INTERVAL = 0.1
_CLEAR = "\r\x1b[K"


class Progress:
    """Shows what is going on while it is, on standard error when that is a terminal.

    A context manager: the line is gone when it ends, however it ends.
    """

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self._what = shown(what, 50)
        self._stream = sys.stderr if stream is None else stream
        self._visible = self._stream.isatty()
        self._next = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._visible:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def show(self, done: int) -> None:
        """Show how many are done; cheap enough to be called for each."""
        if not self._visible or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _INTERVAL
        self._stream.write(f"{_CLEAR}{self._what}: {done:,}")
        self._stream.flush()

    def count(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, shown as they pass."""
        for done, item in enumerate(items, start=1):
            self.show(done)
            yield item
