"""Recordings whose redacted values a request does not show as such: a session in a path, an identifier in a query.

Once a value is known for a secret it is redacted wherever it occurs. A later process does not know it, sees nothing
secret in the request that carries it again, and so finds no recording by its fingerprint. These requests are few; they
are compared with the recordings that hold redacted values, those whose path has the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

from pact_recorder.mock.fingerprint import MASK, Fingerprint

Item = TypeVar("Item")
_MOST_LOOKED_AT = 10_000


class MaskedPlaces(Generic[Item]):
    """What was recorded with redacted values, by method and the number of segments in the path."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, int], list[tuple[str, Item]]] = {}

    def add(self, print_: Fingerprint, item: Item) -> None:
        """Hold what was recorded under a fingerprint, when that has redacted values."""
        method, path = print_.place
        if print_.secrets:
            self._places.setdefault((method, path.count("/")), []).append((path, item))

    def fitting(self, print_: Fingerprint) -> Iterator[Item]:
        """What was recorded at the place of a fingerprint, any text standing for what was redacted in it."""
        method, path = print_.place
        for masked, item in islice(self._places.get((method, path.count("/")), ()), _MOST_LOOKED_AT):
            if _fits(masked, path):
                yield item


def _fits(masked: str, path: str) -> bool:
    """Whether a path agrees with a masked one before the first and after the last mask."""
    start, mask, rest = masked.partition(MASK)
    return path.startswith(start) and path.endswith(rest.rpartition(MASK)[2]) if mask else path == masked
