"""What all comparisons of one decision may spend together on what comes from outside.

`Effort` bounds a single match. A request may have many candidates, though, and a question about the log many requests,
each of which may take that long. So whoever makes a decision opens a `Budget` of seconds around it, with a clock of his
own, and everything in it that can be made slow on purpose runs through `in_budget`: regular expressions, JSON paths,
schemas, XPath, bodies, and variants of lists. What is left of the budget is the time limit of the next; when nothing is
left there is no next: `SpentError` ends the comparison with the candidate, and whoever compares candidates catches it.
What has many parts asks with `check_budget` whether it may go on. Without a budget only the bounds of each match hold.

The budget is carried by a context variable, since many of these run in callbacks of libraries, which pass nothing on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

from pact_recorder.errors import LimitError

Clock = Callable[[], float]
Result = TypeVar("Result")
REQUEST_SECONDS = 2.0
"""The usual budget for answering one request."""

_MOST_KEPT = 16
_SHORT = 1_000


class SpentError(Exception):
    """Nothing of the present budget is left: what is being compared is not compared any further."""


class _Outcome:
    """What reading gave, or why it failed (ValueError, LimitError), as it would again."""

    __slots__ = ("_error", "_value")

    def __init__(self, read: Callable[..., object], *source: Hashable) -> None:
        self._error: Exception | None = None
        try:
            self._value: Any = read(*source)
        except (ValueError, LimitError) as error:
            self._error = error

    def given(self) -> Any:
        """The value. Raises what reading raised."""
        if self._error is not None:
            raise self._error.with_traceback(None)
        return self._value


class Budget:
    """So many seconds by a clock, spent by one thread at a time.

    Within `with Budget(…)`, and in threads that take the context along, all time is spent: a request is answered where
    others wait for it. With `slow_only` just what runs through `in_budget` spends, in a decision that waits itself or
    is about many requests. `refused` counts what was not done, or ended early, for want of seconds; `cut` counts all
    that ended before its time, by whatever limit: in a quieter moment it may end otherwise.
    """

    __slots__ = ("_clock", "_kept", "_left", "_since", "_slow_only", "_token", "cut", "refused")

    def __init__(self, seconds: float, clock: Clock, *, slow_only: bool = False) -> None:
        self._left = seconds
        self._clock = clock
        self._slow_only = slow_only
        self._since: float | None = None
        self._token: Token[Budget | None] | None = None
        self._kept: dict[Hashable, _Outcome] = {}
        self.refused = 0
        self.cut = 0

    def __enter__(self) -> Self:
        self._token = _present.set(self)
        if not self._slow_only:
            self._since = self._clock()
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

    def check(self) -> None:
        """See `check_budget`."""
        if self._still_left() <= 0:
            self._refuse()

    def spend(self, task: Callable[[float], Result], most: float) -> Result:
        """What the task gives, which is told how long it may take; see `in_budget`."""
        if self._since is not None:
            return self._limited(task, most, self._still_left())
        self._since = self._clock()
        try:
            return self._limited(task, most, self._left)
        finally:
            self._left -= self._clock() - self._since
            self._since = None

    def once(self, read: Callable[..., Result], content: bytes | str, *more: Hashable) -> Result:
        """What is read of a content; see `once`."""
        if self._slow_only:
            # Of many requests few are read twice, and none is to be held longer than it takes.
            return read(content, *more)
        key = (read, content, *more)
        kept = self._kept.pop(key, None) or _Outcome(read, content, *more)
        self._kept[key] = kept
        if len(self._kept) > _MOST_KEPT:
            # The one that was asked for longest ago.
            del self._kept[next(iter(self._kept))]
        value: Result = kept.given()
        return value

    def _still_left(self) -> float:
        return self._left if self._since is None else self._left - (self._clock() - self._since)

    def _limited(self, task: Callable[[float], Result], most: float, left: float) -> Result:
        if left <= 0:
            self._refuse()
        try:
            return task(min(most, left))
        except TimeoutError:
            if left < most:
                self._refuse()
            self.cut += 1
            raise

    def _refuse(self) -> NoReturn:
        self.refused += 1
        self.cut += 1
        raise SpentError


_present: ContextVar[Budget | None] = ContextVar("budget", default=None)


def in_budget(task: Callable[[float], Result], most: float) -> Result:
    """What a task gives, which is told in how many seconds it has to end: `most`, or what the present budget has left.

    Raises SpentError when nothing is left, and TimeoutError when the task does.
    """
    budget = _present.get()
    return task(most) if budget is None else budget.spend(task, most)


def check_budget() -> None:
    """Raise SpentError when nothing of the present budget is left."""
    budget = _present.get()
    if budget is not None:
        budget.check()


def once(read: Callable[..., Result], content: bytes | str, *more: Hashable) -> Result:
    """What is read of a content, such as a body: for all candidates of one request the same, which none may change.

    What is short is read each time, which costs less than remembering it.
    """
    budget = _present.get() if len(content) > _SHORT else None
    return read(content, *more) if budget is None else budget.once(read, content, *more)


def refusals() -> int:
    """How often the present budget had to refuse something."""
    budget = _present.get()
    return 0 if budget is None else budget.refused


def cuts() -> int:
    """How often something ended before its time within the present budget."""
    budget = _present.get()
    return 0 if budget is None else budget.cut
