"""The expected side of a match: what a contract or an expectation asks of a message.

Absent parts ask nothing, with the exceptions that the specification makes: an expected query of None forbids any
parameter on a request, and an expected `Body(b"")` (JSON `null` or `""`) asks for an empty body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from pact_recorder.http import Body, MediaType
from pact_recorder.matching.rules import NO_GENERATORS, NO_RULES, Generators, MatchingRules

QueryValues = Mapping[str, tuple[str | None, ...]]
HeaderValues = Mapping[str, tuple[str, ...]]


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


def _declared(headers: HeaderValues, body: Body | None) -> MediaType | None:
    if body is not None and body.media_type:
        return MediaType.parse(body.media_type)
    values = next((values for name, values in headers.items() if name.lower() == "content-type"), ())
    return MediaType.parse(values[0]) if values else None


@dataclass(frozen=True, slots=True)
class ExpectedRequest:
    """A request as expected: an example plus the rules that loosen it.

    `query_text` is the raw query of a V1 document, compared as text there; None everywhere else.
    """

    method: str = "GET"
    path: str = "/"
    query: QueryValues | None = None
    headers: HeaderValues = field(default_factory=_nothing)
    body: Body | None = None
    rules: MatchingRules = NO_RULES
    generators: Generators = NO_GENERATORS
    query_text: str | None = None

    @property
    def media_type(self) -> MediaType | None:
        """The declared type of the body."""
        return _declared(self.headers, self.body)


@dataclass(frozen=True, slots=True)
class ExpectedResponse:
    """A response as expected: an example plus the rules that loosen it."""

    status: int = 200
    headers: HeaderValues = field(default_factory=_nothing)
    body: Body | None = None
    rules: MatchingRules = NO_RULES
    generators: Generators = NO_GENERATORS

    @property
    def media_type(self) -> MediaType | None:
        """The declared type of the body."""
        return _declared(self.headers, self.body)


@dataclass(frozen=True, slots=True)
class ExpectedMessage:
    """A message (asynchronous, or one side of a synchronous one) as expected: contents and metadata."""

    contents: Body | None = None
    metadata: Mapping[str, Any] = field(default_factory=_nothing)
    rules: MatchingRules = NO_RULES
    generators: Generators = NO_GENERATORS
