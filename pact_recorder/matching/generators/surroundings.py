"""Generators that take their value from where the interaction runs: the provider's state, the mock server's URL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from typing_extensions import override

from pact_recorder.matching.generators.context import CannotGenerateError, GeneratorContext, GeneratorMode
from pact_recorder.matching.generators.generator import ValueGenerator
from pact_recorder.matching.json_values import whole_text, wire_value
from pact_recorder.matching.oniguruma import compile_pattern
from pact_recorder.matching.oniguruma_escapes import PatternError
from pact_recorder.matching.rules import JsonValue

_SECONDS: Final = 1.0
_PLACE: Final = re.compile(r"\$\{(?P<name>[^}]*)\}")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,4000}")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class ProviderState(ValueGenerator):
    """A value that the provider's state handler returned: `${id}` is the value itself, `/users/${id}` a text.

    `data_type` (STRING, INTEGER, DECIMAL, FLOAT, BOOLEAN, RAW) says what it becomes; a number that it cannot become
    is an error.
    """

    expression: str
    data_type: str

    only: ClassVar[GeneratorMode | None] = GeneratorMode.PROVIDER

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        expression = attributes.get("expression")
        if not isinstance(expression, str):
            raise CannotGenerateError("it has no expression")
        return cls(expression, str(attributes.get("dataType")).upper())

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        convert = _CONVERSIONS.get(self.data_type, _raw)
        return convert(self._looked_up(context.provider_state))

    def _looked_up(self, values: Mapping[str, JsonValue]) -> JsonValue:
        if "${" not in self.expression:
            return _value_of(self.expression, values)
        if whole := _PLACE.fullmatch(self.expression):
            return _value_of(whole["name"], values) if whole["name"] else ""
        if "${" in _PLACE.sub("", self.expression):
            raise CannotGenerateError(f"the expression '{self.expression}' has no closing brace")
        return _PLACE.sub(lambda found: whole_text(_value_of(found["name"], values)), self.expression)


def _value_of(name: str, values: Mapping[str, JsonValue]) -> JsonValue:
    if name not in values:
        raise CannotGenerateError(f"the provider state has no value '{name}'")
    return wire_value(values[name])


def _raw(value: JsonValue) -> JsonValue:
    return value


def _integer(value: JsonValue) -> int:
    match value:
        case None:
            return 0
        case bool() | int():
            return int(value)
        case str() | bytes():
            text = value.decode().partition(".")[0] if isinstance(value, bytes) else value
            if _WHOLE.fullmatch(text):
                return int(text)
    raise CannotGenerateError(f"'{whole_text(value)}' is not a whole number")


def _decimal(value: JsonValue) -> bytes:
    match value:
        case bytes():
            return value
        case None | bool() | int():
            return f"{int(value or 0)}.0".encode()
        case str() if _DECIMAL.fullmatch(value):
            return (value if set(value) & set(".eE") else f"{value}.0").encode()
    raise CannotGenerateError(f"'{whole_text(value)}' is not a number")


def _boolean(value: JsonValue) -> bool:
    match value:
        case None | bool():
            return bool(value)
        case int():
            return value > 0
        case bytes():
            return float(value) > 0
        case "true" | "false":
            return bool(value == "true")
    raise CannotGenerateError(f"'{whole_text(value)}' is neither true nor false")


_CONVERSIONS: Final[Mapping[str, Callable[[JsonValue], JsonValue]]] = {
    "STRING": whole_text,
    "INTEGER": _integer,
    "DECIMAL": _decimal,
    "FLOAT": _decimal,
    "BOOLEAN": _boolean,
}


@dataclass(frozen=True, slots=True)
class MockServerUrl(ValueGenerator):
    """The example URL with the mock server's base in front of what the pattern's first group matched."""

    example: str
    pattern: str

    only: ClassVar[GeneratorMode | None] = GeneratorMode.CONSUMER

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        example, pattern = attributes.get("example"), attributes.get("regex")
        if not isinstance(example, str) or not isinstance(pattern, str):
            raise CannotGenerateError("it needs an example and a regex")
        return cls(example, pattern)

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        if context.mock_server_url is None:
            raise CannotGenerateError("there is no mock server whose URL could be used")
        try:
            found = compile_pattern(self.pattern).compiled.search(self.example, timeout=_SECONDS)
        except PatternError as error:
            raise CannotGenerateError(f"'{self.pattern}' is not a regular expression: {error}") from None
        except (TimeoutError, MemoryError):
            raise CannotGenerateError(f"'{self.pattern}' takes too long on its example") from None
        if found is None or not found.re.groups or found[1] is None:
            raise CannotGenerateError(f"no group of '{self.pattern}' matches in the example '{self.example}'")
        base = context.mock_server_url.removesuffix("/") if found[1].startswith("/") else context.mock_server_url
        return self.example[: found.start()] + base + found[1] + self.example[found.end() :]
