"""Generators of dates and times, relative to now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from typing_extensions import override

from pact_recorder.matching.datetime_expressions import (
    DateTimeExpressionError,
    apply_date_expression,
    apply_datetime_expression,
    apply_time_expression,
)
from pact_recorder.matching.datetime_formatting import format_datetime
from pact_recorder.matching.datetime_patterns import DateTimePatternError
from pact_recorder.matching.generators.context import CannotGenerateError, GeneratorContext
from pact_recorder.matching.generators.generator import ValueGenerator
from pact_recorder.matching.rules import JsonValue


@dataclass(frozen=True, slots=True)
class Date(ValueGenerator):
    """Today's date, or the one that the expression leads to."""

    pattern: str
    expression: str

    default: ClassVar[str] = "yyyy-MM-dd"

    @classmethod
    @override
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        return cls(str(attributes.get("format") or cls.default), str(attributes.get("expression") or ""))

    @override
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        try:
            return format_datetime(self.moved(context.now), self.pattern)
        except (DateTimeExpressionError, DateTimePatternError) as error:
            raise CannotGenerateError(str(error)) from None

    def moved(self, now: datetime) -> datetime:
        """The moment that the expression leads to. Raises DateTimeExpressionError."""
        return apply_date_expression(now, self.expression)


@dataclass(frozen=True, slots=True)
class Time(Date):
    """The time of day now, or the one that the expression leads to."""

    default: ClassVar[str] = "HH:mm:ss"

    @override
    def moved(self, now: datetime) -> datetime:
        return apply_time_expression(now, self.expression)


@dataclass(frozen=True, slots=True)
class DateTime(Date):
    """The moment now, or the one that the expression leads to."""

    default: ClassVar[str] = "yyyy-MM-dd'T'HH:mm:ss.SSSZ"

    @override
    def moved(self, now: datetime) -> datetime:
        return apply_datetime_expression(now, self.expression)
