"""Results of pure functions kept by their arguments, where strangers choose those: bounded in number and in length.

`functools.lru_cache` counts entries only, and a few thousand values of a header may be half a gigabyte.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
LONGEST = 512
"""Characters and bytes of the arguments whose result is kept, in all, unless said otherwise."""


def remembered(
    most: int, longest: int = LONGEST
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Keep at most so many results of a function, of arguments that are no longer than that in all.

    Those given by name are not looked at: such a call is made each time.
    """

    def remembering(make: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        kept: dict[Hashable, Result] = {}

        @wraps(make)
        def find(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
            if named:
                return make(*arguments, **named)
            try:
                return kept[arguments]
            except KeyError:
                made = make(*arguments, **named)
            if _length(arguments) <= longest:
                if len(kept) >= most:
                    kept.clear()
                kept[arguments] = made
            return made

        return find

    return remembering


def _length(value: object) -> int:
    if isinstance(value, (str, bytes)):
        return len(value)
    return sum(map(_length, value)) if isinstance(value, tuple) else 0
