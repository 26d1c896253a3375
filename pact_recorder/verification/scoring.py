"""How well a contract fits traffic that it has not seen: what it covers, what it accepts, and what it lets through.

An exchange is covered when an interaction matches its request. A covered answer is accepted when one of these
interactions accepts it. Mutants of the covered answers, changed as a provider might change them, tell whether the
contract would notice: breaking ones should be refused, the others accepted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pact_recorder.http import Exchange, Request, Response
from pact_recorder.matching import Mismatch, StatusMismatch
from pact_recorder.pact import Contract
from pact_recorder.verification.mutant import BREAKING, NON_BREAKING, Mutant
from pact_recorder.verification.scoring_alarms import RECORDED, Alarm, Groups, Missed, alarm_of
from pact_recorder.verification.scoring_index import Promise, PromiseIndex
from pact_recorder.verification.scoring_report import ContractScore, MutantKey, MutantTally, OperationScore, Uncovered
from pact_recorder.verification.scoring_unknown import differences

_MOST_REASONS = 10
_MOST_UNCOVERED = 1_000
NO_INTERACTION = "no interaction has this method and path"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a contract says to an answer: the interaction that accepts it, or the nearest one and how it differs."""

    promise: Promise
    mismatches: tuple[Mismatch, ...]

    @property
    def accepted(self) -> bool:
        """Whether the answer is accepted."""
        return not self.mismatches


def judge_answer(promises: Sequence[Promise], response: Response) -> Judgement:
    """What interactions, at least one, say to an answer; the nearest one has its status and the fewest differences."""
    nearest: Judgement | None = None
    for promise in promises:
        judgement = Judgement(promise, tuple(differences(promise.response.match(response))))
        if judgement.accepted:
            return judgement
        if nearest is None or _distance(judgement) < _distance(nearest):
            nearest = judgement
    assert nearest is not None
    return nearest


def _distance(judgement: Judgement) -> tuple[bool, int]:
    other_status = any(isinstance(each, StatusMismatch) for each in judgement.mismatches)
    return other_status, len(judgement.mismatches)


class Scorer:
    """Scores one contract, exchange by exchange; it has one owner."""

    __slots__ = ("_alarms", "_index", "_missed", "_nowhere", "_operations", "_uncovered")

    def __init__(self, contract: Contract) -> None:
        self._index = PromiseIndex(contract)
        self._nowhere = 0
        self._operations: dict[str, _Counts] = {}
        self._alarms: Groups[Alarm] = Groups()
        self._missed: Groups[Missed] = Groups()
        self._uncovered: dict[tuple[str, str, str], int] = {}

    @property
    def index(self) -> PromiseIndex:
        """The interactions of the contract, to be asked beforehand which exchanges belong together."""
        return self._index

    def add(
        self, exchange: Exchange, mutants: Iterable[Mutant] = (), example: str = "", operation: str | None = None
    ) -> Judgement | None:
        """Judge an exchange and mutants of its answer; None when it is not covered, the mutants then unseen.

        `example` names the exchange in the report; it is counted under `operation`, by default its interaction's.
        """
        promises = self._index.covering(exchange.request)
        if not promises:
            self._note_uncovered(exchange.request, operation)
            return None
        case = _Case(promises, operation or promises[0].operation, example)
        counts = self._counts(case.operation)
        judgement = judge_answer(promises, exchange.response)
        counts.exchanges += 1
        counts.covered += 1
        counts.accepted += judgement.accepted
        self._note_alarms(judgement, RECORDED, case)
        for mutant in mutants:
            self._judge_mutant(mutant, judgement.accepted, case)
        return judgement

    def add_mutant(self, request: Request, mutant: Mutant, example: str = "") -> Judgement | None:
        """Judge a mutant of an answer that is not to hand itself; None when its request is not covered."""
        promises = self._index.covering(request)
        if not promises:
            return None
        return self._judge_mutant(mutant, None, _Case(promises, promises[0].operation, example))

    def score(self) -> ContractScore:
        """What has come of it so far."""
        operations = tuple(
            OperationScore(name, counts.exchanges, counts.covered, counts.accepted, MutantTally(dict(counts.mutants)))
            for name, counts in sorted(self._operations.items())
        )
        uncovered = sorted(self._uncovered.items(), key=lambda each: (-each[1], each[0]))
        return ContractScore(
            operations,
            self._nowhere,
            self._alarms.found(),
            self._missed.found(),
            tuple(Uncovered(*place, count) for place, count in uncovered),
        )

    def _counts(self, operation: str) -> _Counts:
        return self._operations.setdefault(operation, _Counts())

    def _judge_mutant(self, mutant: Mutant, of_accepted: bool | None, case: _Case) -> Judgement:
        judgement = judge_answer(case.promises, mutant.response)
        key = (mutant.kind, mutant.label, mutant.severity, of_accepted, judgement.accepted)
        self._counts(case.operation).mutants[key] += 1
        # What the recorded answer is refused for already, every mutant of it would be refused for again.
        if mutant.label == NON_BREAKING and of_accepted is not False:
            self._note_alarms(judgement, mutant.kind, case)
        if mutant.label == BREAKING and judgement.accepted:
            self._missed.add(
                Missed(case.operation, mutant.kind, mutant.severity, mutant.path, mutant.note, case.example)
            )
        return judgement

    def _note_alarms(self, judgement: Judgement, cause: str, case: _Case) -> None:
        for mismatch in judgement.mismatches[:_MOST_REASONS]:
            self._alarms.add(alarm_of(judgement.promise, mismatch, case.operation, cause, case.example))

    def _note_uncovered(self, request: Request, operation: str | None) -> None:
        if operation is None:
            self._nowhere += 1
        else:
            self._counts(operation).exchanges += 1
        placed = self._index.placed(request)
        nearest = min((each.request.match(request) for each in placed), key=len, default=[])
        reason = str(nearest[0]) if nearest else NO_INTERACTION
        place = (request.method, request.path, reason)
        if place in self._uncovered or len(self._uncovered) < _MOST_UNCOVERED:
            self._uncovered[place] = self._uncovered.get(place, 0) + 1


@dataclass(frozen=True, slots=True)
class _Case:
    """What an answer is judged by, what it is counted under, and its name in the report."""

    promises: Sequence[Promise]
    operation: str
    example: str


class _Counts:
    """What is counted of an operation."""

    __slots__ = ("accepted", "covered", "exchanges", "mutants")

    def __init__(self) -> None:
        self.exchanges = 0
        self.covered = 0
        self.accepted = 0
        self.mutants: Counter[MutantKey] = Counter()
