"""Headers and query parameters in MockServer's JSON, and how it compares them with those of a request.

Three forms are read: `{"name": ["value"]}`, `{"name": "value"}` and `[{"name": …, "values": […]}]`. Comparing is
MockServer's `SUB_SET`: every expected name and value needs a field of the request that is like both, and as many
different ones as are expected. `!name` forbids the name, `name: ["!value"]` asks for the name with some other value,
`?name` takes a request without the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver_text import TextPattern
from pact_recorder.pact import format_json

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One expected field that the request lacks: its name, what was expected, what was there, and a sentence."""

    name: str
    expected: str
    actual: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FieldPattern:
    """One expected name with its values; no values take any."""

    name: TextPattern
    values: tuple[TextPattern, ...]

    def required(self) -> tuple[TextPattern, ...]:
        """One pattern for each value that must be there."""
        return self.values or (TextPattern(""),)


@dataclass(frozen=True, slots=True)
class FieldsPattern:
    """The expected headers or query parameters."""

    fields: tuple[FieldPattern, ...] = ()

    def differences(self, actual: Sequence[Pair], word: str) -> list[FieldDifference]:
        """What the request's fields lack; `word` names the kind of field in sentences."""
        used: set[int] = set()
        needed = 0
        found: list[FieldDifference] = []
        for field in self.fields:
            named = [index for index, (name, _) in enumerate(actual) if field.name.accepts(name)]
            if field.name.negated:
                found.extend(_forbidden(field, [actual[index] for index in named], word))
            elif named or not field.name.optional:
                matched = {value: _like(value, named, actual) for value in field.required()}
                found.extend(_missing(field, value, named, actual, word) for value, at in matched.items() if not at)
                needed += len(field.required())
                used.update(index for at in matched.values() for index in at)
        if not found and len(used) < needed:
            sentence = f"Expected {needed} different {word}s but only {len(used)} of the request are like them"
            found.append(FieldDifference("", str(needed), str(len(used)), sentence))
        return found

    def covers(self, other: FieldsPattern) -> bool:
        """Whether these, as a filter on expectations, take the other expected fields (patterns in both directions)."""
        pairs = [(field.name, value) for field in other.fields for value in field.required()]
        return all(_covered(field, pairs) for field in self.fields)

    def kept(self) -> dict[str, tuple[str, ...]] | None:
        """Names and values that a request must have, as texts: what is negated is left out.

        None when a name is a pattern, which Pact has no equivalent for.
        """
        kept: dict[str, tuple[str, ...]] = {}
        for field in self.fields:
            if field.name.is_pattern:
                return None
            values = tuple(value.text for value in field.values if not value.negated)
            if not field.name.negated and values:
                kept[field.name.text] = kept.get(field.name.text, ()) + values
        return kept


def read_fields(document: JsonValue) -> FieldsPattern:
    """The pattern of any of the three forms, or of nothing. Raises ValueError with a sentence."""
    return FieldsPattern(tuple(_field(name, values) for name, values in named_values(document)))


def named_values(document: JsonValue) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names and values of any of the three forms, or of nothing. Raises ValueError with a sentence."""
    if document is None:
        return
    if isinstance(document, Mapping):
        for name, value in document.items():
            if name == "keyMatchStyle":
                _check_style(value)
            else:
                yield name, _values(name, value)
    elif isinstance(document, list):
        for entry in document:
            yield _listed(entry)
    else:
        raise ValueError("must be an object of names and values, or a list of {name, values}")


def _check_style(style: JsonValue) -> None:
    if style != "SUB_SET":
        raise ValueError(f"keyMatchStyle {format_json(style)} is not supported (supported: SUB_SET)")


def _listed(entry: JsonValue) -> tuple[str, tuple[str, ...]]:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        raise ValueError("an entry of the list must be an object with a name and values")
    unknown = entry.keys() - {"name", "values", "value"}
    if unknown:
        raise ValueError(f'unknown member "{min(unknown)}" beside name and values')
    return entry["name"], _values(entry["name"], entry.get("values", entry.get("value")))


def _values(name: str, value: JsonValue) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(_text(name, each) for each in given)


def _text(name: str, value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        member = "schema" if "schema" in value else "an object"
        raise ValueError(f'the value of "{name}" is {member}, which is not supported: give text or a pattern')
    if isinstance(value, (list, type(None))):
        raise ValueError(f'a value of "{name}" must be text, but is {format_json(value)[:40]}')
    return format_json(value)


def _field(name: str, values: tuple[str, ...]) -> FieldPattern:
    field = FieldPattern(TextPattern.parse(name), tuple(map(TextPattern.parse, values)))
    if any(value.optional for value in field.values):
        raise ValueError(f'the "?" before a value of "{name}" is not supported: put it before the name')
    if field.name.negated and any(value.negated for value in field.values):
        raise ValueError(f'"!" before both the name and a value of "{name}" is not supported')
    return field


def _like(value: TextPattern, named: Iterable[int], actual: Sequence[Pair]) -> list[int]:
    return [index for index in named if value.matches(actual[index][1])]


def _forbidden(field: FieldPattern, named: list[Pair], word: str) -> Iterator[FieldDifference]:
    for name, value in named:
        if any(pattern.matches(value) for pattern in field.required()):
            yield FieldDifference(name, "", value, f"Unexpected {word} '{name}' received")
            return


def _missing(
    field: FieldPattern, value: TextPattern, named: Sequence[int], actual: Sequence[Pair], word: str
) -> FieldDifference:
    present = ", ".join(actual[index][1] for index in named)
    expected = f"Expected {word} '{field.name.text}'"
    if not named:
        return FieldDifference(field.name.text, str(value), "", f"{expected} but was missing")
    return FieldDifference(field.name.text, str(value), present, f"{expected} with value '{value}' but was '{present}'")


def _covered(field: FieldPattern, pairs: list[tuple[TextPattern, TextPattern]]) -> bool:
    named = [value for name, value in pairs if either_way(field.name, name)]
    if field.name.negated or (field.name.optional and not named):
        return field.name.optional or not named
    return all(any(either_way(value, other) != value.negated for other in named) for value in field.required())


def either_way(one: TextPattern, other: TextPattern) -> bool:
    """Whether one of two expected texts takes the other (MockServer's control-plane comparison)."""
    return one.accepts(other.text) or other.accepts(one.text)
