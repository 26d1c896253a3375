"""What generators draw on: everything that is not in the contract comes in here, so that they stay pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, Protocol

from pact_recorder.matching.rules import JsonValue


class GeneratorMode(Enum):
    """Who asks: a mock server that answers a consumer, or a verifier that sends a provider its request."""

    CONSUMER = "consumer"
    PROVIDER = "provider"


class RandomSource(Protocol):
    """A source of randomness such as `random.Random`; a seeded one makes generated values repeatable."""

    def randint(self, a: int, b: int, /) -> int:
        """A number from a to b, both included."""
        ...

    def getrandbits(self, k: int, /) -> int:
        """A number of k random bits."""
        ...


class CannotGenerateError(ValueError):
    """A generator has no value to give; the message says why, and the example stays."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


def _silent(sentence: str) -> None:
    """Reports nothing."""


@dataclass(frozen=True, slots=True)
class GeneratorContext:
    """The surroundings of one generation.

    `now` is the moment that dates are relative to, `provider_state` what the state handlers returned (or the states'
    parameters), `mock_server_url` the base URL of the mock server. `report` is told in one sentence about each
    generator that could not be applied; its value is left as the example has it.
    """

    mode: GeneratorMode
    random: RandomSource
    now: datetime
    provider_state: Mapping[str, JsonValue] = field(default_factory=_nothing)
    mock_server_url: str | None = None
    report: Callable[[str], None] = _silent
