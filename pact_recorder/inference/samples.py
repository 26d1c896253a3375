"""Which of the samples of a kind is the example that an interaction is made after."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TypeAlias

from msgspec import Struct

from pact_recorder.http import Body, Exchange
from pact_recorder.http.identity import exchange_identity
from pact_recorder.inference.messages import can_be_asked

_WELCOME_BYTES = 4_096

_Identity: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


class Example(Struct, eq=False, gc=False):
    """An exchange that may be shown; of several the smallest is, whatever the order in which they came.

    What a contract can ask for comes first, then what is rich, but short enough to be read, then what was asked for and
    said. What decides between equals is dear and looked at only then; the identity leaves out headers that differ each
    time, so these come last.
    """

    exchange: Exchange
    size: int
    _unsayable: bool | None = None
    _identity: _Identity | None = None

    @property
    def unsayable(self) -> bool:
        """Whether no contract can ask for it as it is."""
        if self._unsayable is None:
            self._unsayable = not can_be_asked(self.exchange.request)
        return self._unsayable

    @property
    def weight(self) -> tuple[bool, int]:
        """What decides before the identity does."""
        return self.exchange.cut, -self.size if self.size <= _WELCOME_BYTES else self.size

    @property
    def words(self) -> tuple[str, str, bytes, bytes]:
        """What decides next: path, query and bodies."""
        request, response = self.exchange.request, self.exchange.response
        return request.path, request.query or "", _content(request.body), _content(response.body)

    @property
    def identity(self) -> _Identity:
        """What tells it from others with the same words."""
        if self._identity is None:
            self._identity = exchange_identity(self.exchange), self.exchange.response.headers.fields
        return self._identity

    def __lt__(self, other: Example) -> bool:
        for rank in (_UNSAYABLE, *_RANKS):
            own, others = rank(self), rank(other)
            if own != others:
                return bool(own < others)
        return False


_UNSAYABLE = attrgetter("unsayable")
_RANKS = attrgetter("weight"), attrgetter("words"), attrgetter("identity")


def best_of(examples: Sequence[Example], most: int) -> list[Example]:
    """The best of one example at least, at most so many, each once."""
    if most == 1:
        return [_best(examples)]
    best: list[Example] = []
    for example in sorted(examples):
        if len(best) < most and (not best or best[-1] < example):
            best.append(example)
    return best


def _best(examples: Sequence[Example]) -> Example:
    """The best; that it can be asked for is looked at last, since it hardly ever decides."""
    best = _richest(examples)
    if best.unsayable:
        others = [each for each in examples if not each.unsayable]
        return _richest(others) if others else best
    return best


def _richest(examples: Sequence[Example]) -> Example:
    for rank in _RANKS:
        if len(examples) == 1:
            break
        ranks = list(map(rank, examples))
        least = min(ranks)
        examples = [example for example, own in zip(examples, ranks, strict=True) if own == least]
    return examples[0]


def _content(body: Body | None) -> bytes:
    return b"" if body is None else body.content
