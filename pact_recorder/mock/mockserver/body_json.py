"""Bodies that MockServer compares as JSON: by the fields that are expected, or strictly."""

from __future__ import annotations

from dataclasses import dataclass

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType
from pact_recorder.matching import ExpectedRequest, JsonValue, MatchingRules, match_request
from pact_recorder.mock.mockserver.body_reading import as_declared, json_of
from pact_recorder.mock.mockserver.body_texts import NO_RULES, BodyPattern, shown, shown_body
from pact_recorder.mock.mockserver.containment import as_strings, contains, equals, has_placeholder
from pact_recorder.pact import format_json


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON value: one that has at least what this one has will do."""

    value: JsonValue
    rules: MatchingRules = NO_RULES

    @property
    def example(self) -> Body:
        """The value, declared as JSON."""
        return json_example(self.value)

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when it contains the expected JSON."""
        try:
            actual = json_of(body, media_type)
        except (ValueError, LimitError):
            return f"Expected a JSON body but was {shown_body(body, media_type)}"
        if contains(actual, self.value):
            return None
        return f"Expected JSON containing '{shown(format_json(self.value))}' but was {shown_body(body, media_type)}"


@dataclass(frozen=True, slots=True)
class StrictJsonBody:
    """Exactly this JSON value: what the matching engine calls equal."""

    value: JsonValue
    rules: MatchingRules = NO_RULES

    @property
    def example(self) -> Body:
        """The value, declared as JSON."""
        return json_example(self.value)

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body, the first difference; None when it is the expected JSON."""
        # The type is left out of it: MockServer reads any body as JSON when JSON is expected.
        actual = as_declared(body, media_type, "application/json")
        found = match_request(ExpectedRequest(body=self.example), actual)
        return found[0].sentence if found else None


@dataclass(frozen=True, slots=True)
class LooseJsonBody:
    """A JSON value that is compared with placeholders in it, or with numbers taken for their text."""

    value: JsonValue
    strict: bool
    numbers_as_strings: bool
    rules: MatchingRules = NO_RULES

    @property
    def example(self) -> None:
        """None: neither has an equivalent in a contract."""
        return None

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when it is as expected."""
        try:
            actual = json_of(body, media_type)
        except (ValueError, LimitError):
            return f"Expected a JSON body but was {shown_body(body, media_type)}"
        expected = self.value
        if self.numbers_as_strings:
            actual, expected = as_strings(actual), as_strings(expected)
        if (equals if self.strict else contains)(actual, expected):
            return None
        return f"Expected JSON like '{shown(format_json(self.value))}' but was {shown_body(body, media_type)}"


def json_body(value: JsonValue, strict: bool = False, numbers_as_strings: bool = False) -> BodyPattern:
    """The pattern of a JSON value. Raises ValueError for a placeholder that is not supported."""
    if numbers_as_strings or has_placeholder(value):
        return LooseJsonBody(value, strict, numbers_as_strings)
    return StrictJsonBody(value) if strict else JsonBody(value)


def json_example(value: JsonValue) -> Body:
    """A body that is this value, declared as JSON."""
    return Body(format_json(value).encode("utf-8", "surrogatepass"), media_type="application/json")
