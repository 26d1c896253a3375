"""The surroundings in which the scenarios generate values: random, but the same in every run."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from pact_recorder.matching import GeneratorContext, GeneratorMode

_MOMENT = datetime(2024, 2, 29, 12, 30, 45, 123000, tzinfo=UTC)


def surroundings(mode: GeneratorMode) -> GeneratorContext:
    """The context of generators in a mode; a generator that reports a problem fails the scenario."""
    return GeneratorContext(mode, Random(5), _MOMENT, report=_fail)


def _fail(sentence: str) -> None:
    raise AssertionError(sentence)
