"""Choosing active expectations by what a `retrieve` or `clear` carries: a request matcher, or an identifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pact_recorder.errors import LimitError, UsageError
from pact_recorder.matching import JsonValue
from pact_recorder.mock.expectation import Expectation, RuledExpectation
from pact_recorder.mock.mockserver.request import MockServerRequest, read_request_pattern
from pact_recorder.mock.mockserver.writing import write_request
from pact_recorder.pact import parse_json

_LONGEST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class ExpectationFilter:
    """Which expectations are meant: that of an identifier, else those whose request the pattern covers."""

    identifier: str | None
    pattern: MockServerRequest

    def select(self, expectations: Iterable[Expectation]) -> list[Expectation]:
        """The expectations that are meant, in their order."""
        return [each for each in expectations if self._takes(each)]

    def _takes(self, expectation: Expectation) -> bool:
        if self.identifier is not None:
            return expectation.id == self.identifier
        return self.pattern.covers(_pattern_of(expectation))


def read_filter(text: str) -> ExpectationFilter | None:
    """The filter of a request body; None when it is empty and all are meant. Raises UsageError."""
    # The Node client sends an empty JSON string for "no body".
    if text.strip() in ("", '""'):
        return None
    try:
        document = parse_json(text)
    except (ValueError, LimitError) as error:
        raise _incorrect(text, f"is not JSON: {error}") from None
    if not isinstance(document, Mapping):
        raise _incorrect(text, "must be an object")
    if isinstance(document.get("id"), str):
        return _by_identifier(document, text)
    if not document:
        return None
    try:
        return ExpectationFilter(None, read_request_pattern(document))
    except ValueError as error:
        raise _incorrect(text, str(error)) from None


def _by_identifier(document: Mapping[str, JsonValue], text: str) -> ExpectationFilter:
    others = [name for name in document if name != "id"]
    if others:
        raise _incorrect(text, f"{others[0]}: cannot stand beside id")
    return ExpectationFilter(document["id"], MockServerRequest())


def _pattern_of(expectation: Expectation) -> MockServerRequest:
    if isinstance(expectation, RuledExpectation) and isinstance(expectation.pattern, MockServerRequest):
        return expectation.pattern
    return read_request_pattern(write_request(expectation, all_headers=True))


def _incorrect(text: str, problem: str) -> UsageError:
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    return UsageError(
        f"incorrect request matcher json format for:\n\n  {shown}\n\n schema validation errors:\n\n"
        f"  1 error:\n   - {problem}"
    )
