"""Header fields in which nothing secret was found: most come again with every exchange, and are searched once."""

from __future__ import annotations

from collections.abc import Iterable

Field = tuple[str, str]
_MOST = 4_096
_LONGEST = 512


class CleanFields:
    """Fields found clean with what was then known; bounded, and forgotten as soon as more is known."""

    def __init__(self) -> None:
        # One value, so that a thread which searches with older knowledge never adds to the set of newer knowledge.
        self._held: tuple[int, set[Field]] = (0, set())

    def at(self, knowledge: int = 0) -> set[Field]:
        """Those found clean with this knowledge, a number that grows with every secret learnt; to be added to."""
        known, fields = self._held
        if known != knowledge or len(fields) >= _MOST:
            fields = set()
            self._held = (knowledge, fields)
        return fields


def keep(fields: set[Field], found: Iterable[Field]) -> None:
    """Add what was found clean, but for long values, of which there would be many."""
    fields.update(field for field in found if len(field[1]) <= _LONGEST)
