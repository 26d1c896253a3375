"""What the scalar values of one place have shown: how many, how many different, and which forms.

Kept in bounded space: of the different values only the smallest `KEPT` in their natural order, with their counts, so
that joining does not depend on the order in which samples came.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from typing import TypeVar

from msgspec import Struct

from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.inference.formats import ANY, Format, format_of, formats_of, tells_format
from pact_recorder.matching import JsonValue
from pact_recorder.pact.portable import is_portable_text

KEPT = 32
"""Different values of a place that are kept; of more only the smallest."""

LONGEST_KEPT = 200
"""Characters of a text or digits of a decimal that is kept."""

LONGEST_START = 40
"""Characters of what texts begin with that are kept."""

_MARK = "REDACTED-"
_ANY_TEXT = "text"

Scalar = TypeVar("Scalar", str, int, bytes, int | bytes)


class Numbers(Struct, frozen=True, gc=False):
    """The integers, or the decimals, of a place. Decimals are their digits, as `parse_json` gives them."""

    count: int
    values: Mapping[int | bytes, int]
    more: bool = False

    @property
    def distinct(self) -> int:
        """How many different ones, at least: exact unless `more`."""
        return len(self.values)


class Unkept(Struct, gc=False):
    """What is known of the texts of a place that are not among its values.

    `formats` are those that all of them have, `shortest` is one of them, `start` is what all begin with; None without
    any. `stand_in` is the shortest of the placeholders and empty texts.
    """

    formats: int = ANY
    shortest: str | None = None
    start: str | None = None
    stand_in: str | None = None


class Texts(Struct, frozen=True, gc=False):
    """The texts of a place.

    `empty` counts the empty ones and `redacted` those that a placeholder stands for; neither tells of a format.
    """

    count: int
    values: Mapping[str, int]
    more: bool = False
    empty: int = 0
    redacted: int = 0
    unkept: Unkept | None = None

    @property
    def distinct(self) -> int:
        """How many different texts that are not empty, at least: exact unless `more`."""
        return len(self.values)

    @property
    def formats(self) -> int:
        """The formats that all have."""
        return formats_of(self.values, ANY if self.unkept is None else self.unkept.formats)

    def format_under(self, member: str) -> Format | None:
        """The most particular format that there is enough evidence for, under the name of a member."""
        return format_of(self.formats, self.distinct, member) if tells_format(self.distinct, member) else None

    @property
    def shortest(self) -> str:
        """One of them, for an example: a real text before a placeholder or the empty text, then the shortest."""
        shortest = _shortest(self.values)
        if self.unkept is not None:
            shortest = _shorter(shortest, self.unkept.shortest) or self.unkept.stand_in
        return shortest or ""

    @property
    def example(self) -> str:
        """The smallest of the values that a contract can show; without any, the shortest text, or any."""
        smallest = min(filter(is_portable_text, self.values), default=self.shortest)
        return smallest if is_portable_text(smallest) else _ANY_TEXT

    @property
    def start(self) -> str | None:
        """What all begin with, up to `LONGEST_START`; None without any."""
        start = _common_start(min(self.values), max(self.values)) if self.values else None
        return start if self.unkept is None else _join_starts(start, self.unkept.start)


def numbers_of(counts: Mapping[JsonValue, int]) -> Numbers:
    """The evidence of numbers of one type with their counts."""
    kept, more = _smallest(counts)
    return Numbers(sum(counts.values()), kept, more)


def texts_of(counts: Mapping[str, int]) -> Texts:
    """The evidence of texts with their counts."""
    count = sum(counts.values())
    together = "\n".join(counts)
    if "" not in counts and _MARK not in together:
        if len(counts) <= KEPT and len(together) <= LONGEST_KEPT:
            return Texts(count, counts)
        kept, unkept = _kept(counts)
        return Texts(count, kept, unkept is not None, unkept=unkept)
    known = {text: number for text, number in counts.items() if text and not PLACEHOLDER.search(text)}
    empty = counts.get("", 0)
    redacted = count - empty - sum(known.values())
    kept, unkept = _kept(known)
    if len(known) == len(counts):
        return Texts(count, kept, unkept is not None, unkept=unkept)
    more = unkept is not None
    unkept = unkept or Unkept()
    unkept.stand_in = _shortest(counts.keys() - known.keys())
    return Texts(count, kept, more, empty, redacted, unkept)


def _kept(counts: Mapping[str, int]) -> tuple[Mapping[str, int], Unkept | None]:
    """The texts that are kept, and what is known of the others if there are any."""
    kept, more = _smallest(counts)
    return kept, _unkept(counts.keys() - kept.keys()) if more else None


def _unkept(texts: Collection[str]) -> Unkept:
    return Unkept(formats_of(texts), _shortest(texts), _common_start(min(texts), max(texts)))


def _shortest(texts: Collection[str]) -> str | None:
    """The shortest text, of several the first in the alphabet; None without any."""
    lengths = list(map(len, texts))
    least = min(lengths, default=0)
    return min((text for text, length in zip(texts, lengths, strict=True) if length == least), default=None)


def _shorter(one: str | None, other: str | None) -> str | None:
    return _shortest([text for text in (one, other) if text is not None])


def join_numbers(parts: Sequence[Numbers]) -> Numbers:
    """The evidence of all."""
    kept, trimmed = _first(_added([each.values for each in parts]))
    return Numbers(sum([each.count for each in parts]), kept, trimmed or any(each.more for each in parts))


def join_texts(parts: Sequence[Texts]) -> Texts:
    """The evidence of all."""
    count = empty = redacted = 0
    others: list[Unkept] = []
    for each in parts:
        count += each.count
        empty += each.empty
        redacted += each.redacted
        if each.unkept is not None:
            others.append(each.unkept)
    counts = _added([each.values for each in parts])
    if not others and len(counts) <= KEPT:
        return Texts(count, counts, False, empty, redacted)
    kept, more = _first(counts)
    if more:
        others.append(_unkept(counts.keys() - kept.keys()))
    unkept = reduce(_join_unkept, others)
    return Texts(count, kept, unkept.shortest is not None, empty, redacted, unkept)


def _join_unkept(one: Unkept, other: Unkept) -> Unkept:
    return Unkept(
        one.formats & other.formats,
        _shorter(one.shortest, other.shortest),
        _join_starts(one.start, other.start),
        _shorter(one.stand_in, other.stand_in),
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


def _added(parts: Sequence[Mapping[Scalar, int]]) -> dict[Scalar, int]:
    """The counts of all together."""
    counts = dict(parts[0])
    for part in parts[1:]:
        if counts.keys().isdisjoint(part):
            counts |= part
        else:
            for value, number in part.items():
                counts[value] = counts.get(value, 0) + number
    return counts


def _smallest(counts: Mapping[Scalar, int]) -> tuple[Mapping[Scalar, int], bool]:
    """The smallest different values that are not too long, and whether there were others."""
    if _are_short(counts):
        return _first(counts)
    return _first({value: number for value, number in counts.items() if _is_short(value)})[0], True


def _first(counts: Mapping[Scalar, int]) -> tuple[Mapping[Scalar, int], bool]:
    """The smallest of different values that are short, and whether there were others."""
    if len(counts) <= KEPT:
        return counts, False
    return {value: counts[value] for value in sorted(counts)[:KEPT]}, True


def _are_short(values: Collection[Scalar]) -> bool:
    first = next(iter(values), 0)
    return isinstance(first, int) or max(map(len, values)) <= LONGEST_KEPT  # type: ignore[arg-type]  # all are of one type


def _is_short(value: str | int | bytes) -> bool:
    return isinstance(value, int) or len(value) <= LONGEST_KEPT
