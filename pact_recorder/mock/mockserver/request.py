"""A request as MockServer's JSON expects it: a second front end onto the expectations (`httpRequest`).

Method and path are compared as MockServer's texts (`mockserver_text`), headers, parameters and cookies as its fields
(`mockserver_fields`), bodies by their form (`mockserver_body`). What is absent or blank takes everything; `not` turns
the whole round.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pact_recorder.http import Request
from pact_recorder.matching import (
    BodyMismatch,
    ExpectedRequest,
    HeaderMismatch,
    JsonValue,
    MethodMismatch,
    Mismatch,
    PathMismatch,
    QueryMismatch,
    match_request,
)
from pact_recorder.matching.budget import SpentError, in_budget, once
from pact_recorder.mock.contracts import example_request
from pact_recorder.mock.discriminant import Discriminant
from pact_recorder.mock.mockserver.body import read_body_pattern
from pact_recorder.mock.mockserver.body_reading import Pair, parameters
from pact_recorder.mock.mockserver.body_texts import BodyPattern
from pact_recorder.mock.mockserver.connection import ConnectionPattern, read_connection
from pact_recorder.mock.mockserver.fields import FieldsPattern, either_way, read_fields, read_text, read_values
from pact_recorder.mock.mockserver.members import not_supported
from pact_recorder.mock.mockserver.needs import needs_of
from pact_recorder.mock.mockserver.pact import NoEquivalentError, expected_of
from pact_recorder.mock.mockserver.path import PathPattern, path_pattern
from pact_recorder.mock.mockserver.patterns import one_comparison
from pact_recorder.mock.mockserver.text import TextPattern, java_pattern
from pact_recorder.mock.path_templates import PathTemplate, template_of_pattern
from pact_recorder.mock.too_long import too_long

_ANYTHING = TextPattern("")
_ANY_PATH = PathPattern(_ANYTHING)
# With an escape of any other character the text itself is none of the paths that it takes as an expression.
_SPELLED_OTHERWISE = re.compile(r"\\[^dws]")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class MockServerRequest:
    """An expected request, as the control API sets it."""

    method_text: TextPattern = _ANYTHING
    path_pattern: PathPattern = _ANY_PATH
    query: FieldsPattern = field(default_factory=FieldsPattern)
    headers: FieldsPattern = field(default_factory=FieldsPattern)
    cookies: FieldsPattern = field(default_factory=FieldsPattern)
    body: BodyPattern | None = None
    connection: ConnectionPattern = field(default_factory=ConnectionPattern)
    negated: bool = False

    @property
    def path_text(self) -> TextPattern:
        """The text that takes the whole path."""
        return self.path_pattern.text

    @property
    def method(self) -> str | None:
        """The method in capitals when only this one can match, else None."""
        text = None if self.negated else _only(self.method_text)
        return None if text is None else text.upper()

    @property
    def path(self) -> str | None:
        """The raw path when only this one (in any case) can match, else None."""
        return None if self.negated else _only(self.path_text)

    @property
    def template(self) -> PathTemplate | None:
        """What every path that the text takes as a regular expression, or as itself, has in common."""
        text = self.path_text
        if self.negated or text.negated or text.is_blank or text.schema is not None:
            return None
        if not self.path_pattern.parameters and _SPELLED_OTHERWISE.search(text.text):
            return None
        return None if java_pattern(text.text) is None else template_of_pattern(text.text)

    def discriminant(self) -> Discriminant:
        """What a request must have at least: parameters and bodies here may always have more than is expected."""
        return Discriminant() if self.negated else Discriminant(needs=needs_of(self.query, self.headers, self.body))

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does."""
        try:
            return self._compare(request)
        except SpentError:
            # What could not be compared does not match, also where it is negated.
            return too_long(request)

    def covers(self, other: MockServerRequest) -> bool:
        """Whether this, as a filter on expectations, takes an expected request.

        Texts are compared as patterns in both directions, and an expected request without a method or path passes;
        one without the headers, parameters, cookies or body of the filter does not (MockServer's control-plane
        matcher).
        """
        return self._covers(other) != self.negated

    def expected(self) -> ExpectedRequest | None:
        """The request in Pact's terms; None when it has no equivalent there.

        Plain texts become the example, a pattern becomes a regex rule with an example that it matches. There is no
        equivalent for what is negated (except in values, which are left out), for schemas, JSON paths, XPath and what
        is said of the connection, nor for a pattern without an example.
        """
        try:
            return self._expected()
        except NoEquivalentError:
            return None

    def lacking(self) -> str:
        """What of the request has no equivalent in Pact, named; empty when all has."""
        try:
            self._expected()
        except NoEquivalentError as error:
            return str(error)
        return ""

    def _expected(self) -> ExpectedRequest:
        if self.negated:
            raise NoEquivalentError("the negation of the whole request")
        if not self.connection.is_open:
            raise NoEquivalentError("what is said of the connection")
        expected = expected_of(self.method_text, self.path_text, self.query, self.headers, self.cookies, self.body)
        example = example_request(expected)
        # By both front ends, since a pattern may mean something else in a contract's dialect of regular expressions.
        found = self._compare(example) or match_request(expected, example)
        if found:
            # Without the values, which may be secrets.
            raise NoEquivalentError(
                f"the {type(found[0]).__name__.removesuffix('Mismatch').lower()}, as it is expected"
            )
        return expected

    def _compare(self, request: Request) -> list[Mismatch]:
        with one_comparison():
            found = list(self._mismatches(request))
        if not self.negated:
            return found
        return [] if found else [PathMismatch("", request.path, "Expected any request but one like this")]

    def _mismatches(self, request: Request) -> Iterator[Mismatch]:
        if not self.method_text.matches(request.method):
            yield MethodMismatch(str(self.method_text), request.method)
        wrong = self.path_pattern.difference(request.path)
        if wrong is not None:
            yield PathMismatch(str(self.path_text), request.path, wrong)
        if self.query.fields:
            for found in self.query.differences(once(parameters, request.query or ""), "query parameter"):
                yield QueryMismatch(found.name, found.expected, found.actual, found.sentence)
        for found in self.headers.differences(request.headers.fields, "header"):
            yield HeaderMismatch(found.name, found.expected, found.actual, found.sentence)
        if self.cookies.fields:
            for found in self.cookies.differences(cookies_of(request), "cookie"):
                yield HeaderMismatch("Cookie", found.expected, found.actual, found.sentence)
        yield from self.connection.differences(request)
        if (body := self.body) is not None:
            wrong = in_budget(lambda _: body.difference(request.body, request.media_type), math.inf)
            if wrong is not None:
                yield BodyMismatch("$", None, None, wrong)

    def _covers(self, other: MockServerRequest) -> bool:
        return (
            _text_covers(self.method_text, other.method_text)
            and _text_covers(self.path_text, other.path_text)
            and self.query.covers(other.query)
            and self.headers.covers(other.headers)
            and self.cookies.covers(other.cookies)
            and (self.connection.is_open or self.connection == other.connection)
            and self._covers_body(other.body)
        )

    def _covers_body(self, other: BodyPattern | None) -> bool:
        if self.body is None:
            return True
        example = None if other is None else other.example
        return self.body == other or (example is not None and self.body.difference(example, None) is None)


def read_request_pattern(document: Mapping[str, JsonValue] | None) -> MockServerRequest:
    """The pattern of an `httpRequest` object; None takes every request.

    Raises ValueError with a sentence that names the member that is wrong or not supported.
    """
    members = document or {}
    for name, value in members.items():
        if name not in _SUPPORTED and (name not in _UNSUPPORTED or value not in _NOTHING):
            raise ValueError(f"{name}: {not_supported(name, _SUPPORTED, 'a request')}")
    path = _read("path", members, _text)
    return MockServerRequest(
        method_text=_read("method", members, _text),
        path_pattern=_read("pathParameters", members, lambda value: path_pattern(path, read_values(value))),
        query=_read("queryStringParameters", members, read_fields),
        headers=_read("headers", members, read_fields),
        cookies=_read("cookies", members, read_fields),
        body=_read("body", members, read_body_pattern),
        connection=read_connection(members),
        negated=_read("not", members, _flag),
    )


def cookies_of(request: Request) -> list[Pair]:
    """The cookies that a request carries, in order."""
    pairs = (part.partition("=") for line in request.headers.get_all("cookie") for part in line.split(";"))
    return [(name.strip(), value.strip()) for name, mark, value in pairs if mark]


_SUPPORTED = ("method", "path", "pathParameters", "queryStringParameters", "headers", "cookies", "body", "secure",
              "keepAlive", "protocol", "not")  # fmt: skip
# Some clients send these without asking for anything.
_UNSUPPORTED = frozenset(("socketAddress", "localAddress", "remoteAddress", "respondBeforeBody", "jwt"))
_NOTHING: tuple[JsonValue, ...] = (None, "", [], {})


def _read(name: str, members: Mapping[str, JsonValue], read: Callable[[JsonValue], Read]) -> Read:
    try:
        return read(members.get(name))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _text(value: JsonValue) -> TextPattern:
    if value is None:
        return _ANYTHING
    if not isinstance(value, (str, Mapping)):
        raise ValueError("must be text, or an object with a schema")
    # A request always has a method and a path, so that they are optional makes no difference.
    return replace(read_text(value), optional=False)


def _flag(value: JsonValue) -> bool:
    if not isinstance(value, (bool, type(None))):
        raise ValueError("must be true or false")
    return bool(value)


def _only(pattern: TextPattern) -> str | None:
    return pattern.text if pattern.is_literal else None


def _text_covers(pattern: TextPattern, other: TextPattern) -> bool:
    return pattern.is_blank or other.is_blank or either_way(pattern, other) != pattern.negated
