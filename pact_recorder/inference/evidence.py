"""What the exchanges of a recording have shown, gathered so that old ones need not be read again.

Evidence is kept by place (a path before templates are decided), kind of request and kind of response. Documents are
looked at in batches; between batches only their shapes are kept, so memory does not grow with the number of samples.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pact_recorder.http import Exchange
from pact_recorder.http.identity import exchange_identity
from pact_recorder.inference.columns import Notice, shape_of
from pact_recorder.inference.messages import BROKEN, AnsweredKind, AskedKind
from pact_recorder.inference.shapes import NOTHING, Shape, join
from pact_recorder.matching import JsonValue

_BATCH = 64
_BATCH_BYTES = 1_000_000
_WELCOME_BYTES = 4_096
MOST_BROKEN = 10
"""Broken answers to requests of one kind that each get an interaction of their own."""


class Documents:
    """Documents of one place, folded into a shape batch by batch."""

    __slots__ = ("_bytes", "_pending", "_shape", "count")

    def __init__(self) -> None:
        self.count = 0
        self._shape = NOTHING
        self._pending: list[JsonValue] = []
        self._bytes = 0

    def add(self, document: JsonValue, size: int, notice: Notice | None = None) -> None:
        """Take a document of about `size` bytes; `notice` is told what may identify something when it is folded."""
        self.count += 1
        self._pending.append(document)
        self._bytes += size
        if len(self._pending) >= _BATCH or self._bytes >= _BATCH_BYTES:
            self.fold(notice)

    def join(self, other: Documents) -> None:
        """Take the documents that others have gathered."""
        self.count += other.count
        self._shape = join(self.fold(), other.fold())

    def fold(self, notice: Notice | None = None) -> Shape:
        """The shape of all documents so far."""
        if self._pending:
            self._shape = join(self._shape, shape_of(self._pending, notice))
            self._pending = []
            self._bytes = 0
        return self._shape


class Rank(NamedTuple):
    """Which sample is the example: the smallest rank, whatever the order in which samples came.

    The identity leaves out headers that differ each time, so these come last.
    """

    cut: bool
    size: int
    identity: str
    headers: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Pair:
    """One kind of request with one kind of response: the answers, and the exchanges to show, the best first."""

    answers: Documents = field(default_factory=Documents)
    examples: list[tuple[Rank, Exchange]] = field(default_factory=list)

    @property
    def example(self) -> Exchange:
        """The exchange to show."""
        return self.examples[0][1]

    def show(self, exchange: Exchange, most: int) -> None:
        """Keep an exchange when it is among the best `most`."""
        if len(self.examples) < most or (exchange.cut, _preference(exchange)) <= self.examples[-1][0][:2]:
            self._keep([(rank_of(exchange), exchange)], most)

    def join(self, other: Pair, most: int) -> None:
        """Take what another pair of the same kinds has."""
        self.answers.join(other.answers)
        self._keep(other.examples, most)

    def _keep(self, examples: list[tuple[Rank, Exchange]], most: int) -> None:
        kept = dict(self.examples + examples)
        self.examples = [(rank, kept[rank]) for rank in sorted(kept)[:most]]


@dataclass(slots=True)
class PlaceEvidence:
    """The evidence of one place: its requests by kind, and which kinds of answers they got."""

    requests: dict[AskedKind, Documents] = field(default_factory=dict)
    pairs: dict[tuple[AskedKind, AnsweredKind], Pair] = field(default_factory=dict)

    def pair(self, asked: AskedKind, answered: AnsweredKind) -> Pair:
        """Where answers of a kind to requests of a kind are gathered."""
        return self.pairs.setdefault((asked, answered), Pair())

    def settled(self) -> PlaceEvidence:
        """The evidence without credentials where they make no difference to the status of the answers."""
        statuses: dict[AskedKind, dict[AskedKind, set[int]]] = {}
        for asked, answered in self.pairs:
            statuses.setdefault(_anonymous(asked), {}).setdefault(asked, set()).add(answered.status)
        alike = {base for base, by_kind in statuses.items() if len(set(map(frozenset, by_kind.values()))) == 1}
        settled = PlaceEvidence()
        settled.join(self, lambda asked: base if (base := _anonymous(asked)) in alike else asked)
        return settled

    def join(self, other: PlaceEvidence, known_as: Callable[[AskedKind], AskedKind] = lambda asked: asked) -> None:
        """Take what another place of the same operation has; `known_as` gives its kinds of requests here."""
        for asked, documents in other.requests.items():
            self.requests.setdefault(known_as(asked), Documents()).join(documents)
        for (asked, answered), pair in other.pairs.items():
            self.pair(known_as(asked), answered).join(pair, examples_kept(answered))


def _anonymous(asked: AskedKind) -> AskedKind:
    return replace(asked, credentials=()) if asked.credentials else asked


def examples_kept(answered: AnsweredKind) -> int:
    """How many exchanges of a kind are kept: of what cannot be generalised, several."""
    return MOST_BROKEN if answered.form == BROKEN else 1


def rank_of(exchange: Exchange) -> Rank:
    """How well an exchange serves as an example: rich, but short enough to be read."""
    return Rank(exchange.cut, _preference(exchange), exchange_identity(exchange), tuple(exchange.response.headers))


def _preference(exchange: Exchange) -> int:
    size = sum(len(body.content) for body in (exchange.request.body, exchange.response.body) if body is not None)
    return -size if size <= _WELCOME_BYTES else size
