"""Generators of random values."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from typing_extensions import override

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.generators.context import CannotGenerateError, GeneratorContext, RandomSource
from pact_recorder.matching.generators.generator import ValueGenerator
from pact_recorder.matching.oniguruma import compile_pattern, translate
from pact_recorder.matching.oniguruma_escapes import PatternError
from pact_recorder.matching.pattern_examples import example_of_pattern
from pact_recorder.matching.rules import JsonValue

_DIGITS: Final = string.digits
_NON_ZERO: Final = "123456789"
_HEXADECIMAL: Final = "0123456789ABCDEF"
_ALPHANUMERIC: Final = string.ascii_letters + string.digits
_LONGEST: Final = 65_535
"""Characters of a generated text; the reference has the same bound."""

_UUID_FORMATS: Final[Mapping[str, str]] = {
    "simple": "{0.hex}",
    "lower-case-hyphenated": "{0}",
    "upper-case-hyphenated": "{1}",
    "URN": "{0.urn}",
}


def _number(attributes: Mapping[str, JsonValue], name: str, default: int) -> int:
    value = attributes.get(name, default)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _size(attributes: Mapping[str, JsonValue], name: str) -> int:
    size = _number(attributes, name, 10)
    if not 0 <= size <= _LONGEST:
        raise CannotGenerateError(f"its {name} is {size}, and must be 0 to {_LONGEST}")
    return size


def _text_of(characters: Sequence[str], size: int, source: RandomSource) -> str:
    return "".join([characters[source.randint(0, len(characters) - 1)] for _ in range(size)])


@dataclass(frozen=True, slots=True)
class RandomInt(ValueGenerator):
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        low, high = _number(attributes, "min", 0), _number(attributes, "max", 10)
        if low > high:
            raise CannotGenerateError(f"its min {low} is greater than its max {high}")
        return cls(low, high)

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        number = context.random.randint(self.low, self.high)
        return str(number) if isinstance(example, str) else number


@dataclass(frozen=True, slots=True)
class RandomDecimal(ValueGenerator):
    """A number of `digits` digits with a dot among them; a single digit has none."""

    digits: int

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        return cls(_size(attributes, "digits"))

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        if self.digits < 2:
            digits = _text_of(_DIGITS, self.digits, context.random)
        else:
            whole = context.random.randint(1, self.digits - 1)
            first = _text_of(_DIGITS if whole == 1 else _NON_ZERO, 1, context.random)
            rest = _text_of(_DIGITS, self.digits - 1, context.random)
            digits = f"{first}{rest[: whole - 1]}.{rest[whole - 1 :]}"
        is_number = isinstance(example, int | bytes) and not isinstance(example, bool)
        return digits.encode() if is_number and digits else digits


@dataclass(frozen=True, slots=True)
class RandomHexadecimal(ValueGenerator):
    """A text of `digits` hexadecimal digits, each drawn by itself."""

    digits: int

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        return cls(_size(attributes, "digits"))

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        return _text_of(_HEXADECIMAL, self.digits, context.random)


@dataclass(frozen=True, slots=True)
class RandomString(ValueGenerator):
    """A text of `size` ASCII letters and digits."""

    size: int

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        return cls(_size(attributes, "size"))

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        return _text_of(_ALPHANUMERIC, self.size, context.random)


@dataclass(frozen=True, slots=True)
class RandomBoolean(ValueGenerator):
    """True or false."""

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        return cls()

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        return bool(context.random.getrandbits(1))


@dataclass(frozen=True, slots=True)
class Uuid(ValueGenerator):
    """A random UUID (version 4) in one of four spellings; an unknown format means the usual one."""

    template: str

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        return cls(_UUID_FORMATS.get(str(attributes.get("format")), "{0}"))

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        uuid = UUID(int=context.random.getrandbits(128), version=4)
        return self.template.format(uuid, str(uuid).upper())


@dataclass(frozen=True, slots=True)
class Regex(ValueGenerator):
    """A text that the pattern matches as a whole."""

    pattern: str

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        pattern = attributes.get("regex")
        if not isinstance(pattern, str):
            raise CannotGenerateError("it has no regex")
        return cls(pattern)

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        try:
            compiled, translated = compile_pattern(self.pattern), translate(self.pattern)
        except PatternError as error:
            raise CannotGenerateError(f"'{self.pattern}' is not a regular expression: {error}") from None
        effort = Effort()

        def accepts(text: str) -> bool:
            try:
                return effort.fullmatch(compiled, text)
            except TimeoutError:
                return False

        text = example_of_pattern(translated, accepts, lambda count: context.random.randint(0, count - 1))
        if text is None:
            raise CannotGenerateError(f"no text was found that '{self.pattern}' matches")
        return text
