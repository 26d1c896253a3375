"""Which requests of the log a control request means, by a matcher or by the identifier of an expectation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.traffic_history import History, Seen
from pact_recorder.errors import UsageError
from pact_recorder.http import Request
from pact_recorder.matching import JsonValue
from pact_recorder.mock import Expectation, RuledExpectation
from pact_recorder.mock.mockserver_json_filter import ExpectationFilter
from pact_recorder.mock.mockserver_json_writing import write_request
from pact_recorder.mock.mockserver_request import MockServerRequest, read_request_pattern
from pact_recorder.mock.mockserver_traffic import takes

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

    def find(self, identifier: str, recorder: Recorder) -> Known:
        """The request of an expectation, known or active. Raises UsageError when there is none."""
        known = self._known.get(identifier)
        if known is not None:
            return known
        for expectation in recorder.expectations.all(recorder.clock()):
            if expectation.id == identifier:
                return Known.of(expectation)
        raise UsageError(f"No expectation found with id {identifier}")


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which requests of the log are meant at one moment; to be answered in any thread. None means all."""

    history: History
    pattern: MockServerRequest | None

    @classmethod
    def now(cls, recorder: Recorder, known: KnownExpectations, wanted: ExpectationFilter | None) -> LogQuestion:
        """The question at this moment; to be called by the thread that owns the recorder.

        Raises UsageError for an identifier that is not known.
        """
        history = History.now(recorder)
        if wanted is None or wanted.identifier is None:
            return cls(history, None if wanted is None else wanted.pattern)
        return cls(history, known.find(wanted.identifier, recorder).pattern)

    def requests(self) -> list[Seen]:
        """The requests that are meant, the oldest first."""
        return [seen for seen in self.history if self.takes(seen.request)]

    def recorded(self) -> list[Seen]:
        """What was recorded of the requests that are meant, once for each time it was seen."""
        return [seen for seen in self.history.recorded() if self.takes(seen.request)]

    def takes(self, request: Request) -> bool:
        """Whether a request is meant."""
        return self.pattern is None or takes(self.pattern, request)


def identifier_of(document: JsonValue) -> str:
    """The identifier in an `expectationId`, which is an object with an `id` or the text itself. Raises ValueError."""
    given = document.get("id") if isinstance(document, Mapping) else document
    if not isinstance(given, str) or not given:
        raise ValueError('an expectation id must be {"id": text}')
    return given
