"""Bodies that MockServer compares as text or bytes: exactly, in part, or by a regular expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pact_recorder.http import Body, MediaType
from pact_recorder.matching import MatchingRule, MatchingRules, RuleList
from pact_recorder.matching.rules import NO_RULES
from pact_recorder.mock.mockserver.example import example_of
from pact_recorder.mock.mockserver.text import fully_matches, java_pattern, translated


class BodyPattern(Protocol):
    """What decides whether a body is the expected one."""

    @property
    def example(self) -> Body | None:
        """A body that it takes; None when none can be made."""

    @property
    def rules(self) -> MatchingRules:
        """The rules that loosen the example in a contract."""

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body, in a sentence; None when it is as expected."""


@dataclass(frozen=True, slots=True)
class TextBody:
    """Exactly this text."""

    text: str
    rules: MatchingRules = NO_RULES

    @property
    def example(self) -> Body:
        """The text."""
        return Body(self.text.encode("utf-8", "surrogatepass"))

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when its text is this one."""
        if body is not None and body.text(media_type) == self.text:
            return None
        return f"Expected the body '{shown(self.text)}' but was {shown_body(body, media_type)}"


@dataclass(frozen=True, slots=True)
class BytesBody:
    """Exactly these bytes."""

    content: bytes
    rules: MatchingRules = NO_RULES

    @property
    def example(self) -> Body:
        """The bytes."""
        return Body(self.content)

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when it is these bytes."""
        if body is not None and body.content == self.content:
            return None
        size = "none" if body is None else f"{len(body.content)} others"
        return f"Expected a binary body of {len(self.content)} bytes but was {size}"


@dataclass(frozen=True, slots=True)
class SubStringBody:
    """A text that holds this one somewhere."""

    part: str

    @property
    def example(self) -> Body:
        """The part itself."""
        return Body(self.part.encode("utf-8", "surrogatepass"))

    @property
    def rules(self) -> MatchingRules:
        """The part as a rule for the whole body."""
        return MatchingRules({"body": {"$": RuleList((MatchingRule("include", {"value": self.part}),))}})

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when it holds the part."""
        text = body.text(media_type) if body is not None else None
        if text is not None and self.part in text:
            return None
        return f"Expected a body with '{shown(self.part)}' in it but was {shown_body(body, media_type)}"


@dataclass(frozen=True, slots=True)
class RegexBody:
    """A text that a Java regular expression matches as a whole."""

    pattern: str

    @property
    def example(self) -> Body | None:
        """A text that the pattern matches."""
        compiled = java_pattern(self.pattern)
        text = None if compiled is None else example_of(compiled, translated(self.pattern))
        return None if text is None else Body(text.encode("utf-8", "surrogatepass"))

    @property
    def rules(self) -> MatchingRules:
        """The pattern as a rule for the whole body."""
        rule = MatchingRule("regex", {"regex": translated(self.pattern)})
        return MatchingRules({"body": {"$": RuleList((rule,))}})

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when the pattern matches it."""
        text = body.text(media_type) if body is not None else None
        compiled = java_pattern(self.pattern)
        if text is not None and compiled is not None and fully_matches(compiled, text):
            return None
        return f"Expected a body that matches '{shown(self.pattern)}' but was {shown_body(body, media_type)}"


def shown(text: str) -> str:
    """A text for a sentence: its beginning."""
    return text if len(text) <= 100 else f"{text[:100]}..."


def shown_body(body: Body | None, media_type: MediaType | None) -> str:
    """A body for a sentence: the beginning of its text, or its size."""
    if body is None or not body.content:
        return "empty"
    text = body.text(media_type)
    return f"{len(body.content)} bytes" if text is None else f"'{shown(text)}'"
