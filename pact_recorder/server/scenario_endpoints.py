"""Endpoints about scenarios: show, set and move the state of one."""

from __future__ import annotations

import asyncio
from typing import Any

from pact_recorder.errors import LimitError
from pact_recorder.matching import JsonValue
from pact_recorder.mock.scenarios import PROVIDER_STATE, Move, Scenarios
from pact_recorder.pact import parse_json
from pact_recorder.server.context import ControlContext
from pact_recorder.server.messages import ControlRequest, ControlResponse, error_response, json_response

_LONGEST_WAIT = 86_400_000


async def list_scenarios(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`GET /mockserver/scenario`: every scenario that was moved, with its state."""
    scenarios = context.recorder.expectations.scenarios
    return json_response(200, {"scenarios": [_shown(scenarios, name) for name in scenarios.names()]})


async def show_scenario(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`GET /mockserver/scenario/{name}`: the state of a scenario; `Started` until somebody moves it."""
    return json_response(200, _shown(context.recorder.expectations.scenarios, request.name))


async def set_scenario(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/scenario/{name}`: set the state of a scenario: `{"state": …}`.

    With `nextState` and `transitionAfterMs` it moves on later, unless before that it is set anew, moved or put back.
    400 is `{"error": …}`.
    """
    try:
        document = _object(request.text(), ("state", "nextState", "transitionAfterMs"))
        state, following = _text(document, "state"), _following(document)
    except (ValueError, LimitError) as error:
        return error_response(400, str(error))
    scenarios = context.recorder.expectations.scenarios
    _set(context, request.name, state)
    if following is not None:
        seconds, target = following
        move = scenarios.last_move(request.name)
        asyncio.get_running_loop().call_later(seconds, _move_on, context, request.name, move, target)
    return json_response(200, _shown(scenarios, request.name))


async def trigger_scenario(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/scenario/{name}/trigger`: move a scenario: `{"newState": …}`. 400 is `{"error": …}`."""
    try:
        state = _text(_object(request.text(), ("newState",)), "newState")
    except (ValueError, LimitError) as error:
        return error_response(400, str(error))
    _set(context, request.name, state)
    return json_response(200, _shown(context.recorder.expectations.scenarios, request.name))


def _shown(scenarios: Scenarios, name: str) -> dict[str, JsonValue]:
    return {"scenarioName": name, "currentState": scenarios.current(name)}


def _set(context: ControlContext, name: str, state: str) -> None:
    context.recorder.expectations.scenarios.set(name, state)
    if name == PROVIDER_STATE:
        # Interactions wait for the states that are chosen.
        context.recorder.states = frozenset({state})


def _move_on(context: ControlContext, name: str, move: Move | None, target: str) -> None:
    if context.recorder.expectations.scenarios.last_move(name) is move:
        _set(context, name, target)


def _object(text: str, members: tuple[str, ...]) -> dict[str, Any]:
    document = parse_json(text) if text.strip() else {}
    if not isinstance(document, dict):
        raise ValueError("the body must be an object")
    unknown = sorted(document.keys() - set(members))
    if unknown:
        raise ValueError(f"'{unknown[0]}' is not supported (supported: {', '.join(members)})")
    return document


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"'{name}' is required and must be text")
    return value


def _following(document: dict[str, Any]) -> tuple[float, str] | None:
    """The seconds until a scenario moves on, and where to."""
    after = document.get("transitionAfterMs")
    if after is None and document.get("nextState") is None:
        return None
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= _LONGEST_WAIT:
        raise ValueError(f"'transitionAfterMs' must be a whole number from 0 to {_LONGEST_WAIT} beside 'nextState'")
    return after / 1000, _text(document, "nextState")
