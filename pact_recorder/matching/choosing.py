"""Which of several expected requests answers a request, and which one to report when none does.

A full match always wins: of several the one that says most about the request (the greatest score), then the one
defined first. Only when nothing matches does the score choose the nearest one, for the report. The reference lets
the score decide both, and so refuses requests that match one interaction when another, partly wrong one has more
headers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pact_recorder.http import Request
from pact_recorder.matching.compiled import CompiledRequest
from pact_recorder.matching.mismatches import MethodMismatch, Mismatch, PathMismatch
from pact_recorder.matching.scoring import score_request


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidate at `index` (from 0): the one that answers, or the nearest one with its `mismatches`."""

    index: int
    candidate: CompiledRequest
    mismatches: tuple[Mismatch, ...]
    score: int

    @property
    def matched(self) -> bool:
        """Whether the request matches the candidate fully."""
        return not self.mismatches

    @property
    def found(self) -> bool:
        """Whether method and path are right; when not, the reference reports "request not found"."""
        return not any(isinstance(mismatch, MethodMismatch | PathMismatch) for mismatch in self.mismatches)


def choose(candidates: Sequence[CompiledRequest], request: Request) -> Choice | None:
    """The best candidate for the request, None only when there are no candidates."""
    choices = (_judge(index, candidate, request) for index, candidate in enumerate(candidates))
    return max(choices, key=_preference, default=None)


def _judge(index: int, candidate: CompiledRequest, request: Request) -> Choice:
    mismatches = tuple(candidate.match(request))
    return Choice(index, candidate, mismatches, score_request(candidate.expected, request, mismatches))


def _preference(choice: Choice) -> tuple[bool, int, int]:
    return choice.matched, choice.score, -choice.index
