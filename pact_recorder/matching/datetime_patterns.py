"""Dates and times by the patterns of Java's DateTimeFormatter, read as leniently as the reference reads them.

The whole value must be consumed and the day must exist in its month and year; digits may be fewer than the pattern
has letters (`2020-2-9` is a `yyyy-MM-dd`), weekday names are not compared with the date, a second may be 60.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
DAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_LONGEST: Final = 1000


class DateTimePatternError(ValueError):
    """A text is not a date and time pattern; the message names the letters."""


@dataclass(frozen=True, slots=True)
class Field:
    """One run of pattern letters: what it reads, and the numbers it may read.

    `part` is the part of the date that it gives (`day`, `month`, `year`), else empty.
    """

    pattern: re.Pattern[str]
    part: str = ""
    numbers: range | None = None

    def read(self, text: str, position: int) -> re.Match[str] | None:
        """The match at the position, when its number is in range."""
        found = self.pattern.match(text, position)
        if found is None or self.numbers is None or int(found[0]) in self.numbers:
            return found
        return None


def matches_pattern(text: str, pattern: str) -> bool:
    """Whether the whole text is a date or time of this pattern. Raises DateTimePatternError."""
    position = 0
    parts: dict[str, str] = {}
    for field in parse_pattern(pattern):
        found = field.read(text, position)
        if found is None:
            return False
        if field.part:
            parts.setdefault(field.part, found[0])
        position = found.end()
    return position == len(text) and _day_exists(parts)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one pattern letter, or with `letters` empty a `text` that stands for itself."""

    letters: str
    text: str = ""


@lru_cache(maxsize=512)
def parse_pattern(pattern: str) -> Sequence[Field]:
    """The fields of a pattern: runs of one letter, quoted text, and other characters. Raises DateTimePatternError."""
    return tuple(map(_field, pattern_pieces(pattern)))


_PIECE = re.compile(r"'(?P<quoted>(?:''|[^'])*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>[^A-Za-z0-9'{}\[\]]+)")


@lru_cache(maxsize=512)
def pattern_pieces(pattern: str) -> Sequence[Piece]:
    """The pattern cut into its pieces, in order. Raises DateTimePatternError."""
    if not pattern or len(pattern) > _LONGEST:
        raise DateTimePatternError(f"A date pattern has 1 to {_LONGEST} characters, this one {len(pattern)}")
    pieces: list[Piece] = []
    position = 0
    while position < len(pattern):
        found = _PIECE.match(pattern, position)
        if found is None:
            raise DateTimePatternError(f"The date pattern '{pattern}' cannot be read at '{pattern[position:]}'")
        pieces.append(_piece(found))
        position = found.end()
    return tuple(pieces)


def _piece(found: re.Match[str]) -> Piece:
    if found["letters"] is not None:
        return Piece(found["letters"])
    quoted = found["quoted"]
    return Piece("", found["other"] if quoted is None else quoted.replace("''", "'") or "'")


def _field(piece: Piece) -> Field:
    if not piece.letters:
        return Field(re.compile(re.escape(piece.text)))
    make = _LETTERS.get(piece.letters[0])
    if make is None:
        raise DateTimePatternError(f"The letter '{piece.letters[0]}' means nothing in a date pattern")
    return make(len(piece.letters))


def _number(numbers: range, longest: int, width: int, part: str = "") -> Field:
    _at_most(2 if longest == 2 else _LONGEST, width)
    return Field(re.compile(rf"[0-9]{{1,{longest}}}"), part, numbers)


def _at_most(limit: int, width: int) -> None:
    if width > limit:
        raise DateTimePatternError(f"A run of {width} equal letters is too long in a date pattern")


def _names(names: Sequence[str], width: int, part: str = "") -> Field:
    shown = [name[:3] for name in names] if width == 3 else names
    return Field(re.compile("|".join(shown), re.IGNORECASE), part)


def _month(width: int) -> Field:
    _at_most(5, width)
    return _number(range(1, 13), 2, 2, "month") if width <= 2 else _names(MONTHS, width, "month")


def _year(width: int) -> Field:
    # A single letter is a year of any length, as in Java; the reference reads only one digit there.
    return Field(re.compile(rf"[0-9]{{1,{width if width > 1 else 9}}}"), "year")


def _weekday_name(width: int) -> Field:
    _at_most(5, width)
    return _names(DAYS, max(width, 3) if width <= 3 else width)


def _weekday(width: int) -> Field:
    _at_most(5, width)
    return _names(DAYS, width) if width > 2 else _number(range(1, 8), 1, 1)


def _quarter(width: int) -> Field:
    _at_most(5, width)
    spelled = {3: "Q[1-4]", 4: "(?:1st|2nd|3rd|4th) quarter", 5: "(?:1st|2nd|3rd|4th) quarter"}.get(width, "[1-4]")
    return Field(re.compile(spelled, re.IGNORECASE))


def _digits(width: int) -> Field:
    return Field(re.compile("[0-9]+"))


def _fraction(width: int) -> Field:
    return Field(re.compile(rf"[0-9]{{1,{width}}}"))


def _text(spelled: str, limit: int, width: int) -> Field:
    _at_most(limit, width)
    return Field(re.compile(spelled, re.IGNORECASE))


_HOURS: Final = "[+-](?:1[0-8]|0?[0-9])"
_MINUTES: Final = "(?:[0-5][0-9]|[0-9])"
_OFFSETS: Final[Mapping[int, str]] = {
    1: rf"{_HOURS}(?:[0-5][0-9])?",
    2: rf"{_HOURS}{_MINUTES}",
    3: rf"{_HOURS}:{_MINUTES}",
    4: rf"{_HOURS}{_MINUTES}(?:[0-5][0-9])?",
    5: rf"{_HOURS}:{_MINUTES}(?::[0-5][0-9])?",
}


def _offset(zulu: str, width: int) -> Field:
    _at_most(5, width)
    return Field(re.compile(zulu + _OFFSETS[width]))


def _offset_z(width: int) -> Field:
    _at_most(5, width)
    if width == 4:
        return Field(re.compile(rf"(?:GMT|UTC)(?:{_HOURS}:{_MINUTES})?"))
    return Field(re.compile(_OFFSETS[3] if width == 5 else _OFFSETS[2]))


def _offset_gmt(width: int) -> Field:
    _at_most(4, width)
    minutes = f":{_MINUTES}" if width == 4 else f"(?::{_MINUTES})?"
    return Field(re.compile(rf"(?:GMT|UTC){_HOURS}{minutes}"))


def _zone_name(width: int) -> Field:
    _at_most(3, width)
    return Field(re.compile("[A-Z]{3,4}"))


def _zone_id(width: int) -> Field:
    _at_most(2, width)
    return Field(re.compile(rf"Z|[A-Za-z][\w+-]*(?:/[\w+-]+)+|UTC|GMT|{_OFFSETS[3]}"))


_LETTERS: Final[Mapping[str, Callable[[int], Field]]] = {
    "G": partial(_text, "ad|bc", 5),
    "y": _year,
    "Y": _year,
    "u": _year,
    "M": _month,
    "L": partial(_number, range(1, 13), 2),
    "d": partial(_number, range(1, 32), 2, part="day"),
    "D": partial(_number, range(1, 367), 3),
    "Q": _quarter,
    "q": _quarter,
    "w": partial(_number, range(1, 57), 2),
    "W": partial(_number, range(1, 6), 2),
    "F": partial(_number, range(6), 2),
    "E": _weekday_name,
    "e": _weekday,
    "c": _weekday,
    "a": partial(_text, "am|pm", 1),
    "H": partial(_number, range(24), 2),
    "k": partial(_number, range(1, 25), 2),
    "h": partial(_number, range(1, 13), 2),
    "K": partial(_number, range(12), 2),
    "m": partial(_number, range(60), 2),
    "s": partial(_number, range(61), 2),
    "S": _fraction,
    "n": _digits,
    "A": _digits,
    "N": _digits,
    "X": partial(_offset, "Z|"),
    "x": partial(_offset, ""),
    "Z": _offset_z,
    "O": _offset_gmt,
    "z": _zone_name,
    "V": _zone_id,
}


def _day_exists(parts: Mapping[str, str]) -> bool:
    if "day" not in parts or "month" not in parts:
        return True
    month = parts["month"].lower()
    number = int(month) if month.isdecimal() else [name[:3] for name in MONTHS].index(month[:3]) + 1
    year = int(parts.get("year", "2001"))
    # The Gregorian calendar repeats every 400 years; `calendar` knows the years 1 to 9999 only.
    return int(parts["day"]) <= monthrange(year % 400 + 2000, number)[1]
