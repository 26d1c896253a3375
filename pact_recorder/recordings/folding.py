"""Identical exchanges become one, with a count; several answers to one request keep their places.

The order of a session is that of its occurrences, counted from 1: first what its file already holds, then what
was recorded since. An entry of the file that names no places takes the first free ones, in the file's order.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count as counting

from pact_recorder.http import Exchange, Request
from pact_recorder.http.identity import exchange_identity
from pact_recorder.mock.fingerprint import fingerprint
from pact_recorder.recordings.session import RecordedExchange

Scrub = Callable[[Exchange], Exchange]
"""What turns an exchange into the form that may be written."""


@dataclass(slots=True)
class _Group:
    """The occurrences of one exchange; `unplaced` of them have a place that is not known yet."""

    first: int
    question: str
    places: array[int] = field(default_factory=lambda: array("Q"))
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Fold:
    """What became of an exchange: how often it occurs and, when that matters, where."""

    count: int
    at: tuple[int, ...]


class Folding:
    """Takes the exchanges of a session in order and says which of them stand for themselves and others.

    First `keep` for each entry of the file, then `add` and `repeat`, at last `folds`.
    """

    def __init__(self, scrub: Scrub | None = None) -> None:
        self.unknown_repeats = 0
        self._scrub = scrub
        self._groups: dict[str, _Group] = {}
        self._written_as: dict[str, str] = {}
        self._answers: dict[str, int] = {}
        self._seen = 0
        self._total = 0
        self._settled = False

    def keep(self, entry: RecordedExchange) -> None:
        """An entry that the file already has."""
        group = self._group(entry.exchange)
        if entry.at:
            group.places.extend(entry.at)
        else:
            group.unplaced += entry.count

    def add(self, exchange: Exchange) -> None:
        """An exchange recorded since."""
        self._settle()
        self._occur(self._group(exchange))

    def repeat(self, identity: str) -> None:
        """The exchange of this identity once more; counted in `unknown_repeats` when there is none."""
        self._settle()
        group = self._groups.get(self._written_as.get(identity, identity))
        if group is None:
            self.unknown_repeats += 1
        else:
            self._occur(group)

    def folds(self) -> Mapping[int, Fold]:
        """For each exchange that stays, by its number among those given to `keep` and `add` from 0."""
        self._settle()
        return {group.first: Fold(len(group.places), self._order(group)) for group in self._groups.values()}

    def _group(self, exchange: Exchange) -> _Group:
        number = self._seen
        self._seen += 1
        identity = exchange_identity(exchange)
        if self._scrub is not None:
            exchange = self._scrub(exchange)
            original, identity = identity, exchange_identity(exchange)
            self._written_as[original] = identity
        group = self._groups.get(identity)
        if group is None:
            question = _question(exchange.request)
            group = self._groups[identity] = _Group(number, question)
            self._answers[question] = self._answers.get(question, 0) + 1
        return group

    def _occur(self, group: _Group) -> None:
        self._total += 1
        group.places.append(self._total)

    def _settle(self) -> None:
        """Give the entries of the file that name no places the free ones."""
        if self._settled:
            return
        self._settled = True
        taken = {place for group in self._groups.values() for place in group.places}
        free = (place for place in counting(1) if place not in taken)
        last = max(taken, default=0)
        for group in self._groups.values():
            for _ in range(group.unplaced):
                place = next(free)
                group.places.append(place)
                last = max(last, place)
        self._total = last

    def _order(self, group: _Group) -> tuple[int, ...]:
        return tuple(sorted(group.places)) if self._answers[group.question] > 1 else ()


def _question(request: Request) -> str:
    """What the mock takes for the same request, however it is spelled: its answers keep their order."""
    print_ = fingerprint(request)
    return "\n".join((request.authority, *print_.place, print_.digest.hex()))


def fold(kept: Iterable[RecordedExchange], added: Iterable[Exchange | str], scrub: Scrub | None = None) -> Folding:
    """A folding of the file's entries and then exchanges or, as identities, repeats."""
    folding = Folding(scrub)
    for entry in kept:
        folding.keep(entry)
    for item in added:
        if isinstance(item, str):
            folding.repeat(item)
        else:
            folding.add(item)
    return folding
