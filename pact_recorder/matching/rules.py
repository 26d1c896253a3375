"""Matching rules and generators as values: what a contract says beside its examples.

A rule is a matcher's name with its attributes (`{"match": "regex", "regex": "\\d+"}`); rules at one place form a
`RuleList` under AND or OR; places are path expressions in the categories `body`, `content`, `metadata`
(`$.items[*].id`), names in `header` and `query`, and the single place `$` in `path`, `method` and `status`
(Pact specification V3, "Matching rules").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

JsonValue = Any
"""A JSON value as `json.loads` gives it; the one place where the core says Any."""

ROOT = "$"
CATEGORIES = ("method", "path", "query", "header", "status", "body", "content", "metadata")


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class MatchingRule:
    """One matcher with its attributes, as the document spells them (`match` itself left out)."""

    match: str
    attributes: Mapping[str, JsonValue] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class RuleList:
    """The rules at one place: all must pass (`combine` AND) or any of them (OR)."""

    rules: tuple[MatchingRule, ...]
    combine: str = "AND"


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """All rules of a message: category, then place, then the rules there, in the document's order."""

    categories: Mapping[str, Mapping[str, RuleList]] = field(default_factory=_nothing)

    def category(self, name: str) -> Mapping[str, RuleList]:
        """The rules of a category by place; empty when it has none."""
        return self.categories.get(name) or _nothing()

    def __bool__(self) -> bool:
        return any(self.categories.values())


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator's type with its attributes, as the document spells them (`type` itself left out)."""

    type: str
    attributes: Mapping[str, JsonValue] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Generators:
    """All generators of a message: category, then place (`$` where a category has a single one)."""

    categories: Mapping[str, Mapping[str, Generator]] = field(default_factory=_nothing)

    def __bool__(self) -> bool:
        return any(self.categories.values())


NO_RULES: Final = MatchingRules()
NO_GENERATORS: Final = Generators()
