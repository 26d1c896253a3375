"""A text that a regular expression matches: the example that a rule in a contract needs.

Reads what recorders and people write in expectations (classes, escapes, groups, choices, repetitions) and takes the
first and shortest of everything. Whatever else a pattern may hold gives no example; so does a result that the pattern
does not match after all.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

import regex

from pact_recorder.mock.mockserver_text import fully_matches

_LONGEST = 1_000
_DEEPEST = 50
_ESCAPES = {
    "d": "1", "w": "a", "s": " ", "h": " ", "D": "a", "W": "-", "S": "a", "t": "\t", "n": "\n", "r": "\r",
    "b": "", "A": "", "z": "", "Z": "", "G": "",
}  # fmt: skip
_PREFERRED = string.ascii_lowercase + string.digits[1:] + string.ascii_uppercase + "0-_ .,:/@" + string.punctuation

_GROUP_NAME = re.compile(r":|P?<[A-Za-z]\w*>")
_REPETITION = re.compile(r"[*+?]|\{(?P<low>[0-9]{1,4})(?:,(?P<high>[0-9]{0,4}))?\}")


class _NoExampleError(Exception):
    """The pattern holds something that no example is made for."""


def example_of(pattern: regex.Pattern[str], text: str) -> str | None:
    """A text that the pattern matches, made from the pattern's own text; None when none was found."""
    try:
        example = _Reader(text).choice(0)
    except (_NoExampleError, IndexError):
        return None
    return example if fully_matches(pattern, example) else None


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right."""

    text: str
    place: int = 0

    def choice(self, depth: int) -> str:
        """The first alternative that is not empty, up to the end of the group."""
        if depth > _DEEPEST:
            raise _NoExampleError
        alternatives = [self._sequence(depth)]
        while self._take("|"):
            alternatives.append(self._sequence(depth))
        if self.place < len(self.text) and not depth:
            raise _NoExampleError
        return next(filter(None, alternatives), "")

    def _sequence(self, depth: int) -> str:
        pieces: list[str] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            pieces.append(self._piece(depth))
        example = "".join(pieces)
        if len(example) > _LONGEST:
            raise _NoExampleError
        return example

    def _piece(self, depth: int) -> str:
        atom = self._atom(depth)
        return atom * self._repeats()

    def _atom(self, depth: int) -> str:
        character = self.text[self.place]
        self.place += 1
        if character == "\\":
            return self._escape()
        if character == "[":
            return self._class()
        if character == "(":
            return self._group(depth)
        return {"^": "", "$": "", ".": "a"}.get(character, character)

    def _escape(self) -> str:
        character = self.text[self.place]
        self.place += 1
        if character in _ESCAPES:
            return _ESCAPES[character]
        if character.isalnum():
            raise _NoExampleError
        return character

    def _class(self) -> str:
        start = self.place - 1
        self.place += self.text[self.place] == "^"
        self.place += self.text[self.place] == "]"
        while self.text[self.place] != "]":
            if self.text[self.place] == "[":
                raise _NoExampleError
            self.place += 2 if self.text[self.place] == "\\" else 1
        self.place += 1
        try:
            of_class = regex.compile(self.text[start : self.place], regex.VERSION1)
        except regex.error:
            raise _NoExampleError from None
        found = next((one for one in _PREFERRED if of_class.fullmatch(one)), None)
        if found is None:
            raise _NoExampleError
        return found

    def _group(self, depth: int) -> str:
        if self._take("?"):
            named = _GROUP_NAME.match(self.text, self.place)
            if named is None:
                raise _NoExampleError
            self.place = named.end()
        inner = self.choice(depth + 1)
        if not self._take(")"):
            raise _NoExampleError
        return inner

    def _repeats(self) -> int:
        if self.place >= len(self.text) or self.text[self.place] not in "*+?{":
            return 1
        interval = _REPETITION.match(self.text, self.place)
        if interval is None:
            raise _NoExampleError
        self.place = interval.end()
        _ = self._take("?") or self._take("+")
        if interval["low"] is None:
            return 1
        exact = interval["high"] is None
        return int(interval["low"]) if exact else max(1, int(interval["low"]))

    def _take(self, character: str) -> bool:
        taken = self.text.startswith(character, self.place)
        self.place += taken
        return taken
