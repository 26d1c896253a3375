"""Endpoints about what is held: retrieve expectations and the log of requests, and clear them."""

from __future__ import annotations

import asyncio
import logging

from pact_recorder.capture.traffic_log import Logged
from pact_recorder.mock import Expectation
from pact_recorder.mock.mockserver.filtering import ExpectationFilter, read_filter
from pact_recorder.server.context import ControlContext
from pact_recorder.server.log_selection import LogQuestion
from pact_recorder.server.matcher_secrets import without_secrets
from pact_recorder.server.messages import ControlRequest, ControlResponse, compact_json_response, with_header
from pact_recorder.server.metrics import counters
from pact_recorder.server.retrieved import write_active, write_log, write_recorded
from pact_recorder.server.retrieving import Retrieval, one_of

_log = logging.getLogger(__name__)
EVICTED = "x-pact-recorder-evicted"
"""The header that counts requests which the log has lost."""


async def retrieve(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/retrieve?type=&format=`: expectations or requests, all or those of a matcher or identifier.

    Types are LOGS, REQUESTS (the default), REQUEST_RESPONSES, RECORDED_EXPECTATIONS, ACTIVE_EXPECTATIONS and METRICS;
    formats JSON (the default), LOG_ENTRIES, HAR and CURL; `offset` and `limit` choose a part. The header
    `x-pact-recorder-evicted` says how many requests the log has lost.
    """
    retrieval = Retrieval.of(request)
    if retrieval.kind == "METRICS":
        return compact_json_response(200, dict(counters(context)))
    if retrieval.kind == "ACTIVE_EXPECTATIONS":
        chosen = await select_active(context, await _filter(request.text()))
        return await asyncio.to_thread(write_active, retrieval, chosen, context.version)
    question = LogQuestion.now(context.recorder, await _filter(log_text(context, request)))
    return await asyncio.to_thread(_retrieved, retrieval, question, context.version)


async def clear(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/clear?type=`: take expectations, requests of the log, or both out.

    All, or those of a matcher or identifier in the body. The session keeps what was recorded.
    """
    kind = one_of(request, "type", ("LOG", "EXPECTATIONS", "ALL"), "ALL")
    wanted, in_log = await _filter(request.text()), await _filter(log_text(context, request))
    if wanted is None:
        _clear_all(context, kind)
        return ControlResponse(200)
    question = LogQuestion.now(context.recorder, in_log)
    if kind != "LOG":
        chosen = await select_active(context, wanted)
        context.recorder.expectations.remove(chosen)
    if kind != "EXPECTATIONS":
        taken = await asyncio.to_thread(_entries, question)
        context.recorder.remove_from_log(taken, question.takes)
    return ControlResponse(200)


def log_text(context: ControlContext, request: ControlRequest) -> str:
    """The body of a request about the log: secrets in it are what the log shows in their place."""
    return without_secrets(request.text(), context.recorder.redactor)


async def select_active(context: ControlContext, wanted: ExpectationFilter | None) -> list[Expectation]:
    """The active expectations that are meant. Raises UsageError for an identifier that is not known."""
    active = context.recorder.expectations.all(context.recorder.clock())
    if wanted is None:
        return active
    chosen = await asyncio.to_thread(wanted.select, active)
    if wanted.identifier is not None and not chosen:
        # Known ones may be used up or cleared.
        context.recorder.find_known(wanted.identifier)
    for expectation in chosen:
        if wanted.identifier is not None:
            context.recorder.known.remember(expectation)
    return chosen


async def _filter(text: str) -> ExpectationFilter | None:
    return await asyncio.to_thread(read_filter, text)


def _entries(question: LogQuestion) -> list[Logged]:
    return [seen.entry for seen in question.requests() if seen.entry is not None]


def _clear_all(context: ControlContext, kind: str) -> None:
    recorder = context.recorder
    if kind != "LOG":
        recorder.expectations.clear()
    if kind != "EXPECTATIONS":
        recorder.clear_log()


def _retrieved(retrieval: Retrieval, question: LogQuestion, version: str) -> ControlResponse:
    if retrieval.kind == "RECORDED_EXPECTATIONS":
        response, gone = write_recorded(retrieval, question.recorded(), version), question.history.gone_recorded
    else:
        response, gone = write_log(retrieval, question.requests(), version), question.history.gone
    if not gone:
        return response
    _log.warning("The log has lost %d requests that no journal holds: they are not among those retrieved.", gone)
    return with_header(response, EVICTED, str(gone))
