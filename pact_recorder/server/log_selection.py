"""Which requests of the log a control request means, by a matcher or by the identifier of an expectation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.traffic_history import History, Seen
from pact_recorder.http import Request
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.filtering import ExpectationFilter
from pact_recorder.mock.mockserver.request import MockServerRequest
from pact_recorder.mock.mockserver.traffic import takes


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which requests of the log are meant at one moment; to be answered in any thread. None means all."""

    history: History
    pattern: MockServerRequest | None

    @classmethod
    def now(cls, recorder: Recorder, wanted: ExpectationFilter | None) -> LogQuestion:
        """The question at this moment; to be called by the thread that owns the recorder.

        Raises UsageError for an identifier that is not known.
        """
        history = History.now(recorder)
        if wanted is None or wanted.identifier is None:
            return cls(history, None if wanted is None else wanted.pattern)
        return cls(history, recorder.find_known(wanted.identifier).pattern)

    def requests(self) -> Iterator[Seen]:
        """The requests that are meant, the oldest first, one at a time."""
        return (seen for seen in self.history if self.takes(seen.request))

    def recorded(self) -> Iterator[Seen]:
        """What was recorded of the requests that are meant, once for each time it was seen, one at a time."""
        return (seen for seen in self.history.recorded() if self.takes(seen.request))

    def takes(self, request: Request) -> bool:
        """Whether a request is meant."""
        return self.pattern is None or takes(self.pattern, request)


def identifier_of(document: JsonValue) -> str:
    """The identifier in an `expectationId`, which is an object with an `id` or the text itself. Raises ValueError."""
    given = document.get("id") if isinstance(document, Mapping) else document
    if not isinstance(given, str) or not given:
        raise ValueError('an expectation id must be {"id": text}')
    return given
