"""Query parameters, and form fields which follow the same rules: all must be there and no others.

Names are case-sensitive, the order of parameters is free, the order of one parameter's values is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pact_recorder.http import parse_query
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import clip
from pact_recorder.matching.matchers import BARE, Place
from pact_recorder.matching.mismatches import MOST_MISMATCHES, QueryMismatch
from pact_recorder.matching.value_lists import compare_value_lists

Values = Sequence[str]
PlaceOf = Callable[[str], Place]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is wrong with one parameter; `sentence` says "query parameter" or what `word` says instead."""

    parameter: str
    expected: str
    actual: str
    sentence: str

    def as_query(self) -> QueryMismatch:
        """The difference as a mismatch of the query."""
        return QueryMismatch(self.parameter, self.expected, self.actual, self.sentence)


def group_values(pairs: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
    """The values of each name in order; a name without a value has the empty one."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value or "")
    return grouped


def query_values(text: str | None) -> dict[str, list[str]]:
    """The parameters of a raw query string."""
    return group_values(parse_query(text)) if text else {}


def written_pairs(text: str) -> list[list[tuple[str, str | None]]]:
    """A raw query as V1 compares it: its pieces in order, empty ones too, without regard to escapes."""
    return [parse_query(piece) for piece in text.split("&")]


@dataclass(frozen=True, slots=True)
class ParameterComparison:
    """How parameters are compared: `place` gives a name's rules, `word` is what sentences call one."""

    place: PlaceOf
    effort: Effort
    word: str = "query parameter"

    def compare(self, expected: Mapping[str, Values], actual: Mapping[str, Values]) -> list[Difference]:
        """Everything that differs, as far as it is reported."""
        return list(islice(self._differences(expected, actual), MOST_MISMATCHES))

    def _differences(self, expected: Mapping[str, Values], actual: Mapping[str, Values]) -> Iterator[Difference]:
        for name, values in expected.items():
            if name in actual:
                yield from self._compare_values(name, values, actual[name])
            else:
                yield Difference(name, quoted(values), "", f"Expected {self.word} '{clip(name)}' but was missing")
        for name, values in actual.items():
            if name not in expected:
                yield Difference(name, "", quoted(values), f"Unexpected {self.word} '{clip(name)}' received")

    def _compare_values(self, name: str, expected: Values, actual: Values) -> list[Difference]:
        place = self.place(name)
        if place.rules is None:
            return self._literally(name, place, expected, actual)
        sentences = compare_value_lists(
            place.rules,
            place.cascaded,
            place,
            expected,
            actual,
            lambda at, example, value: self._value(name, at.child(0), example, value),
        )
        shown = expected[0] if expected else "", ", ".join(actual)
        return [Difference(name, clip(shown[0]), clip(shown[1]), sentence) for sentence in sentences]

    def _literally(self, name: str, place: Place, expected: Values, actual: Values) -> list[Difference]:
        if list(expected) == list(actual):
            return []
        if not expected:
            sentence = f"Expected an empty parameter list for '{clip(name)}' but received {quoted(actual)}"
            return [Difference(name, "[]", quoted(actual), sentence)]
        differences = (
            Difference(name, clip(example), clip(value), sentence)
            for index, (example, value) in enumerate(zip(expected, actual, strict=False))
            for sentence in self._value(name, place.child(index), example, value)
        )
        found = list(islice(differences, MOST_MISMATCHES))
        if len(expected) != len(actual):
            found.append(self._miscounted(name, expected, actual))
        return found

    def _miscounted(self, name: str, expected: Values, actual: Values) -> Difference:
        sentence = (
            f"Expected {self.word} '{clip(name)}' with {len(expected)} value(s) but received {len(actual)} value(s)"
        )
        return Difference(name, quoted(expected), quoted(actual), sentence)

    def _value(self, name: str, place: Place, expected: str, actual: str) -> Sequence[str]:
        if place.rules is not None:
            return place.rules.text(expected, actual, place.cascaded, self.effort)
        if expected == actual:
            return ()
        return (f"Expected {self.word} '{clip(name)}' with value '{clip(expected)}' but was '{clip(actual)}'",)


def quoted(values: Values) -> str:
    """A list of values as JSON text."""
    return clip(json.dumps(list(values[:100]), ensure_ascii=False, separators=(",", ":")))


def place_by_name(places: Mapping[str, Place]) -> PlaceOf:
    """Where the rules of a name stand when rules are listed by plain names."""
    return lambda name: places.get(name, BARE)
