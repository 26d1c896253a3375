"""Headers: every expected one must be there, others are free; names ignore case, values do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pact_recorder.http import Headers
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.expected import HeaderValues
from pact_recorder.matching.json_values import clip
from pact_recorder.matching.matchers import Place
from pact_recorder.matching.mismatches import MOST_MISMATCHES, HeaderMismatch
from pact_recorder.matching.value_lists import compare_value_lists

# The headers whose lines are lists, split at commas by the reference's mock server; all others keep one value a line.
LIST_HEADERS: Final = frozenset(
    [
        "accept",
        "accept-encoding",
        "accept-language",
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-expose-headers",
        "access-control-request-headers",
        "allow",
        "cache-control",
        "if-match",
        "if-none-match",
        "vary",
    ]
)
_PARAMETERISED: Final = ("accept", "content-type")


def header_values(name: str, lines: Sequence[str]) -> list[str]:
    """The values of a header from its lines, each without white space around it."""
    if name.lower() in LIST_HEADERS:
        return [value.strip() for line in lines for value in line.split(",")]
    return [line.strip() for line in lines]


@dataclass(frozen=True, slots=True)
class ExpectedHeader:
    """A header as expected: its name as written, its values, and the place of its rules."""

    name: str
    values: Sequence[str]
    place: Place

    def compare(self, actual: Headers, effort: Effort) -> list[HeaderMismatch]:
        """Everything that is wrong with the header."""
        lines = actual.get_all(self.name)
        if not lines:
            expected = f'"{clip(", ".join(self.values))}"'
            return [HeaderMismatch(self.name, expected, "", f"Expected a header '{self.name}' but was missing")]
        values = header_values(self.name, lines)
        if not self.values and any(values):
            shown = clip(", ".join(values))
            sentence = f"Expected an empty header '{self.name}' but actual value was '{shown}'"
            return [HeaderMismatch(self.name, "", shown, sentence)]
        if len(self.values) == 1 and len(values) == 1:
            return self._mismatches(self._value(self.place, self.values[0], values[0], effort), values)
        if self.place.rules is not None:
            return self._under_rules(values, effort)
        return self._one_by_one(values, effort)

    def compare_value(self, expected: str, actual: str, effort: Effort) -> bool:
        """Whether a single value would do."""
        return not self._value(self.place, expected, actual, effort)

    def _under_rules(self, values: Sequence[str], effort: Effort) -> list[HeaderMismatch]:
        assert self.place.rules is not None
        sentences = compare_value_lists(
            self.place.rules,
            False,
            self.place,
            self.values,
            values,
            lambda at, example, value: self._value(at, example, value, effort),
        )
        return self._mismatches(sentences, values)

    def _one_by_one(self, values: Sequence[str], effort: Effort) -> list[HeaderMismatch]:
        found: list[HeaderMismatch] = []
        for index in range(max(len(self.values), len(values))):
            if len(found) >= MOST_MISMATCHES:
                break
            expected = self.values[index] if index < len(self.values) else ""
            if index < len(values):
                sentences = self._value(self.place, expected, values[index], effort)
                found += self._mismatches(
                    [f"{sentence} for value at index {index}" for sentence in sentences],
                    [values[index]],
                )
            else:
                sentence = (
                    f"Expected value '{clip(expected)}' at index {index} but was missing "
                    f"(actual has {len(values)} value(s))"
                )
                found += self._mismatches([sentence], [""])
        return found

    def _value(self, place: Place, expected: str, actual: str, effort: Effort) -> Sequence[str]:
        expected, actual = expected.strip(), actual.strip()
        if place.rules is not None:
            return place.rules.text(expected, actual, place.cascaded, effort)
        if expected == actual:
            return ()
        if self.name.lower() in _PARAMETERISED:
            return parameterised_value("header", self.name, expected, actual)
        if _without_layout(expected) == _without_layout(actual):
            return ()
        return (f"Expected '{clip(actual)}' to be equal to '{clip(expected)}'",)

    def _mismatches(self, sentences: Sequence[str], actual: Sequence[str]) -> list[HeaderMismatch]:
        if not sentences:
            return []
        expected, shown = clip(", ".join(self.values)), clip(", ".join(actual))
        return [
            HeaderMismatch(self.name, expected, shown, f"Mismatch with header '{self.name}': {sentence}")
            for sentence in sentences
        ]


def expected_headers(headers: HeaderValues, places: Mapping[str, Place], bare: Place) -> list[ExpectedHeader]:
    """The expected headers with the places of their rules, which are listed by lower-case name."""
    return [_expected_header(name, tuple(values), places.get(name.lower(), bare)) for name, values in headers.items()]


def _expected_header(name: str, values: tuple[str, ...], place: Place) -> ExpectedHeader:
    return _without_rules(name, values, place) if place.rules is None else _made(name, values, place)


def _made(name: str, values: tuple[str, ...], place: Place) -> ExpectedHeader:
    return ExpectedHeader(name, _expected_values(name, values), place)


# Without rules there are few different ones in a contract; shared, they are in the processor's cache when asked for.
_without_rules = lru_cache(maxsize=1024)(_made)


def _expected_values(name: str, values: Sequence[str]) -> list[str]:
    """A single value may be a whole line; of several each is one value, commas and all, as in the reference."""
    return header_values(name, values) if len(values) == 1 else [value.strip() for value in values]


def parameterised_value(word: str, name: str, expected: str, actual: str) -> Sequence[str]:
    """Compare values like `text/html;q=0.8`: the expected parameters must be there, more are fine.

    The main value is compared exactly, a parameter's name too, its value without regard to case.
    """
    main, parameters = _parameters(expected)
    actual_main, actual_parameters = _parameters(actual)
    accepted = main == actual_main and parameters.items() <= actual_parameters.items()
    if accepted:
        return ()
    return (f"Expected {word} '{name}' to have value '{clip(expected)}' but was '{clip(actual)}'",)


def _parameters(value: str) -> tuple[str, dict[str, str]]:
    main, *rest = (piece.strip() for piece in value.split(";") if piece.strip()) if value.strip(" ;") else [""]
    pairs = (piece.split("=", 1) for piece in rest if "=" in piece)
    return main, {name.strip(): text.strip().lower() for name, text in pairs}


def _without_layout(value: str) -> str:
    """The value with no white space around its commas, which RFC 9110 §5.6.1 leaves free."""
    return ",".join(piece.strip() for piece in value.split(","))
