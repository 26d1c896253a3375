"""The table of generators by the name of their type, and how one is applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pact_recorder.matching.generators.context import CannotGenerateError, GeneratorContext
from pact_recorder.matching.generators.generator import ValueGenerator
from pact_recorder.matching.generators.moments import Date, DateTime, Time
from pact_recorder.matching.generators.random_values import (
    RandomBoolean,
    RandomDecimal,
    RandomHexadecimal,
    RandomInt,
    RandomString,
    Regex,
    Uuid,
)
from pact_recorder.matching.generators.surroundings import MockServerUrl, ProviderState
from pact_recorder.matching.json_values import clip
from pact_recorder.matching.rules import Generator, JsonValue

GENERATORS: Final[Mapping[str, type[ValueGenerator]]] = {
    "RandomInt": RandomInt,
    "RandomDecimal": RandomDecimal,
    "RandomHexadecimal": RandomHexadecimal,
    "RandomString": RandomString,
    "RandomBoolean": RandomBoolean,
    "Regex": Regex,
    "Uuid": Uuid,
    "Date": Date,
    "Time": Time,
    "DateTime": DateTime,
    "ProviderState": ProviderState,
    "MockServerURL": MockServerUrl,
}
"""The generators of the specification, versions 3 and 4."""


def applies(generator: Generator, context: GeneratorContext) -> bool:
    """Whether the generator belongs to the mode; one of an unknown type does not, and is reported."""
    kind = GENERATORS.get(generator.type)
    if kind is None:
        context.report(f"A generator of the unknown type '{clip(generator.type)}' was left out.")
        return False
    return kind.only is None or kind.only is context.mode


def generated(generator: Generator, example: JsonValue, context: GeneratorContext, place: str) -> JsonValue:
    """The generated value, or the example when none can be generated, which is reported under the place's name."""
    try:
        return GENERATORS[generator.type].read(generator.attributes).value(example, context)
    except CannotGenerateError as error:
        context.report(f"The generator {generator.type} at {clip(place)} was left out: {clip(str(error))}.")
        return example
