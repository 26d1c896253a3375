"""Texts that a regular expression matches, made from the pattern itself.

The pattern is read once into a tree of samplers, in the syntax of the `regex` library (which `oniguruma` translates
to). Every choice it leaves open is put to a `Pick`: a random one gives random texts, one that always says 0 the
plainest text. What cannot be made from the pattern alone (assertions, boundaries, options) is passed over, so that
every text is tried against the pattern before it is given out, and another one made when it fails.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import regex

Pick = Callable[[int], int]
"""Chooses one of n: a number from 0 to n - 1."""

_LONGEST: Final = 1_000
_DEEPEST: Final = 50
_MOST_STEPS: Final = 20_000
_MORE_REPEATS: Final = 10
_ATTEMPTS: Final = 20
_MOST_CANDIDATES: Final = 256
_LAST_CODE: Final = 0x10FFFF
_PREFERRED: Final = (
    string.ascii_lowercase + string.digits[1:] + string.ascii_uppercase + "0-_ .,:/@" + string.punctuation
)
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_CLASSES: Final = frozenset("dDwWsShHN")
_BOUNDARIES: Final = frozenset("bBAzZGK")
_GROUP: Final = re.compile(r"\?(?:(?P<skip><?[=!])|P?<(?P<name>[A-Za-z_]\w*)>|>|[\w-]*:|\||(?P<flags>[\w-]+)\))")
_CODE: Final = re.compile(r"x(?P<byte>[0-9A-Fa-f]{2})|u(?P<unit>[0-9A-Fa-f]{4})|U(?P<wide>[0-9A-Fa-f]{8})")
_REFERENCE: Final = re.compile(r"g<(?P<group>\w+)>|(?P<number>[1-9][0-9]?)")
_PROPERTY: Final = re.compile(r"[pP]\{[^}]*\}")
_REPETITION: Final = re.compile(r"[*+?]|\{(?P<low>[0-9]*)(?P<comma>,?)(?P<high>[0-9]*)\}")


class _NoExampleError(Exception):
    """The pattern holds something that no text is made for."""


@dataclass(slots=True)
class _Draw:
    """One text in the making: who chooses, what groups gave, and how much may still be done."""

    pick: Pick
    groups: dict[str, str] = field(default_factory=dict)
    steps: int = _MOST_STEPS

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise _NoExampleError


_Sampler = Callable[[_Draw], str]


def example_of_pattern(pattern: str, accepts: Callable[[str], bool], pick: Pick) -> str | None:
    """A text made from the pattern that `accepts` takes; None when the pattern is beyond this, or none was found."""
    try:
        sampler = _read(pattern)
    except (_NoExampleError, IndexError):
        return None
    last: str | None = None
    for _ in range(_ATTEMPTS):
        try:
            example = sampler(_Draw(pick))
        except _NoExampleError:
            continue
        if example == last:
            continue
        if len(example) <= _LONGEST and accepts(example):
            return example
        last = example
    return None


@lru_cache(maxsize=512)
def _read(pattern: str) -> _Sampler:
    return _Reader(pattern).whole()


def _literal(text: str) -> _Sampler:
    return lambda draw: text


_NOTHING: Final = _literal("")


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right."""

    text: str
    place: int = 0
    groups: int = 0

    def whole(self) -> _Sampler:
        sampler = self._choice(0)
        if self.place < len(self.text):
            raise _NoExampleError
        return sampler

    def _choice(self, depth: int) -> _Sampler:
        """The alternatives up to the end of the group, those that say something first."""
        if depth > _DEEPEST:
            raise _NoExampleError
        alternatives = [self._sequence(depth)]
        while self._take("|"):
            alternatives.append(self._sequence(depth))
        # `|a` may be nothing, but "a" is the better example of it.
        ordered = sorted(alternatives, key=lambda sampler: sampler is _NOTHING)
        return ordered[0] if len(ordered) == 1 else lambda draw: ordered[draw.pick(len(ordered))](draw)

    def _sequence(self, depth: int) -> _Sampler:
        pieces: list[_Sampler] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            pieces.append(self._piece(depth))
        if not pieces:
            return _NOTHING
        return pieces[0] if len(pieces) == 1 else lambda draw: "".join(piece(draw) for piece in pieces)

    def _piece(self, depth: int) -> _Sampler:
        sampler = self._atom(depth)
        while self.place < len(self.text) and self.text[self.place] in "*+?{":
            sampler = self._repeated(sampler)
        return sampler

    def _repeated(self, sampler: _Sampler) -> _Sampler:
        found = _REPETITION.match(self.text, self.place)
        if found is None:
            raise _NoExampleError
        self.place = found.end()
        _ = self._take("?") or self._take("+")
        low, high = _bounds(found)

        def sample(draw: _Draw) -> str:
            # The plainest repetition is one, not none.
            plainest = max(low, min(1, high))
            count = low + (plainest - low + draw.pick(high - low + 1)) % (high - low + 1)
            draw.spend(count + 1)
            return "".join([sampler(draw) for _ in range(count)])

        return sample

    def _atom(self, depth: int) -> _Sampler:
        character = self.text[self.place]
        self.place += 1
        match character:
            case "\\":
                return self._escape()
            case "[":
                return self._class()
            case "(":
                return self._group(depth)
            case "^" | "$":
                return _NOTHING
            case ".":
                return _one_of(".")
            case _:
                return _literal(character)

    def _escape(self) -> _Sampler:
        start, letter = self.place, self.text[self.place]
        if found := _PROPERTY.match(self.text, start) or _CODE.match(self.text, start):
            self.place = found.end()
            return _one_of(f"\\{found[0]}") if letter in "pP" else _literal(_character(found))
        if found := _REFERENCE.match(self.text, start):
            self.place = found.end()
            name = found["group"] or found["number"]
            return lambda draw: draw.groups.get(name, "")
        self.place += 1
        if letter in _CLASSES:
            return _one_of(f"\\{letter}")
        if letter in _BOUNDARIES:
            return _NOTHING
        if letter in _CONTROLS:
            return _literal(_CONTROLS[letter])
        if letter.isalnum():
            raise _NoExampleError
        return _literal(letter)

    def _class(self) -> _Sampler:
        start = self.place - 1
        depth = 1
        self.place += self.text[self.place] == "^"
        self.place += self.text[self.place] == "]"
        while depth:
            character = self.text[self.place]
            self.place += 2 if character == "\\" else 1
            depth += (character == "[") - (character == "]")
        return _one_of(self.text[start : self.place])

    def _group(self, depth: int) -> _Sampler:
        found = _GROUP.match(self.text, self.place)
        if found is None and self.text[self.place] in "?*":
            raise _NoExampleError
        names = () if found and found["name"] is None else self._numbered(found and found["name"])
        self.place = found.end() if found else self.place
        if found and found["flags"]:
            return _NOTHING
        inner = self._choice(depth + 1)
        if not self._take(")"):
            raise _NoExampleError
        return _NOTHING if found and found["skip"] else _remembered(inner, names)

    def _numbered(self, name: str | None) -> Sequence[str]:
        self.groups += 1
        return (str(self.groups),) if name is None else (str(self.groups), name)

    def _take(self, character: str) -> bool:
        taken = self.text.startswith(character, self.place)
        self.place += taken
        return taken


def _remembered(inner: _Sampler, names: Sequence[str]) -> _Sampler:
    if not names:
        return inner

    def sample(draw: _Draw) -> str:
        text = inner(draw)
        draw.groups.update(dict.fromkeys(names, text))
        return text

    return sample


def _bounds(found: re.Match[str]) -> tuple[int, int]:
    """The least and the most repetitions that are tried."""
    if found["low"] is None:
        return {"*": (0, _MORE_REPEATS), "+": (1, _MORE_REPEATS), "?": (0, 1)}[found[0]]
    low = int(found["low"] or 0)
    if not found["comma"]:
        return low, low
    high = int(found["high"]) if found["high"] else low + _MORE_REPEATS
    if high < low:
        raise _NoExampleError
    return low, min(high, low + _LONGEST)


def _character(found: re.Match[str]) -> str:
    code = int(found[found.lastgroup or 0], 16)
    if code > _LAST_CODE:
        raise _NoExampleError
    return chr(code)


def _one_of(spelled: str) -> _Sampler:
    candidates = _candidates(spelled)
    return lambda draw: candidates[draw.pick(len(candidates))]


@lru_cache(maxsize=512)
def _candidates(spelled: str) -> Sequence[str]:
    """Characters of a class: those that read well, else whichever it holds."""
    try:
        of_class = regex.compile(spelled, regex.VERSION1)
    except regex.error:
        raise _NoExampleError from None
    found = [one for one in _PREFERRED if of_class.fullmatch(one)] or of_class.findall(_everything())
    if not found:
        raise _NoExampleError
    return found[:_MOST_CANDIDATES]


@lru_cache(maxsize=1)
def _everything() -> str:
    """Every character that is no half of a pair."""
    return "".join(map(chr, [*range(0xD800), *range(0xE000, 0x30000)]))
