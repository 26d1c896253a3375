"""The control API: MockServer's endpoints on a running recorder, as one ASGI application.

Whoever hosts it (the addon on the proxy's own port and magic host, a standalone server) hands it every request to
`/mockserver/…`. There is no CORS here: a web page has no business with the recordings.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from pact_recorder.capture.recorder import Recorder
from pact_recorder.errors import DocumentError, LimitError, PactRecorderError, SessionLockedError, UsageError
from pact_recorder.http.visible import visible
from pact_recorder.matching.budget import Budget, SpentError
from pact_recorder.server.access import Doorkeeper
from pact_recorder.server.context import ControlContext, ControlSettings
from pact_recorder.server.exporting import Exporter
from pact_recorder.server.messages import (
    BodyTooLargeError,
    ControlRequest,
    ControlResponse,
    DisconnectedError,
    Receive,
    Scope,
    Send,
    error_response,
    head_of,
    read_body,
    send_response,
    text_response,
    with_header,
)
from pact_recorder.server.routes import PREFIX, ROUTES, Route, find_place, is_bare_control

_log = logging.getLogger(__name__)
_TOO_SLOW = (
    "Regular expressions, paths, schemas and bodies took longer than {seconds:g} seconds in all, so not everything "
    "was compared: simplify those that backtrack, or ask for less."
)
_DEPRECATED = '"{path}" is deprecated use "{new}" instead'
# Whatever is not listed is not the client's fault.
_STATUSES: dict[type[PactRecorderError], int] = {
    UsageError: 400,
    DocumentError: 400,
    LimitError: 400,
    SessionLockedError: 409,
}


class ControlApi:
    """An ASGI 3 application (HTTP only) on one recorder; `version` is this program's.

    It runs on the event loop that owns the recorder. `settings` may be replaced while it runs. `exporter` makes the
    contracts; one that outlives this application keeps what it has learnt.
    """

    def __init__(
        self,
        recorder: Recorder,
        version: str,
        settings: ControlSettings | None = None,
        exporter: Exporter | None = None,
    ) -> None:
        exporter = exporter or Exporter(recorder.expectations, redactor=recorder.redactor)
        self._context = ControlContext(recorder, version, settings or ControlSettings(), exporter)
        self._doorkeeper = Doorkeeper()

    @property
    def settings(self) -> ControlSettings:
        """What the user set."""
        return self._context.settings

    @settings.setter
    def settings(self, settings: ControlSettings) -> None:
        self._context.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises ValueError for a scope that is not HTTP, as ASGI servers expect."""
        if scope["type"] != "http":
            raise ValueError(f"the control API speaks HTTP only, not {scope['type']}")
        try:
            response = await self._answer(head_of(scope), receive)
        except DisconnectedError:
            return
        await send_response(send, response, self._context.version)

    async def _answer(self, head: ControlRequest, receive: Receive) -> ControlResponse:
        path = head.path
        bare = is_bare_control(head.method, path)
        head = replace(head, path=f"{PREFIX}{path}") if bare else head
        answer = await self._answered(head, receive)
        return with_header(answer, "deprecated", _DEPRECATED.format(path=path, new=head.path)) if bare else answer

    async def _answered(self, head: ControlRequest, receive: Receive) -> ControlResponse:
        found = self._refusal(head) or _route(head)
        if isinstance(found, ControlResponse):
            return found
        limit = self._context.settings.max_body
        try:
            body = await read_body(receive, head.headers, limit)
        except BodyTooLargeError:
            return error_response(413, f"The body is larger than {limit:,} bytes: send less at once.")
        route, name = found
        return await self._call(route, replace(head, body=body, name=name))

    def _refusal(self, head: ControlRequest) -> ControlResponse | None:
        refusal = self._doorkeeper.refusal(head.caller, self._context.settings.token, head.method, head.path)
        if refusal is None:
            return None
        self._context.recorder.tally.refused_controls += 1
        return text_response(refusal.status, refusal.sentence)

    async def _call(self, route: Route, request: ControlRequest) -> ControlResponse:
        seconds = self._context.settings.max_seconds
        try:
            route.parameters.check(request)
            with Budget(seconds, time.monotonic, slow_only=True) as budget:
                response = await route.endpoint(self._context, request)
            return text_response(400, _TOO_SLOW.format(seconds=seconds)) if budget.refused else response
        except SpentError:
            return text_response(400, _TOO_SLOW.format(seconds=seconds))
        except PactRecorderError as error:
            status = next((code for kind, code in _STATUSES.items() if isinstance(error, kind)), 500)
            return route.error(status, str(error))
        except Exception:  # noqa: BLE001 - the edge: what goes wrong here must not take the host's connection with it
            _log.exception("The control API failed at %s", visible(f"{request.method} {request.path}"))
            return text_response(500, "The control API failed at this request; the log says why.")


def _route(head: ControlRequest) -> tuple[Route, str] | ControlResponse:
    """The route of a request with the name in its path, or the answer that there is none."""
    place = find_place(head.path)
    if place is None:
        known = ", ".join(ROUTES)
        return error_response(404, f"There is no {head.path[:200]} in the control API; there are {known}.")
    if head.method not in place.routes:
        allow = ", ".join(place.routes)
        response = error_response(405, f"{head.method} is not allowed at {head.path}: use {allow}.")
        return replace(response, headers=(("allow", allow),))
    return place.routes[head.method], place.name
