"""What the scoring of a contract found: counts and shares, by operation and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from pact_recorder.matching import JsonValue
from pact_recorder.verification.mutant import BREAKING, NON_BREAKING, STRONG, WEAK
from pact_recorder.verification.scoring_alarms import Alarm, Missed

MutantKey = tuple[str, str, str, bool | None, bool]
"""Kind, label, severity, whether the unchanged answer is accepted (None: unknown), whether the mutant is."""

SCORED = ((BREAKING, STRONG), (BREAKING, WEAK), (NON_BREAKING, STRONG), (NON_BREAKING, WEAK))
"""Label and severity of the classes of mutants that count, in the order of tables."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1, None of nothing."""
        return self.part / self.whole if self.whole else None

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    def to_json(self) -> dict[str, JsonValue]:
        """Part, whole, and the share rounded to four places."""
        value = self.value
        return {"part": self.part, "whole": self.whole, "share": None if value is None else round(value, 4)}


@dataclass(frozen=True, slots=True)
class MutantTally:
    """How many mutants of each kind were accepted and refused."""

    counts: Mapping[MutantKey, int] = field(default_factory=dict)

    def right(self, label: str, severity: str, of_accepted: bool = False) -> Share:
        """The mutants of a class that were judged rightly: breaking ones refused, the others accepted.

        With `of_accepted` only mutants of answers that are accepted unchanged.
        """
        part = whole = 0
        for (_, its_label, its_severity, base, accepted), count in self.counts.items():
            if (its_label, its_severity) == (label, severity) and (base is True or not of_accepted):
                whole += count
                part += count if accepted == (label == NON_BREAKING) else 0
        return Share(part, whole)

    def kinds(self) -> dict[tuple[str, str, str], Share]:
        """Label, severity and kind, with the share of its mutants that were accepted."""
        found: dict[tuple[str, str, str], Share] = {}
        for (kind, label, severity, _, accepted), count in self.counts.items():
            key = (label, severity, kind)
            found[key] = found.get(key, Share(0, 0)) + Share(count if accepted else 0, count)
        return dict(sorted(found.items()))

    def to_json(self) -> dict[str, JsonValue]:
        """The share that was judged rightly for each class: of the mutants of all covered answers, of accepted ones."""
        return {
            f"{label} {severity}": {
                **self.right(label, severity).to_json(),
                "of_accepted": self.right(label, severity, of_accepted=True).to_json(),
            }
            for label, severity in SCORED
        }


def total(tallies: Iterable[MutantTally]) -> MutantTally:
    """The sum of tallies."""
    counts: Counter[MutantKey] = Counter()
    for tally in tallies:
        counts.update(tally.counts)
    return MutantTally(dict(counts))


@dataclass(frozen=True, slots=True)
class OperationScore:
    """What came of the exchanges of one operation."""

    name: str
    exchanges: int
    covered: int
    accepted: int
    mutants: MutantTally

    @property
    def acceptance(self) -> Share:
        """The accepted answers among the covered ones."""
        return Share(self.accepted, self.covered)

    def to_json(self) -> dict[str, JsonValue]:
        """The operation as JSON."""
        return {
            "operation": self.name,
            "exchanges": self.exchanges,
            "covered": self.covered,
            "accepted": self.acceptance.to_json(),
            "mutants": self.mutants.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A request that no interaction matches, why the nearest does not, and how often it was there."""

    method: str
    path: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class ContractScore:
    """The score of a contract: by operation, and what is to be said of single answers.

    `elsewhere` are the exchanges that no interaction covers, so that they belong to no operation.
    """

    operations: tuple[OperationScore, ...]
    elsewhere: int
    alarms: tuple[Alarm, ...]
    missed: tuple[Missed, ...]
    uncovered: tuple[Uncovered, ...]

    @property
    def coverage(self) -> Share:
        """The exchanges whose request some interaction matches."""
        exchanges = sum(each.exchanges for each in self.operations) + self.elsewhere
        return Share(sum(each.covered for each in self.operations), exchanges)

    @property
    def acceptance(self) -> Share:
        """The accepted answers among the covered ones."""
        return Share(sum(each.accepted for each in self.operations), self.coverage.part)

    @property
    def mutants(self) -> MutantTally:
        """The mutants of all operations."""
        return total(each.mutants for each in self.operations)

    def to_json(self) -> dict[str, JsonValue]:
        """The whole score as JSON."""
        return {
            "coverage": self.coverage.to_json(),
            "accepted": self.acceptance.to_json(),
            "mutants": self.mutants.to_json(),
            "kinds": [
                {"label": label, "severity": severity, "kind": kind, "accepted": share.to_json()}
                for (label, severity, kind), share in self.mutants.kinds().items()
            ],
            "operations": [each.to_json() for each in self.operations],
            "alarms": [each.to_json() for each in self.alarms],
            "missed": [each.to_json() for each in self.missed],
            "uncovered": [asdict(each) for each in self.uncovered],
        }
