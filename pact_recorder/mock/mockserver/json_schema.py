"""JSON schemas in MockServer's JSON: of a body (`JSON_SCHEMA`), and of a single value (`{"schema": …}`).

The library `jsonschema` judges; a schema without `$schema` is draft 7, as MockServer takes it. A schema comes from
outside and so does what it is compared with, so nothing is fetched (`schema_references.py`), patterns have a limit of
time, and a comparison that takes more than a fixed number of steps says no.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import regex
from jsonschema import Draft7Validator, SchemaError, ValidationError, validators
from jsonschema.protocols import Validator
from referencing.exceptions import Unresolvable

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType
from pact_recorder.matching import JsonValue, MatchingRules
from pact_recorder.matching.budget import in_budget
from pact_recorder.mock.mockserver.body_reading import plain_json, plain_json_of
from pact_recorder.mock.mockserver.patterns import in_time
from pact_recorder.mock.mockserver.schema_references import local_registry
from pact_recorder.pact import format_json

_MOST_STEPS = 100_000
_LONGEST_SCHEMA = 1_000_000
_SLOW_STEPS = 10_000
_NOTHING: Mapping[str, Any] = {}
_steps: ContextVar[list[int]] = ContextVar("steps")


class Schema:
    """A JSON schema that can be compared with values. Raises ValueError for what is none."""

    def __init__(self, document: JsonValue) -> None:
        text = format_json(document)
        if len(text) > _LONGEST_SCHEMA:
            raise ValueError(f"the schema is longer than {_LONGEST_SCHEMA:,} characters")
        schema = _object(text)
        kind = validators.validator_for(schema, default=Draft7Validator)
        try:
            kind.check_schema(schema)
            registry = local_registry(schema, kind)
        except SchemaError as error:
            raise ValueError(f"the schema is not valid: {error.message[:200]}") from None
        except RecursionError:
            raise ValueError("the schema is nested too deeply") from None
        self._validator: Validator = _bounded(kind)(schema, registry=registry)
        self._text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __str__(self) -> str:
        return self._text

    def wrong(self, value: Any) -> str | None:
        """What of a value (plain JSON) is not as the schema says, in a sentence; None when all is."""
        token = _steps.set([_MOST_STEPS])
        try:
            error = in_budget(lambda _: next(iter(self._validator.iter_errors(value)), None), math.inf)
        except (LimitError, RecursionError, Unresolvable, OverflowError) as failure:
            return f"the schema cannot be applied: {str(failure)[:100] or type(failure).__name__}"
        finally:
            _steps.reset(token)
        return None if error is None else f"{error.json_path[:100]}: {error.message[:100]}"

    def accepts_text(self, text: str) -> bool:
        """Whether a header or parameter is as the schema says, taken as text or as the number, true, false or null."""
        if self.wrong(text) is None:
            return True
        try:
            value = plain_json(text)
        except ValueError:
            return False
        return not isinstance(value, (str, list, dict)) and self.wrong(value) is None


@dataclass(frozen=True, slots=True)
class SchemaBody:
    """A JSON body that is as a schema says."""

    schema: Schema
    rules = MatchingRules()

    @property
    def example(self) -> None:
        """None: a schema has no equivalent in a contract."""
        return None

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when the schema takes it."""
        try:
            value = plain_json_of(body, media_type)
        except ValueError:
            return "Expected a JSON body that a schema describes but it is not JSON"
        wrong = self.schema.wrong(value)
        return None if wrong is None else f"Expected a body as the schema says but {wrong}"


def _object(text: str) -> Any:
    schema = plain_json(text)
    if isinstance(schema, str):
        # MockServer takes the schema as an object or as its JSON text.
        schema = plain_json(schema)
    if not isinstance(schema, (dict, bool)):
        raise ValueError("a schema must be an object")
    return schema


Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]


def _bounded(kind: type[Validator]) -> Any:
    """The validator with every keyword counted, and patterns under a limit of time."""
    keywords: dict[str, Any] = dict(kind.VALIDATORS)
    keywords |= {"pattern": _pattern, "patternProperties": _pattern_properties}
    counted = {name: _counted(name, keyword) for name, keyword in keywords.items()}
    return validators.extend(kind, counted)  # type: ignore[no-untyped-call]


def _counted(name: str, keyword: Keyword) -> Keyword:
    def run(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        left = _steps.get()
        # `uniqueItems` compares each item with each other.
        items = len(instance) if name == "uniqueItems" and isinstance(instance, list) else 0
        left[0] -= 1 + items * items // 100
        if left[0] < 0:
            raise LimitError("it takes too long")
        yield from keyword(validator, value, instance, schema) or ()

    return run


def _search(pattern: str, text: str) -> bool:
    try:
        return in_time(lambda seconds: regex.search(pattern, text, timeout=seconds), _slowly)
    except regex.error:
        return False


def _slowly() -> bool:
    left = _steps.get()
    left[0] -= _SLOW_STEPS
    return left[0] >= 0


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _search(pattern, instance):
        yield ValidationError(f"{instance[:60]!r} does not match {pattern[:60]!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, schema: Any
) -> Iterator[ValidationError]:
    for name, value in (instance if isinstance(instance, dict) else _NOTHING).items():
        for pattern, subschema in patterns.items():
            if _search(pattern, name):
                yield from validator.descend(value, subschema, path=name, schema_path=pattern)
