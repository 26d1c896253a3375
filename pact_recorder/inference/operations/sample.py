"""A bounded sample of different values that does not depend on the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from zlib import crc32

from msgspec import Struct, field


def _rank(value: str | int | bytes) -> tuple[int, str]:
    """A fixed order that looks random, so that what is kept in one place is also kept in another."""
    text = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")
    return crc32(text), str(value)


class Sample(Struct, eq=False, gc=False):
    """Those of the values added that come first in a fixed random order, at most `limit` of them."""

    _limit: int
    _values: set[str | int | bytes] = field(default_factory=set)

    def update(self, values: Iterable[str | int | bytes]) -> None:
        """Add values, at the cost of adding to a set most of the time."""
        self._values.update(values)
        if len(self._values) > 2 * self._limit:
            self._prune()

    def add(self, value: str | int | bytes) -> None:
        """Add one value."""
        self._values.add(value)
        if len(self._values) > 2 * self._limit:
            self._prune()

    def narrow(self, limit: int) -> None:
        """Keep fewer from now on."""
        self._limit = min(limit, self._limit)
        self._prune()

    def values(self) -> set[str | int | bytes]:
        """What is kept."""
        self._prune()
        return self._values

    @property
    def held(self) -> int:
        """How many values are held at the moment, which may be some more than are kept."""
        return len(self._values)

    def _prune(self) -> None:
        if len(self._values) > self._limit:
            self._values = set(nsmallest(self._limit, self._values, key=_rank))
