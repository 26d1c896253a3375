"""Path templates: what every path that a regular expression matches has in common, segment by segment.

`/users/\\d+/orders` is the template `users`, any segment, `orders`: so an expected request with a path rule is found by
hash, as one with a literal path is. A template takes every path that its expression takes, and others besides; the
matching engine decides among the few that it leads to. Where an expression may run over a slash (`.*`) the template
ends there and takes any rest; an expression that cannot be read this way has no template.

Templates compare without regard to case, which only ever leads to more candidates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pact_recorder.matching import ExpectedRequest, MatchingRule, RuleList

ANY = None
"""In the place of a segment: one segment, whatever it is."""

_LONGEST = 2_000
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+,?\d*\}|\{,\d+\})[?+]?")
_CLASS = re.compile(r"\[(?P<negated>\^?)(?P<content>(?:\\.|[^\]\[\\&])+)\]")
_RANGE = re.compile(r"(?P<low>\\?.)-(?P<high>\\?.)")
_GROUP = re.compile(r"\((?!\?)|\(\?:|\(\?<[A-Za-z]\w*>")
_UNCLEAR = re.compile(r"\\[0-9A-Za-z]")
"""An escape in a class, which may name a slash; digits, letters and their opposites are looked at before."""
_WITHIN_SEGMENT = frozenset("dwhs")
_BEYOND_SEGMENT = frozenset("DWSH")
_PLAIN_ESCAPES = frozenset("./-_~:@!$&'()*+,;=%?[]{}|^\\ \"#")


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """The segments of a path in lower case, `ANY` for one that varies; with `open` any further ones may follow."""

    segments: tuple[str | None, ...]
    open: bool = False

    @property
    def is_selective(self) -> bool:
        """Whether it has a literal segment, so that looking it up leaves others out."""
        return any(self.segments)


def template_of_path(expected: ExpectedRequest) -> PathTemplate | None:
    """The template of an expected path under rules; None when the rules may take any path."""
    rules = next((found for found in expected.rules.category("path").values() if found.rules), None)
    return None if rules is None else _of_rules(rules, expected.path)


def template_of_pattern(pattern: str) -> PathTemplate | None:
    """The template of a regular expression that the whole path must match; None when it has none."""
    if len(pattern) > _LONGEST:
        return None
    try:
        return _Reader(pattern).template()
    except _NoTemplateError:
        return None


def segments_of(path: str) -> list[str]:
    """A path as it is compared with templates."""
    return path.casefold().split("/")


def _of_rules(rules: RuleList, path: str) -> PathTemplate | None:
    if rules.combine.upper() == "OR" and len(rules.rules) > 1:
        return None
    found = (_of_rule(rule, path) for rule in rules.rules)
    return next(filter(None, found), None)


def _of_rule(rule: MatchingRule, path: str) -> PathTemplate | None:
    if rule.match == "equality":
        return PathTemplate(tuple(segments_of(path)))
    pattern = rule.attributes.get("regex")
    if rule.match != "regex" or not isinstance(pattern, str):
        return None
    return template_of_pattern(pattern)


_DEEPEST = 50  # groups within each other


class _NoTemplateError(Exception):
    """The expression has something that cannot be told segment by segment."""


class _CrossesSegmentsError(Exception):
    """From here on the expression may match slashes."""


class _Reader:
    """Reads an expression from left to right, as far as its segments can be told apart."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._segments: list[str | None] = []
        self._literal: str | None = ""
        self._depth = 0

    def template(self) -> PathTemplate:
        self._skip("^", "\\A")
        try:
            while not self._at_end():
                self._atom()
        except _CrossesSegmentsError:
            # Alternatives further on would be alternatives to what was read.
            if "|" in self._pattern:
                raise _NoTemplateError from None
            return PathTemplate(tuple(self._segments), open=True)
        return PathTemplate((*self._segments, self._literal))

    def _atom(self) -> None:
        literal = self._literal_atom()
        if literal is None:
            self._varying_atom()
        repeated = self._quantifier()
        if repeated and literal == "/":
            if self._at_end():
                self._segments.append(self._literal)
            raise _CrossesSegmentsError
        if literal == "/":
            self._segments.append(self._literal)
            self._literal = ""
        elif repeated or literal is None:
            self._literal = ANY
        elif self._literal is not None:
            self._literal += literal.casefold()

    def _literal_atom(self) -> str | None:
        """The character that stands for itself, None when something else comes."""
        character = self._pattern[self._position]
        if character == "\\":
            escaped = self._pattern[self._position + 1 : self._position + 2]
            if escaped not in _PLAIN_ESCAPES or not escaped:
                return None
            self._position += 2
            return escaped
        if character in "[(.":
            return None
        if character in "|)^$*+?{":
            raise _NoTemplateError
        self._position += 1
        return character

    def _varying_atom(self) -> None:
        """Step over an escape, class or group that stays within a segment."""
        character = self._pattern[self._position]
        if character == ".":
            raise _CrossesSegmentsError
        end = {"\\": self._escape, "[": self._class, "(": self._group}[character]()
        self._position = end

    def _escape(self) -> int:
        letter = self._pattern[self._position + 1 : self._position + 2]
        if letter in _BEYOND_SEGMENT:
            raise _CrossesSegmentsError
        if letter not in _WITHIN_SEGMENT or not letter:
            raise _NoTemplateError
        return self._position + 2

    def _class(self) -> int:
        found = _CLASS.match(self._pattern, self._position)
        if found is None:
            raise _NoTemplateError
        content = found["content"]
        clear = content
        for letter in _WITHIN_SEGMENT | _BEYOND_SEGMENT:
            clear = clear.replace(f"\\{letter}", "")
        within = _names_slash(content) if found["negated"] else not _names_slash(content)
        if not within or _UNCLEAR.search(clear):
            raise _CrossesSegmentsError
        return found.end()

    def _group(self) -> int:
        """Step over a group all of whose alternatives stay within the segment."""
        opening = _GROUP.match(self._pattern, self._position)
        if opening is None or self._depth == _DEEPEST:
            raise _NoTemplateError
        self._position = opening.end()
        self._depth += 1
        while self._pattern[self._position : self._position + 1] != ")":
            if self._position >= len(self._pattern):
                raise _NoTemplateError
            self._step_inside()
        self._depth -= 1
        return self._position + 1

    def _step_inside(self) -> None:
        if self._pattern[self._position] == "|":
            self._position += 1
            return
        literal = self._literal_atom()
        if literal == "/":
            raise _CrossesSegmentsError
        if literal is None:
            self._varying_atom()
        self._quantifier()

    def _quantifier(self) -> bool:
        found = _QUANTIFIER.match(self._pattern, self._position)
        if found is not None:
            self._position = found.end()
        return found is not None

    def _at_end(self) -> bool:
        return self._pattern[self._position :] in ("", "$", "\\z", "\\Z")

    def _skip(self, *anchors: str) -> None:
        for anchor in anchors:
            if self._pattern.startswith(anchor, self._position):
                self._position += len(anchor)
                return


def _names_slash(content: str) -> bool:
    """Whether a slash is surely among what the inside of a character class names."""
    spans = (found["low"][-1] <= "/" <= found["high"][-1] for found in _RANGE.finditer(content))
    return "/" in content or any(f"\\{letter}" in content for letter in _BEYOND_SEGMENT) or any(spans)
