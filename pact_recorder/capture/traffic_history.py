"""The log read: requests with their answers, in order, from the journal where memory does not hold them any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.traffic_log import Kind, Logged, LogView
from pact_recorder.http import Exchange, Request, Response


@dataclass(frozen=True, slots=True)
class Seen:
    """One request of the log with its answer; `at` is its moment in seconds since the epoch.

    Without a response it failed. `entry` is what the log's memory holds of it, None when that is nothing any more.
    `recorded` says that it is in a recording.
    """

    kind: Kind
    at: float
    request: Request
    response: Response | None
    recorded: bool = False
    entry: Logged | None = None

    @property
    def exchange(self) -> Exchange:
        """The request with its answer; of a failed one a response with status 0."""
        return Exchange(self.request, self.response or Response(0), self.at)


class History:
    """What a view of the log holds. Iterating reads recordings, may be done in any thread, and any number of times."""

    def __init__(self, recorder: Recorder, view: LogView) -> None:
        self._recorder = recorder
        self._view = view

    @classmethod
    def now(cls, recorder: Recorder) -> History:
        """The history at this moment; to be called by the thread that owns the recorder."""
        return cls(recorder, recorder.log.view())

    @property
    def gone(self) -> int:
        """How many requests cannot be had back: they were evicted, and are in no journal."""
        return self._view.gone

    @property
    def gone_recorded(self) -> int:
        """How many of them were recorded, by another program."""
        return self._view.gone_imported

    def __iter__(self) -> Iterator[Seen]:
        """Every request, the oldest first. Raises StorageError when a recording cannot be read."""
        yield from self._shelved()
        yield from map(self._seen, self._view.entries)

    def recorded(self) -> Iterator[Seen]:
        """Everything recorded, one for each time it was seen: loaded exchanges first, then what was forwarded."""
        for place, exchange in self._recorder.loaded(self._view.loaded):
            cleared = (each.takes(exchange.request) for each in self._view.cleared if place < each.loaded)
            if not any(cleared):
                yield _recorded(exchange.started, exchange)
        yield from self._shelved()
        yield from (self._seen(entry) for entry in self._view.entries if entry.behind is not None or entry.imported)

    def _shelved(self) -> Iterator[Seen]:
        start, end = self._view.shelf
        if start == end:
            return
        for behind, at, exchange in self._recorder.journaled(start, end):
            cleared = (each.takes(exchange.request) for each in self._view.cleared if behind <= each.behind)
            if not any(cleared):
                yield _recorded(at, exchange)

    def _seen(self, entry: Logged) -> Seen:
        if entry.reference is None:
            assert entry.request is not None
            return Seen(entry.kind, entry.at, entry.request, entry.response, entry.imported, entry)
        exchange = self._recorder.load_exchange(entry.reference)
        request = entry.request or exchange.request
        return Seen(entry.kind, entry.at, request, exchange.response, entry.behind is not None, entry)


def _recorded(at: float, exchange: Exchange) -> Seen:
    return Seen(Kind.FORWARDED, at, exchange.request, exchange.response, True)
