"""Character classes of Oniguruma's Ruby syntax: `[a-z&&[^b]]`, `[[:alpha:]_]`, `[\\h-]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pact_recorder.matching.oniguruma_escapes import Escape, PatternError, property_escape, read_escape

_DEEPEST: Final = 100
_ASCII_SYMBOLS: Final = "".join(f"\\x{ord(symbol):02x}" for symbol in "$+<=>^`|~")
_POSIX_BRACKET = re.compile(r"\[:(?P<caret>\^?)(?P<name>[a-z]+):\]")


@dataclass(slots=True)
class ClassReader:
    """Reads one class of `pattern`; `position` is after its opening bracket, and in the end after the closing."""

    pattern: str
    position: int
    depth: int = 0

    def read(self) -> str:
        """The class in the syntax of the `regex` library. Raises PatternError."""
        if self.depth > _DEEPEST:
            raise PatternError("it is nested too deeply")
        opening = "[^" if self._skip("^") else "["
        pieces: list[str] = []
        while first := self._next(pieces):
            pieces.append(first)
        self.position += 1
        if not pieces:
            raise PatternError("empty char-class")
        return opening + "".join(pieces) + "]"

    def _next(self, before: list[str]) -> str:
        """The next piece, empty at the closing bracket; a bracket that comes first stands for itself."""
        if self.position >= len(self.pattern):
            raise PatternError("premature end of char-class")
        if self.pattern[self.position] == "]" and (before or "]" not in self.pattern[self.position + 1 :]):
            return ""
        if self._skip("&&"):
            return "&&"
        if posix := _POSIX_BRACKET.match(self.pattern, self.position):
            self.position = posix.end()
            return _posix_bracket(posix["name"], bool(posix["caret"]))
        if self._skip("["):
            return self._nested()
        return self._item()

    def _nested(self) -> str:
        reader = ClassReader(self.pattern, self.position, self.depth + 1)
        translated = reader.read()
        self.position = reader.position
        return translated

    def _item(self) -> str:
        """One character, one range, or an escape that stands for many."""
        low = self._one()
        if low.character is None or not self._begins_range():
            return str(low.inside)
        self.position += 1
        high = self._one()
        if high.character is None:
            raise PatternError("char-class value at end of range")
        if high.character < low.character:
            raise PatternError("empty range in char class")
        return f"{low.inside}-{high.inside}"

    def _begins_range(self) -> bool:
        follow = self.pattern[self.position : self.position + 2]
        return len(follow) == 2 and follow[0] == "-" and follow[1] not in "]["

    def _one(self) -> Escape:
        character = self.pattern[self.position]
        self.position += 1
        if character != "\\":
            return Escape.literal(character)
        escape, self.position = read_escape(self.pattern, self.position, 0)
        if escape.inside is None:
            # Anchors and the like have no meaning inside of a class: the letter stands for itself.
            return Escape.literal(self.pattern[self.position - 1])
        return escape

    def _skip(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False


def _posix_bracket(name: str, negated: bool) -> str:
    """A POSIX bracket; that of punctuation holds the symbols of ASCII too, which the property does not."""
    if name == "punct":
        return f"[{'^' if negated else ''}\\p{{Punct}}{_ASCII_SYMBOLS}]"
    return str(property_escape(name, negated).inside)
