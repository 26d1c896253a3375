"""The body of a message: whether it is there, whether its type will do, and then its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pact_recorder.http import Body, Headers, MediaType
from pact_recorder.matching.bodies import (
    ActualBody,
    BodyDifference,
    BodyExpectation,
    CompareBody,
    body_comparer,
    excerpt,
)
from pact_recorder.matching.content_types import declared_type, describe_type, header_value, type_accepts
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.expected import HeaderValues
from pact_recorder.matching.header_values import ExpectedHeader
from pact_recorder.matching.matchers import BARE, Place, PlacedRules
from pact_recorder.matching.matchers.texts import NotEmpty
from pact_recorder.matching.mismatches import BodyMismatch, BodyTypeMismatch
from pact_recorder.matching.paths import AnyIndex

_NOWHERE: Final = "/"
"""The path of a body that is missing, or should be."""


@dataclass(frozen=True, slots=True)
class CompiledBody:
    """An expected body made ready; `type_rules` is where the rules of its Content-Type stand."""

    expectation: BodyExpectation
    type_rules: ExpectedHeader | None
    compare_content: CompareBody
    type_sentence: str

    def compare(self, headers: Headers | HeaderValues, body: Body | None, effort: Effort) -> Sequence[BodyDifference]:
        """Everything in which the body of a message with these headers differs."""
        expected = self.expectation
        media_type = declared_type(headers, body)
        if not expected.content:
            return self._not_empty(body, media_type)
        if body is None or not body.content:
            return self._absent(body)
        if not self._type_accepted(headers, media_type, effort):
            return [self._other_type(body, media_type)]
        return self.compare_content(ActualBody(body, media_type, effort))

    def _not_empty(self, body: Body | None, media_type: MediaType | None) -> Sequence[BodyDifference]:
        if body is None or not body.content:
            return ()
        # A contract writes the JSON body `null` as it writes no body, so that one is accepted too.
        if media_type is not None and media_type.is_json and body.content.strip() == b"null":
            return ()
        sentence = f"Expected empty body but received {_present(body, media_type)}"
        return [BodyMismatch(_NOWHERE, None, excerpt(body), sentence)]

    def _absent(self, body: Body | None) -> Sequence[BodyDifference]:
        expected = self.expectation
        rules = expected.root.exact
        if body is not None and rules is not None and any(isinstance(rule, NotEmpty) for rule in rules.matchers):
            return [BodyMismatch("$", excerpt(expected.body), "", "Expected [] (0 bytes) to not be empty")]
        state = "missing" if body is None else "empty"
        sentence = f"Expected body {_present(expected.body, expected.media_type)} but was {state}"
        return [BodyMismatch(_NOWHERE, excerpt(expected.body), None, sentence)]

    def _type_accepted(self, headers: Headers | HeaderValues, actual: MediaType | None, effort: Effort) -> bool:
        expected = self.expectation.media_type
        if type_accepts(expected, actual):
            return True
        if self.type_rules is None or self.type_rules.place.rules is None:
            return False
        spellings = (describe_type(actual), header_value(headers) or "")
        wanted = describe_type(expected)
        return any(self.type_rules.compare_value(wanted, spelling, effort) for spelling in spellings)

    def _other_type(self, body: Body, media_type: MediaType | None) -> BodyTypeMismatch:
        wanted, given = describe_type(self.expectation.media_type), describe_type(media_type)
        sentence = self.type_sentence.format(wanted=wanted, given=given)
        return BodyTypeMismatch(wanted, given, sentence, excerpt(self.expectation.body), excerpt(body))


def compile_body(
    body: Body | None,
    headers: HeaderValues,
    placed: Sequence[PlacedRules],
    *,
    more_allowed: bool,
    type_rules: Place = BARE,
    type_sentence: str = "Expected a body of '{wanted}' but the actual content type was '{given}'",
) -> CompiledBody | None:
    """The expected body made ready, None when nothing is asked of the body.

    `headers` are those that declare its type, `placed` the rules of its category, `type_rules` those of the
    Content-Type header.
    """
    if body is None:
        return None
    expectation = BodyExpectation(
        body,
        declared_type(headers, body),
        Place.root(placed) if placed else BARE,
        Place.root([_for_elements(rules) for rules in placed]) if placed else BARE,
        more_allowed,
    )
    header = ExpectedHeader("Content-Type", (), type_rules) if type_rules.rules is not None else None
    return CompiledBody(expectation, header, body_comparer(expectation), type_sentence)


def _for_elements(placed: PlacedRules) -> PlacedRules:
    """The rules with a path for XML, where elements of one name are no list: `[*]` is any repetition."""
    tokens = tuple(token for token in placed.tokens if not isinstance(token, AnyIndex))
    return replace(placed, tokens=tokens)


def _present(body: Body, media_type: MediaType | None) -> str:
    known = "" if media_type is None else f", {describe_type(media_type)}"
    return f"Present({len(body.content)} bytes{known})"
