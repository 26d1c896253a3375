"""Contracts and sessions served without a proxy: one ASGI application with their answers and the control API.

Requests are answered as in mock mode when they are made to the proxy itself: from the active expectations of any
provider. What was loaded may be loaded again while it runs; expectations that were set by hand stay.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pact_recorder.capture.modes import Mode
from pact_recorder.capture.recorder import Recorder, find_source
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.traffic_log import TrafficLog
from pact_recorder.errors import UsageError
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.mock import Exhausted, Miss, Origin, replayable
from pact_recorder.mock.actions import Fault, Forward, Reply
from pact_recorder.mock.preflight import preflight_answer, preflight_method
from pact_recorder.pact import load_contract
from pact_recorder.recordings import SessionStore
from pact_recorder.server.context import ControlSettings
from pact_recorder.server.control import ControlApi
from pact_recorder.server.generating import consumer_values
from pact_recorder.server.messages import Receive, Scope, Send, error_response
from pact_recorder.server.messages import send_response as send_control_response
from pact_recorder.server.mock_app import MockApp
from pact_recorder.server.routes import BARE_PATHS, is_bare_control, is_control_path
from pact_recorder.server.wire import Asked, Written

_SESSIONS = (".yaml", ".yml")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """A source that was loaded: its file, what it is, whose it is, and how many expectations it made."""

    source: Path
    kind: str
    parties: str
    expectations: int


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """What a user may set.

    `sources` are contracts and sessions, by path or by name under `recordings`; `unmatched` is the status of a request
    that nothing matches; `states` says whether provider states count; `cors` allows web pages of any origin; `control`
    is None when there is no control API, as when several processes share the port.
    """

    sources: tuple[str, ...]
    recordings: Path
    redaction: RedactionRules
    policy: Exhausted = Exhausted.REPEAT_LAST
    unmatched: int = 404
    states: bool = False
    cors: bool = False
    control: ControlSettings | None = field(default_factory=ControlSettings)
    version: str = ""


class Standalone:
    """An ASGI 3 application that serves what its settings name.

    `url` is where it listens, for generators, and `stop` ends the program, for the control API.

    Raises UsageError for a source that there is not, DocumentError for one that is wrong.
    """

    def __init__(self, settings: ServeSettings) -> None:
        self.settings = settings
        self.url = ""
        self.stop: Callable[[], object] | None = None
        self.paths = tuple(find_source(source, settings.recordings) for source in settings.sources)
        self._mock = MockApp(self._answer, repeated=self._answered_again)
        self._answered_for: tuple[object, ...] = ()
        self._install(*self.loaded())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not is_control_path(scope.get("path", "")) and not self._is_bare(scope):
            await self._mock(scope, receive, send)
        elif self._control is not None:
            await self._control(scope, receive, send)
        else:
            sentence = "There is no control API when several processes share a port: serve without --workers."
            await send_control_response(send, error_response(409, sentence), self.settings.version)

    @property
    def max_body(self) -> int:
        """The most bytes of a request to the mock."""
        return self._mock.max_body

    def takes(self, target: bytes) -> bool:
        """Whether a request to a target may be answered directly: all but those to the control API.

        While an expectation is active that waits or breaks connections, none.
        """
        if self.recorder.expectations.ruled.acting:
            return False
        path = target.partition(b"?")[0].decode("latin-1")
        # What may be for the control API without its prefix is decided there.
        return path not in BARE_PATHS and not is_control_path(path)

    def respond(self, asked: Asked) -> Written:
        """The answer to a request that is not for the control API."""
        recorder = self.recorder
        served = (recorder, recorder.expectations, recorder.expectations.changes, recorder.states)
        if served != self._answered_for:
            self._mock.forget()
            self._answered_for = served
        return self._mock.respond(asked)

    def loaded(self) -> tuple[Recorder, tuple[Served, ...]]:
        """A recorder with everything that is served, read anew; nothing changes yet. May run in any thread."""
        recorder = Recorder(
            SessionStore(self.settings.recordings, "serve"),
            Redactor(self._redaction()),
            Mode.MOCK,
            self.settings.policy,
            generate=consumer_values(lambda: self.url),
            # Without a control API nobody could read it.
            log=TrafficLog(most=0) if self.settings.control is None else None,
        )
        recorder.states = frozenset() if self.settings.states else None
        return recorder, tuple(_load(path, recorder) for path in self.paths)

    def replace(self, recorder: Recorder, served: tuple[Served, ...]) -> None:
        """Serve what was loaded anew; expectations that were set by hand, the mode and the states stay."""
        for expectation in self.recorder.expectations.ruled:
            if expectation.origin is Origin.API:
                recorder.expectations.put(expectation)
        recorder.states, recorder.tally = self.recorder.states, self.recorder.tally
        recorder.log, recorder.known = self.recorder.log, self.recorder.known
        recorder.expectations.scenarios = self.recorder.expectations.scenarios
        self._install(recorder, served)

    @property
    def unindexed(self) -> int:
        """How many expectations every request has to be compared with."""
        return self.recorder.expectations.ruled.unindexed

    @property
    def states(self) -> tuple[str, ...]:
        """The provider states that what is served knows, in order of first appearance."""
        known = (state.name for each in self.recorder.expectations.ruled for state in each.provider_states)
        return tuple(dict.fromkeys(known))

    def _is_bare(self, scope: Scope) -> bool:
        """Whether a request is for the control API although it lacks the prefix: when nothing active may take it."""
        method, path = scope.get("method", ""), scope.get("path", "")
        return is_bare_control(method, path) and not self.recorder.expectations.knows(method, path)

    def _install(self, recorder: Recorder, served: tuple[Served, ...]) -> None:
        self.recorder, self.served = recorder, served
        control = self.settings.control
        self._control = (
            None if control is None else ControlApi(recorder, self.settings.version, self._control_settings(control))
        )

    def _control_settings(self, control: ControlSettings) -> ControlSettings:
        """The settings of a control API that knows one mode only."""
        return replace(control, switch=_switch, stop=self._stop, forwards=False)

    def _stop(self) -> None:
        if self.stop is None:
            raise UsageError("this server is not stopped by the control API")
        self.stop()

    def _redaction(self) -> RedactionRules:
        """Only recordings hold redacted values; beside contracts alone requests are taken as they are."""
        recorded = any(path.suffix in _SESSIONS for path in self.paths)
        return self.settings.redaction if recorded else RedactionRules.none()

    def _answer(self, request: Request) -> Response | Reply | Fault:
        if self.settings.cors and preflight_method(request) is not None:
            return preflight_answer(request)
        found = self.recorder.answer(request, None)
        if isinstance(found, Fault):
            return found
        # In mock mode nothing is sent on, and this recorder is always in it.
        assert not isinstance(found, Forward)
        if isinstance(found, Reply):
            return replace(found, response=self._allowing(_sent(found.response, request), request))
        if isinstance(found, Miss):
            return self._allowing(self._miss(found), request)
        response = self._allowing(_sent(found, request), request)
        return Reply(response, lasting=True, note=(request, found)) if self.recorder.steady else response

    def _answered_again(self, asked: Asked, note: object) -> None:
        assert isinstance(note, tuple)
        self.recorder.answered_again(*note)

    def _allowing(self, response: Response, request: Request) -> Response:
        return _allowing_all(response, request) if self.settings.cors else response

    def _miss(self, miss: Miss) -> Response:
        _log.info("%s", miss.line())
        fields = [("Content-Type", "application/json"), ("X-Pact-Recorder", "miss"), ("Cache-Control", "no-store")]
        text = json.dumps(miss.to_json(), indent=2)
        response = Response(self.settings.unmatched, "", Headers(fields), Body(text.encode()))
        self.recorder.missed(miss, response)
        return response


def _load(path: Path, recorder: Recorder) -> Served:
    """Load a source, and say what it is."""
    if path.suffix in _SESSIONS:
        known = {each.host for each in recorder.expectations.recorded}
        count = recorder.load(path)
        hosts = {each.host for each in recorder.expectations.recorded} - known
        return Served(path, "session", ", ".join(sorted(hosts)), count)
    contract = load_contract(path)
    return Served(path, "contract", f"{contract.consumer} → {contract.provider}", recorder.activate(contract, path))


def _sent(response: Response, request: Request) -> Response:
    return replayable(response, request, None)


def _allowing_all(response: Response, request: Request) -> Response:
    if "access-control-allow-origin" in response.headers:
        return response
    origin = request.headers.get("origin") or "*"
    allowed = (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"))
    return replace(response, headers=Headers((*response.headers.fields, *allowed)))


def _switch(mode: Mode) -> None:
    if mode is not Mode.MOCK:
        raise UsageError("pact-recorder serve is always in mock mode: it has no upstream to record from.")
