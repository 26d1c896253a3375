"""What one match may spend on regular expressions.

A pattern that backtracks for ever must not stop the process, and neither must a body with thousands of strings
that each take almost that long. There is no clock in this layer, only the time limit that `regex` keeps itself (of
the processor's time), so the limits are tiers: every test may take half a millisecond, a hundred of them ten, one of
them a second. The sum is bounded by 2 s and half a millisecond per value tested. Patterns that cannot backtrack much
are not limited on short texts, where keeping the time would cost more than matching.
"""

from __future__ import annotations

from typing import Final

import regex

from pact_recorder.matching.oniguruma import Pattern

_FREE_SECONDS: Final = 0.0005
_SHORT: Final = 1000
_TIERS: Final = ((0.01, 100), (1.0, 1))


class Effort:
    """The allowance of one match; shared by all its parts, used up by slow patterns."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = [count for _, count in _TIERS]

    def fullmatch(self, pattern: Pattern, text: str) -> bool:
        """Whether the pattern matches the whole text. Raises TimeoutError when the allowance is used up."""
        if pattern.quick and len(text) <= _SHORT:
            return pattern.compiled.fullmatch(text) is not None
        try:
            return pattern.compiled.fullmatch(text, timeout=_FREE_SECONDS) is not None
        except TimeoutError:
            return self._again(pattern.compiled, text)

    def _again(self, pattern: regex.Pattern[str], text: str) -> bool:
        for tier, (seconds, _) in enumerate(_TIERS):
            if self._left[tier]:
                self._left[tier] -= 1
                try:
                    return pattern.fullmatch(text, timeout=seconds) is not None
                except TimeoutError:
                    continue
        raise TimeoutError
