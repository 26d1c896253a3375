"""Where in a path a decision is taken, and what a decision on one word is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pact_recorder.inference.operations.knowledge import context
from pact_recorder.inference.operations.words import is_prefix

PARAMETER: Final = "{}"
"""Stands for a parameter among the segments before a position."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where words stand: the constants before them (`{}` for a parameter), and all spellings of the last of these."""

    before: tuple[str, ...] = ()
    parents: frozenset[str] = frozenset()

    @property
    def parent(self) -> str:
        """The segment before; empty at the root."""
        return self.before[-1] if self.before else ""

    @property
    def is_resource(self) -> bool:
        """Whether only prefixes like `api` and `v1` stand before, so that words name resources."""
        return all(is_prefix(text) for text in self.before)

    def then(self, text: str) -> Position:
        """The position behind one more constant."""
        return Position((*self.before, text), frozenset((text,)))

    def then_any(self, texts: Iterable[str]) -> Position:
        """The position behind a parameter with these values."""
        before = (*self.before, PARAMETER)
        return Position(before, frozenset((*texts, context(before))))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A segment that is a value of a parameter, and why (empty for a form, which says so itself).

    `member` is the name under which an answer holds it, `before` and `after` the constant text around the value.
    """

    why: str
    member: str = ""
    before: str = ""
    after: str = ""
