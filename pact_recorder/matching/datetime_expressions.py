"""Relative dates of generators: `tomorrow + 2 weeks @ noon - 1 hour` (Pact specification, "Date/Time expressions").

    expression  = date [ "@" time ]
    date        = [ base | ("next" | "last") offset ] { ("+" | "-") number unit }
    time        = [ base | number "o'clock" ["am" | "pm"] | ("next" | "last") unit ] { ("+" | "-") number unit }

Date bases are now, today, yesterday, tomorrow; units day, week, month, year (with an s too); offsets these, fortnight,
and names of weekdays and months, which lead to the next or last such day, or first of such a month. Time bases are
now, midnight and noon; units hour, minute, second, millisecond. An hour without am or pm is one of the afternoon when
it is morning now. A day that a month does not have becomes its last one, as in Java.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pact_recorder.matching.datetime_patterns import DAYS, MONTHS

_TOKEN: Final = re.compile(r"\s*(?:(?P<word>[a-z]+(?:'[a-z]+)?)|(?P<number>[0-9]{1,9})|(?P<sign>[+-]))")
_SHORT_DAYS: Final = ("mon", "tues", "wed", "thurs", "fri", "sat", "sun")
_LONGEST: Final = 1000


class DateTimeExpressionError(ValueError):
    """A text is not a date or time expression, or leads out of the calendar; the message says where."""


Shift = Callable[[datetime, int], datetime]
"""Moves a moment by a number of units, or by its sign towards a named day or month."""


def apply_date_expression(moment: datetime, expression: str) -> datetime:
    """The moment that the date part of an expression leads to. Raises DateTimeExpressionError."""
    return _run(_Steps(expression), moment, _date_base, _UNITS_OF_DATE)


def apply_time_expression(moment: datetime, expression: str) -> datetime:
    """The moment that the time part of an expression leads to. Raises DateTimeExpressionError."""
    return _run(_Steps(expression), moment, _time_base, _UNITS_OF_TIME)


def apply_datetime_expression(moment: datetime, expression: str) -> datetime:
    """The moment that an expression leads to, its date before its time. Raises DateTimeExpressionError."""
    date, _, time = expression.partition("@")
    return apply_time_expression(apply_date_expression(moment, date), time)


class _Steps:
    """The words, numbers and signs of an expression, taken one by one."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._tokens = _tokens(expression)
        self._next = 0

    @property
    def rest(self) -> Sequence[str]:
        return self._tokens[self._next :]

    def take(self, *wanted: str) -> str:
        """The next token when it is one of those wanted, else nothing."""
        if not self.rest or self.rest[0] not in wanted:
            return ""
        self._next += 1
        return self._tokens[self._next - 1]

    def number(self, what: str) -> int:
        if not self.rest or not self.rest[0].isdecimal():
            raise self.error(what)
        self._next += 1
        return int(self._tokens[self._next - 1])

    def unit(self, units: Mapping[str, Shift], what: str) -> Shift:
        word = self.take(*units)
        if not word:
            raise self.error(what)
        return units[word]

    def error(self, wanted: str) -> DateTimeExpressionError:
        at = f"at '{self.rest[0]}'" if self.rest else "at its end"
        return DateTimeExpressionError(f"The expression '{self.expression.strip()}' needs {wanted} {at}")


def _tokens(expression: str) -> Sequence[str]:
    text = expression.strip().lower()
    if len(text) > _LONGEST:
        raise DateTimeExpressionError(f"An expression has at most {_LONGEST} characters, this one {len(text)}")
    tokens: list[str] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise DateTimeExpressionError(f"The expression '{text}' cannot be read at '{text[position:].strip()}'")
        tokens.append(found[found.lastgroup or 0])
        position = found.end()
    return tokens


_Base = Callable[[_Steps, datetime], datetime]


def _run(steps: _Steps, moment: datetime, base: _Base, units: Mapping[str, Shift]) -> datetime:
    try:
        moment = base(steps, moment)
        while sign := steps.take("+", "-"):
            count = steps.number("a number")
            moment = steps.unit(units, f"a unit ({', '.join(list(units)[::2])})")(moment, count * (-1) ** (sign == "-"))
    except (OverflowError, ValueError) as error:
        if isinstance(error, DateTimeExpressionError):
            raise
        raise DateTimeExpressionError(f"The expression '{steps.expression}' leads out of the calendar") from None
    if steps.rest:
        raise steps.error("+ or -")
    return moment


def _date_base(steps: _Steps, moment: datetime) -> datetime:
    if base := steps.take("now", "today", "yesterday", "tomorrow"):
        return moment + timedelta(days={"yesterday": -1, "tomorrow": 1}.get(base, 0))
    if word := steps.take("next", "last"):
        return steps.unit(_OFFSETS, "a day, week, month, year, weekday or month name")(moment, _direction(word))
    return moment


def _time_base(steps: _Steps, moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    if base := steps.take("now", "midnight", "noon"):
        return {"now": moment, "midnight": whole.replace(hour=0), "noon": whole.replace(hour=12)}[base]
    if word := steps.take("next", "last"):
        return steps.unit(_UNITS_OF_TIME, "hour, minute, second or millisecond")(moment, _direction(word))
    if steps.rest and steps.rest[0].isdecimal():
        return whole.replace(hour=_clock_hour(steps, moment))
    return moment


def _clock_hour(steps: _Steps, moment: datetime) -> int:
    hour = steps.number("an hour")
    if not 1 <= hour <= 12:
        raise DateTimeExpressionError(f"The hour {hour} in '{steps.expression.strip()}' is not one of 1 to 12")
    if not steps.take("o'clock"):
        raise steps.error("o'clock")
    half = steps.take("am", "pm") or ("pm" if moment.hour < 12 else "am")
    return hour % 12 + 12 * (half == "pm")


def _direction(word: str) -> int:
    return 1 if word == "next" else -1


def _by(**unit: int) -> Shift:
    return lambda moment, count: moment + count * timedelta(**unit)


def _months(months: int) -> Shift:
    def shift(moment: datetime, count: int) -> datetime:
        years, month = divmod(moment.month - 1 + count * months, 12)
        year = moment.year + years
        if not 1 <= year <= 9999:
            raise OverflowError
        return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))

    return shift


def _to_weekday(weekday: int) -> Shift:
    def shift(moment: datetime, direction: int) -> datetime:
        days = (weekday - moment.weekday()) * direction % 7 or 7
        return moment + timedelta(days=days * direction)

    return shift


def _to_month(month: int) -> Shift:
    def shift(moment: datetime, direction: int) -> datetime:
        later = (month - moment.month) * direction > 0
        return moment.replace(year=moment.year + (0 if later else direction), month=month, day=1)

    return shift


def _with_plurals(units: Mapping[str, Shift]) -> Mapping[str, Shift]:
    return {spelled: shift for unit, shift in units.items() for spelled in (unit, f"{unit}s")}


_DATE: Final = {"day": _by(days=1), "week": _by(weeks=1), "month": _months(1), "year": _months(12)}
_UNITS_OF_DATE: Final = _with_plurals(_DATE)
_UNITS_OF_TIME: Final = _with_plurals(
    {"hour": _by(hours=1), "minute": _by(minutes=1), "second": _by(seconds=1), "millisecond": _by(milliseconds=1)}
)
_OFFSETS: Final[Mapping[str, Shift]] = {
    **_DATE,
    "fortnight": _by(weeks=2),
    **{name: _to_weekday(index) for index, name in enumerate(DAYS)},
    **{name: _to_weekday(index) for index, name in enumerate(_SHORT_DAYS)},
    **{spelled: _to_month(index + 1) for index, name in enumerate(MONTHS) for spelled in (name, name[:3])},
}
