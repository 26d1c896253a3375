"""Dates and times written by the patterns of Java's DateTimeFormatter: the other side of `datetime_patterns`.

Whatever is written here, `matches_pattern` reads. A year in `yyy` is the exception: it has four digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from pact_recorder.matching.datetime_patterns import DAYS, MONTHS, DateTimePatternError, pattern_pieces

_LONGEST_ZONE_NAME: Final = 4


def format_datetime(moment: datetime, pattern: str) -> str:
    """The moment as the pattern spells it; one without a time zone counts as UTC. Raises DateTimePatternError."""
    return "".join(_written(moment, piece.letters, piece.text) for piece in pattern_pieces(pattern))


def _written(moment: datetime, letters: str, text: str) -> str:
    if not letters:
        return text
    write = _LETTERS.get(letters[0])
    if write is None:
        raise DateTimePatternError(f"The letter '{letters[0]}' means nothing in a date pattern")
    return write(moment, len(letters))


_Write = Callable[[datetime, int], str]


def _number(value: Callable[[datetime], int]) -> _Write:
    return lambda moment, width: str(value(moment)).zfill(width)


def _year(value: Callable[[datetime], int]) -> _Write:
    def write(moment: datetime, width: int) -> str:
        year = value(moment)
        return str(year % 100).zfill(2) if width == 2 else str(year).zfill(width)

    return write


def _month(moment: datetime, width: int) -> str:
    return str(moment.month).zfill(width) if width <= 2 else _name(MONTHS[moment.month - 1], width)


def _weekday(moment: datetime, width: int) -> str:
    return str(moment.isoweekday()) if width <= 2 else _weekday_name(moment, width)


def _weekday_name(moment: datetime, width: int) -> str:
    return _name(DAYS[moment.weekday()], width)


def _name(name: str, width: int) -> str:
    return name.capitalize() if width > 3 else name[:3].capitalize()


def _quarter(moment: datetime, width: int) -> str:
    quarter = (moment.month + 2) // 3
    ordinal = ("1st", "2nd", "3rd", "4th")[quarter - 1]
    return str(quarter) if width <= 2 else f"Q{quarter}" if width == 3 else f"{ordinal} quarter"


def _fraction(moment: datetime, width: int) -> str:
    return f"{moment.microsecond:06}000"[:width].ljust(width, "0")


def _offset_text(moment: datetime, separator: str) -> str:
    seconds = int((moment.utcoffset() or timedelta()).total_seconds())
    sign = "-" if seconds < 0 else "+"
    return f"{sign}{abs(seconds) // 3600:02}{separator}{abs(seconds) // 60 % 60:02}"


def _offset(zulu: str) -> _Write:
    def write(moment: datetime, width: int) -> str:
        if zulu and not moment.utcoffset():
            return zulu
        offset = _offset_text(moment, ":" if width in (3, 5) else "")
        return offset.removesuffix("00") if width == 1 else offset

    return write


def _offset_z(moment: datetime, width: int) -> str:
    return {4: "GMT" + _offset_text(moment, ":"), 5: _offset_text(moment, ":")}.get(width, _offset_text(moment, ""))


def _offset_gmt(moment: datetime, width: int) -> str:
    return "GMT" + _offset_text(moment, ":")


def _zone_name(moment: datetime, width: int) -> str:
    name = moment.tzname() or ""
    usual = 3 <= len(name) <= _LONGEST_ZONE_NAME and name.isascii() and name.isalpha() and name.isupper()
    return name if usual else "UTC"


def _zone_id(moment: datetime, width: int) -> str:
    return _offset_text(moment, ":") if moment.utcoffset() else "UTC"


def _day_milliseconds(moment: datetime) -> int:
    return _day_nanoseconds(moment) // 1_000_000


def _day_nanoseconds(moment: datetime) -> int:
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return (seconds * 1_000_000 + moment.microsecond) * 1000


_LETTERS: Final[Mapping[str, _Write]] = {
    "G": lambda moment, width: "AD",
    "y": _year(lambda moment: moment.year),
    "Y": _year(lambda moment: moment.isocalendar().year),
    "u": _year(lambda moment: moment.year),
    "M": _month,
    "L": _number(lambda moment: moment.month),
    "d": _number(lambda moment: moment.day),
    "D": _number(lambda moment: moment.timetuple().tm_yday),
    "Q": _quarter,
    "q": _quarter,
    "w": _number(lambda moment: moment.isocalendar().week),
    "W": _number(lambda moment: (moment.day - 1) // 7 + 1),
    "F": _number(lambda moment: (moment.day - 1) // 7 + 1),
    "E": _weekday_name,
    "e": _weekday,
    "c": _weekday,
    "a": lambda moment, width: "AM" if moment.hour < 12 else "PM",
    "H": _number(lambda moment: moment.hour),
    "k": _number(lambda moment: moment.hour or 24),
    "h": _number(lambda moment: moment.hour % 12 or 12),
    "K": _number(lambda moment: moment.hour % 12),
    "m": _number(lambda moment: moment.minute),
    "s": _number(lambda moment: moment.second),
    "S": _fraction,
    "n": _number(lambda moment: moment.microsecond * 1000),
    "A": _number(_day_milliseconds),
    "N": _number(_day_nanoseconds),
    "X": _offset("Z"),
    "x": _offset(""),
    "Z": _offset_z,
    "O": _offset_gmt,
    "z": _zone_name,
    "V": _zone_id,
}
