"""Choices that a seed determines: the same seed and the same words always choose the same, on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """A source of choices. `of` gives one that is independent of all others, by words that say what is chosen."""

    __slots__ = ("_drawn", "_seed")

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._drawn = 0

    @classmethod
    def seeded(cls, *words: object) -> Chance:
        """The source of these words."""
        return cls(_digest(b"", words))

    def of(self, *words: object) -> Chance:
        """The source for one purpose."""
        return Chance(_digest(self._seed, words))

    def below(self, limit: int) -> int:
        """An integer from 0 on, below the limit."""
        self._drawn += 1
        drawn = blake2b(self._seed + self._drawn.to_bytes(4, "big"), digest_size=8).digest()
        return int.from_bytes(drawn, "big") % limit

    def choice(self, items: Sequence[Item]) -> Item:
        """One of the items, of which there is at least one."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order."""
        order = list(items)
        for place in range(len(order) - 1, 0, -1):
            other = self.below(place + 1)
            order[place], order[other] = order[other], order[place]
        return order


def _digest(seed: bytes, words: Sequence[object]) -> bytes:
    text = "\0".join(map(str, words)).encode("utf-8", "surrogatepass")
    return blake2b(seed + text, digest_size=16).digest()
