"""Whether requests were seen as often, or in the order, that somebody expects.

The words of a failure are MockServer's, which its clients show and cut; what was lost from the log is never taken for
not having happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

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
    """What a verification is about: its word in sentences, and how many of all may be listed in one."""

    word: str
    others: str
    most_listed: int = 10


REQUESTS = Subject("Request", "total requests")
RESPONSES = Subject("Response", "recorded responses")


def count_failure(
    times: Times, count: int, gone: int, subject: Subject, expected: str, seen: Sequence[Seen], show: Callable[..., str]
) -> str:
    """Why a count is not right; empty when it is.

    `gone` is how many entries the log has lost, `expected` what was asked for as text, `seen` everything that was
    compared, and `show` writes a sequence of it.
    """
    if times.allow(count):
        return _unprovable(times, gone, subject)
    began = f"{subject.word} not found {times}, expected:<{expected}> but was"
    if len(seen) < subject.most_listed:
        return f"{began}:<{show(seen)}>"
    return f"{began} found {count} time{'s' * (count != 1)} among {len(seen)} {subject.others}"


def sequence_failure(
    steps: Sequence[Callable[[Seen], bool]],
    gone: int,
    most_listed: int,
    expected: str,
    seen: Sequence[Seen],
    show: Callable[[Sequence[Seen]], str],
) -> str:
    """Why requests were not seen in this order, others between them allowed; empty when they were."""
    if _in_order(steps, seen):
        return ""
    lost = f" ({gone} earlier requests are not in the log any more)" if gone else ""
    began = f"Request sequence not found, expected:<{expected}> but was"
    if len(seen) < most_listed:
        return f"{began}:<{show(seen)}>{lost}"
    return f"{began} not found, found {len(seen)} other requests{lost}"


def _in_order(steps: Iterable[Callable[[Seen], bool]], seen: Iterable[Seen]) -> bool:
    rest = iter(seen)
    return all(any(map(step, rest)) for step in steps)


def _unprovable(times: Times, gone: int, subject: Subject) -> str:
    """A count that may not be too high proves nothing when some that count may be lost."""
    if times.at_most is None or not gone:
        return ""
    return (
        f"{subject.word} could not be verified {times} because the log is not complete: {gone} requests were evicted "
        "from it. Reset or clear the log between tests."
    )


def _counted(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
