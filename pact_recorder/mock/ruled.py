"""The expectations that carry rules, by identifier and by what they ask for; the latter is the request index's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pact_recorder.http import Request
from pact_recorder.mock.expectation import Origin, RuledExpectation
from pact_recorder.mock.index import RequestIndex


class RuledIndex:
    """Expectations from the control API and from contracts.

    Those that may match a request come in answering order: priority descending, then creation. `acting` counts those
    that do more than to give a response at once, `passing` those that are not steady, `origins` how many come from
    where.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, RuledExpectation] = {}
        self._index: RequestIndex[RuledExpectation] = RequestIndex()
        self.acting = 0
        self.passing = 0
        self.origins: Counter[Origin] = Counter()

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[RuledExpectation]:
        return iter(self._by_id.values())

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._by_id

    def get(self, identifier: str) -> RuledExpectation | None:
        """The expectation of this identifier."""
        return self._by_id.get(identifier)

    def put(self, expectation: RuledExpectation) -> None:
        """Add it, or replace the one with its identifier, which keeps its place in the order of creation."""
        previous = self._by_id.get(expectation.id)
        if previous is not None:
            expectation.created = previous.created
            self.remove(previous)
        self._by_id[expectation.id] = expectation
        self.acting += bool(expectation.actions)
        self.passing += not expectation.is_steady
        self.origins[expectation.origin] += 1
        self._index.put(expectation.id, expectation.pattern, expectation)

    def remove(self, expectation: RuledExpectation) -> None:
        """Take it out."""
        del self._by_id[expectation.id]
        self.acting -= bool(expectation.actions)
        self.passing -= not expectation.is_steady
        self.origins[expectation.origin] -= 1
        self._index.remove(expectation.id, expectation.pattern)

    def candidates(self, request: Request) -> list[RuledExpectation]:
        """Those that may match, in answering order."""
        found = self._index.candidates(request)
        if len(found) > 1:
            found.sort(key=answering_order)
        return found

    def nearby(self, request: Request, most: int) -> list[RuledExpectation]:
        """At most so many whose method and path may match, in answering order."""
        return sorted(self._index.nearby(request, most), key=answering_order)

    def answers(self, method: str, path: str) -> bool:
        """Whether an expectation fixes this method and path."""
        return self._index.has(method, path)

    def prune(self, now: float) -> None:
        """Drop what may no longer answer: used up, or past its time."""
        for expectation in [each for each in self if not each.active(now)]:
            self.remove(expectation)

    @property
    def unindexed(self) -> int:
        """How many expectations every look-up has to try, because their pattern leaves the path open."""
        return self._index.unindexed


def answering_order(expectation: RuledExpectation) -> tuple[int, int]:
    """Sort key: higher priority first, then the older."""
    return (-expectation.priority, expectation.created)
