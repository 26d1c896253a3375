"""Matchers that look at text: `regex`, `include`, `semver`, and dates and times."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from typing_extensions import override

from pact_recorder.matching.datetime_patterns import DateTimePatternError, matches_pattern
from pact_recorder.matching.effort import SHORT, Effort
from pact_recorder.matching.json_values import clip, json_text, plain_text, whole_text
from pact_recorder.matching.matchers.matcher import Matcher, Verdict
from pact_recorder.matching.oniguruma import Pattern, compile_pattern
from pact_recorder.matching.oniguruma_escapes import PatternError
from pact_recorder.matching.rules import JsonValue
from pact_recorder.matching.xml_values import Element


class Regex(Matcher):
    """The whole value matches a regular expression (Ruby syntax); lists and objects themselves always do."""

    __slots__ = ("compiled", "invalid", "pattern")
    name: ClassVar[str] = "regex"

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.invalid = ""
        self.compiled: Pattern | None = None
        try:
            self.compiled = compile_pattern(pattern)
        except PatternError as error:
            self.invalid = f"'{clip(pattern)}' is not a valid regular expression - {error}"

    @override
    def quick_test(self) -> Callable[[JsonValue], bool] | None:
        if self.compiled is None or not self.compiled.quick:
            return None
        fullmatch = self.compiled.compiled.fullmatch
        return lambda actual: type(actual) is str and len(actual) <= SHORT and fullmatch(actual) is not None

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        return self._test(actual, actual, effort)

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        return self._test(whole_text(actual), actual, effort)

    @override
    def members(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], cascaded: bool) -> Verdict:
        return None

    @override
    def binary(self, expected: bytes, actual: bytes, cascaded: bool, effort: Effort) -> Verdict:
        try:
            return self.text("", actual.decode(), cascaded, effort)
        except UnicodeDecodeError as error:
            return f"Could not convert actual bytes into a UTF-8 string - {error.reason}"

    @override
    def element(self, expected: Element, actual: Element, cascaded: bool) -> Verdict:
        # The published testcases mean the element's text by a regex at its path; the reference tests its name.
        if expected.name == actual.name:
            return None
        return f"Expected '{expected.name}' to be equal to '{actual.name}'"

    @override
    def status(self, expected: int, actual: int, effort: Effort) -> Verdict:
        return self._test(str(actual), actual, effort)

    def _test(self, text: str, actual: JsonValue, effort: Effort) -> Verdict:
        if self.compiled is None:
            return self.invalid
        try:
            if effort.fullmatch(self.compiled, text):
                return None
        except TimeoutError:
            return f"'{clip(text)}' could not be matched to '{clip(self.pattern)}' within the time limit"
        return f"Expected '{plain_text(actual)}' to match '{clip(self.pattern)}'"


class Include(Matcher):
    """The value contains a text."""

    __slots__ = ("part",)
    name: ClassVar[str] = "include"

    def __init__(self, part: str) -> None:
        self.part = part

    @override
    def quick_test(self) -> Callable[[JsonValue], bool] | None:
        part = self.part
        return lambda actual: type(actual) is str and part in actual

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        return self._test(actual, actual)

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        return self._test(whole_text(actual), actual)

    @override
    def binary(self, expected: bytes, actual: bytes, cascaded: bool, effort: Effort) -> Verdict:
        try:
            return self.text("", actual.decode(), cascaded, effort)
        except UnicodeDecodeError as error:
            return f"Could not convert actual bytes into a UTF-8 string - {error.reason}"

    @override
    def status(self, expected: int, actual: int, effort: Effort) -> Verdict:
        return self._test(str(actual), actual)

    def _test(self, text: str, actual: JsonValue) -> Verdict:
        return None if self.part in text else f"Expected '{plain_text(actual)}' to include '{clip(self.part)}'"


class DateTime(Matcher):
    """The value is a `date`, `time` or `timestamp` of a Java-style pattern; numbers are taken as text."""

    __slots__ = ("pattern", "word")
    name: ClassVar[str] = "datetime"

    def __init__(self, word: str, pattern: str) -> None:
        self.word = word
        self.pattern = pattern

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        try:
            if matches_pattern(actual, self.pattern):
                return None
        except DateTimePatternError as error:
            return f"{self._sentence(actual)}: {error}"
        return self._sentence(actual)

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        return self.text("", plain_text(actual), cascaded, effort)

    def _sentence(self, actual: str) -> str:
        return f"Expected '{clip(actual)}' to match a {self.word} pattern of '{clip(self.pattern)}'"


_NUMBER: Final = "(?:0|[1-9][0-9]*)"
_IDENTIFIER: Final = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER: Final = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_IDENTIFIER}(?:\.{_IDENTIFIER})*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LONGEST_VERSION: Final = 1000


class Semver(Matcher):
    """The value is a version by Semantic Versioning 2.0."""

    __slots__ = ()
    name: ClassVar[str] = "semver"

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        if len(actual) <= _LONGEST_VERSION and _SEMVER.fullmatch(actual):
            return None
        return f"'{clip(actual)}' is not a valid semantic version"

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        if isinstance(actual, str):
            return self.text("", actual, cascaded, effort)
        return f"Expected something that matches a semantic version, but got '{json_text(actual)}'"


class NotEmpty(Matcher):
    """The value is not null, and not an empty text, list, object, body or element; 0 and false are values."""

    __slots__ = ()
    name: ClassVar[str] = "notEmpty"

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        return None if actual else "Expected '' to not be empty"

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        if actual is None:
            return "Expected non-empty value but got a NULL"
        if actual == "":
            return "Expected '' (String) to not be empty"
        if actual == [] or actual == {}:
            return f"Expected {json_text(actual)} ({'Array' if actual == [] else 'Object'}) to not be empty"
        return None

    @override
    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        return None if actual else "Expected [] (Array) to not be empty"

    @override
    def members(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], cascaded: bool) -> Verdict:
        return None if actual else "Expected {} (Map) to not be empty"

    @override
    def binary(self, expected: bytes, actual: bytes, cascaded: bool, effort: Effort) -> Verdict:
        return None if actual else "Expected [] (0 bytes) to not be empty"

    @override
    def element(self, expected: Element, actual: Element, cascaded: bool) -> Verdict:
        return None if actual.size else f"Expected '{actual.name}' to have at least one child"
