"""What all comparisons of one decision may spend together on what comes from outside.

`Effort` bounds a single match. A request may have many candidates, though, and a question about the log many requests,
each of which may take that long. So whoever makes a decision opens a `Budget` of seconds around it, with a clock of his
own, and everything in it that can be made slow on purpose runs through `in_budget`: regular expressions, JSON paths,
schemas, XPath, and variants of lists. What is left of the budget is the time limit of the next; when nothing is left
there is no next. Without a budget only the bounds of each match hold.

The budget is carried by a context variable, since many of these run in callbacks of libraries, which pass nothing on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Self, TypeVar

Clock = Callable[[], float]
Result = TypeVar("Result")
REQUEST_SECONDS = 2.0
"""The usual budget for answering one request."""


class Budget:
    """So many seconds by a clock, spent by one thread at a time.

    Within `with Budget(…)`, and in threads that take the context along, everything slow spends it. `refused` counts
    what was not done, or ended early, for want of seconds; `cut` counts all that ended before its time, by whatever
    limit: in a quieter moment it may end otherwise.
    """

    __slots__ = ("_clock", "_left", "_since", "_token", "cut", "refused")

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._left = seconds
        self._clock = clock
        self._since: float | None = None
        self._token: Token[Budget | None] | None = None
        self.refused = 0
        self.cut = 0

    def __enter__(self) -> Self:
        self._token = _present.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._token is not None
        try:
            _present.reset(self._token)
        except ValueError:
            # A task that is thrown away while it waits is closed in another context, whose budget this is not.
            return

    def spend(self, task: Callable[[float], Result], most: float) -> Result:
        """What the task gives, which is told how long it may take; see `in_budget`."""
        if self._since is not None:
            return self._limited(task, most, self._left - (self._clock() - self._since))
        self._since = self._clock()
        try:
            return self._limited(task, most, self._left)
        finally:
            self._left -= self._clock() - self._since
            self._since = None

    def _limited(self, task: Callable[[float], Result], most: float, left: float) -> Result:
        if left <= 0:
            self.refused += 1
            self.cut += 1
            raise TimeoutError
        try:
            return task(min(most, left))
        except TimeoutError:
            self.refused += left < most
            self.cut += 1
            raise


_present: ContextVar[Budget | None] = ContextVar("budget", default=None)


def in_budget(task: Callable[[float], Result], most: float) -> Result:
    """What a task gives, which is told in how many seconds it has to end: `most`, or what the present budget has left.

    Raises TimeoutError when nothing is left, or the task does.
    """
    budget = _present.get()
    return task(most) if budget is None else budget.spend(task, most)


def refusals() -> int:
    """How often the present budget had to refuse something."""
    budget = _present.get()
    return 0 if budget is None else budget.refused


def cuts() -> int:
    """How often something ended before its time within the present budget."""
    budget = _present.get()
    return 0 if budget is None else budget.cut
