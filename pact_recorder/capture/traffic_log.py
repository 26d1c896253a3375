"""The log of data-plane requests: what was asked of whom and what was answered, in order, in bounded memory.

An entry holds references, not copies: a recorded exchange stays in the journal and is only named here; what was
answered from expectations shares the request and the response with what answered it. When there are too many, the
oldest go. A recorded one is still in the journal then, from where it is read again; of the others, which are nowhere
else, it is counted how many are gone.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pact_recorder.http import Body, Request, Response
from pact_recorder.mock import Reference

MOST_ENTRIES = 100_000
MOST_BYTES = 64 * 1024 * 1024
# What an entry weighs without its bodies: the objects of a usual request with a dozen headers.
_HEADS = 2_000
_NAMED = 150

Takes = Callable[[Request], bool]
"""Whether a request is one of those that are meant."""


class Kind(StrEnum):
    """What became of a request."""

    ANSWERED = "answered"
    UNMATCHED = "unmatched"
    FORWARDED = "forwarded"


class Logged(NamedTuple):
    """One request. `at` is its moment in seconds since the epoch.

    `imported` says that it comes from a recording of another program.

    `reference` names the exchange that a recording holds: of a forwarded request all of it, of an answered one the
    answer. `behind` is the offset behind its record in the journal, None for what is not there.
    """

    kind: Kind
    at: float
    request: Request | None = None
    response: Response | None = None
    reference: Reference | None = None
    behind: int | None = None
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Cleared:
    """Requests that were cleared from the log, as far as they lay in the journal before `behind`, or were loaded."""

    takes: Takes
    behind: int
    loaded: int


@dataclass(frozen=True, slots=True)
class LogView:
    """The log at one moment, for any thread.

    `shelf` is the stretch of the journal whose records were evicted from memory, `loaded` how many of the loaded
    exchanges were forgotten, `gone` how many requests cannot be had back, `gone_imported` how many of them were
    imported.
    """

    entries: tuple[Logged, ...]
    shelf: tuple[int, int]
    loaded: int
    cleared: tuple[Cleared, ...]
    gone: int
    gone_imported: int = 0


class TrafficLog:
    """The log of one process. One thread owns it; `view` may be read by any.

    `most` entries and about `most_bytes` are held in memory; with `most` 0 there is no log.
    """

    def __init__(self, most: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.counts: Counter[Kind] = Counter()
        self.evicted = 0
        self._most = most
        self._most_bytes = most_bytes
        self._entries: deque[Logged] = deque()
        self._weight = 0
        self._gone = self._gone_imported = 0
        self._shelf = (0, 0)
        self._loaded = 0
        self._cleared: list[Cleared] = []

    def __len__(self) -> int:
        return len(self._entries)

    def bound(self, most: int, most_bytes: int) -> None:
        """Hold at most so much from now on; what is too much already goes at once."""
        self._most, self._most_bytes = most, most_bytes
        self._fit()

    @property
    def gone(self) -> int:
        """How many requests were evicted since the log was cleared and cannot be had back."""
        return self._gone

    def answered(self, at: float, request: Request, response: Response | None, reference: Reference | None) -> None:
        """A request was answered by an expectation; with a reference the response is left where it is recorded.

        Without a response the expectation broke the connection.
        """
        kept = response if reference is None else None
        self._add(Logged(Kind.ANSWERED, at, request, kept, reference))

    def unmatched(self, at: float, request: Request, response: Response) -> None:
        """A request was answered with a miss."""
        self._add(Logged(Kind.UNMATCHED, at, request, response))

    def recorded(self, at: float, reference: Reference, behind: int) -> None:
        """A request was forwarded and its exchange recorded."""
        self._add(Logged(Kind.FORWARDED, at, reference=reference, behind=behind))

    def forwarded(self, at: float, request: Request, response: Response | None) -> None:
        """A request was forwarded and not recorded; without a response it failed."""
        self._add(Logged(Kind.FORWARDED, at, request, response))

    def imported(self, at: float, request: Request, response: Response) -> None:
        """A request that another program forwarded and recorded."""
        self._add(Logged(Kind.FORWARDED, at, request, response, imported=True))

    def view(self) -> LogView:
        """The log as it is now."""
        return LogView(
            tuple(self._entries), self._shelf, self._loaded, tuple(self._cleared), self._gone, self._gone_imported
        )

    def clear(self, behind: int, loaded: int) -> None:
        """Forget everything; `behind` is the end of the journal, `loaded` the count of loaded exchanges."""
        self._entries.clear()
        self._cleared.clear()
        self._weight = self._gone = self._gone_imported = 0
        self._shelf, self._loaded = (behind, behind), loaded

    def remove(self, taken: Iterable[Logged], cleared: Cleared) -> None:
        """Forget some entries of a view, and what is like them in the journal and among the loaded exchanges."""
        identities = {id(entry) for entry in taken}
        self._entries = deque(entry for entry in self._entries if id(entry) not in identities)
        self._weight = sum(map(_weight, self._entries))
        self._cleared.append(cleared)

    def _add(self, entry: Logged) -> None:
        self.counts[entry.kind] += 1
        if not self._most:
            return
        self._entries.append(entry)
        self._weight += _weight(entry)
        self._fit()

    def _fit(self) -> None:
        while len(self._entries) > self._most or (self._weight > self._most_bytes and self._entries):
            self._evict(self._entries.popleft())

    def _evict(self, entry: Logged) -> None:
        self._weight -= _weight(entry)
        self.evicted += 1
        if entry.behind is None:
            self._gone += 1
            self._gone_imported += entry.imported
        else:
            self._shelf = (self._shelf[0], entry.behind)


def _weight(entry: Logged) -> int:
    if entry.request is None:
        return _NAMED
    return _HEADS + _length(entry.request.body) + (_length(entry.response.body) if entry.response is not None else 0)


def _length(body: Body | None) -> int:
    return 0 if body is None else len(body.content)
