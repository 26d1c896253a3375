"""Several processes that answer at one port: they share its socket, and a worker that dies is started again."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from pact_recorder.server.running import stop_signals

_CHECK_SECONDS = 0.2
_LONGEST_END = 15.0
_SHORTEST_LIFE = 2.0
_MOST_RESTARTS = 5
_log = logging.getLogger(__name__)

Ready = Callable[[], None]
Work = Callable[[socket.socket, int, Any, Ready], None]
"""What a worker does until it is told to stop: with the socket, its number from 0, and what it was given.

It calls the last when it answers.
"""


class Workers:
    """So many processes that do the same work; `given` must survive pickling."""

    def __init__(self, count: int, work: Work, bound: socket.socket, given: Any) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._work, self._bound, self._given = work, bound, given
        self._stopping = False
        self._restarts = 0
        self._began = [0.0] * count
        self._processes: list[BaseProcess] = []
        self._waited_for = set(range(count))
        self._heard, self._tell = self._context.Pipe(duplex=False)

    def run(self, ready: Ready) -> bool:
        """Start them and keep them running until SIGTERM, SIGINT or SIGHUP, then wait for them.

        `ready` is called once when all of them answer. A worker that has not ended after a while is killed. False when
        they could not be kept running.
        """
        previous = {each: signal.signal(each, self._on_signal) for each in stop_signals()}
        try:
            self._processes = [self._start(number) for number in range(len(self._began))]
            while not self._stopping and self._restarts <= _MOST_RESTARTS:
                if self._heard.poll(_CHECK_SECONDS):
                    self._hear(ready)
                self._replace_dead()
        finally:
            for each, handler in previous.items():
                signal.signal(each, handler)
            self._end()
        return self._stopping

    def _hear(self, ready: Ready) -> None:
        number = self._heard.recv()
        if number in self._waited_for:
            self._waited_for.remove(number)
            if not self._waited_for:
                ready()

    def _end(self) -> None:
        for process in self._processes:
            process.terminate()
        until = time.monotonic() + _LONGEST_END
        for process in self._processes:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()

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
        arguments = (self._work, self._bound, number, self._given, self._tell)
        process = self._context.Process(target=_work_while_wanted, args=arguments, daemon=True)
        _start_deaf_to_interrupts(process)
        return process


def _start_deaf_to_interrupts(process: BaseProcess) -> None:
    """Start a process that never hears SIGINT, which a terminal sends to all: its parent ends it.

    It is blocked from before the child's first import, which it would break. Were it ignored for that moment, this
    process could miss it.
    """
    # Python's own, once it runs: it unblocks SIGINT when it is started, which the first child would do.
    resource_tracker.ensure_running()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _work_while_wanted(work: Work, bound: socket.socket, number: int, given: Any, tell: Connection) -> None:
    """Work until told to stop, or until the process that started this one is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()
    work(bound, number, given, lambda: tell.send(number))


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
