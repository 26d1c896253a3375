"""The index of expectations that carry rules: exact method and path by hash, the rest in a short ordered list."""

from __future__ import annotations

from collections.abc import Iterator

from pact_recorder.http import Request
from pact_recorder.mock.expectation import RuledExpectation

_Place = tuple[str | None, str | None]


class RuledIndex:
    """Expectations from the control API and from contracts, by identifier and by place.

    Where the pattern fixes path and method, they are looked up by hash; patterns that leave one open are kept in lists,
    each in answering order: priority descending, then creation.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, RuledExpectation] = {}
        self._places: dict[_Place, list[RuledExpectation]] = {}

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
        at_place = self._places.setdefault(_place(expectation), [])
        at_place.append(expectation)
        at_place.sort(key=answering_order)

    def remove(self, expectation: RuledExpectation) -> None:
        """Take it out."""
        del self._by_id[expectation.id]
        place = _place(expectation)
        self._places[place].remove(expectation)
        if not self._places[place]:
            del self._places[place]

    def candidates(self, request: Request) -> Iterator[RuledExpectation]:
        """Those that may match, in answering order."""
        method, path = request.method.upper(), request.path.lower()
        found = [
            expectation
            for place in ((method, path), (None, path), (method, None), (None, None))
            for expectation in self._places.get(place, ())
        ]
        found.sort(key=answering_order)
        return iter(found)

    def answers(self, method: str, path: str) -> bool:
        """Whether an expectation fixes this method and path."""
        return (method.upper(), path.lower()) in self._places

    def prune(self, now: float) -> None:
        """Drop what may no longer answer: used up, or past its time."""
        for expectation in [each for each in self if not each.active(now)]:
            self.remove(expectation)

    @property
    def unindexed(self) -> int:
        """How many expectations every look-up has to try, because their pattern leaves the path open."""
        return sum(len(found) for (_, path), found in self._places.items() if path is None)


def answering_order(expectation: RuledExpectation) -> tuple[int, int]:
    """Sort key: higher priority first, then the older."""
    return (-expectation.priority, expectation.created)


def _place(expectation: RuledExpectation) -> _Place:
    path = expectation.pattern.path
    return expectation.pattern.method, path.lower() if path is not None else None
