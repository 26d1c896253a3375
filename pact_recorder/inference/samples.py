"""Which of the samples of a kind is the example that an interaction is made after."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TypeAlias

from msgspec import Struct

from pact_recorder.http import Exchange
from pact_recorder.http.identity import exchange_identity

_WELCOME_BYTES = 4_096

_Identity: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


class Example(Struct, eq=False, gc=False):
    """An exchange that may be shown; of several the smallest is, whatever the order in which they came.

    Rich, but short enough to be read, comes first. What decides between equals is dear and looked at only then; the
    identity leaves out headers that differ each time, so these come last.
    """

    exchange: Exchange
    size: int
    _identity: _Identity | None = None

    @property
    def weight(self) -> tuple[bool, int]:
        """What decides before the identity does."""
        return self.exchange.cut, -self.size if self.size <= _WELCOME_BYTES else self.size

    @property
    def identity(self) -> _Identity:
        """What tells it from others of its weight."""
        if self._identity is None:
            self._identity = exchange_identity(self.exchange), self.exchange.response.headers.fields
        return self._identity

    def __lt__(self, other: Example) -> bool:
        if self.weight != other.weight:
            return self.weight < other.weight
        return self.identity < other.identity


_identity = attrgetter("identity")


def best_of(examples: Sequence[Example], most: int) -> list[Example]:
    """The best of one example at least, at most so many, each once."""
    if most == 1:
        if len(examples) == 1:
            return [examples[0]]
        weights = [example.weight for example in examples]
        least = min(weights)
        lightest = [example for example, weight in zip(examples, weights, strict=True) if weight == least]
        return [min(lightest, key=_identity) if len(lightest) > 1 else lightest[0]]
    best: list[Example] = []
    for example in sorted(examples):
        if len(best) < most and (not best or best[-1] < example):
            best.append(example)
    return best
