"""What the exchanges of a recording have shown, gathered so that old ones need not be read again.

Evidence is kept by place (a path before templates are decided), kind of request and kind of response. Documents are
looked at in batches; between batches only their shapes are kept, so memory does not grow with the number of samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pact_recorder.http import Body, Exchange, Response
from pact_recorder.inference.columns import Notice, shape_of
from pact_recorder.inference.kinds import MOST_KINDS, bounded_kinds, left_out_kinds
from pact_recorder.inference.messages import (
    BROKEN,
    AnsweredKind,
    AskedKind,
    Content,
    answered,
    asked,
    content_as,
    declared_type,
    header_names,
)
from pact_recorder.inference.operations import OperationIndex, Place
from pact_recorder.inference.operations.forms import ANY
from pact_recorder.inference.samples import Example, best_of
from pact_recorder.inference.shapes import NOTHING, Shape, join, join_all
from pact_recorder.inference.switches import Setting, Settings, setting_of
from pact_recorder.matching import JsonValue

Kinds: TypeAlias = tuple[AskedKind, AnsweredKind]

_BATCH = 64
_BATCH_BYTES = 1_000_000
MOST_BROKEN = 10
"""Broken answers to requests of one kind that each get an interaction of their own."""


class Documents(Struct, eq=False, gc=False):
    """Documents of one kind: how many, and their shape. Those of several places are joined when somebody asks."""

    count: int = 0
    _shape: Shape = field(default_factory=lambda: NOTHING)
    _parts: Sequence[Shape] = ()

    @classmethod
    def of(cls, parts: Sequence[Documents]) -> Documents:
        """The documents that all have gathered."""
        if len(parts) == 1:
            return parts[0]
        shapes = [shape for each in parts for shape in each._parts or (each._shape,)]
        return cls(sum([each.count for each in parts]), NOTHING, shapes)

    @property
    def shape(self) -> Shape:
        """The shape of all."""
        if self._parts:
            self._shape, self._parts = join_all(self._parts), ()
        return self._shape

    def take(self, documents: Sequence[JsonValue], notice: Notice | None = None) -> None:
        """Fold in documents; `notice` is told what may identify something in them."""
        self.count += len(documents)
        self._shape = join(self.shape, shape_of(documents, notice))


class Pair(Struct, eq=False, gc=False):
    """One kind of request with one kind of response: the answers, and the exchanges to show, the best first.

    `settings` are what of these requests may select the answer, `credentials` the headers with some that all of them
    had, `headers` the names of those that all answers had.
    """

    answers: Documents = field(default_factory=Documents)
    examples: Sequence[Example] = ()
    settings: Settings = field(default_factory=Settings)
    credentials: frozenset[str] = frozenset()
    headers: frozenset[str] | None = None

    @classmethod
    def of(cls, parts: Sequence[Pair], most: int) -> Pair:
        """What all have, with the best `most` of their examples."""
        if len(parts) == 1:
            return parts[0]
        answers = Documents.of([each.answers for each in parts])
        settings = Settings.joined([each.settings for each in parts])
        headers = frozenset.intersection(*[each.headers for each in parts if each.headers is not None])
        credentials = frozenset.intersection(*[each.credentials for each in parts])
        examples = best_of([each for part in parts for each in part.examples], most)
        return cls(answers, examples, settings, credentials, headers)

    def show(self, examples: Sequence[Example], most: int) -> None:
        """Keep those examples that are among the best `most`."""
        self.examples = best_of([*self.examples, *examples], most)
        had = {header_names(each.exchange.response) for each in examples}
        self.headers = frozenset.intersection(*had, *(() if self.headers is None else (self.headers,)))


class PlaceEvidence:
    """The evidence of one place: its requests by kind, and which kinds of answers they got.

    `left_out` is how many exchanges had requests of so many kinds that these are not kept.
    Exchanges wait as they are, in little memory, until there are enough to be looked at together.
    """

    __slots__ = ("_bytes", "_pending", "left_out", "pairs", "requests")

    def __init__(self) -> None:
        self.requests: dict[AskedKind, Documents] = {}
        self.pairs: dict[Kinds, Pair] = {}
        self.left_out = 0
        self._pending: list[tuple[Exchange, Content, int]] = []
        self._bytes = 0

    @classmethod
    def of(cls, parts: Sequence[PlaceEvidence], *, told_apart: bool = True) -> PlaceEvidence:
        """The evidence of all places of an operation, once it is folded.

        Credentials are left out where they make no difference to the status of the answers, and what names a call where
        calls are not `told_apart`.
        """
        known_as = _settled([kinds for part in parts for kinds in part.pairs], told_apart)
        evidence = parts[0] if len(parts) == 1 and not known_as else cls()._joined(parts, known_as)
        bounds = bounded_kinds(evidence.requests)
        bounded = cls()._joined([evidence], bounds) if bounds else evidence
        counts = {asked_kind: documents.count for asked_kind, documents in bounded.requests.items()}
        rare = left_out_kinds(counts)
        return cls()._joined([bounded], rare) if rare else bounded

    def _joined(self, parts: Sequence[PlaceEvidence], known_as: Mapping[AskedKind, AskedKind | None]) -> PlaceEvidence:
        """The evidence of all parts, with those kinds of requests known as others, or left out."""
        requests: dict[AskedKind, list[Documents]] = {}
        pairs: dict[Kinds, list[Pair]] = {}
        for part in parts:
            self.left_out += part.left_out
            for asked_kind, documents in part.requests.items():
                known = known_as.get(asked_kind, asked_kind)
                if known is None:
                    self.left_out += documents.count
                else:
                    requests.setdefault(known, []).append(documents)
            for (asked_kind, answered_kind), pair in part.pairs.items():
                known = known_as.get(asked_kind, asked_kind)
                if known is not None:
                    pairs.setdefault((known, answered_kind), []).append(pair)
        self.requests = {asked_kind: Documents.of(each) for asked_kind, each in requests.items()}
        self.pairs = {kinds: Pair.of(each, examples_kept(kinds[1])) for kinds, each in pairs.items()}
        return self

    def add(self, exchange: Exchange, sent: Content) -> None:
        """Take an exchange with what its request sent."""
        size = _size(exchange.request.body) + _size(exchange.response.body)
        self._pending.append((exchange, sent, size))
        self._bytes += size

    @property
    def is_full(self) -> bool:
        """Whether it is time to fold."""
        return len(self._pending) >= _BATCH or self._bytes >= _BATCH_BYTES

    def fold(self, place: Place, index: OperationIndex) -> None:
        """Look at the exchanges that wait; the index is told what the answers held."""
        pending, self._pending, self._bytes = self._pending, [], 0
        questions: dict[AskedKind, list[JsonValue]] = {}
        answers: dict[Kinds, list[JsonValue]] = {}
        examples: dict[Kinds, list[Example]] = {}
        settings: dict[Kinds, list[Setting]] = {}
        presented: set[tuple[str, str]] = set()
        received = Received()
        for exchange, sent, size in pending:
            got = received.content_of(exchange.response)
            asked_kind, question, credentials = asked(exchange.request, sent, exchange.response.status)
            if place.call == ANY and asked_kind.called:
                asked_kind = replace(asked_kind, called=())
            answered_kind, answer = answered(exchange.response, got)
            kinds = asked_kind, answered_kind
            presented.update(credentials.items())
            questions.setdefault(asked_kind, []).append(question)
            answers.setdefault(kinds, []).append(answer)
            examples.setdefault(kinds, []).append(Example(exchange, size))
            settings.setdefault(kinds, []).append(setting_of(exchange, question, sent.form))
            index.answered(place, exchange.response.status, _members(got.value))
        if presented:
            index.presented(place, presented)
        for asked_kind, documents in questions.items():
            self.requests.setdefault(asked_kind, Documents()).take(documents)
        for kinds, documents in answers.items():
            pair = self.pairs.get(kinds)
            if pair is None:
                pair = self.pairs[kinds] = Pair(credentials=frozenset(kinds[0].credentials))
            pair.answers.take(documents, partial(index.produced, place))
            pair.show(examples[kinds], examples_kept(kinds[1]))
            pair.settings = Settings.joined((pair.settings, Settings.of(settings[kinds])))
        if len(self.requests) > MOST_KINDS:
            kept = PlaceEvidence()._joined([self], bounded_kinds(self.requests))
            self.requests, self.pairs, self.left_out = kept.requests, kept.pairs, kept.left_out


class Received:
    """The contents of answers; the same ones, which come often, are read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, str | None], Content] = {}

    def content_of(self, response: Response) -> Content:
        """The body of an answer as evidence."""
        body, declared = response.body, declared_type(response)
        if body is None or body.cut:
            return content_as(body, declared)
        content = self._known.get((body.content, declared))
        if content is None:
            content = self._known[body.content, declared] = content_as(body, declared)
        return content


def _settled(pairs: Iterable[Kinds], told_apart: bool) -> dict[AskedKind, AskedKind]:
    """The kinds of requests that have something that makes no difference, with the same kinds without it."""
    statuses: dict[AskedKind, dict[AskedKind, set[int]]] = {}
    uncalled: dict[AskedKind, AskedKind] = {}
    for asked_kind, answered_kind in pairs:
        known = asked_kind
        if asked_kind.called and not told_apart:
            known = uncalled[asked_kind] = replace(asked_kind, called=())
        anonymous = replace(known, credentials=()) if known.credentials else known
        statuses.setdefault(anonymous, {}).setdefault(known, set()).add(answered_kind.status)
    settled = {
        asked_kind: anonymous
        for anonymous, by_kind in statuses.items()
        if len(set(map(frozenset, by_kind.values()))) == 1
        for asked_kind in by_kind
        if asked_kind.credentials
    }
    return settled | {asked_kind: settled.get(known, known) for asked_kind, known in uncalled.items()}


def examples_kept(answered: AnsweredKind) -> int:
    """How many exchanges of a kind are kept: of what cannot be generalised, several."""
    return MOST_BROKEN if answered.form == BROKEN else 1


def _size(body: Body | None) -> int:
    return 0 if body is None else len(body.content)


def _members(value: JsonValue) -> frozenset[str]:
    if isinstance(value, list):
        value = value[0] if value else None
    return frozenset(value) if isinstance(value, dict) else frozenset()
