"""Both verdicts on each case, and why they differ where they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.differential import ours, reference
from tests.differential.cases import Case

Explains = Callable[[Case], bool]

_NUMBER = re.compile(rb"-?[0-9]{19,}")
_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)


def _counts_in_xml(case: Case) -> bool:
    rules = case.rules.get("body", {}).values()
    counts = any("min" in rule or "max" in rule for each in rules for rule in each["matchers"])
    return case.kind == "xml" and counts and re.search(rb"&|\n|<!--", _bodies(case)) is not None


def _has_big_integers(case: Case) -> bool:
    return any(not _SMALLEST <= int(number) <= _LARGEST for number in _NUMBER.findall(_bodies(case)))


def _bodies(case: Case) -> bytes:
    return (case.expected.body or b"") + (case.actual.body or b"")


DELIBERATE: Mapping[str, Explains] = {
    "Integers beyond 64 bits": _has_big_integers,
    "XML with `min` or `max` on an element": _counts_in_xml,
}
"""The deliberate differences of docs/conformance.md that random cases meet, with what tells such a case."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case on which the verdicts differ; `reason` is empty when no deliberate difference explains it."""

    case: Case
    reference_matches: bool
    reason: str

    def __str__(self) -> str:
        here = [str(mismatch) for mismatch in ours.mismatches(self.case)][:3]
        return f"{self.case}\n  reference {'matches' if self.reference_matches else 'differs'}, here {here}"


def compare(cases: Sequence[Case]) -> list[Disagreement]:
    """The disagreements, in the order of the cases."""
    return [
        Disagreement(case, matches, _reason(case))
        for case, matches in zip(cases, reference.verdicts(cases), strict=True)
        if matches == bool(ours.mismatches(case))
    ]


def _reason(case: Case) -> str:
    return next((reason for reason, explains in DELIBERATE.items() if explains(case)), "")
