"""Endpoints about expectations: set, retrieve and clear them.

Bodies are read and answers written beside the traffic; the expectations themselves change on the event loop only.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence

from pact_recorder.errors import UsageError
from pact_recorder.matching import JsonValue
from pact_recorder.mock import Expectation
from pact_recorder.mock.mockserver_json import read_expectations
from pact_recorder.mock.mockserver_json_filter import ExpectationFilter, read_filter
from pact_recorder.mock.mockserver_json_writing import write_expectation
from pact_recorder.server.context import ControlContext
from pact_recorder.server.messages import ControlRequest, ControlResponse, compact_json_response, json_list_response

_CLEAR_TYPES = ("log", "expectations", "all")
_MOST_CLEARED = 100_000


async def put_expectations(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/expectation`: one or several, all or none; 201 with what is stored, always as a list.

    An expectation with the identifier of an active one replaces it and keeps its age.
    """
    recorder = context.recorder
    forwards = context.settings.forwards
    read = await asyncio.to_thread(
        lambda: read_expectations(request.text(), recorder.clock(), pick=random.randrange, forwards=forwards)
    )
    for expectation in read:
        recorder.expectations.put(expectation)
    return await asyncio.to_thread(_listing, 201, read, write_expectation)


async def retrieve(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/retrieve?type=&format=JSON`: active or recorded expectations, all or those of a matcher."""
    kind = (request.parameter("type") or "REQUESTS").upper()
    if kind not in _RETRIEVALS:
        raise UsageError(f'"{kind}" cannot be retrieved here: type must be one of [{", ".join(_RETRIEVALS)}]')
    form = (request.parameter("format") or "JSON").upper()
    if form != "JSON":
        raise UsageError(f'"{form}" is not supported for {kind}: format must be JSON')
    choose, write = _RETRIEVALS[kind]
    snapshot = choose(context)
    wanted = await asyncio.to_thread(lambda: read_filter(request.text()))
    chosen = await _select(context, wanted, snapshot)
    return await asyncio.to_thread(_listing, 200, chosen, write)


async def clear(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/clear?type=`: take expectations out, all or those of a matcher or identifier.

    `log` takes nothing out: recorded exchanges are active expectations here, not entries of a log.
    """
    given = request.parameter("type").lower()
    if given and given not in _CLEAR_TYPES:
        raise UsageError(
            f'"{request.parameters["type"]}" is not a valid value for "type" parameter, '
            f"only the following values are supported [{', '.join(_CLEAR_TYPES)}]"
        )
    expectations = context.recorder.expectations
    snapshot = _active(context)
    wanted = await asyncio.to_thread(lambda: read_filter(request.text()))
    chosen = await _select(context, wanted, snapshot)
    if given != "log":
        _remember(context, wanted)
        if wanted is None:
            expectations.clear()
        else:
            expectations.remove(chosen)
    return ControlResponse(200)


def _active(context: ControlContext) -> list[Expectation]:
    return context.recorder.expectations.all(context.recorder.clock())


def _recorded(context: ControlContext) -> list[Expectation]:
    return sorted(context.recorder.expectations.recorded, key=lambda each: each.created)


def _with_all_headers(expectation: Expectation) -> dict[str, JsonValue]:
    return write_expectation(expectation, all_headers=True)


_Choose = Callable[[ControlContext], list[Expectation]]
_Write = Callable[[Expectation], dict[str, JsonValue]]
_RETRIEVALS: dict[str, tuple[_Choose, _Write]] = {
    "ACTIVE_EXPECTATIONS": (_active, write_expectation),
    "RECORDED_EXPECTATIONS": (_recorded, _with_all_headers),
}


async def _select(
    context: ControlContext, wanted: ExpectationFilter | None, snapshot: list[Expectation]
) -> list[Expectation]:
    """The expectations of a snapshot that are meant. Raises UsageError for an identifier that is not known."""
    if wanted is None:
        return snapshot
    chosen = await asyncio.to_thread(wanted.select, snapshot)
    if not chosen and wanted.identifier is not None and wanted.identifier not in context.cleared:
        raise UsageError(f"No expectation found with id {wanted.identifier}")
    return chosen


def _remember(context: ControlContext, wanted: ExpectationFilter | None) -> None:
    if wanted is not None and wanted.identifier is not None and len(context.cleared) < _MOST_CLEARED:
        context.cleared.add(wanted.identifier)


def _listing(status: int, expectations: Sequence[Expectation], write: _Write) -> ControlResponse:
    if not expectations:
        # MockServer's own serializer writes an empty list without the space that Jackson puts into it.
        return compact_json_response(status, [])
    return json_list_response(status, map(write, expectations))
