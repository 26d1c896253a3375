"""One secret, many spellings: texts with the escapes of URLs, JSON, scripts and HTML undone, and where all of it stood.

Escapes may be mixed (`a/b%2Bc`), of any case, and lie within one another (JSON in a form, HTML with a script in it), so
a text is undone kind by kind in rounds; what is then equal to a secret is a spelling of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple
from urllib.parse import unquote

from pact_recorder.http.remembering import remembered

LONGEST_ESCAPE: Final = 16
"""Characters that a byte of a secret may take where it is looked for: `%25252522`, `&amp;amp;quot;`."""

_SHORT: Final = 4096
_MOST_WAYS: Final = 32
_FEWEST_WAYS: Final = 8
_SIMPLE: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_MORE = "%[89ABab][0-9A-Fa-f]"
# One character each: as bytes of UTF-8, as UTF-16 or by a letter, as an entity.
_IN_URLS = (
    rf"%[Cc][2-9A-Fa-f]{_MORE}|%[Dd][0-9A-Fa-f]{_MORE}|%[Ee][0-9A-Fa-f](?:{_MORE}){{2}}|%[Ff][0-4](?:{_MORE}){{3}}"
    r"|%[0-9A-Fa-f]{2}"
)
_IN_STRINGS = (
    r"\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
    r"|\\[bfnrt]|\\[^A-Za-z0-9]"
)
_IN_MARKUP = "&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
# What the last characters of an escape may be taken for a part of the letters and digits behind: in `%252Fabcdef` stand
# `2Fabcdef` behind a percent sign and `abcdef` behind a slash that was encoded twice, so each depth is looked at.
_BY_LETTER = r"(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[bfnrt])"
_BEFORE_RUN = (
    ("\\", rf"\\{_BY_LETTER}"),
    ("%", rf"%(?:25){{0,3}}5[Cc]{_BY_LETTER}"),
    *(("%", f"%{'25' * depth}[0-9A-Fa-f]{{2}}") for depth in range(4)),
)
_AFTER_ESCAPE = {
    size: [(sign, re.compile(rf"(?:{escape})([A-Za-z0-9]{{{size},}})")) for sign, escape in _BEFORE_RUN]
    for size in (3, 6)
}
_ENDS_IN_ESCAPE = re.compile(f"(?:{'|'.join(escape for _, escape in _BEFORE_RUN)})\\Z")
_BY_SIGN = {"%": re.compile(_IN_URLS), "\\": re.compile(_IN_STRINGS), "&": re.compile(_IN_MARKUP)}


class _Piece(NamedTuple):
    """An escape: where it stood, and where in the undone text stands what it means."""

    begin: int
    end: int
    undone_begin: int
    undone_end: int


class Undone(NamedTuple):
    """A text with its escapes undone, spaces and plus signs alike, and the way back to the text as it stood."""

    text: str
    rounds: tuple[list[_Piece], ...]

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Where in the text as it stood a part of the undone one is; an escape is in it whole or not at all."""
        for pieces in reversed(self.rounds):
            begin, end = _begin_before(pieces, begin), _end_before(pieces, end)
        return begin, end


def undone_of(text: str) -> Iterator[Undone]:
    """The text with its escapes undone: those of one kind, then of the same or another, in every order that differs.

    Kind by kind because what looks like an escape may be none: in a page a backslash is a character like any other.
    """
    left = _MOST_WAYS if len(text) <= _SHORT else _FEWEST_WAYS
    seen = {text}
    waiting: deque[tuple[str, tuple[list[_Piece], ...]]] = deque([(text, ())])
    while waiting:
        before, rounds = waiting.popleft()
        for sign, pattern in _BY_SIGN.items():
            if sign not in before:
                continue
            after, pieces = _undone(before, pattern)
            if after in seen:
                continue
            yield Undone(folded(after), (*rounds, pieces))
            seen.add(after)
            waiting.append((after, (*rounds, pieces)))
            if len(seen) > left:
                return


def after_escapes(text: str, size: int) -> list[re.Pattern[str]]:
    """Expressions that find, in their group, the letters and digits behind an escape, 3 or 6 of them at least."""
    return [pattern for sign, pattern in _AFTER_ESCAPE[size] if sign in text]


def is_after_escape(text: str, place: int) -> bool:
    """Whether an escape ends before a place, so that a word may begin there."""
    return _ENDS_IN_ESCAPE.search(text, max(place - LONGEST_ESCAPE, 0), place) is not None


def folded(text: str) -> str:
    """The text with plus signs and spaces alike, since in a form one is the other."""
    return text.replace("+", " ")


def _undone(text: str, pattern: re.Pattern[str]) -> tuple[str, list[_Piece]]:
    parts: list[str] = []
    pieces: list[_Piece] = []
    done = length = 0
    for escape in pattern.finditer(text):
        meant = _meaning(escape[0])
        if meant == escape[0]:
            continue
        begin, end = escape.span()
        length += begin - done
        parts += (text[done:begin], meant)
        pieces.append(_Piece(begin, end, length, length + len(meant)))
        length += len(meant)
        done = end
    parts.append(text[done:])
    return "".join(parts), pieces


@remembered(4096)
def _meaning(escape: str) -> str:
    if escape[0] == "%":
        return unquote(escape, errors="surrogateescape")
    if escape[0] == "&":
        return unescape(escape)
    if escape[1] == "u":
        units = bytes.fromhex(escape.replace("\\u", ""))
        return units.decode("utf-16-be", "surrogatepass")
    return chr(int(escape[2:], 16)) if escape[1] == "x" else _SIMPLE.get(escape[1], escape[1])


def _begin_before(pieces: list[_Piece], place: int) -> int:
    index = bisect_right(pieces, place, key=lambda piece: piece.undone_begin) - 1
    if index < 0:
        return place
    piece = pieces[index]
    return piece.begin if place < piece.undone_end else piece.end + place - piece.undone_end


def _end_before(pieces: list[_Piece], place: int) -> int:
    index = bisect_left(pieces, place, key=lambda piece: piece.undone_begin) - 1
    if index < 0:
        return place
    piece = pieces[index]
    return piece.end if place <= piece.undone_end else piece.end + place - piece.undone_end
