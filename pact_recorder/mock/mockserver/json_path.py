"""JSON_PATH bodies: a JSON body in which a path finds something.

The library python-jsonpath judges (RFC 9535 with the operators that Jayway's paths have: `=~`, `in`, `&&`). Paths come
from outside, so an evaluation that visits more than a fixed number of values finds nothing, and so does a regular
expression that takes too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import regex
from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathError
from jsonpath.function_extensions import ExpressionType, FilterFunction
from typing_extensions import override

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType
from pact_recorder.matching import MatchingRules
from pact_recorder.mock.mockserver.body_reading import plain_json_of
from pact_recorder.mock.mockserver.patterns import in_time

_LONGEST = 4_096
_MOST_VALUES = 200_000
_SLOW_VALUES = 20_000
_left: ContextVar[list[int]] = ContextVar("left")


def _charge(values: int) -> None:
    left = _left.get()
    left[0] -= values
    if left[0] < 0:
        raise LimitError("the path visits too many values")


class _Object(dict[str, Any]):
    """An object whose members count when they are gone through."""

    @override
    def items(self) -> Any:
        _charge(1 + len(self))
        return super().items()

    @override
    def values(self) -> Any:
        _charge(1 + len(self))
        return super().values()

    @override
    def __iter__(self) -> Iterator[str]:
        _charge(1 + len(self))
        return super().__iter__()


class _Array(list[Any]):
    """A list whose items count when they are gone through."""

    @override
    def __iter__(self) -> Iterator[Any]:
        _charge(1 + len(self))
        return super().__iter__()


def _counting(value: Any) -> Any:
    """The value with containers that count."""
    if isinstance(value, dict):
        return _Object({name: _counting(member) for name, member in value.items()})
    return _Array(map(_counting, value)) if isinstance(value, list) else value


class _Matches(FilterFunction):
    """`match(text, pattern)` or `search(text, pattern)` under a limit of time."""

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 (the library's own declaration)
    return_type = ExpressionType.LOGICAL

    def __init__(self, whole: bool) -> None:
        self._whole = whole

    @override
    def __call__(self, text: object, pattern: object) -> bool:
        return isinstance(text, str) and isinstance(pattern, str) and _matches(pattern, text, self._whole)


class _Environment(JSONPathEnvironment):
    @override
    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions |= {"match": _Matches(True), "search": _Matches(False)}

    @override
    def compare(self, left: object, operator: str, right: object) -> bool:
        if operator != "=~":
            return super().compare(left, operator, right)
        pattern = getattr(right, "pattern", None)
        # The flags of `re` that a path can name have the same values in `regex`.
        flags = int(getattr(right, "flags", 0)) & (regex.I | regex.M | regex.S | regex.A)
        return isinstance(left, str) and isinstance(pattern, str) and _matches(pattern, left, True, flags)


_ENVIRONMENT = _Environment()


@dataclass(frozen=True, slots=True)
class JsonPathBody:
    """A JSON body in which the path finds at least one value."""

    path: str
    rules = MatchingRules()

    @property
    def example(self) -> None:
        """None: a path has no equivalent in a contract."""
        return None

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when the path finds something in it."""
        try:
            document = plain_json_of(body, media_type)
        except ValueError:
            return f"Expected JSON in which {self.path[:100]} finds something but it is not JSON"
        if not isinstance(document, (dict, list)):
            return f"Expected JSON in which {self.path[:100]} finds something but it is a single value"
        return self._wrong(document)

    def _wrong(self, document: Any) -> str | None:
        token = _left.set([_MOST_VALUES])
        try:
            found = next(iter(compiled(self.path).finditer(_counting(document))), None)
        except (JSONPathError, LimitError, RecursionError, OverflowError) as error:
            return f"{self.path[:100]} cannot be applied: {str(error)[:100] or type(error).__name__}"
        finally:
            _left.reset(token)
        return f"{self.path[:100]} finds nothing in the body" if found is None else None


def compiled(path: str) -> Any:
    """The path ready to be applied. Raises ValueError for what is none."""
    if len(path) > _LONGEST:
        raise ValueError(f"the path is longer than {_LONGEST:,} characters")
    if path in _known:
        return _known[path]
    try:
        made = _ENVIRONMENT.compile(path)
    except (JSONPathError, RecursionError, ValueError, re.error, OverflowError) as error:
        raise ValueError(f"it is no JSON path: {(str(error) or 'nested too deeply').splitlines()[0][:200]}") from None
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[path] = made
    return made


_MOST_KNOWN = 1_024
_known: dict[str, Any] = {}


def _matches(pattern: str, text: str, whole: bool, flags: int = 0) -> bool:
    match = regex.fullmatch if whole else regex.search
    try:
        return in_time(lambda seconds: match(pattern, text, flags=flags, timeout=seconds), _slowly)
    except regex.error:
        return False


def _slowly() -> bool:
    left = _left.get()
    left[0] -= _SLOW_VALUES
    return left[0] >= 0
