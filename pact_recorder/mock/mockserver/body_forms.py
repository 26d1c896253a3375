"""Forms as bodies (PARAMETERS), and what MockServer's `not` and `optional` make of any other body."""

from __future__ import annotations

from dataclasses import dataclass

from pact_recorder.http import Body, MediaType, format_query
from pact_recorder.matching import MatchingRule, MatchingRules, RuleList
from pact_recorder.mock.mockserver.body_reading import form_of
from pact_recorder.mock.mockserver.body_texts import NO_RULES, BodyPattern, shown
from pact_recorder.mock.mockserver.example import example_of
from pact_recorder.mock.mockserver.fields import FieldsPattern
from pact_recorder.mock.mockserver.text import TextPattern, java_pattern, translated

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class ParametersBody:
    """A form (`a=1&b=2`) that has at least the expected parameters."""

    parameters: FieldsPattern

    @property
    def example(self) -> Body | None:
        """A form that the parameters take; None when none can be made."""
        pairs = [(name, _example(value)) for name, values in (self.parameters.kept() or {}).items() for value in values]
        if not pairs or any(value is None for _, value in pairs):
            return None
        return Body(format_query(pairs).encode(), media_type=_FORM)

    @property
    def rules(self) -> MatchingRules:
        """A rule for each parameter that is a pattern."""
        rules = {
            f"$['{name}']": RuleList((MatchingRule("regex", {"regex": translated(value.text)}),))
            for name, values in (self.parameters.kept() or {}).items()
            for value in values
            if value.is_pattern and "'" not in name
        }
        return MatchingRules({"body": rules}) if rules else NO_RULES

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body, the first difference; None when it has the parameters."""
        found = self.parameters.differences(form_of(body, media_type), "parameter of the body")
        return found[0].sentence if found else None


@dataclass(frozen=True, slots=True)
class NotBody:
    """Any body but one that the pattern takes."""

    pattern: BodyPattern
    rules: MatchingRules = NO_RULES

    @property
    def example(self) -> None:
        """None: what is negated has no equivalent in a contract."""
        return None

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when the pattern does not take it."""
        if self.pattern.difference(body, media_type) is not None:
            return None
        return f"Expected any body but one like {shown(str(self.pattern))}"


@dataclass(frozen=True, slots=True)
class OptionalBody:
    """No body, or one that the pattern takes."""

    pattern: BodyPattern

    @property
    def example(self) -> Body | None:
        """A body that the pattern takes."""
        return self.pattern.example

    @property
    def rules(self) -> MatchingRules:
        """The rules of the pattern."""
        return self.pattern.rules

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when there is none, or the pattern takes it."""
        return None if body is None or not body.content else self.pattern.difference(body, media_type)


def _example(value: TextPattern) -> str | None:
    if not value.is_pattern:
        return value.text
    compiled = java_pattern(value.text)
    return None if compiled is None else example_of(compiled, translated(value.text))
