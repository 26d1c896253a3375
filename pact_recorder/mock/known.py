"""Expectations that were set, known by their identifiers after they are used up or cleared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pact_recorder.matching import JsonValue
from pact_recorder.mock.expectation import Expectation, RuledExpectation
from pact_recorder.mock.mockserver.request import MockServerRequest, read_request_pattern
from pact_recorder.mock.mockserver.writing import write_request

MOST_KNOWN = 100_000


@dataclass(frozen=True, slots=True)
class Known:
    """The request of an expectation: as a matcher, and as JSON."""

    pattern: MockServerRequest
    document: Mapping[str, JsonValue]

    @classmethod
    def of(cls, expectation: Expectation) -> Known:
        """The request of an expectation, whatever it came from."""
        if isinstance(expectation, RuledExpectation) and isinstance(expectation.pattern, MockServerRequest):
            return cls(expectation.pattern, (expectation.document or {}).get("httpRequest", {}))
        document = write_request(expectation)
        return cls(read_request_pattern(document), document)


class KnownExpectations:
    """Expectations that were set, by identifier: MockServer knows them until it is reset, used up or cleared too."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def remember(self, expectation: Expectation) -> None:
        """Know an expectation from now on; the oldest are forgotten when there are too many."""
        self._known.pop(expectation.id, None)
        self._known[expectation.id] = Known.of(expectation)
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def clear(self) -> None:
        """Know nothing."""
        self._known.clear()

    def get(self, identifier: str) -> Known | None:
        """The request of an expectation, None when it is not known."""
        return self._known.get(identifier)
