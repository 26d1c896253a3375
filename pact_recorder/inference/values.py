"""What the scalar values of one place have shown: how many, how many different, and which forms.

Kept in bounded space: of the different values only the smallest `KEPT` in their natural order, with their counts, so
that joining does not depend on the order in which samples came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.inference.formats import ANY, formats_of
from pact_recorder.matching import JsonValue

KEPT = 32
"""Different values of a place that are kept; of more only the smallest."""

LONGEST_START = 40
"""Characters of what texts begin with that are kept."""

_LONGEST_KEPT = 200
_MARK = "REDACTED-"

Scalar = TypeVar("Scalar", str, int, bytes, int | bytes)


@dataclass(slots=True)
class Numbers:
    """The integers, or the decimals, of a place. Decimals are their digits, as `parse_json` gives them."""

    count: int
    values: Mapping[int | bytes, int]
    more: bool = False

    @property
    def distinct(self) -> int:
        """How many different ones, at least: exact unless `more`."""
        return len(self.values)


@dataclass(slots=True)
class Texts:
    """The texts of a place.

    `empty` counts the empty ones and `redacted` those that a placeholder stands for; neither tells of a format.
    `formats` are those that all others have, `start` is what all begin with (None without any), up to `LONGEST_START`.
    `shortest` is one of them, for an example.
    """

    count: int
    values: Mapping[str, int]
    more: bool = False
    empty: int = 0
    redacted: int = 0
    formats: int = ANY
    shortest: str = ""
    start: str | None = None

    @property
    def distinct(self) -> int:
        """How many different texts that are not empty, at least: exact unless `more`."""
        return len(self.values)


def numbers_of(counts: Mapping[JsonValue, int]) -> Numbers:
    """The evidence of numbers of one type with their counts."""
    kept, more = _smallest(counts)
    return Numbers(sum(counts.values()), kept, more)


def texts_of(counts: Mapping[str, int]) -> Texts:
    """The evidence of texts with their counts."""
    count = sum(counts.values())
    known: Mapping[str, int] = counts
    redacted = empty = 0
    if _MARK in (next(iter(counts)) if len(counts) == 1 else "\n".join(counts)):
        known = {text: number for text, number in counts.items() if not PLACEHOLDER.search(text)}
        redacted = count - sum(known.values())
    if "" in known:
        empty = known[""]
        known = {text: number for text, number in known.items() if text}
    kept, more = _smallest(known)
    start = _common_start(min(known), max(known)) if known else None
    return Texts(count, kept, more, empty, redacted, formats_of(known), _shortest_of(known or counts), start)


def _shortest_of(texts: Iterable[str]) -> str:
    lengths = list(map(len, texts))
    least = min(lengths, default=0)
    return min((text for text, length in zip(texts, lengths, strict=True) if length == least), default="")


def join_numbers(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    """The evidence of both."""
    if one is None or other is None:
        return one or other
    kept, trimmed = _merged(one.values, other.values)
    return Numbers(one.count + other.count, kept, trimmed or one.more or other.more)


def join_texts(one: Texts | None, other: Texts | None) -> Texts | None:
    """The evidence of both."""
    if one is None or other is None:
        return one or other
    kept, trimmed = _merged(one.values, other.values)
    return Texts(
        count=one.count + other.count,
        values=kept,
        more=trimmed or one.more or other.more,
        empty=one.empty + other.empty,
        redacted=one.redacted + other.redacted,
        formats=one.formats & other.formats,
        shortest=_shortest(one, other),
        start=_join_starts(one.start, other.start),
    )


def _join_starts(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return one if other is None else other
    return _common_start(one, other)


def _common_start(one: str, other: str) -> str:
    """What two texts begin with; between the smallest and the greatest of many it is what all begin with."""
    if one.startswith(other[:LONGEST_START]):
        return other[:LONGEST_START]
    for place, (letter, another) in enumerate(zip(one[:LONGEST_START], other, strict=False)):
        if letter != another:
            return one[:place]
    return one[:LONGEST_START]


def _shortest(one: Texts, other: Texts) -> str:
    """A real text before a placeholder or the empty text, then the shorter one."""
    return min((not each.values and not each.more, len(each.shortest), each.shortest) for each in (one, other))[2]


def _merged(one: Mapping[Scalar, int], other: Mapping[Scalar, int]) -> tuple[dict[Scalar, int], bool]:
    counts = dict(one)
    for value, number in other.items():
        counts[value] = counts.get(value, 0) + number
    return _smallest(counts)


def _smallest(counts: Mapping[Scalar, int]) -> tuple[dict[Scalar, int], bool]:
    """The smallest different values that are not too long, and whether there were others."""
    if len(counts) <= KEPT and all(map(_is_short, counts)):
        return dict(counts), False
    chosen = sorted(value for value in counts if _is_short(value))[:KEPT]
    return {value: counts[value] for value in chosen}, True


def _is_short(value: str | int | bytes) -> bool:
    return isinstance(value, int) or len(value) <= _LONGEST_KEPT
