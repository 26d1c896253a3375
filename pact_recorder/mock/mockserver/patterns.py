"""How long a regular expression may take, one and all of a comparison together.

There is no clock in this layer, only the time limit that `regex` keeps itself. So every test may take half a
millisecond, and only a few of a comparison a tenth of a second: a request with a thousand headers costs no thousand
tenths. What many comparisons take together is bounded by the `budget` of whoever makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from pact_recorder.matching.budget import in_budget

_FREE_SECONDS: Final = 0.0005
_SECONDS: Final = 0.1
_MOST_SLOW: Final = 10
_slow: ContextVar[list[int]] = ContextVar("slow")


@contextmanager
def one_comparison() -> Iterator[None]:
    """Within this block a few tests may be slow, all together."""
    token = _slow.set([_MOST_SLOW])
    try:
        yield
    finally:
        _slow.reset(token)


def in_time(test: Callable[[float], object], may_be_slow: Callable[[], bool] | None = None) -> bool:
    """Whether a test finds something in the seconds that it is given. Raises SpentError when there are none left.

    `may_be_slow` says whether it may be tried again for longer; without it the present comparison does.
    """
    for seconds in (_FREE_SECONDS, _SECONDS):
        try:
            return in_budget(test, seconds) is not None
        except MemoryError:
            return False
        except TimeoutError:
            if seconds == _SECONDS or not (may_be_slow or _may_be_slow)():
                return False
    return False


def _may_be_slow() -> bool:
    left = _slow.get(None)
    if left is None:
        return True
    left[0] -= 1
    return left[0] >= 0
