"""Headers, parameters and cookies in MockServer's JSON, and how it compares them with those of a request.

Three forms are read: `{"name": ["value"]}`, `{"name": "value"}` and `[{"name": …, "values": […]}]`. Comparing is
MockServer's `SUB_SET`: every expected name and value needs a field of the request that is like both, and as many
different ones as are expected; with `MATCHING_KEY` the request's fields of an expected name must besides all be like
one of its values. `!name` forbids the name, `name: ["!value"]` asks for the name with some other value, `?name` and
`name: ["?value"]` take a request without the name. A value may be `{"schema": …}`, which alone then decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pact_recorder.matching import JsonValue
from pact_recorder.matching.budget import check_budget
from pact_recorder.mock.mockserver.body_reading import Pair
from pact_recorder.mock.mockserver.json_schema import Schema
from pact_recorder.mock.mockserver.text import TextPattern
from pact_recorder.pact import format_json


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
    """The expected headers, parameters or cookies; `every` is MockServer's `MATCHING_KEY`."""

    fields: tuple[FieldPattern, ...] = ()
    every: bool = False

    def differences(self, actual: Sequence[Pair], word: str) -> list[FieldDifference]:
        """What the request's fields lack; `word` names the kind of field in sentences.

        Raises SpentError when nothing of the budget is left.
        """
        used: set[int] = set()
        needed = 0
        found: list[FieldDifference] = []
        for field in self.fields:
            check_budget()
            named = [index for index, (name, _) in enumerate(actual) if field.name.accepts(name)]
            if field.name.negated:
                found.extend(_forbidden(field, [actual[index] for index in named], word))
            elif named or not field.name.optional:
                if self.every:
                    found.extend(_strange(field, [actual[index] for index in named], word))
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

    def kept(self) -> dict[str, tuple[TextPattern, ...]] | None:
        """Names and values that a request must have: what is negated is left out.

        None when a name is a pattern or a value a schema, which Pact has no equivalent for.
        """
        kept: dict[str, tuple[TextPattern, ...]] = {}
        for field in self.fields:
            if field.name.is_pattern or any(value.schema is not None for value in field.values):
                return None
            values = tuple(value for value in field.values if not value.negated)
            if not field.name.negated and values:
                kept[field.name.text] = kept.get(field.name.text, ()) + values
        return kept

    def literals(self) -> Iterator[Pair]:
        """Names and values in lower case that every request which matches has, whatever else it has."""
        for field in self.fields:
            if field.name.is_literal and not field.name.optional:
                yield from ((field.name.text.lower(), value.text.lower()) for value in field.values if value.is_literal)


def read_fields(document: JsonValue) -> FieldsPattern:
    """The pattern of any of the three forms, or of nothing. Raises ValueError with a sentence."""
    style = document.get("keyMatchStyle") if isinstance(document, Mapping) else None
    return FieldsPattern(tuple(_field(name, values) for name, values in _named(document)), style == _EVERY)


def read_values(document: JsonValue) -> dict[str, tuple[TextPattern, ...]]:
    """The values of any of the three forms by name, names taken as they are. Raises ValueError with a sentence."""
    return {name: tuple(_named_text(name, value) for value in values) for name, values in _named(document)}


def named_values(document: JsonValue) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names and texts of any of the three forms, or of nothing. Raises ValueError with a sentence, for schemas too."""
    for name, values in _named(document):
        yield name, tuple(_text(name, value) for value in values)


def listed_values(document: JsonValue) -> dict[str, JsonValue]:
    """Any of the three forms as `{"name": [values]}`, schemas as they are; `keyMatchStyle` is kept."""
    listed: dict[str, list[JsonValue]] = {}
    for name, values in _named(document):
        listed.setdefault(name, []).extend(
            value if isinstance(value, Mapping) else _text(name, value) for value in values
        )
    style = document.get("keyMatchStyle") if isinstance(document, Mapping) else None
    return dict(listed) if style is None else {"keyMatchStyle": style, **listed}


Named = tuple[str, list[JsonValue]]
_SUBSET, _EVERY = "SUB_SET", "MATCHING_KEY"


def _named(document: JsonValue) -> Iterator[Named]:
    if document is None:
        return
    if isinstance(document, Mapping):
        for name, value in document.items():
            if name == "keyMatchStyle":
                _check_style(value)
            else:
                yield name, _values(value)
    elif isinstance(document, list):
        for entry in document:
            yield _listed(entry)
    else:
        raise ValueError("must be an object of names and values, or a list of {name, values}")


def _check_style(style: JsonValue) -> None:
    if style not in (_SUBSET, _EVERY):
        raise ValueError(f"keyMatchStyle {format_json(style)} is not supported (supported: {_SUBSET}, {_EVERY})")


def _listed(entry: JsonValue) -> Named:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        raise ValueError("an entry of the list must be an object with a name and values")
    unknown = entry.keys() - {"name", "values", "value"}
    if unknown:
        raise ValueError(f'unknown member "{min(unknown)}" beside name and values')
    return entry["name"], _values(entry.get("values", entry.get("value")))


def _values(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(name: str, value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (Mapping, list, type(None))):
        raise ValueError(f'a value of "{name}" must be text, but is {format_json(value)[:40]}')
    return format_json(value)


def read_text(value: JsonValue) -> TextPattern:
    """An expected text: text with its prefixes, or an object with `schema` or `value`, `not` and `optional`.

    Raises ValueError with a sentence.
    """
    if not isinstance(value, Mapping):
        return TextPattern.parse(_text("it", value))
    unknown = value.keys() - {"schema", "value", "not", "optional"}
    if unknown:
        raise ValueError(f'"{min(unknown)}" of a value is not supported (supported: schema, value, not, optional)')
    negated, optional = bool(value.get("not")), bool(value.get("optional"))
    if value.get("schema") is None:
        parsed = TextPattern.parse(_text("value", value.get("value")))
        return TextPattern(parsed.text, parsed.negated or negated, parsed.optional or optional)
    return TextPattern("", negated, optional, Schema(value["schema"]))


def _field(name: str, values: Sequence[JsonValue]) -> FieldPattern:
    field = FieldPattern(TextPattern.parse(name), tuple(_named_text(name, value) for value in values))
    optional = [value.optional for value in field.values]
    if any(optional):
        if not all(optional):
            raise ValueError(f'"?" before some values of "{name}" only is not supported: put it before the name')
        plain = tuple(replace(value, optional=False) for value in field.values)
        field = FieldPattern(replace(field.name, optional=True), plain)
    if field.name.negated and any(value.negated for value in field.values):
        raise ValueError(f'"!" before both the name and a value of "{name}" is not supported')
    return field


def _named_text(name: str, value: JsonValue) -> TextPattern:
    try:
        return read_text(value)
    except ValueError as error:
        raise ValueError(f'the value of "{name}": {error}') from None


def _like(value: TextPattern, named: Iterable[int], actual: Sequence[Pair]) -> list[int]:
    return [index for index in named if value.matches(actual[index][1])]


def _forbidden(field: FieldPattern, named: list[Pair], word: str) -> Iterator[FieldDifference]:
    for name, value in named:
        if any(pattern.matches(value) for pattern in field.required()):
            yield FieldDifference(name, "", value, f"Unexpected {word} '{name}' received")
            return


def _strange(field: FieldPattern, named: list[Pair], word: str) -> Iterator[FieldDifference]:
    for name, value in named:
        if not any(pattern.matches(value) for pattern in field.required()):
            expected = ", ".join(map(str, field.values))
            sentence = f"Expected every {word} '{name}' to be one of '{expected}' but one was '{value}'"
            yield FieldDifference(name, expected, value, sentence)
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
    if one.schema is not None and other.schema is not None:
        return one.schema == other.schema
    return one.accepts(other.text) or other.accepts(one.text)
