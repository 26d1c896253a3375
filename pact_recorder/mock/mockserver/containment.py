"""When one JSON value contains another (MockServer's `ONLY_MATCHING_FIELDS`), and when two are the same (`STRICT`).

An expected text may be one of json-unit's placeholders (`${json-unit.any-string}`), which takes any value of a kind.
Numbers are the same when they are spelled the same: 1 is not 1.0. Containing ignores further members, further items
and the order of items; every expected item needs one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pact_recorder.errors import LimitError
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.text import fully_matches, java_pattern
from pact_recorder.pact import format_json

_MOST_COMPARISONS = 200_000
_BEGINNING = "${json-unit."
_REGEX = "${json-unit.regex}"
_KINDS: Mapping[str, Callable[[JsonValue], bool]] = {
    "${json-unit.ignore}": lambda value: True,
    "${json-unit.any-string}": lambda value: isinstance(value, str),
    "${json-unit.any-boolean}": lambda value: isinstance(value, bool),
    "${json-unit.any-number}": lambda value: _is_scalar(value) and not isinstance(value, (str, bool, type(None))),
}


def has_placeholder(value: JsonValue) -> bool:
    """Whether a value holds placeholders. Raises ValueError for one that is not supported."""
    pending, found = [value], False
    while pending:
        each = pending.pop()
        pending += each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ()
        if isinstance(each, str) and each.startswith(_BEGINNING):
            if each not in _KINDS and (not each.startswith(_REGEX) or java_pattern(each.removeprefix(_REGEX)) is None):
                supported = ", ".join((*_KINDS, f"{_REGEX}pattern"))
                raise ValueError(f"the json-unit placeholder {each[:60]} is not supported (supported: {supported})")
            found = True
    return found


def as_strings(value: JsonValue) -> JsonValue:
    """The value with every number as its text."""
    if isinstance(value, Mapping):
        return {name: as_strings(member) for name, member in value.items()}
    if isinstance(value, list):
        return [as_strings(item) for item in value]
    return value if isinstance(value, (str, bool, type(None))) else format_json(value)


def equals(actual: JsonValue, expected: JsonValue) -> bool:
    """Whether two values are the same but for placeholders."""
    taken = _taken(actual, expected)
    if taken is not None:
        return taken
    if isinstance(actual, Mapping) and isinstance(expected, Mapping):
        return actual.keys() == expected.keys() and all(equals(actual[name], expected[name]) for name in expected)
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(equals, actual, expected))
    return same(actual, expected)


def _taken(actual: JsonValue, expected: JsonValue) -> bool | None:
    """Whether a placeholder takes the value; None when the expected value is none."""
    if not isinstance(expected, str) or not expected.startswith(_BEGINNING):
        return None
    kind = _KINDS.get(expected)
    if kind is not None:
        return kind(actual)
    pattern = java_pattern(expected.removeprefix(_REGEX)) if expected.startswith(_REGEX) else None
    return isinstance(actual, str) and pattern is not None and fully_matches(pattern, actual)


def same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two values are equal, members in any order."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return _is_scalar(one) and _is_scalar(other) and format_json(one) == format_json(other)


def contains(actual: JsonValue, expected: JsonValue) -> bool:
    """Whether the actual value has at least what the expected one has.

    Comparing lists in any order can take very long; a comparison beyond a fixed number of steps says no.
    """
    try:
        return same(actual, expected) or _Comparison(_MOST_COMPARISONS).contains(actual, expected)
    except (LimitError, RecursionError):
        return False


def _is_scalar(value: JsonValue) -> bool:
    return not isinstance(value, (Mapping, list))


@dataclass(slots=True)
class _Comparison:
    """One comparison, which may take `left` steps."""

    left: int

    def contains(self, actual: JsonValue, expected: JsonValue) -> bool:
        self.left -= 1
        if self.left < 0:
            raise LimitError("comparing these JSON values takes too long")
        taken = _taken(actual, expected)
        if taken is not None:
            return taken
        if isinstance(expected, Mapping):
            return isinstance(actual, Mapping) and all(
                name in actual and self.contains(actual[name], value) for name, value in expected.items()
            )
        if isinstance(expected, list):
            return isinstance(actual, list) and len(expected) <= len(actual) and self._items(actual, expected)
        return _is_scalar(actual) and format_json(actual) == format_json(expected)

    def _items(self, actual: list[JsonValue], expected: list[JsonValue]) -> bool:
        # In the same order, which is the usual case, each item finds its own at once.
        if len(actual) == len(expected) and all(map(self.contains, actual, expected)):
            return True
        taken: dict[int, int] = {}
        likes = [[at for at, item in enumerate(actual) if self.contains(item, wanted)] for wanted in expected]
        return all(self._assign(wanted, likes, taken) for wanted in range(len(expected)))

    def _assign(self, first: int, likes: list[list[int]], taken: dict[int, int]) -> bool:
        """Give an expected item one of its own, moving others where needed (augmenting paths, breadth first)."""
        came_from: dict[int, int] = {}
        queue = [first]
        for wanted in queue:
            for at in likes[wanted]:
                self.left -= 1
                if self.left < 0:
                    raise LimitError("comparing these JSON values takes too long")
                if at in came_from:
                    continue
                came_from[at] = wanted
                if at not in taken:
                    _shift(at, first, came_from, taken)
                    return True
                queue.append(taken[at])
        return False


def _shift(at: int, first: int, came_from: dict[int, int], taken: dict[int, int]) -> None:
    """Move along the path that was found: each expected item takes the place that it came from."""
    while True:
        wanted = came_from[at]
        previous = next((place for place, owner in taken.items() if owner == wanted), None)
        taken[at] = wanted
        if wanted == first or previous is None:
            return
        at = previous
