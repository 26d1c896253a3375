"""Endpoints about the program itself: mode, reset, status, readiness."""

from __future__ import annotations

import logging

from pact_recorder.capture.modes import Mode
from pact_recorder.errors import LimitError, UsageError
from pact_recorder.http.visible import visible
from pact_recorder.matching import JsonValue
from pact_recorder.pact import parse_json
from pact_recorder.server.context import ControlContext
from pact_recorder.server.messages import ControlRequest, ControlResponse, compact_json_response, json_response

_log = logging.getLogger(__name__)
_MODES = "SIMULATE, SPY, CAPTURE"


async def show_mode(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`GET /mockserver/mode`: the mode by MockServer's name, in one line."""
    mode = context.recorder.mode
    shown = {"mode": mode.mockserver_name, "proxyUnmatchedRequests": mode is not Mode.MOCK}
    return compact_json_response(200, shown)


async def set_mode(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/mode?mode=`: change the mode; any case, our names and MockServer's. 400 as text."""
    name = request.parameter("mode")
    if not name:
        raise UsageError(f"mode is required (one of {_MODES})")
    try:
        mode = Mode.parse(name)
    except UsageError:
        raise UsageError(f"unknown mode '{request.parameters['mode']}' (expected one of {_MODES})") from None
    _switch(context, mode)
    return await show_mode(context, request)


async def show_states(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`GET /mockserver/states`: the provider states that are chosen, null while they do not count; in one line."""
    states = context.recorder.states
    return compact_json_response(200, {"states": None if states is None else sorted(states)})


async def set_states(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/states`: choose the provider states in which interactions answer, null for any. 400 as text."""
    try:
        document = parse_json(request.text())
    except (ValueError, LimitError) as error:
        raise UsageError(f"the body is not JSON: {error}") from None
    states = document.get("states", "") if isinstance(document, dict) else ""
    if states is not None and not (isinstance(states, list) and all(isinstance(each, str) for each in states)):
        raise UsageError('the body must be {"states": [names]}, or {"states": null} for any')
    context.recorder.states = None if states is None else frozenset(states)
    return await show_states(context, request)


async def reset(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/reset`: forget expectations and log; whatever the body is. The mode stays."""
    context.recorder.reset()
    return ControlResponse(200)


async def show_status(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/status` and `GET /mockserver/ready`: where this listens, what it is, what it did so far."""
    settings = context.settings
    named = [] if request.server_port is None else [request.server_port]
    return json_response(
        200,
        {
            "ports": named if settings.ports is None else list(settings.ports()),
            "version": context.version,
            "artifactId": "pact-recorder",
            "groupId": "pact-recorder",
            "gitHash": "",
            "recorder": _work(context),
        },
    )


async def stop(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/stop`: end the program as a signal would, with the session written; 200 before that."""
    if context.settings.stop is None:
        raise UsageError("this server is not stopped by the control API")
    context.settings.stop()
    return ControlResponse(200)


def _switch(context: ControlContext, mode: Mode) -> None:
    if context.settings.switch is not None:
        context.settings.switch(mode)
        return
    for warning in context.recorder.switch(mode):
        _log.warning("%s", visible(warning))


def _work(context: ControlContext) -> dict[str, JsonValue]:
    recorder, tally = context.recorder, context.recorder.tally
    return {
        "mode": recorder.mode.value,
        "activeExpectations": len(recorder.expectations),
        "recorded": tally.recorded,
        "repeated": tally.repeated,
        "notRecorded": dict(tally.not_recorded),
        "answered": tally.answered,
        "missed": tally.missed,
        "unindexed": recorder.expectations.ruled.unindexed,
        "refusedConnections": tally.refused_connections,
    }
