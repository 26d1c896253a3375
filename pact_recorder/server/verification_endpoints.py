"""Endpoints that say whether requests were seen: how often, or in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pact_recorder.capture.traffic_history import History, Seen
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.pretty import format_pretty
from pact_recorder.mock.mockserver.traffic import in_usual_order, takes, write_seen_request, write_seen_response
from pact_recorder.server.context import ControlContext
from pact_recorder.server.log_endpoints import log_text
from pact_recorder.server.messages import ControlRequest, ControlResponse, text_response
from pact_recorder.server.verification_documents import (
    Step,
    Steps,
    Verification,
    read_sequence,
    read_verification,
)
from pact_recorder.verification.requests_seen import REQUESTS, RESPONSES, Evidence, count_failure, sequence_failure


async def verify(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/verify`: whether a request, or an answer, was seen as often as the body says.

    202 without a body, or 406 with the failure as text in MockServer's words. Without times: at least once.
    """
    wanted = read_verification(log_text(context, request), context.recorder.find_known)
    failure = await asyncio.to_thread(_count_failure, wanted, History.now(context.recorder))
    return text_response(406, failure) if failure else ControlResponse(202)


async def verify_sequence(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/verifySequence`: whether requests were seen in this order, others between them allowed.

    202 without a body, or 406 with the failure as text in MockServer's words.
    """
    wanted = read_sequence(log_text(context, request), context.recorder.find_known)
    failure = await asyncio.to_thread(_sequence_failure, wanted, History.now(context.recorder))
    return text_response(406, failure) if failure else ControlResponse(202)


def _count_failure(wanted: Verification, history: History) -> str:
    step = wanted.step
    count = sum(step.takes(seen.request, seen.response) for seen in history)
    if step.answer is not None:
        evidence = Evidence(_Answered(history, step), history.gone, _responses, wanted.most_listed)
        return count_failure(wanted.times, count, RESPONSES, _pretty(step.answer_document), evidence)
    evidence = Evidence(history, history.gone, _requests, wanted.most_listed)
    return count_failure(wanted.times, count, REQUESTS, _expected(step.document), evidence)


@dataclass(frozen=True, slots=True)
class _Answered:
    """The requests of a history that a step asks for, whatever they were answered."""

    history: History
    step: Step

    def __iter__(self) -> Iterator[Seen]:
        wanted = (seen for seen in self.history if seen.response is not None)
        return (seen for seen in wanted if takes(self.step.pattern, seen.request))


def _sequence_failure(wanted: Steps, history: History) -> str:
    steps = [_taking(step) for step in wanted.steps]
    expected = format_pretty([in_usual_order(step.document or {}) for step in wanted.steps])
    return sequence_failure(steps, expected, Evidence(history, history.gone, _requests, wanted.most_listed))


def _taking(step: Step) -> Callable[[Seen], bool]:
    return lambda seen: step.takes(seen.request, seen.response)


def _requests(seen: Sequence[Seen]) -> str:
    return _several([write_seen_request(each.request) for each in seen])


def _responses(seen: Sequence[Seen]) -> str:
    return _several([write_seen_response(each.response) for each in seen if each.response is not None])


def _several(documents: list[dict[str, JsonValue]]) -> str:
    """One alone, others as a list; MockServer writes an empty one without a space."""
    if not documents:
        return "[]"
    return format_pretty(documents[0] if len(documents) == 1 else documents)


def _expected(document: Mapping[str, JsonValue] | None) -> str:
    return "" if document is None else _pretty(in_usual_order(document))


def _pretty(document: Mapping[str, JsonValue] | None) -> str:
    return "" if document is None else format_pretty(document)
