"""The recording side of the addon: which flows become exchanges, and when.

An exchange is recorded once, whole, before the client has the end of its answer: in the `response` hook, which
mitmproxy calls before it sends a buffered answer or the end of a streamed one; or, where the client can count the
bytes of a streamed answer itself, before the last of them passes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from mitmproxy import flowfilter, http
from mitmproxy.net.http.http1 import expected_http_body_size

from pact_recorder.addon.fields import declared_length, field
from pact_recorder.addon.guarding import OF_TRAFFIC
from pact_recorder.addon.options import Settings
from pact_recorder.addon.streaming import Stream, Tee
from pact_recorder.capture.flow import exchange_of, request_of, response_of
from pact_recorder.capture.recorder import Recorder
from pact_recorder.errors import StorageError
from pact_recorder.http.heads import head_fault

Failed = Callable[[str, http.HTTPFlow, Exception], None]
"""Told of what went wrong where no hook's guard sees it: the hook, the flow and the error."""

logger = logging.getLogger(__name__)
_IGNORED = "pact_ignore"
_ENDED = "broken off when the recording ended"


@dataclass(slots=True)
class _Passing:
    """The bodies of a flow that are passed on as they come."""

    request: Tee | None = None
    response: Tee | None = None
    settled: bool = False


class Intake:
    """Turns finished flows into recorded exchanges."""

    def __init__(self, recorder: Recorder, settings: Settings, failed: Failed) -> None:
        self._recorder = recorder
        self._settings = settings
        self._under_way: dict[str, http.HTTPFlow] = {}
        self._passing: dict[str, _Passing] = {}
        self._lost = 0
        self._failed = failed

    def renew(self, recorder: Recorder, settings: Settings) -> None:
        """Go on with other settings; flows that are on their way are recorded by them when they finish."""
        self._recorder = recorder
        self._settings = settings

    def passes_on(self, request: http.Request) -> bool:
        """Whether a request body is too large to be kept whole, or streamed anyway."""
        size = declared_length(request.headers)
        return bool(request.stream) or (size is not None and size > self._settings.max_body)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Stream a request body, keeping its beginning."""
        self.forwarded(flow)
        tee = Tee(self._settings.max_body, inner=_inner(flow.request.stream))
        self._passing.setdefault(flow.id, _Passing()).request = tee
        flow.request.stream = tee

    def forwarded(self, flow: http.HTTPFlow) -> None:
        """Know of an exchange from now until it is finished or broken off."""
        self._under_way[flow.id] = flow

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Stream an answer whose end is not known, that is too large to be kept whole, or that is streamed anyway."""
        response = flow.response
        assert response is not None
        if response.status_code == 101 or (not response.stream and self._comes_whole(response)):
            return
        size = expected_http_body_size(flow.request, response)
        streamed = response.stream or size is None or size < 0 or size > self._settings.max_body
        if streamed and self._excluded(flow) is None:
            announces_trailers = bool(field(response.headers, b"trailer"))
            passing = self._passing.setdefault(flow.id, _Passing())
            passing.response = Tee(
                self._settings.max_body,
                expected=size if size is not None and size > 0 and not announces_trailers else None,
                finished=lambda: self._passed(flow),
                inner=_inner(response.stream),
            )
            response.stream = passing.response

    def response(self, flow: http.HTTPFlow) -> None:
        """Record a finished exchange, once."""
        passing = self._taken_out(flow)
        if passing.settled and flow.response is not None and flow.response.trailers:
            # They came after the last byte of the body, before which it was recorded.
            self._recorder.tally.late_trailers += 1
        self._settle(flow, passing)

    def end(self) -> None:
        """Settle what is still under way when the recording ends, since the session is closed when it breaks off."""
        for flow in list(self._under_way.values()):
            try:
                self._break_off(flow, self._excluded(flow) or _ENDED)
            except Exception as error:  # noqa: BLE001 (the others are to be kept all the same)
                self._failed("done", flow, error)

    def _passed(self, flow: http.HTTPFlow) -> None:
        """Record from within a stream of mitmproxy, which an error would break; the `response` hook comes later."""
        passing = self._passing.get(flow.id)
        if passing is None:
            return
        try:
            self._settle(flow, passing)
        except Exception as error:  # noqa: BLE001 (an edge, as every hook is)
            self._failed("response", flow, error)

    def _settle(self, flow: http.HTTPFlow, passing: _Passing) -> None:
        if passing.settled:
            return
        passing.settled = True
        reason = self._excluded(flow)
        if reason is not None:
            self._recorder.tally.not_recorded[reason] += 1
            if reason != _IGNORED:
                self._log(flow)
        else:
            self._record(flow, passing)

    def made_by_another_addon(self, flow: http.HTTPFlow) -> None:
        """Count an answer that no server sent."""
        self._taken_out(flow)
        self._recorder.tally.not_recorded["answered by another addon"] += 1
        self._log(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """Count an exchange that broke off; a stream of events is kept as far as it came."""
        reason = "failed: " + (flow.error.msg if flow.error else "unknown")
        self._break_off(flow, reason.splitlines()[0][:120])

    def _break_off(self, flow: http.HTTPFlow, reason: str) -> None:
        passing = self._taken_out(flow)
        if passing.settled:
            return
        if passing.response is not None and passing.response.passed and _is_event_stream(flow):
            self._record(flow, passing, broken_off=True)
            return
        self._recorder.tally.count_not_recorded(reason)
        if not self.ignores(flow):
            self._log(flow, answered=False)

    def _taken_out(self, flow: http.HTTPFlow) -> _Passing:
        """What is known of the bodies of a flow that is under way no more."""
        self._under_way.pop(flow.id, None)
        return self._passing.pop(flow.id, None) or _Passing()

    def ignores(self, flow: http.HTTPFlow) -> bool:
        """Whether `pact_ignore` takes the flow out of both recording and answering."""
        return self._settings.ignore is not None and bool(flowfilter.match(self._settings.ignore, flow))

    def _record(self, flow: http.HTTPFlow, passing: _Passing, broken_off: bool = False) -> None:
        limit = self._settings.max_body
        sent, answered = passing.request, passing.response
        assert flow.response is not None
        if (sent is None and flow.request.raw_content is None) or (
            answered is None and flow.response.raw_content is None
        ):
            # It began to pass before anybody kept it.
            self._recorder.tally.not_recorded["body not kept: it was streaming when the recorder took over"] += 1
            self._log(flow)
            return
        request = request_of(flow, limit, sent.content if sent else None, bool(sent and sent.cut))
        response = response_of(
            flow, limit, answered.content if answered else None, broken_off or bool(answered and answered.cut)
        )
        exchange = exchange_of(flow, request, response)
        if fault := head_fault(exchange):
            # A session that holds it would not be read again.
            self._recorder.tally.not_recorded[fault] += 1
            self._log(flow)
            return
        try:
            self._recorder.record(exchange)
        except StorageError as error:
            self._refused(error)
            self._log(flow)
        else:
            self._resumed()

    def _refused(self, error: StorageError) -> None:
        self._recorder.tally.not_recorded["the disk refused"] += 1
        if not self._lost:
            sentence = "not recording: %s Traffic goes on; recording resumes when there is room."
            logger.error(sentence, error, extra=OF_TRAFFIC)
        self._lost += 1

    def _resumed(self) -> None:
        if self._lost:
            logger.warning("recording again; not recorded meanwhile: %d exchanges", self._lost)
            self._lost = 0

    def _log(self, flow: http.HTTPFlow, answered: bool = True) -> None:
        """Log a request that is not recorded; of a body that has passed nothing is known."""
        limit = self._settings.max_body
        request = request_of(flow, limit, flow.request.raw_content or b"", flow.request.raw_content is None)
        response = None
        if answered and flow.response is not None:
            raw = flow.response.raw_content
            response = response_of(flow, limit, raw or b"", raw is None)
        self._recorder.passed(request, response, flow.request.timestamp_start)

    def _comes_whole(self, response: http.Response) -> bool:
        """Whether an answer, in the plainest and commonest way, says that it is short enough to be kept."""
        size = declared_length(response.headers)
        return size is not None and size <= self._settings.max_body

    def _excluded(self, flow: http.HTTPFlow) -> str | None:
        """Why a flow is not recorded; None when it is."""
        if flow.websocket is not None or (flow.response is not None and flow.response.status_code == 101):
            return "WebSocket or other upgrade"
        if field(flow.request.headers, b"content-type").startswith(b"application/grpc"):
            return "gRPC"
        if flow.request.method == "CONNECT":
            return "CONNECT"
        if self.ignores(flow):
            return _IGNORED
        if self._settings.record_only is not None and not flowfilter.match(self._settings.record_only, flow):
            return "not selected by pact_filter"
        return None


def _inner(stream: bool | Stream) -> Stream | None:
    return stream if callable(stream) else None


def _is_event_stream(flow: http.HTTPFlow) -> bool:
    content_type = flow.response.headers.get("content-type", "") if flow.response else ""
    return content_type.lower().startswith("text/event-stream")
