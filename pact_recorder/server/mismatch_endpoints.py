"""Endpoints that say why requests do not match: one that is given, and those that came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import uuid4

from pact_recorder.capture.traffic_history import History, Seen
from pact_recorder.capture.traffic_log import Kind
from pact_recorder.errors import LimitError
from pact_recorder.http import Request
from pact_recorder.matching import JsonValue
from pact_recorder.mock import Expectation
from pact_recorder.mock.mockserver.request_reading import read_request
from pact_recorder.pact import parse_json
from pact_recorder.server.context import ControlContext
from pact_recorder.server.log_endpoints import log_text
from pact_recorder.server.log_writing import timestamp
from pact_recorder.server.messages import ControlRequest, ControlResponse, json_response
from pact_recorder.server.mismatches import FIELDS, Comparison, closest, compared

_MOST_DEBUGGED = 100
_MOST_EXPLAINED = 50
_MOST_COMPARISONS = 500
_USUAL_LIMIT = 10


async def debug_mismatch(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/debugMismatch`: a request compared with the active expectations, at most a hundred.

    Where there are more, those at its path come first. 400 with `{"error": …}` for what describes no request.
    """
    about = _about(context)
    try:
        asked = read_request(_object(log_text(context, request)))
    except (ValueError, LimitError) as error:
        return json_response(400, {"error": f"failed to debug request mismatch: {error}", **about})
    total = len(context.recorder.expectations)
    chosen = _nearest_first(context, asked, _MOST_DEBUGGED)
    return await asyncio.to_thread(lambda: json_response(200, about | _debugged(compared(chosen, asked), total)))


async def explain_unmatched(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/explainUnmatched`: the latest requests that nothing matched, each with the closest expectations.

    The body may say how many: `{"limit": 10}`. 400 with `{"error": …}` for another body.
    """
    about = _about(context)
    try:
        limit = _limit(request.text())
    except (ValueError, LimitError) as error:
        return json_response(400, {"error": f"failed to explain unmatched requests: {error}", **about})
    history = History.now(context.recorder)
    latest = await asyncio.to_thread(_latest_unmatched, history, limit)
    explained: list[JsonValue] = []
    budget = _MOST_COMPARISONS
    for seen in latest:
        if not budget:
            break
        chosen = _nearest_first(context, seen.request, min(_MOST_EXPLAINED, budget))
        budget -= len(chosen)
        explained.append(await asyncio.to_thread(_explained, seen, chosen))
    counts = {"unmatchedRequestCount": len(explained), "truncated": len(explained) < len(latest)}
    return json_response(200, about | counts | {"unmatchedRequests": explained})


def _about(context: ControlContext) -> dict[str, JsonValue]:
    return {"correlationId": str(uuid4()), "timestamp": timestamp(context.recorder.clock())}


def _object(text: str) -> dict[str, Any]:
    document = parse_json(text) if text.strip() not in ("", '""') else {}
    if not isinstance(document, dict):
        raise ValueError("debugMismatch only supports HttpRequest definitions")
    return document


def _limit(text: str) -> int:
    document = parse_json(text) if text.strip() not in ("", '""') else {}
    if not isinstance(document, dict):
        raise ValueError('the body must be an object such as {"limit": 10}')
    unknown = sorted(name for name, value in document.items() if name != "limit" and value not in (None, False))
    if unknown:
        raise ValueError(f'"{unknown[0]}" is not supported (supported: limit)')
    limit = document.get("limit", _USUAL_LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise ValueError('"limit" must be a whole number, 0 or more')
    return limit


def _nearest_first(context: ControlContext, request: Request, most: int) -> list[Expectation]:
    """At most so many expectations: all in their order, or where there are more, first those near the request."""
    expectations, now = context.recorder.expectations, context.recorder.clock()
    everything = expectations.all(now)
    if len(everything) <= most:
        return everything
    near: list[Expectation] = [each for each in expectations.ruled.nearby(request, most) if each.active(now)]
    near += expectations.recorded.nearby(request, None)
    known = set(map(id, near))
    return [*near, *islice((each for each in everything if id(each) not in known), most)][:most]


def _debugged(comparisons: Sequence[Comparison], total: int) -> dict[str, JsonValue]:
    document: dict[str, JsonValue] = {"totalExpectations": total, "evaluatedExpectations": len(comparisons)}
    if total > len(comparisons):
        document |= {"truncated": True, "maxExpectationsEvaluated": _MOST_DEBUGGED}
    best = closest(comparisons)
    if best is not None:
        document["closestMatch"] = {
            "expectationId": best.expectation.id,
            "matchedFields": best.matched,
            "totalFields": len(FIELDS),
        }
    return document | {"results": [each.to_json() for each in comparisons]}


def _latest_unmatched(history: History, limit: int) -> list[Seen]:
    unmatched = [seen for seen in history if seen.kind is Kind.UNMATCHED]
    return unmatched[::-1][:limit]


def _explained(seen: Seen, chosen: Sequence[Expectation]) -> dict[str, JsonValue]:
    comparisons = sorted(compared(chosen, seen.request), key=lambda each: len(each.differences))
    return {
        "timestamp": timestamp(seen.at),
        "method": seen.request.method,
        "path": seen.request.path,
        "closestExpectations": [each.explained() for each in comparisons],
        "totalExpectationsEvaluated": len(comparisons),
    }
