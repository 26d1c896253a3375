"""Several processes that answer at one port: they share its socket, and a worker that dies is started again."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

_CHECK_SECONDS = 0.2
_SHORTEST_LIFE = 2.0
_MOST_RESTARTS = 5
_log = logging.getLogger(__name__)

Work = Callable[[socket.socket, int, Any], None]
"""What a worker does until it is told to stop: with the socket, its number from 0, and what it was given."""


class Workers:
    """So many processes that do the same work; `given` must survive pickling."""

    def __init__(self, count: int, work: Work, bound: socket.socket, given: Any) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._work, self._bound, self._given = work, bound, given
        self._stopping = False
        self._restarts = 0
        self._began = [0.0] * count
        self._processes = [self._start(number) for number in range(count)]

    def run(self) -> bool:
        """Keep them running until SIGTERM or SIGINT, then wait for them; False when they could not be kept running."""
        previous = {each: signal.signal(each, self._on_signal) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self._stopping and self._restarts <= _MOST_RESTARTS:
                time.sleep(_CHECK_SECONDS)
                self._replace_dead()
        finally:
            for each, handler in previous.items():
                signal.signal(each, handler)
            for process in self._processes:
                process.terminate()
            for process in self._processes:
                process.join()
        return self._stopping

    def _on_signal(self, number: int, frame: object) -> None:
        self._stopping = True

    def _replace_dead(self) -> None:
        for number, process in enumerate(self._processes):
            if process.is_alive() or self._stopping:
                continue
            _log.warning("Worker %d ended with status %s; another takes its place.", number, process.exitcode)
            # One that dies at once will die again.
            lived = time.monotonic() - self._began[number]
            self._restarts = self._restarts + 1 if lived < _SHORTEST_LIFE else 0
            self._processes[number] = self._start(number)

    def _start(self, number: int) -> BaseProcess:
        self._began[number] = time.monotonic()
        process = self._context.Process(target=self._work, args=(self._bound, number, self._given), daemon=True)
        process.start()
        return process
