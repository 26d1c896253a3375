"""Forms that texts have: dates, identifiers, addresses, numbers written as text.

A place in a document has a format when every text seen there has it. What a text may be is a set of formats, kept as
bits, so that joining what two samples show is an intersection. The patterns are for a whole text and are valid for
Python and for Pact's regular expressions (Oniguruma) alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pact_recorder.http.names import split_words
from pact_recorder.matching import MatchingRule

_LONGEST = 2_000
_LONGEST_REMEMBERED = 100

_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"
_DAYS = "MTWFS"
_YEAR = r"(?:19|20)\d{2}"
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})"
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One form of a text: its name, the pattern of the whole text, and how many different texts must show it.

    `words` in the name of a member say the same as the form: under such a name one text is enough. `rule` is the kind
    and the pattern of Pact's date rule where there is one that says the same. `starts` are the characters that it may
    begin with (blanks aside), when they are few: most texts are told apart by their first. `unit` divides the length of
    each, and it has eight such units at least.
    """

    name: str
    pattern: str
    needs: int
    starts: str = ""
    words: frozenset[str] = frozenset()
    rule: tuple[str, str] | None = None
    unit: int = 0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOMENTS = _words(
    "at on date dates time times timestamp created updated modified published expires last since until start end"
)
_IDENTIFIERS = _words("id ids uuid guid key")
_LINKS = _words("url urls uri href link links html self next prev previous location endpoint website homepage")

FORMATS: tuple[Format, ...] = (
    Format("UUID", r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", 2, _HEX, _IDENTIFIERS),
    Format(
        "timestamp",
        rf"{_DAY}T{_TIME}(?:Z|[+-]\d{{2}}:\d{{2}})",
        20,
        _DIGITS,
        rule=("timestamp", "yyyy-MM-dd'T'HH:mm:ssXXX"),
    ),
    Format(
        "date and time",
        rf"{_DAY}[Tt ]\d{{2}}:\d{{2}}(?::\d{{2}})?(?:[.,]\d{{1,9}})?(?: ?(?:{_ZONE}|UTC|GMT))?",
        2,
        _DIGITS,
        _MOMENTS,
    ),
    Format("date", _DAY, 3, _DIGITS, _MOMENTS, rule=("date", "yyyy-MM-dd")),
    Format("basic date and time", rf"{_YEAR}\d{{4}}T\d{{6}}(?:[.,]\d{{1,9}})?{_ZONE}?", 2, _DIGITS, _MOMENTS),
    Format("month", rf"{_YEAR}-(?:0[1-9]|1[0-2])", 10, _DIGITS),
    Format("date of HTTP", rf"{_WEEKDAY}, \d{{2}} {_MONTH} \d{{4}} {_TIME} GMT", 2, _DAYS, _MOMENTS),
    Format(
        "date of e-mail", rf"{_WEEKDAY}, \d{{1,2}} {_MONTH} \d{{4}} {_TIME} (?:[A-Z]+|[+-]\d{{4}})", 2, _DAYS, _MOMENTS
    ),
    Format("date of C", rf"{_WEEKDAY} {_MONTH} [ \d]\d {_TIME} (?:[+-]\d{{4}} )?\d{{4}}", 2, _DAYS, _MOMENTS),
    Format(
        "date with slashes",
        r"\d{1,4}/\d{1,2}/\d{1,4}(?: \d{1,2}:\d{2}(?::\d{2})?(?: [AaPp][Mm])?)?",
        5,
        _DIGITS,
        _MOMENTS,
    ),
    Format(
        "date with dots",
        rf"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.{_YEAR}(?:,? \d{{1,2}}:\d{{2}}(?::\d{{2}})?)?",
        5,
        _DIGITS,
        _MOMENTS,
    ),
    Format("time", r"\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?", 5, _DIGITS, _MOMENTS),
    Format(
        "duration", r"P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?", 5, "P"
    ),
    Format("IPv4 address", r"\d{1,3}(?:\.\d{1,3}){3}", 5, _DIGITS),
    Format("IPv4 network", r"\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}", 5, _DIGITS),
    Format("MAC address", r"[0-9a-fA-F]{2}(?:(?::[0-9a-fA-F]{2}){5}|(?:-[0-9a-fA-F]{2}){5})", 5, _HEX),
    Format("IPv6 address", r"(?=[^:]*:[^:]*:)[0-9a-fA-F:]{2,39}(?:%\w+|/\d{1,3})?", 5, _HEX + ":"),
    Format("URL", r"https?://\S+", 5, "h", _LINKS),
    Format("e-mail address", r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", 5),
    Format("JWT", r"eyJ[\w-]+\.[\w-]+\.[\w-]*", 3, "e"),
    Format("semantic version", r"v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?", 20, _DIGITS + "v"),
    Format("ULID", r"[0-7][0-9A-HJKMNP-TV-Z]{25}", 5, _DIGITS),
    Format("integer as text", r"-?\d+", 20, _DIGITS + "-"),
    Format("number as text", r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", 20, _DIGITS + "-"),
    Format("truth value as text", r"[Tt]rue|[Ff]alse", 20, "TtFf"),
    Format("hexadecimal", r"[0-9a-f]{16,}|[0-9A-F]{16,}", 10, _HEX),
    Format("base64", r"(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", 20, unit=4),
    Format("markup", r"[ \t\r\n]*<[\s\S]*", 30, "<"),
    Format("JSON object as text", r"[ \t\r\n]*\{[\s\S]*", 30, "{"),
    Format("JSON array as text", r"[ \t\r\n]*\[[\s\S]*", 30, "["),
)
"""Every format, the most particular first. The bits of a mask are places in it."""

ANY = (1 << len(FORMATS)) - 1
"""Nothing is known yet: what no text has narrowed."""


def _matches(format_: Format) -> Callable[[str], object]:
    fits, unit = re.compile(format_.pattern).fullmatch, format_.unit
    if unit:
        # Hardly a text has such a length, which is found out sooner.
        return lambda text: not len(text) % unit and len(text) >= 8 * unit and fits(text)
    # The date rules know the calendar: 2021-02-30 has the form of a date and is none.
    return fits if format_.rule is None else lambda text: fits(text) and _is_in_calendar(text)


def _is_in_calendar(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_MATCHES = tuple(map(_matches, FORMATS))
_PLACES = {each: place for place, each in enumerate(FORMATS)}
_STARTS = ("markup", "JSON object as text", "JSON array as text")
_OF_LONG_TEXTS = sum(1 << place for place, each in enumerate(FORMATS) if each.name in _STARTS)
_FREE = tuple(place for place, each in enumerate(FORMATS) if not each.starts)
_BY_START = {
    start: tuple(place for place, each in enumerate(FORMATS) if not each.starts or start in each.starts)
    for start in {letter for each in FORMATS for letter in each.starts}
}


def formats_of(texts: Collection[str], known: int = ANY) -> int:
    """The formats of `known` that every text has, as bits."""
    # Most places either have no format at all, or one that the first text tells.
    first = next(iter(texts), None)
    if first is None or not known:
        return known
    remaining = known & _formats(first)
    if remaining and len(texts) > 1:
        if max(map(len, texts)) > _LONGEST:
            remaining &= _OF_LONG_TEXTS
        for place in _places(remaining):
            if not all(map(_MATCHES[place], texts)):
                remaining &= ~(1 << place)
    return remaining


def candidates(bits: int) -> Iterator[Format]:
    """The formats of a mask, the most particular first; none when nothing is known."""
    return (FORMATS[place] for place in _places(0 if bits == ANY else bits))


@lru_cache(maxsize=8192)
def format_of(bits: int, distinct: int, member: str = "") -> Format | None:
    """The most particular format that `distinct` different texts under a name are enough evidence for."""
    return next((each for each in candidates(bits) if distinct >= _needed(each, member)), None)


@lru_cache(maxsize=8192)
def tells_format(distinct: int, member: str = "") -> bool:
    """Whether so many different texts under a name are enough evidence for any format."""
    return any(distinct >= _needed(each, member) for each in FORMATS)


def start_of(bits: int) -> Format | None:
    """What all texts begin like, when that says what they are: markup, or JSON."""
    return next((each for each in candidates(bits) if each.name in _STARTS), None)


def has_format(text: str, wanted: Format) -> bool:
    """Whether a text has a format."""
    return bool(_MATCHES[_PLACES[wanted]](text))


@lru_cache
def rule_of(format_: Format, *, optional: bool = False) -> MatchingRule:
    """The rule that a text has the format; `optional` lets it be empty."""
    if format_.rule is not None and not optional:
        match, pattern = format_.rule
        return MatchingRule(match, {match: pattern})
    return MatchingRule("regex", {"regex": f"(?:{format_.pattern})?" if optional else format_.pattern})


def _needed(format_: Format, member: str) -> int:
    return format_.needs if format_.words.isdisjoint(split_words(member)) else 1


def _formats(text: str) -> int:
    """The formats of one text."""
    if len(text) <= _LONGEST_REMEMBERED:
        return _remembered(text)
    return _found(text) if len(text) <= _LONGEST else _found(text) & _OF_LONG_TEXTS


def _found(text: str) -> int:
    found = 0
    for place in _BY_START.get(text.lstrip()[:1], _FREE) if text else ():
        if _MATCHES[place](text):
            found |= 1 << place
    return found


_remembered = lru_cache(maxsize=8192)(_found)


def _places(bits: int) -> Iterator[int]:
    place = 0
    while bits:
        if bits & 1:
            yield place
        bits >>= 1
        place += 1
