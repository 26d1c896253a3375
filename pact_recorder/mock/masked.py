"""Recordings whose redacted values a request does not show as such: a session in a path, an identifier in a query.

Once a value is known for a secret it is redacted wherever it occurs. A later process does not know it, sees nothing
secret in the request that carries it again, and so finds no recording by its fingerprint. These requests are few; they
are compared with the recordings that hold redacted values, those whose path has the same shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

from pact_recorder.http import Request
from pact_recorder.mock.fingerprint import MASK, Fingerprint, masked_parts

Item = TypeVar("Item")
_MOST_LOOKED_AT = 10_000
_MASK = MASK.encode()
# What ends a value in a path, in a query as it is compared (a JSON list of strings), and in a body of any kind.
_END_IN_PATH = re.compile(rb"[/\"<>]")
_END_IN_QUERY = re.compile(rb"\"")
_END_IN_BODY = re.compile(rb"[\"<>]")


class MaskedPlaces(Generic[Item]):
    """What was recorded with redacted values, by method and the number of segments in the path."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, int], list[tuple[bytes, Item]]] = {}

    def add(self, print_: Fingerprint, item: Item) -> None:
        """Hold what was recorded under a fingerprint, when that has redacted values."""
        method, path = print_.place
        if print_.secrets:
            self._places.setdefault((method, path.count("/")), []).append((_encoded(path), item))

    def fitting(self, print_: Fingerprint) -> Iterator[Item]:
        """What was recorded at the place of a fingerprint, any value standing for what was redacted in it."""
        method, path = print_.place
        encoded = _encoded(path)
        for masked, item in islice(self._places.get((method, path.count("/")), ()), _MOST_LOOKED_AT):
            if _fits(masked, encoded, _END_IN_PATH):
                yield item


def is_alike(recorded: Request, asked: Request) -> bool:
    """Whether path, query and body of a request are the recorded ones but for what was redacted in those."""
    return all(map(_fits, masked_parts(recorded), masked_parts(asked), (_END_IN_PATH, _END_IN_QUERY, _END_IN_BODY)))


def _fits(masked: bytes, text: bytes, end: re.Pattern[bytes]) -> bool:
    """Whether a text agrees with a masked one, some of one value standing for each mask; in linear time."""
    first, *pieces = masked.split(_MASK)
    if not pieces:
        return masked == text
    if not text.startswith(first):
        return False
    place, last = len(first), pieces.pop()
    for piece in pieces:
        found = text.find(piece, place + 1)
        if found < 0 or end.search(text, place, found):
            return False
        place = found + len(piece)
    until = len(text) - len(last)
    return place < until and text.endswith(last) and not end.search(text, place, until)


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")
