"""A request as MockServer's JSON expects it: a second front end onto the expectations (`httpRequest`).

Method and path are compared as MockServer's texts (`mockserver_text`), headers and parameters as its `SUB_SET`
(`mockserver_fields`), bodies by their form (`mockserver_body`). What is absent or blank takes everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pact_recorder.http import Body, Request, parse_query
from pact_recorder.matching import (
    BodyMismatch,
    ExpectedRequest,
    HeaderMismatch,
    JsonValue,
    MatchingRule,
    MatchingRules,
    MethodMismatch,
    Mismatch,
    PathMismatch,
    QueryMismatch,
    RuleList,
    match_request,
)
from pact_recorder.mock.contracts import example_request
from pact_recorder.mock.discriminant import OPEN, Discriminant
from pact_recorder.mock.mockserver_body import BodyPattern, read_body_pattern
from pact_recorder.mock.mockserver_example import example_of
from pact_recorder.mock.mockserver_fields import FieldsPattern, Pair, either_way, read_fields
from pact_recorder.mock.mockserver_text import TextPattern, java_pattern, translated
from pact_recorder.mock.path_templates import PathTemplate, template_of_pattern

_ANYTHING = TextPattern("")
# With an escape of any other character the text itself is none of the paths that it takes as an expression.
_SPELLED_OTHERWISE = re.compile(r"\\[^dws]")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class MockServerRequest:
    """An expected request, as the control API sets it."""

    method_text: TextPattern = _ANYTHING
    path_text: TextPattern = _ANYTHING
    query: FieldsPattern = field(default_factory=FieldsPattern)
    headers: FieldsPattern = field(default_factory=FieldsPattern)
    body: BodyPattern | None = None

    @property
    def method(self) -> str | None:
        """The method in capitals when only this one can match, else None."""
        text = _only(self.method_text)
        return None if text is None else text.upper()

    @property
    def path(self) -> str | None:
        """The raw path when only this one (in any case) can match, else None."""
        return _only(self.path_text)

    @property
    def template(self) -> PathTemplate | None:
        """What every path that the text takes as a regular expression, or as itself, has in common."""
        text = self.path_text
        if text.negated or text.is_blank or _SPELLED_OTHERWISE.search(text.text) or java_pattern(text.text) is None:
            return None
        return template_of_pattern(text.text)

    def discriminant(self) -> Discriminant:
        """Nothing: parameters and bodies here may always have more than is expected."""
        return OPEN

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does."""
        return list(self._mismatches(request))

    def covers(self, other: MockServerRequest) -> bool:
        """Whether this, as a filter on expectations, takes an expected request.

        Texts are compared as patterns in both directions, and an expected request without a method or path passes;
        one without the headers, parameters or body of the filter does not (MockServer's control-plane matcher).
        """
        return (
            _covers(self.method_text, other.method_text)
            and _covers(self.path_text, other.path_text)
            and self.query.covers(other.query)
            and self.headers.covers(other.headers)
            and self._covers_body(other.body)
        )

    def expected(self) -> ExpectedRequest | None:
        """The request in Pact's terms; None when it has no equivalent there.

        Plain texts become the example, a pattern becomes a regex rule with an example that it matches. There is no
        equivalent for what is negated (except in values, which are left out), nor for a pattern without an example.
        """
        if self.method_text.negated or self.path_text.negated or self.method_text.is_pattern:
            return None
        try:
            expected = self._expected()
        except _NoEquivalentError:
            return None
        example = example_request(expected)
        # By both front ends, since a pattern may mean something else in a contract's dialect of regular expressions.
        return None if self.match(example) or match_request(expected, example) else expected

    def _mismatches(self, request: Request) -> Iterator[Mismatch]:
        if not self.method_text.matches(request.method):
            yield MethodMismatch(str(self.method_text), request.method)
        if not self.path_text.matches(request.path):
            sentence = f"Expected path '{self.path_text}' but was '{request.path}'"
            yield PathMismatch(str(self.path_text), request.path, sentence)
        for found in self.query.differences(_parameters(request), "query parameter"):
            yield QueryMismatch(found.name, found.expected, found.actual, found.sentence)
        for found in self.headers.differences(request.headers.fields, "header"):
            yield HeaderMismatch(found.name, found.expected, found.actual, found.sentence)
        if self.body is not None:
            wrong = self.body.difference(request.body, request.media_type)
            if wrong is not None:
                yield BodyMismatch("$", None, None, wrong)

    def _covers_body(self, other: BodyPattern | None) -> bool:
        if self.body is None:
            return True
        example = None if other is None else other.example
        return self.body == other or (example is not None and self.body.difference(example, None) is None)

    def _expected(self) -> ExpectedRequest:
        rules: dict[str, dict[str, RuleList]] = {}
        path = _example(self.path_text, "path", "$", rules) or "/"
        query = _examples(self.query, "query", rules)
        headers = _examples(self.headers, "header", rules)
        body = self._example_body()
        rules |= {category: dict(places) for category, places in _body_rules(self.body).categories.items()}
        return ExpectedRequest(
            method=self.method_text.text.upper().strip() or "GET",
            path=path,
            query=query or None,
            headers=headers,
            body=body,
            rules=MatchingRules(rules),
        )

    def _example_body(self) -> Body | None:
        if self.body is None:
            return None
        example = self.body.example
        if example is None:
            raise _NoEquivalentError
        declared = any(name.text.lower() == "content-type" for name in self._header_names())
        return replace(example, media_type=None) if declared else example

    def _header_names(self) -> Iterator[TextPattern]:
        return (each.name for each in self.headers.fields)


def read_request_pattern(document: Mapping[str, JsonValue] | None) -> MockServerRequest:
    """The pattern of an `httpRequest` object; None takes every request.

    Raises ValueError with a sentence that names the member that is wrong or not supported.
    """
    members = document or {}
    for name, value in members.items():
        if name not in _SUPPORTED and (name not in _UNSUPPORTED or value not in _NOTHING):
            raise ValueError(f"{name}: is not supported in a request (supported: {', '.join(_SUPPORTED)})")
    return MockServerRequest(
        method_text=_read("method", members, _text),
        path_text=_read("path", members, _text),
        query=_read("queryStringParameters", members, read_fields),
        headers=_read("headers", members, read_fields),
        body=_read("body", members, read_body_pattern),
    )


_SUPPORTED = ("method", "path", "queryStringParameters", "headers", "body")
# Some clients send these without asking for anything.
_UNSUPPORTED = frozenset(
    ("cookies", "pathParameters", "secure", "keepAlive", "protocol", "socketAddress", "localAddress",
     "remoteAddress", "not")
)  # fmt: skip
_NOTHING: tuple[JsonValue, ...] = (None, "", [], {})


class _NoEquivalentError(Exception):
    """A part of the request has no equivalent in Pact."""


def _read(name: str, members: Mapping[str, JsonValue], read: Callable[[JsonValue], Read]) -> Read:
    try:
        return read(members.get(name))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _text(value: JsonValue) -> TextPattern:
    if value is None:
        return _ANYTHING
    if not isinstance(value, str):
        raise ValueError("must be text; a schema or another object is not supported")
    pattern = TextPattern.parse(value)
    if pattern.optional:
        raise ValueError('the "?" before it is not supported here, since a request always has it')
    return pattern


def _only(pattern: TextPattern) -> str | None:
    return pattern.text if pattern.is_plain and not pattern.negated and not pattern.is_blank else None


def _covers(pattern: TextPattern, other: TextPattern) -> bool:
    return pattern.is_blank or other.is_blank or either_way(pattern, other) != pattern.negated


def _parameters(request: Request) -> list[Pair]:
    return [(name, value or "") for name, value in parse_query(request.query or "")]


def _example(text: TextPattern, category: str, place: str, rules: dict[str, dict[str, RuleList]]) -> str:
    """The example of a text; a pattern puts a rule beside it. Raises _NoEquivalentError."""
    if not text.is_pattern:
        return text.text
    compiled = java_pattern(text.text)
    example = None if compiled is None else example_of(compiled, translated(text.text))
    if example is None:
        raise _NoEquivalentError
    rule = MatchingRule("regex", {"regex": translated(text.text)})
    rules.setdefault(category, {})[place] = RuleList((rule,))
    return example


def _examples(
    fields: FieldsPattern, category: str, rules: dict[str, dict[str, RuleList]]
) -> dict[str, tuple[str, ...]]:
    kept = fields.kept()
    if kept is None:
        raise _NoEquivalentError
    examples: dict[str, tuple[str, ...]] = {}
    for name, values in kept.items():
        patterns = [TextPattern(value) for value in values]
        meant = {pattern.text for pattern in patterns if pattern.is_pattern}
        if len(meant) > 1:
            # One rule holds for all values of a name.
            raise _NoEquivalentError
        examples[name] = tuple(_example(pattern, category, name, rules) for pattern in patterns)
    return examples


def _body_rules(body: BodyPattern | None) -> MatchingRules:
    return MatchingRules() if body is None else body.rules
