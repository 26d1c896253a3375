"""Matchers for a kind of value: numbers, null, boolean, content type and status code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from typing_extensions import override

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import clip, whole_text
from pact_recorder.matching.magic import content_matches
from pact_recorder.matching.matchers.equality import typed
from pact_recorder.matching.matchers.matcher import Matcher, Verdict
from pact_recorder.matching.rules import JsonValue

_REAL: Final = re.compile(r"[+-]?(?:inf|infinity|nan|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)", re.IGNORECASE)
_UNSIGNED: Final = re.compile(r"\+?[0-9]+")


class Numeric(Matcher):
    """`number`, `integer` or `decimal`: in JSON by how the number is written, in text by what it could be."""

    __slots__ = ("accepted_kinds", "in_text", "phrase", "rule", "word")
    name: ClassVar[str] = "number"

    def __init__(self, rule: str, kinds: tuple[type, ...], in_text: re.Pattern[str], word: str, phrase: str) -> None:
        self.rule = rule
        self.word = word
        self.accepted_kinds = kinds
        self.in_text = in_text
        self.phrase = phrase

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        if self.in_text.fullmatch(actual):
            return None
        return f"Expected '{clip(actual)}' to match {self.phrase}"

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        return None if type(actual) in self.accepted_kinds else f"Expected {typed(actual)} to be {self.word}"

    @override
    def status(self, expected: int, actual: int, effort: Effort) -> Verdict:
        return None if int in self.accepted_kinds else f"Expected {actual} to match a decimal number"

    @override
    def unable(self, shown: str) -> str:
        return f"Unable to match {shown} using the {self.rule} matcher"


NUMBER: Final = Numeric("number", (int, bytes), _REAL, "a number", "a number")
INTEGER: Final = Numeric("integer", (int,), _UNSIGNED, "an integer", "an integer number")
DECIMAL: Final = Numeric("decimal", (bytes,), _REAL, "a decimal number", "a number")


class Null(Matcher):
    """The value is JSON's null; no text ever is."""

    __slots__ = ()
    name: ClassVar[str] = "null"
    accepted_kinds = (type(None),)

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        return None if actual is None else f"Expected {typed(actual)} to be a null value"

    @override
    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        return self.unable("a list")


class Boolean(Matcher):
    """The value is true or false, or one of these words as text."""

    __slots__ = ()
    name: ClassVar[str] = "boolean"
    accepted_kinds = (bool,)

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        return None if actual in ("true", "false") else f"Expected {clip(actual)} to match a boolean"

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        if isinstance(actual, bool) or actual in ("true", "false"):
            return None
        return f"Expected {typed(actual)} to match a boolean"


class ContentType(Matcher):
    """The bytes look like a content type, by their first ones and for text by its form."""

    __slots__ = ("media_type",)
    name: ClassVar[str] = "contentType"

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        return self.binary(b"", actual.encode("utf-8", "surrogateescape"), cascaded, effort)

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        verdict = self.text("", whole_text(actual), cascaded, effort)
        if verdict is None:
            return None
        return f"Failed to match data to have a content type of '{self.media_type}': {verdict}"

    @override
    def binary(self, expected: bytes, actual: bytes, cascaded: bool, effort: Effort) -> Verdict:
        detected = content_matches(actual, self.media_type)
        if detected is None:
            return None
        return (
            f"Expected binary contents to have content type '{self.media_type}' but detected contents was '{detected}'"
        )


_STATUSES: Final[Mapping[str, tuple[range, str]]] = {
    "info": (range(100, 200), "Informational response (100–199)"),
    "success": (range(200, 300), "Successful response (200–299)"),
    "redirect": (range(300, 400), "Redirect (300–399)"),
    "clientError": (range(400, 500), "Client error (400–499)"),
    "serverError": (range(500, 600), "Server error (500–599)"),
    "nonError": (range(400), "Non-error response (< 400)"),
    "error": (range(400, 65536), "Error response (>= 400)"),
}
STATUS_WORDS: Final = tuple(_STATUSES)


class StatusCode(Matcher):
    """The status is one of a class, or one of a list; on a value of a body it says nothing."""

    __slots__ = ("codes", "phrase")
    name: ClassVar[str] = "statusCode"

    def __init__(self, codes: Sequence[int] | str) -> None:
        if isinstance(codes, str):
            self.codes, self.phrase = _STATUSES[codes]
        else:
            self.codes, self.phrase = frozenset(codes), ", ".join(str(code) for code in codes)

    codes: frozenset[int] | range
    phrase: str

    @override
    def text(self, expected: str, actual: str, cascaded: bool, effort: Effort) -> Verdict:
        if not _UNSIGNED.fullmatch(actual) or len(actual) > 5:
            return self.unable(f"'{clip(actual)}'")
        return self.status(0, int(actual), effort)

    @override
    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        return self.unable("a list")

    @override
    def status(self, expected: int, actual: int, effort: Effort) -> Verdict:
        return None if actual in self.codes else f"Expected status code {actual} to be a {self.phrase}"
