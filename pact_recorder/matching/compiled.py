"""Expected messages made ready: rules, path expressions and example bodies are read once, then only matched.

An empty list of mismatches means that the message is as expected. Mismatches come in the order method, path, status,
query, headers, body, metadata.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching.body_part import CompiledBody, compile_body
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse, HeaderValues
from pact_recorder.matching.header_values import ExpectedHeader, expected_headers
from pact_recorder.matching.json_values import clip
from pact_recorder.matching.matchers import BARE, Place, PlacedRules, Rules, compile_rules, place_rules
from pact_recorder.matching.matchers.table import Unusable
from pact_recorder.matching.metadata import compare_metadata, metadata_headers
from pact_recorder.matching.mismatches import (
    MethodMismatch,
    Mismatch,
    PathMismatch,
    QueryMismatch,
    StatusMismatch,
)
from pact_recorder.matching.parameters import ParameterComparison, place_by_name, query_values, written_pairs
from pact_recorder.matching.paths import PathExpressionError, Root
from pact_recorder.matching.rules import JsonValue, MatchingRules, RuleList


@dataclass(frozen=True, slots=True)
class CompiledRequest:
    """An expected request made ready for matching."""

    expected: ExpectedRequest
    _method: Rules | None
    _path: Rules | None
    _query: Mapping[str, Sequence[str]]
    _query_places: Mapping[str, Place]
    _headers: Sequence[ExpectedHeader]
    _body: CompiledBody | None

    def match(self, actual: Request) -> list[Mismatch]:
        """Everything in which the request differs, nothing when it matches."""
        effort = Effort()
        found: list[Mismatch] = []
        found += self._compare_method(actual.method, effort)
        found += self._compare_path(actual.path, effort)
        found += self._compare_query(actual.query, effort)
        found += _compare_headers(self._headers, actual.headers, effort)
        if self._body is not None:
            found += self._body.compare(actual.headers, actual.body, effort)
        return found

    def _compare_method(self, actual: str, effort: Effort) -> Sequence[Mismatch]:
        expected = self.expected.method
        if self._method is not None:
            sentences = self._method.text(expected, actual, False, effort)
            return [MethodMismatch(expected, actual, sentence) for sentence in sentences]
        return () if expected.lower() == actual.lower() else [MethodMismatch(expected, clip(actual))]

    def _compare_path(self, actual: str, effort: Effort) -> Sequence[Mismatch]:
        expected = self.expected.path
        if self._path is not None:
            sentences = self._path.text(expected, actual, False, effort)
        elif expected == actual:
            return ()
        else:
            sentences = [f"Expected '{clip(actual)}' to be equal to '{clip(expected)}'"]
        return [PathMismatch(clip(expected), clip(actual), sentence) for sentence in sentences]

    def _compare_query(self, actual: str | None, effort: Effort) -> Sequence[Mismatch]:
        text = self.expected.query_text
        if text is not None and written_pairs(text) == written_pairs(actual or ""):
            return ()
        if not self._query and not actual:
            return ()
        comparison = ParameterComparison(place_by_name(self._query_places), effort)
        differences = comparison.compare(self._query, query_values(actual))
        if text is None or differences:
            return [difference.as_query() for difference in differences]
        shown, given = clip(text), clip(actual or "")
        return [QueryMismatch("", shown, given, f"Expected query '{shown}' but was '{given}'")]


@dataclass(frozen=True, slots=True)
class CompiledResponse:
    """An expected response made ready for matching."""

    expected: ExpectedResponse
    _status: Rules | None
    _headers: Sequence[ExpectedHeader]
    _body: CompiledBody | None

    def match(self, actual: Response) -> list[Mismatch]:
        """Everything in which the response differs, nothing when it matches."""
        effort = Effort()
        found: list[Mismatch] = []
        found += self._compare_status(actual.status, effort)
        found += _compare_headers(self._headers, actual.headers, effort)
        if self._body is not None:
            found += self._body.compare(actual.headers, actual.body, effort)
        return found

    def _compare_status(self, actual: int, effort: Effort) -> Sequence[Mismatch]:
        expected = self.expected.status
        if self._status is not None:
            sentences = self._status.ask(lambda rule: rule.status(expected, actual, effort))
        elif expected == actual:
            return ()
        else:
            sentences = [f"expected {expected} but was {actual}"]
        return [StatusMismatch(expected, actual, sentence) for sentence in sentences]


@dataclass(frozen=True, slots=True)
class CompiledMessage:
    """An expected message made ready for matching."""

    expected: ExpectedMessage
    _metadata: Place
    _contents: CompiledBody | None

    def match(self, contents: Body | None, metadata: Mapping[str, JsonValue]) -> list[Mismatch]:
        """Everything in which the message differs, nothing when it matches."""
        effort = Effort()
        found: list[Mismatch] = []
        if self._contents is not None:
            found += self._contents.compare(metadata_headers(metadata), contents, effort)
        found += compare_metadata(self.expected.metadata, metadata, self._metadata, effort)
        return found


def compile_request(expected: ExpectedRequest) -> CompiledRequest:
    """The expected request made ready: extra query parameters and JSON members will not do."""
    rules = expected.rules
    headers = _named_places(rules, "header", lower=True)
    query = query_values(expected.query_text) if expected.query is None else _given_values(expected.query)
    return CompiledRequest(
        expected,
        _single(rules, "method"),
        _single(rules, "path"),
        query,
        _named_places(rules, "query"),
        expected_headers(expected.headers, headers, BARE),
        _body(expected.body, expected.headers, rules, headers, more_allowed=False),
    )


def compile_response(expected: ExpectedResponse) -> CompiledResponse:
    """The expected response made ready: an actual one may hold more JSON members and XML children."""
    headers = _named_places(expected.rules, "header", lower=True)
    return CompiledResponse(
        expected,
        _single(expected.rules, "status"),
        expected_headers(expected.headers, headers, BARE),
        _body(expected.body, expected.headers, expected.rules, headers, more_allowed=True),
    )


def compile_message(expected: ExpectedMessage) -> CompiledMessage:
    """The expected message made ready: an actual one may hold more, as in a response."""
    rules = {**expected.rules.category("body"), **expected.rules.category("content")}
    contents = compile_body(
        expected.contents,
        metadata_headers(expected.metadata),
        _placed(rules),
        more_allowed=True,
        type_sentence="Expected message with content type {wanted} but was {given}",
    )
    metadata = Place.root(_placed(expected.rules.category("metadata")))
    return CompiledMessage(expected, metadata, contents)


def match_request(expected: ExpectedRequest, actual: Request) -> list[Mismatch]:
    """Everything in which the request differs from the expected one, nothing when it matches."""
    return compile_request(expected).match(actual)


def match_response(expected: ExpectedResponse, actual: Response) -> list[Mismatch]:
    """Everything in which the response differs from the expected one, nothing when it matches."""
    return compile_response(expected).match(actual)


def match_message(
    expected: ExpectedMessage, contents: Body | None, metadata: Mapping[str, JsonValue]
) -> list[Mismatch]:
    """Everything in which a message's contents and metadata differ from the expected ones."""
    return compile_message(expected).match(contents, metadata)


def _compare_headers(expected: Sequence[ExpectedHeader], actual: Headers, effort: Effort) -> list[Mismatch]:
    return [mismatch for header in expected for mismatch in header.compare(actual, effort)]


def _given_values(query: Mapping[str, Sequence[str | None]]) -> dict[str, list[str]]:
    return {name: [value or "" for value in values] for name, values in query.items()}


def _single(rules: MatchingRules, category: str) -> Rules | None:
    """The rules of a category that has one place."""
    lists = (found for found in rules.category(category).values() if found.rules)
    first = next(lists, None)
    return None if first is None else compile_rules(first)


def _named_places(rules: MatchingRules, category: str, lower: bool = False) -> dict[str, Place]:
    """The places of a category whose places are names."""
    return {
        name.lower() if lower else name: Place.steady(compile_rules(found))
        for name, found in rules.category(category).items()
        if found.rules
    }


def _body(
    body: Body | None,
    headers: HeaderValues,
    rules: MatchingRules,
    header_places: Mapping[str, Place],
    *,
    more_allowed: bool,
) -> CompiledBody | None:
    return compile_body(
        body,
        headers,
        _placed(rules.category("body")),
        more_allowed=more_allowed,
        type_rules=header_places.get("content-type", BARE),
    )


def _placed(category: Mapping[str, RuleList]) -> Sequence[PlacedRules]:
    """The rules of a category by path; one whose path cannot be read refuses every document."""
    try:
        return place_rules(category)
    except PathExpressionError as error:
        return [PlacedRules((Root(),), Rules((Unusable(str(error)),)))]
