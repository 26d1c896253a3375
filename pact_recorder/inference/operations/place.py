"""Where evidence is gathered before it is decided which segments of a path are parameters."""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct


class Missing(Enum):
    """The type of `MISSING`, for annotations."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""There is no JSON body; None would be the JSON value null."""


# A struct, because every exchange is looked up by one: a frozen dataclass takes several times as long to make and hash.
class Place(Struct, frozen=True, order=True, cache_hash=True, gc=False):
    """A kind of request that is known by its form alone.

    `skeleton` are the path's segments with markers for those whose form shows an identifier (`{integer}`), `call` is
    what a request calls where many share a path ("query GetUser", "Action=DescribeInstances").
    """

    provider: str
    method: str
    skeleton: tuple[str, ...]
    call: str = ""
