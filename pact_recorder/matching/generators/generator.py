"""What a generator is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Self

from pact_recorder.matching.generators.context import GeneratorContext, GeneratorMode
from pact_recorder.matching.rules import JsonValue


class ValueGenerator(ABC):
    """Makes a value in place of an example's; `only` is the mode it belongs to, None for both."""

    __slots__ = ()
    only: ClassVar[GeneratorMode | None] = None

    @classmethod
    @abstractmethod
    def read(cls, attributes: Mapping[str, JsonValue]) -> Self:
        """The generator with these attributes, as the document spells them. Raises CannotGenerateError."""

    @abstractmethod
    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        """A value in place of the example's, both in the form of `parse_json`. Raises CannotGenerateError."""
