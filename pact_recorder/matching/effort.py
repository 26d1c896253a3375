"""What one match may spend on regular expressions.

A pattern that backtracks for ever must not stop the process, and neither must a body with thousands of strings
that each take almost that long. There is no clock in this layer, only the time limit that `regex` keeps itself (of
the processor's time), so the limits are tiers: every test may take half a millisecond, a hundred of them ten, one of
them a second. The sum is bounded by 2 s and half a millisecond per value tested. Patterns that cannot backtrack much
are not limited on short texts, where keeping the time would cost more than matching. A pattern for which `regex` runs
out of its memory (it takes a gigabyte for its stack) is not tried again. What many matches take together is bounded by
the `budget` of whoever makes them.
"""

from __future__ import annotations

from typing import Final

import regex

from pact_recorder.matching.budget import in_budget
from pact_recorder.matching.oniguruma import Pattern

_FREE_SECONDS: Final = 0.0005
SHORT: Final = 1000
"""Characters of a text that a quick pattern is tested on without a limit of time."""
_TIERS: Final = ((0.01, 100), (1.0, 1))


class Effort:
    """The allowance of one match; shared by all its parts, used up by slow patterns."""

    __slots__ = ("_left",)

    def __init__(self, tiers: int = len(_TIERS)) -> None:
        """The allowance with that many of the longer limits, all of them unless said otherwise."""
        self._left = [count if tier < tiers else 0 for tier, (_, count) in enumerate(_TIERS)]

    def fullmatch(self, pattern: Pattern, text: str) -> bool:
        """Whether the pattern matches the whole text. Raises TimeoutError when the allowance is used up.

        So it does, at once, when the memory does not suffice. Raises SpentError when the budget is used up.
        """
        try:
            if pattern.quick and len(text) <= SHORT:
                return pattern.compiled.fullmatch(text) is not None
            return _fullmatch(pattern.compiled, text, _FREE_SECONDS)
        except TimeoutError:
            return self._again(pattern.compiled, text)
        except MemoryError:
            raise TimeoutError from None

    def _again(self, pattern: regex.Pattern[str], text: str) -> bool:
        for tier, (seconds, _) in enumerate(_TIERS):
            if self._left[tier]:
                self._left[tier] -= 1
                try:
                    return _fullmatch(pattern, text, seconds)
                except TimeoutError:
                    continue
                except MemoryError:
                    break
        raise TimeoutError


def _fullmatch(pattern: regex.Pattern[str], text: str, most: float) -> bool:
    return in_budget(lambda seconds: pattern.fullmatch(text, timeout=seconds), most) is not None


MOST_PAIRS: Final = 100_000
"""Pairs of a variant and an item that `arrayContains` compares, in one body or one list of values."""

NO_EFFORT: Final = Effort(tiers=0)
"""An allowance of half a millisecond a test, which is never used up."""
