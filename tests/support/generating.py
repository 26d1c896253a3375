"""Builders for tests of generators."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

from pact_recorder.matching import Generator, GeneratorContext, GeneratorMode, Generators

NOW = datetime(2024, 2, 29, 10, 5, 7, 123456, UTC)


def context(
    mode: GeneratorMode = GeneratorMode.CONSUMER,
    *,
    seed: int = 1,
    state: Mapping[str, Any] | None = None,
    url: str | None = None,
    report: Callable[[str], None] | None = None,
) -> GeneratorContext:
    """A context with a seeded source; what cannot be generated fails the test unless `report` takes it."""
    return GeneratorContext(mode, Random(seed), NOW, state or {}, url, report or _unexpected)


def generators(**categories: Mapping[str, Mapping[str, Any]]) -> Generators:
    """Generators by category and place, in their document form."""
    return Generators(
        {
            category: {place: _generator(document) for place, document in places.items()}
            for category, places in categories.items()
        }
    )


def _generator(document: Mapping[str, Any]) -> Generator:
    return Generator(document["type"], {name: value for name, value in document.items() if name != "type"})


def _unexpected(sentence: str) -> None:
    raise AssertionError(sentence)
