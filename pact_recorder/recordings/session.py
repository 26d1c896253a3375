"""A recorded session as values: what its file holds, whatever its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pact_recorder.http import Exchange


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """An exchange of a session, which was seen `count` times.

    `at` are the places where it was seen, in the order of the whole session, counted from 1. It is empty when
    the order does not matter, because no other answer to the same request was recorded.
    """

    exchange: Exchange
    count: int = 1
    at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalMark:
    """How much of which journal a session file already holds: all records before byte `end`.

    `missing` is how many of the exchanges that the disk refused it has counted.
    """

    identifier: str
    end: int
    missing: int = 0


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What a session says of itself; `created` is in seconds since the epoch, `tool` the program that wrote it.

    `secrets` has for each placeholder of a redacted value a hint at the value, by which a later process knows it again.
    `missing` counts exchanges that were answered but could not be stored, because the disk was full for example.
    """

    name: str
    created: float = 0.0
    tool: str = ""
    journal: JournalMark | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A whole session in memory."""

    name: str
    header: SessionHeader
    entries: tuple[RecordedExchange, ...]
