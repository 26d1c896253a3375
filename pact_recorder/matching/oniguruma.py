"""Regular expressions of the reference: Oniguruma with Ruby's syntax, translated to the `regex` library.

What differs and is translated: `(?m)` is dot-all, `^` and `$` are always per line, `\\h` is a hex digit, `\\z` and
`\\Z`, `\\R`, `\\N`, `\\O`, `\\K`, subexpression calls `\\g<name>`, the absent operator `(?~x)`, options in mid-pattern
that last to the end of their group, intervals (`a{2}?` is optional, `a{1,2}+` is repeated, `a{,3}` starts at 0, any
other brace is a character), stacked quantifiers, character classes with `&&`, nested sets and POSIX brackets.
Option letters of other dialects (`(?s)`, `(?P<name>…)`) are invalid, as they are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import regex

from pact_recorder.matching.oniguruma_class import ClassReader
from pact_recorder.matching.oniguruma_escapes import Escape, PatternError, read_escape

_LONGEST: Final = 100_000
_MOST_REPEATS: Final = 100_000
_LARGEST: Final = 200_000
"""What repeats within repeats may come to: the library writes the least number of them out when it compiles."""
_DEEPEST: Final = 200
_MOST_CHOICES: Final = 500
_MOST_ATOMS: Final = 1_500
"""Characters and the like of a pattern with choices; with more of either the library looks at the time too seldom."""
_QUICK_LENGTH: Final = 200
_QUICK_CHOICES: Final = 4
_REPETITION: Final = re.compile(r"[*+]|\{[0-9]*,[0-9]*\}")
_STACKED: Final = re.compile(r"[*+?}][*+?{]")
_OPTIONS: Final = {"m": "s", "i": "i", "x": ""}
_INTERVAL = re.compile(r"\{(?P<low>[0-9]*)(?P<comma>,?)(?P<high>[0-9]*)\}")
_OPTION_GROUP = re.compile(r"\?(?P<on>[imx]*)(?:-(?P<off>[imx]*))?(?P<end>[:)])")
_NAMED_GROUP = re.compile(r"\?(?:<(?P<angle>[^\W\d]\w*)>|'(?P<quote>[^\W\d]\w*)')")
_PLAIN_GROUPS: Final = ("?:", "?=", "?!", "?>", "?<=", "?<!")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `quick` when no text can make it backtrack over more than its own square."""

    compiled: regex.Pattern[str]
    quick: bool


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> Pattern:
    """The compiled form of a Ruby pattern. Raises PatternError when it is none, or too large."""
    if len(pattern) > _LONGEST:
        raise PatternError(f"it is longer than {_LONGEST} characters")
    translated = translate(pattern)
    try:
        return Pattern(regex.compile(translated, regex.VERSION1 | regex.MULTILINE), _is_quick(pattern))
    except RecursionError:
        raise PatternError("it is nested too deeply") from None
    except (regex.error, OverflowError, ValueError) as error:
        raise PatternError(str(error)) from None


def _is_quick(pattern: str) -> bool:
    """Whether it has no groups or calls and at most one repetition with a choice, besides a few optional characters."""
    return (
        len(pattern) <= _QUICK_LENGTH
        and "(" not in pattern
        and "\\g" not in pattern
        and _STACKED.search(pattern) is None
        and len(_REPETITION.findall(pattern)) <= 1
        and pattern.count("?") + pattern.count("|") <= _QUICK_CHOICES
    )


def translate(pattern: str) -> str:
    """The pattern in the syntax of the `regex` library (version 1 rules, MULTILINE). Raises PatternError."""
    return _Translator(pattern).whole()


@dataclass(slots=True)
class _Translator:
    pattern: str
    position: int = 0
    extended: bool = False
    depth: int = 0
    size: int = 0
    choices: int = 0
    atoms: int = 0
    groups: int = field(init=False)

    def __post_init__(self) -> None:
        self.groups = len(re.findall(r"(?<!\\)\((?!\?)|\(\?<[^\W\d]", self.pattern))

    def whole(self) -> str:
        translated = self.alternatives()
        if self.position < len(self.pattern):
            raise PatternError("unmatched close parenthesis")
        if self.choices and self.atoms > _MOST_ATOMS:
            raise PatternError(f"it has choices and more than {_MOST_ATOMS} characters")
        return translated

    def alternatives(self) -> str:
        """Everything up to the closing parenthesis or the end."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError("it is nested too deeply")
        extended = self.extended
        pieces: list[str] = []
        while self.position < len(self.pattern) and self.peek() != ")":
            if self.skip_layout():
                continue
            if self.peek() == "|":
                self.position += 1
                pieces.append("|")
            else:
                before = self.size
                self.size += 1
                pieces.append(self.quantified(self.atom(), before))
        if "|" in pieces:
            self.count_choice()
        self.extended = extended
        self.depth -= 1
        return "".join(pieces)

    def peek(self) -> str:
        return self.pattern[self.position]

    def take(self) -> str:
        self.position += 1
        return self.pattern[self.position - 1]

    def skip_layout(self) -> bool:
        """Step over a comment, or in extended mode over white space."""
        if self.pattern.startswith("(?#", self.position):
            end = self.pattern.find(")", self.position)
            if end < 0:
                raise PatternError("end pattern in group")
            self.position = end + 1
            return True
        if not self.extended or self.peek() not in " \t\n\r\f\v#":
            return False
        end = self.pattern.find("\n", self.position) if self.peek() == "#" else self.position
        self.position = len(self.pattern) if end < 0 else end + 1
        return True

    def atom(self) -> str:
        self.atoms += 1
        character = self.take()
        match character:
            case "(":
                return self.group()
            case "[":
                reader = ClassReader(self.pattern, self.position)
                translated = reader.read()
                self.position = reader.position
                return translated
            case "\\":
                escape, self.position = read_escape(self.pattern, self.position, self.groups)
                return escape.outside
            case "*" | "+" | "?":
                raise PatternError("target of repeat operator is not specified")
            case "^" | "$" | ".":
                return character
            case _:
                return Escape.literal(character).outside

    def count_choice(self) -> None:
        self.choices += 1
        if self.choices > _MOST_CHOICES:
            raise PatternError(f"it has more than {_MOST_CHOICES} choices")

    def quantified(self, atom: str, before: int) -> str:
        """The atom with all quantifiers that follow it; later ones repeat the whole of what stands before."""
        count = 0
        while quantifier := self.quantifier():
            atom = f"(?:{atom}){quantifier}" if count else atom + quantifier
            if _has_choice(quantifier):
                self.count_choice()
            self.size = before + (self.size - before) * _least(quantifier)
            if self.size > _LARGEST:
                raise PatternError("it repeats too much")
            count += 1
            if count > _DEEPEST:
                raise PatternError("it is nested too deeply")
        return atom

    def quantifier(self) -> str:
        while self.position < len(self.pattern) and self.skip_layout():
            continue
        if self.position == len(self.pattern):
            return ""
        if self.peek() in "*+?":
            return self.take() + self.suffix("?+")
        interval = _INTERVAL.match(self.pattern, self.position)
        if interval is None or not (interval["low"] or interval["high"]):
            return ""
        self.position = interval.end()
        return self.interval(interval)

    def interval(self, found: re.Match[str]) -> str:
        low, high = int(found["low"] or 0), found["high"]
        if max(low, int(high or 0)) > _MOST_REPEATS:
            raise PatternError("too big number for repeat range")
        if not found["comma"]:
            # `a{2}?` is `(?:a{2})?`: the mark is left for the next quantifier.
            return f"{{{low}}}"
        if high and int(high) < low:
            # Bounds the wrong way round mean possessive.
            return f"{{{high},{low}}}+"
        return f"{{{low},{high}}}" + self.suffix("?")

    def suffix(self, marks: str) -> str:
        if self.position < len(self.pattern) and self.peek() in marks:
            return self.take()
        return ""

    def group(self) -> str:
        if not self.pattern.startswith("?", self.position):
            return f"({self.closed()}"
        if options := _OPTION_GROUP.match(self.pattern, self.position):
            self.position = options.end()
            return self.option_group(options)
        if named := _NAMED_GROUP.match(self.pattern, self.position):
            self.position = named.end()
            return f"(?<{named['angle'] or named['quote']}>{self.closed()}"
        if self.pattern.startswith("?~", self.position):
            self.position += 2
            return f"(?:(?!{self.closed()}(?s:.))*"
        for opening in sorted(_PLAIN_GROUPS, key=len, reverse=True):
            if self.pattern.startswith(opening, self.position):
                self.position += len(opening)
                return f"({opening}{self.closed()}"
        raise PatternError("undefined group option")

    def option_group(self, options: re.Match[str]) -> str:
        """`(?i:…)`, or `(?i)` whose options last to the end of the group that it stands in."""
        outer = self.extended
        on, off = options["on"], options["off"] or ""
        self.extended = ("x" in on or outer) and "x" not in off
        flags = _flags(on) + ("-" + _flags(off) if _flags(off) else "")
        inner = self.closed() if options["end"] == ":" else self.alternatives() + ")"
        self.extended = outer
        return f"(?{flags}:{inner}"

    def closed(self) -> str:
        inner = self.alternatives()
        if self.position == len(self.pattern):
            raise PatternError("end pattern with unmatched parenthesis")
        self.position += 1
        return inner + ")"


def _least(quantifier: str) -> int:
    return max(1, int(quantifier[1:].partition(",")[0].partition("}")[0])) if quantifier.startswith("{") else 1


def _has_choice(quantifier: str) -> bool:
    low, comma, high = quantifier.strip("{}?+").partition(",")
    return not quantifier.startswith("{") or (bool(comma) and low != high)


def _flags(letters: str) -> str:
    return "".join(sorted({_OPTIONS[letter] for letter in letters}))
