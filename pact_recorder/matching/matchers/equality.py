"""`equality` and the type family: `type`, `min`, `max` and both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from typing_extensions import override

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import clip, json_text, kind, plain_text, same, shown
from pact_recorder.matching.matchers.matcher import Matcher, Verdict
from pact_recorder.matching.rules import JsonValue
from pact_recorder.matching.xml_values import Element

_NUMBERS: Final = ("Integer", "Decimal")
_SHOWN_BYTES: Final = 10


def typed(value: JsonValue) -> str:
    """A JSON value with the name of its type: `'a' (String)`."""
    return f"{shown(value)} ({kind(value)})"


class Equality(Matcher):
    """The value is the example; below a type rule it ends what cascades."""

    __slots__ = ()
    name: ClassVar[str] = "equality"

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        if expected == actual:
            return None
        return f"Expected '{clip(actual)}' to be equal to '{clip(expected)}'"

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        if same(expected, actual):
            return None
        return f"Expected {typed(actual)} to be equal to {typed(expected)}"

    @override
    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        return self._whole(list(expected), list(actual))

    @override
    def members(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], cascaded: bool) -> Verdict:
        return self._whole(expected, actual)

    @override
    def binary(self, expected: bytes, actual: bytes, cascaded: bool, effort: Effort) -> Verdict:
        if expected == actual:
            return None
        return f"Expected {_bytes(expected)} to be equal to {_bytes(actual)}"

    @override
    def element(self, expected: Element, actual: Element, cascaded: bool) -> Verdict:
        if expected.name == actual.name:
            return None
        return f"Expected '{expected.name}' to be equal to '{actual.name}'"

    @override
    def status(self, expected: int, actual: int, effort: Effort) -> Verdict:
        return None if expected == actual else f"Expected {actual} to be equal to {expected}"

    def _whole(self, expected: JsonValue, actual: JsonValue) -> Verdict:
        if same(expected, actual):
            return None
        return f"Expected {json_text(actual)} to be equal to {json_text(expected)}"


def _bytes(content: bytes) -> str:
    return f"'{content[:_SHOWN_BYTES].hex()}...' ({len(content)} bytes)"


class Type(Matcher):
    """The value has the type of the example; `min` and `max` bound a list's length at the rule's own node."""

    __slots__ = ("maximum", "minimum")
    name: ClassVar[str] = "type"
    is_type: ClassVar[bool] = True

    def __init__(self, minimum: int | None = None, maximum: int | None = None) -> None:
        self.minimum = minimum
        self.maximum = maximum

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        return None

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        if type(expected) is type(actual):
            return None
        if kind(expected) in _NUMBERS and kind(actual) in _NUMBERS:
            return None
        return f"Expected {typed(actual)} to be the same type as {typed(expected)}"

    @override
    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        return None if cascaded else self._sized(actual, len(actual))

    @override
    def members(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], cascaded: bool) -> Verdict:
        return None if cascaded else self._sized(actual, len(actual))

    @override
    def binary(self, expected: bytes, actual: bytes, cascaded: bool, effort: Effort) -> Verdict:
        return None

    @override
    def element(self, expected: Element, actual: Element, cascaded: bool) -> Verdict:
        if self.minimum is None and self.maximum is None:
            if expected.name == actual.name:
                return None
            return f"Expected '{expected.name}' to be the same type as '{actual.name}'"
        if cascaded:
            return None
        if self.minimum is not None and actual.size < self.minimum:
            return f"Expected '{actual.name}' to have at least {self.minimum} children"
        if self.maximum is not None and actual.size > self.maximum:
            return f"Expected '{actual.name}' to have at most {self.maximum} children"
        return None

    @override
    def status(self, expected: int, actual: int, effort: Effort) -> Verdict:
        return None

    def _sized(self, actual: JsonValue, size: int) -> Verdict:
        if self.minimum is not None and size < self.minimum:
            return f"Expected {_listed(actual)} (size {size}) to have minimum size of {self.minimum}"
        if self.maximum is not None and size > self.maximum:
            return f"Expected {_listed(actual)} (size {size}) to have maximum size of {self.maximum}"
        return None


def _listed(value: JsonValue) -> str:
    # `[1, 2]` with a blank: the one place where the reference's sentences write lists so.
    if isinstance(value, Mapping):
        return json_text(value)
    shown_items = ", ".join(_item(item) for item in value[:_LISTED])
    return clip(f"[{shown_items}{', …' if len(value) > _LISTED else ''}]")


_LISTED: Final = 100


def _item(value: JsonValue) -> str:
    return json_text(value) if not isinstance(value, str) else f'"{plain_text(value)}"'
