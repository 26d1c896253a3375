"""Body mismatches side by side, for terminals: the expected value on the left, the actual one on the right.

JSON objects and lists are laid out over lines and aligned by what they have in common; every line fits the width.
What a body holds cannot steer the terminal: control characters are shown as escapes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Final
from unicodedata import combining, east_asian_width

from pact_recorder.http.visible import visible
from pact_recorder.matching.mismatches import BodyMismatch

NARROWEST: Final = 40
"""The least width in cells; narrower terminals get lines of this width."""

_MOST_SHOWN: Final = 50
_MOST_LINES: Final = 100
_INDENT: Final = "  "
_SAME: Final = " | "
_OTHER: Final = " ! "
_NOTHING: Final = "(nothing)"
_BOLD, _GREEN, _RED, _PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[0m"


def side_by_side(mismatches: Sequence[BodyMismatch], width: int = 100, *, colour: bool = False) -> str:
    """The mismatches as text, one block for each place, no line wider than `width` cells.

    With `colour` the lines that differ are green (expected) and red (actual) by ANSI codes. At most 50 places are
    shown; the last line then says how many there are besides.
    """
    style = _Style(max(width, NARROWEST), colour)
    places = [list(group) for _, group in groupby(mismatches, key=lambda each: (each.path, each.expected, each.actual))]
    blocks = ["\n".join(style.block(group)) for group in places[:_MOST_SHOWN]]
    if len(places) > _MOST_SHOWN:
        blocks.append(f"… and {len(places) - _MOST_SHOWN} more places that differ")
    return "\n\n".join(blocks)


@dataclass(frozen=True, slots=True)
class _Style:
    width: int
    colour: bool

    def block(self, mismatches: Sequence[BodyMismatch]) -> Iterator[str]:
        """The path, what is wrong there, and the two values."""
        first = mismatches[0]
        yield self._painted(_fitted(visible(first.path), self.width), _BOLD)
        for mismatch in mismatches:
            yield from _wrapped(visible(mismatch.sentence), self.width, _INDENT)
        yield self._row("expected", "actual", _SAME)
        for expected, actual in _aligned(_lines(first.expected), _lines(first.actual)):
            yield from self._rows(expected, actual)

    def _rows(self, expected: str | None, actual: str | None) -> Iterator[str]:
        """One line of each value, over several rows when they are too long."""
        separator = _SAME if expected == actual else _OTHER
        left, right = (list(_wrapped(line or "", self._column, "")) for line in (expected, actual))
        for one, other in zip_longest(left, right, fillvalue=""):
            yield self._row(one, other, separator)

    def _row(self, expected: str, actual: str, separator: str) -> str:
        padding = " " * (self._column - _cells(expected))
        if separator == _OTHER:
            expected, actual = self._painted(expected, _GREEN), self._painted(actual, _RED)
        return f"{_INDENT}{expected}{padding}{separator}{actual}".rstrip()

    def _painted(self, text: str, code: str) -> str:
        return f"{code}{text}{_PLAIN}" if self.colour and text else text

    @property
    def _column(self) -> int:
        return (self.width - len(_INDENT) - len(_SAME)) // 2


def _lines(value: str | None) -> Sequence[str]:
    """The lines of a value: JSON laid out when it is an object or a list, any other text as it is."""
    if value is None:
        return [_NOTHING]
    try:
        parsed = json.loads(value, parse_int=_Digits, parse_float=_Digits)
    except (ValueError, RecursionError):
        parsed = None
    text = "\n".join(_laid_out(parsed)) if isinstance(parsed, dict | list) else value
    lines = [visible(line) for line in text.split("\n", _MOST_LINES)]
    return [*lines[:_MOST_LINES], "…"] if len(lines) > _MOST_LINES else lines


class _Digits(str):
    """A number as it was spelled."""

    __slots__ = ()


def _laid_out(value: object, indent: str = "", name: str = "", comma: str = "") -> Iterator[str]:
    """Indented JSON with numbers as they were spelled."""
    if isinstance(value, dict | list) and value:
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        yield f"{indent}{name}{opening}"
        members = list(value.items()) if isinstance(value, dict) else [("", item) for item in value]
        for number, (key, member) in enumerate(members, 1):
            named = f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(value, dict) else ""
            yield from _laid_out(member, indent + _INDENT, named, "," if number < len(members) else "")
        yield f"{indent}{closing}{comma}"
    else:
        text = str(value) if isinstance(value, _Digits) else json.dumps(value, ensure_ascii=False)
        yield f"{indent}{name}{text}{comma}"


def _aligned(expected: Sequence[str], actual: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """The lines in pairs, equal ones beside each other; None where one side has none."""
    matcher = SequenceMatcher(None, expected, actual, autojunk=False)
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        yield from zip_longest(expected[start:end], actual[other_start:other_end])


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1


def _fitted(text: str, width: int) -> str:
    """The beginning of a text that fits, with an ellipsis when it is cut."""
    return text if _cells(text) <= width else next(_wrapped(text, width - 1, "")) + "…"


def _wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    """The text in pieces of at most `width` cells, each after the indent; one empty piece for no text."""
    room = width - len(indent)
    piece, cells = "", 0
    for character in text:
        size = _cells_of(character)
        if cells + size > room:
            yield indent + piece
            piece, cells = "", 0
        piece += character
        cells += size
    yield indent + piece
