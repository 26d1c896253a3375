"""Whether requests were seen as often, or in the order, that somebody expects.

The words of a failure are MockServer's, which its clients show and cut; what was lost from the log is never taken for
not having happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Times:
    """How often is right, both ends included; None is no bound."""

    at_least: int | None = 1
    at_most: int | None = None

    def allow(self, count: int) -> bool:
        """Whether a count is right."""
        return (self.at_least is None or count >= self.at_least) and (self.at_most is None or count <= self.at_most)

    def __str__(self) -> str:
        """MockServer's words, such as "at least once"."""
        if self.at_least == self.at_most:
            return f"exactly {_counted(self.at_least or 0)}"
        if self.at_most is None:
            return f"at least {_counted(self.at_least or 0)}"
        if self.at_least is None:
            return f"at most {_counted(self.at_most)}"
        return f"between {self.at_least} and {self.at_most} times"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a verification is about: its word in sentences."""

    word: str
    others: str


REQUESTS = Subject("Request", "total requests")
RESPONSES = Subject("Response", "recorded responses")


@dataclass(frozen=True, slots=True)
class Evidence(Generic[Seen]):
    """Everything that is compared, in order, read as often as it takes, and `gone`: how much the log has lost.

    `show` writes it for a failure, as long as there is less of it than `most_listed`.
    """

    seen: Iterable[Seen]
    gone: int
    show: Callable[[Sequence[Seen]], str]
    most_listed: int

    @property
    def listed(self) -> str | None:
        """All of it as text, None when it is too much for a failure."""
        first = list(islice(self.seen, self.most_listed))
        return self.show(first) if len(first) < self.most_listed else None

    @property
    def total(self) -> int:
        """How much there is."""
        return sum(1 for _ in self.seen)

    @property
    def lost(self) -> str:
        """What to add to a failure when the log has lost something."""
        return f" ({self.gone} earlier requests are not in the log any more)" if self.gone else ""


def count_failure(times: Times, count: int, subject: Subject, expected: str, evidence: Evidence[Seen]) -> str:
    """Why a count is not right; empty when it is. `expected` is what was asked for as text."""
    if times.allow(count):
        return _unprovable(times, subject, evidence.gone)
    began = f"{subject.word} not found {times}, expected:<{expected}> but was"
    listed = evidence.listed
    if listed is not None:
        return f"{began}:<{listed}>{evidence.lost}"
    total = f"{evidence.total} {subject.others}"
    return f"{began} found {count} time{'s' * (count != 1)} among {total}{evidence.lost}"


def sequence_failure(steps: Sequence[Callable[[Seen], bool]], expected: str, evidence: Evidence[Seen]) -> str:
    """Why requests were not seen in this order, others between them allowed; empty when they were."""
    if _in_order(steps, evidence.seen):
        return ""
    began = f"Request sequence not found, expected:<{expected}> but was"
    listed = evidence.listed
    if listed is not None:
        return f"{began}:<{listed}>{evidence.lost}"
    return f"{began} not found, found {evidence.total} other requests{evidence.lost}"


def _in_order(steps: Iterable[Callable[[Seen], bool]], seen: Iterable[Seen]) -> bool:
    rest = iter(seen)
    return all(any(map(step, rest)) for step in steps)


def _unprovable(times: Times, subject: Subject, gone: int) -> str:
    """A count that may not be too high proves nothing when some that count may be lost."""
    if times.at_most is None or not gone:
        return ""
    return (
        f"{subject.word} could not be verified {times} because the log is not complete: {gone} requests were evicted "
        "from it. Reset or clear the log between tests."
    )


def _counted(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
