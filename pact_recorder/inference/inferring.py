"""The inference itself: takes exchanges in, one by one, and makes the contract of all of them whenever it is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from pact_recorder.http import Exchange
from pact_recorder.inference.evidence import PlaceEvidence
from pact_recorder.inference.interactions import Context, Gathered, interactions_of, left_out
from pact_recorder.inference.kin import Kin
from pact_recorder.inference.messages import JSON, content_of
from pact_recorder.inference.operations import Operation, OperationIndex, PathHints, Place
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.report import OperationReport, Report, report_on
from pact_recorder.inference.requests import member
from pact_recorder.inference.states import States
from pact_recorder.pact import Contract, Interaction


@dataclass(frozen=True, slots=True)
class Inferred:
    """A contract with what it rests on; the report is empty unless it was asked for.

    `examples` are the samples that the interactions were made after, in their order; `left_out` has a sentence for each
    kind of exchange that no interaction stands for.
    """

    contract: Contract
    report: Report
    examples: tuple[Exchange, ...] = ()
    left_out: tuple[str, ...] = ()


class Inference:
    """Evidence that grows exchange by exchange; the order in which they come makes no difference.

    `hints` force or forbid path templates; `provider_of` names the provider of an authority.
    """

    def __init__(
        self, hints: PathHints | None = None, provider_of: Callable[[str], str] = lambda authority: authority
    ) -> None:
        self._index = OperationIndex(hints or PathHints(), provider_of)
        self._evidence: dict[Place, PlaceEvidence] = {}

    def add(self, exchange: Exchange) -> Place:
        """Take an exchange as a sample; the place where its evidence is gathered."""
        sent = content_of(exchange.request)
        place = self._index.place(exchange.request, sent.value if sent.form == JSON else MISSING)
        evidence = self._evidence.get(place)
        if evidence is None:
            evidence = self._evidence[place] = PlaceEvidence()
        evidence.add(exchange, sent)
        if evidence.is_full:
            evidence.fold(place, self._index)
        return place

    @property
    def unused_hints(self) -> tuple[str, ...]:
        """The hints that no exchange so far was like."""
        return self._index.unused_hints

    def operations(self) -> dict[Place, Operation]:
        """The operation of every place so far, decided from everything so far."""
        self._fold()
        return self._index.operations()

    def providers(self) -> tuple[str, ...]:
        """The names of the providers that exchanges were with."""
        return tuple(sorted({operation.provider for operation in self._index.operations().values()}))

    def contract(self, consumer: str, provider: str, *, of: str | None = None, explain: bool = False) -> Inferred:
        """The contract of everything so far.

        `of` narrows it to one of `providers()`; `explain` asks for the report as well.
        """
        found = {operation: each for operation, each in self._gathered().items() if of in (None, operation.provider)}
        return self._inferred(found, consumer, provider, States(self._index.flows()), explain)

    def contracts(
        self, consumer: str, *, of: Collection[str] | None = None, explain: bool = False
    ) -> dict[str, Inferred]:
        """A contract for each of `providers()`, or for those of them that `of` names, made in one go."""
        found: dict[str, dict[Operation, Gathered]] = {}
        for operation, gathered in self._gathered().items():
            if of is None or operation.provider in of:
                found.setdefault(operation.provider, {})[operation] = gathered
        states = States(self._index.flows())
        return {name: self._inferred(found[name], consumer, name, states, explain) for name in sorted(found)}

    def _inferred(
        self, found: Mapping[Operation, Gathered], consumer: str, provider: str, states: States, explain: bool
    ) -> Inferred:
        answers = [documents.shape for gathered in found.values() for documents in gathered.responses.values()]
        kin = Kin([member(shape, "body") for shape in answers])
        context = Context(kin, states, explain)
        interactions: list[Interaction] = []
        examples: list[Exchange] = []
        reports: list[OperationReport] = []
        sentences: list[str] = []
        for operation, gathered in sorted(found.items(), key=lambda item: _order(item[0])):
            explained = interactions_of(operation, gathered, context)
            interactions += [each.interaction for each in explained]
            examples += [each.example for each in explained]
            sentences += left_out(operation, gathered)
            if explain:
                reports.append(report_on(operation, gathered, explained, context.states.why(operation)))
        contract = Contract(consumer, provider, tuple(interactions))
        return Inferred(contract, Report(consumer, provider, tuple(reports)), tuple(examples), tuple(sentences))

    def _gathered(self) -> dict[Operation, Gathered]:
        places: dict[Operation, list[PlaceEvidence]] = {}
        for place, operation in self.operations().items():
            places.setdefault(operation, []).append(self._evidence[place])
        return {
            operation: Gathered(PlaceEvidence.of(each, told_apart=bool(operation.call)))
            for operation, each in places.items()
        }

    def _fold(self) -> None:
        """Look at what still waits: answers say which words of paths are values."""
        for place, evidence in self._evidence.items():
            evidence.fold(place, self._index)


def infer(exchanges: Iterable[Exchange], consumer: str, provider: str) -> Inferred:
    """The contract that the exchanges of one provider show."""
    inference = Inference()
    for exchange in exchanges:
        inference.add(exchange)
    return inference.contract(consumer, provider)


def _order(operation: Operation) -> tuple[str, str, str, str]:
    return operation.provider, operation.path_template, operation.method, operation.call
