"""How MockServer compares a text with an expected one: `NottableString` and its `RegexStringMatcher`.

An expected text matches when it is equal, equal ignoring case, or, read as a Java regular expression, matches the
whole value (case-insensitive, dot-all). `!` before it negates, `?` makes the field optional. A text that is no regular
expression, or one that takes too long, is just not one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import regex

from pact_recorder.http.remembering import remembered
from pact_recorder.mock.mockserver.json_schema import Schema
from pact_recorder.mock.mockserver.patterns import in_time

_PREFIXES = ("?!", "!?", "!", "?")
_METACHARACTERS = frozenset(r"\.[]{}()*+?^$|")
_LONGEST_REGEX = 8192
_JAVA = re.compile(r"\\Q(?P<quoted>.*?)(?:\\E|\Z)|\\k<(?P<name>\w+)>|\\(?P<end>[zZ])|\\.", re.DOTALL)
# What tells a pattern from a text that happens to hold a metacharacter, such as a version (1.2), a media type
# (application/vnd.api+json) or a name (filter[id]).
_MEANT_AS_PATTERN = re.compile(
    r"""
      \\.                         # an escape
    | \.[*+?{]                    # any characters
    | [\])][*+?{]                 # a repeated class or group
    | \|                          # a choice
    | \[[^\]]*\w-\w[^\]]*\]       # a range
    | \(\?                        # a special group
    | ^\^ | \$$                   # an anchor
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TextPattern:
    """An expected text without its prefixes. A blank one takes every value; with a `schema` that alone decides."""

    text: str
    negated: bool = False
    optional: bool = False
    schema: Schema | None = None

    @classmethod
    def parse(cls, text: str) -> TextPattern:
        """The pattern of a text with the prefixes `!`, `?`, or both."""
        prefix = next((prefix for prefix in _PREFIXES if text.startswith(prefix)), "")
        return cls(text.removeprefix(prefix), "!" in prefix, "?" in prefix)

    def accepts(self, value: str) -> bool:
        """Whether the value is like the text, the negation left aside."""
        if self.schema is not None:
            return self.schema.accepts_text(value)
        if self.is_blank or value == self.text or value.lower() == self.text.lower():
            return True
        if self.is_plain:
            return False
        pattern = java_pattern(self.text)
        return pattern is not None and fully_matches(pattern, value)

    def matches(self, value: str) -> bool:
        """Whether the value is what is expected."""
        return self.accepts(value) != self.negated

    @property
    def is_blank(self) -> bool:
        """Whether it takes every value."""
        return self.schema is None and not self.text.strip()

    @property
    def is_plain(self) -> bool:
        """Whether nothing in it could be a regular expression, so that it takes itself only."""
        return self.schema is None and _METACHARACTERS.isdisjoint(self.text)

    @property
    def is_literal(self) -> bool:
        """Whether it takes one value only (in any case)."""
        return self.is_plain and not self.negated and not self.is_blank

    @property
    def is_pattern(self) -> bool:
        """Whether it is meant as a regular expression, and not just a text with a dot or a plus in it."""
        return _MEANT_AS_PATTERN.search(self.text) is not None and java_pattern(self.text) is not None

    def __str__(self) -> str:
        return "!" * self.negated + "?" * self.optional + (self.text if self.schema is None else str(self.schema))


def escaped(value: str) -> str:
    """An expected text that takes exactly this value: one that begins like a prefix is written as a regex."""
    if not value.startswith(("!", "?")):
        return value
    return f"\\{value[0]}{regex.escape(value[1:], special_only=True)}"


@remembered(4096, _LONGEST_REGEX)
def java_pattern(text: str) -> regex.Pattern[str] | None:
    """A Java regular expression compiled; None when it is none, or too long (MockServer's limit: 8,192)."""
    if len(text) > _LONGEST_REGEX:
        return None
    try:
        # Version 1 has Java's nested classes and `&&`; without full case folding, which Java does not do.
        return regex.compile(f"(?-f){translated(text)}", regex.VERSION1 | regex.IGNORECASE | regex.DOTALL)
    except (regex.error, ValueError, OverflowError, RecursionError):
        return None


def fully_matches(pattern: regex.Pattern[str], value: str) -> bool:
    """Whether the pattern matches the whole value within the time and memory that one comparison may take."""
    return in_time(lambda seconds: pattern.fullmatch(value, timeout=seconds))


def translated(text: str) -> str:
    r"""A Java pattern with what only Java has spelled in the common way: `\Q…\E`, `\k<name>`, `\z`, `\Z`."""
    return _JAVA.sub(_translate, text)


def _translate(found: re.Match[str]) -> str:
    if found["quoted"] is not None:
        return regex.escape(found["quoted"], special_only=True)
    if found["name"] is not None:
        return f"(?P={found['name']})"
    # Only whole values are compared, where both mean the end.
    return r"\Z" if found["end"] is not None else found.group()
