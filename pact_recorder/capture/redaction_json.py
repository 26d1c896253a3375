"""Secret members of JSON, replaced in the text, so that everything else stays byte for byte as it was sent.

One pass over the member names (`"name":`) of a text finds them at any depth, in JSON lines, event streams and script
elements too, and in JSON inside JSON strings: there a quotation mark is preceded by 1, 3, 7, ... backslashes,
its *escape*. A quotation mark after n backslashes ends a string of escape k when n mod 2(k+1) = k; with a smaller
remainder it ends a string further out. Every character is looked at a fixed number of times, whatever the nesting.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pact_recorder.capture.redaction_rules import Secrecy
from pact_recorder.http.names import split_words

ReplaceField = Callable[[str, str, Secrecy], str | None]
"""Given a value, its name and how secret that name is: what takes the value's place, or None to leave it."""

_NAME = re.compile(r'"([^"\\]{1,64}+)\\*+"\s*+:')
_MEMBER = re.compile(r'"([^"\\]{1,64}+)(\\*+)"\s*+:\s*+')
_COLON = re.compile(r"\s*+:\s*+")
_PLAIN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_QUOTE = re.compile(r'(\\*+)"')
_STRUCTURE = re.compile(r'\\*+"|[\[\]{}]')
_BRACKET = re.compile(r"[\[\]{}]")
_NUMBER = re.compile(r"-?[0-9][0-9.eE+-]{0,400}+")
_DEEPEST_ESCAPE = 15

# {"name": "Authorization", "value": "..."}: the name of the secret is itself a value.
_PAIR_NAMES = frozenset(["name", "key", "Name", "Key"])
_VALUE_NAMES = frozenset(["value", "Value"])
_PAIR_VALUE = re.compile(r'([^"\\]{1,64}+)(\\*+)"\s*+,\s*+(\\*+)"[vV]alue(\\*+)"\s*+:\s*+(\\*+)"')

# {"token": {"id": "..."}}: the members that hold the secret of an object under a weak name.
_CORE_MEMBER = re.compile(r'"(?:id|value|key|raw|secret|token)"\s*+:\s*+"([^"\\]*+)"')
_ITEM = re.compile(r'"([^"\\]*+)"')

# The text tokens of a language model or of an analyzer, not credentials.
_TEXT_TOKEN = re.compile(
    r'\s*+,\s*+\\*"(?:logprob|bytes|prob|score|token_id|top_logprobs|start_offset|end_offset|position)\b'
)
# Objects and lists under these names are secret as a whole.
_DEEP_WORDS = frozenset(["password", "passwd", "pwd", "passphrase", "secret"])


def redact_members(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField) -> str:
    """The text with the values of its secret JSON members replaced."""
    names = set(_NAME.findall(text)) if '"' in text else set()
    has_pairs = not names.isdisjoint(_PAIR_NAMES) and not names.isdisjoint(_VALUE_NAMES)
    if has_pairs or any(secrecy_of(name) is not Secrecy.NONE for name in names):
        return _Pass(text, secrecy_of, replace).run()
    return text


@dataclass(slots=True)
class _Pass:
    """One pass over a text.

    `done` is where the output has arrived; objects that end before `closed_until` have been searched whole, and
    `budget` is how many characters such searches may still read, so that nesting does not multiply the work.
    """

    text: str
    secrecy_of: Callable[[str], Secrecy]
    replace: ReplaceField
    done: int = 0
    closed_until: int = 0
    budget: int = 0
    pieces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.budget = 2 * len(self.text)

    def run(self) -> str:
        secrecy_of = self.secrecy_of
        for member in _MEMBER.finditer(self.text):
            name = member[1]
            secrecy = secrecy_of(name)
            if secrecy is not Secrecy.NONE:
                if member.start() >= self.done and len(member[2]) <= _DEEPEST_ESCAPE:
                    self._member(member.end(), name, len(member[2]), secrecy)
            elif name in _PAIR_NAMES and member.start() >= self.done:
                self._pair(member.end(), len(member[2]))
        return "".join((*self.pieces, self.text[self.done :])) if self.pieces else self.text

    def _member(self, at: int, name: str, escape: int, secrecy: Secrecy) -> None:
        text = self.text
        start = at + escape + 1
        if text.startswith("\\" * escape + '"', at):
            self._string(start, name, escape, secrecy)
        elif secrecy is Secrecy.STRONG and (number := _NUMBER.match(text, at)):
            mark = "\\" * escape + '"'
            self._put(at, number.end(), name, secrecy, number[0], mark)
        elif text.startswith(("{", "["), at):
            self._container(at, name, escape, secrecy)

    def _string(self, start: int, name: str, escape: int, secrecy: Secrecy) -> int:
        end = _string_end(self.text, start, escape)
        if secrecy is Secrecy.STRONG or not _is_text_token(self.text, name, start, end, escape):
            self._put(start, end, name, secrecy, _unescaped(self.text[start:end], escape))
        return end

    def _put(self, start: int, end: int, name: str, secrecy: Secrecy, value: str, mark: str = "") -> None:
        placeholder = self.replace(value, name, secrecy)
        if placeholder is not None:
            self.pieces += (self.text[self.done : start], mark, placeholder, mark)
            self.done = end

    def _pair(self, at: int, escape: int) -> None:
        pair = _PAIR_VALUE.match(self.text, at + escape + 1)
        if pair is None or any(len(mark) != escape for mark in pair.groups()[1:]):
            return
        secrecy = self.secrecy_of(pair[1])
        if secrecy is not Secrecy.NONE and self.text.startswith("\\" * escape + '"', at):
            self._string(pair.end(), pair[1], escape, secrecy)

    def _container(self, at: int, name: str, escape: int, secrecy: Secrecy) -> None:
        if secrecy is Secrecy.WEAK:
            self._core_members(at, name)
        elif not _DEEP_WORDS.isdisjoint(split_words(name)[-1:]):
            self._deep(at, name, escape, secrecy)

    def _deep(self, at: int, name: str, escape: int, secrecy: Secrecy) -> None:
        """Every string in an object or list, unless a string inside has the same name and is the secret itself."""
        if at >= self.closed_until and self.budget > 0:
            strings, end = _strings_within(self.text, at, escape)
            self.budget -= end - at
            if any(_same_kind(name, inner) for inner, _, _ in strings):
                return
            self.closed_until = end
            for _, start, stop in strings:
                self._put(start, stop, name, secrecy, _unescaped(self.text[start:stop], escape))

    def _core_members(self, at: int, name: str) -> None:
        """Only up to the next bracket, so that nesting does not make the work grow."""
        bracket = _BRACKET.search(self.text, at + 1)
        stop = bracket.start() if bracket else len(self.text)
        pattern, shortest = (_CORE_MEMBER, 8) if self.text[at] == "{" else (_ITEM, 16)
        for found in pattern.finditer(self.text, at, stop):
            if len(found[1]) >= shortest and " " not in found[1]:
                self._put(found.start(1), found.end(1), name, Secrecy.WEAK, found[1])


def _same_kind(outer: str, inner: str) -> bool:
    """{"password": {"user": {"name": "...", "password": "..."}}}, as OpenStack has it."""
    return bool(inner) and split_words(outer)[-1:] == split_words(inner)[-1:]


def _string_end(text: str, start: int, escape: int) -> int:
    """Where the string that starts here ends; the end of the text when it is not closed."""
    if escape == 0:
        rest = _PLAIN_STRING.match(text, start)
        return rest.end() if rest else start
    for quote in _QUOTE.finditer(text, start):
        count = len(quote[1])
        remainder = count % (2 * (escape + 1))
        if remainder <= escape:
            return quote.end() - 1 - remainder
    return len(text)


def _strings_within(text: str, at: int, escape: int) -> tuple[list[tuple[str, int, int]], int]:
    """Each string value inside the object or list that opens here, with its member name, and where that ends."""
    found: list[tuple[str, int, int]] = []
    depth = 0
    position = at
    name = ""
    while token := _STRUCTURE.search(text, position):
        position = token.end()
        if token[0].endswith('"'):
            end = _string_end(text, position, escape)
            position = end + escape + 1
            if colon := _COLON.match(text, position):
                name, position = text[token.end() : min(end, token.end() + 64)], colon.end()
            else:
                found.append((name, token.end(), end))
                name = ""
        else:
            depth += 1 if token[0] in "{[" else -1
            name = ""
            if depth == 0:
                break
    return found, position


def _is_text_token(text: str, name: str, start: int, end: int, escape: int) -> bool:
    if split_words(name) != ("token",):
        return False
    return text[start : start + 1].isspace() or _TEXT_TOKEN.match(text, end + escape + 1) is not None


def _unescaped(raw: str, escape: int) -> str:
    """The value of a string, its escapes undone once for each level; as it stands when they are wrong."""
    level = escape
    while "\\" in raw:
        try:
            raw = str(json.loads(f'"{raw}"', strict=False))
        except ValueError:
            return raw
        if level == 0:
            return raw
        level = (level - 1) // 2
    return raw
