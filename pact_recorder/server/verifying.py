"""Verifying a contract beside the traffic.

Looking expectations up belongs to the event loop, since they change there; it is done in short slices. Reading the
contract and comparing the answers happens in another thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pact_recorder.capture.recorder import Recorder
from pact_recorder.errors import LimitError, PactRecorderError
from pact_recorder.matching import JsonValue
from pact_recorder.pact import AnyInteraction, Contract, parse_json, read_contract
from pact_recorder.verification import (
    NO_EXPECTATION,
    Candidates,
    ContractReport,
    InteractionReport,
    judge,
    matching_expectations,
)

_SOURCE = "Pact contract"
_UNNAMED = "(unnamed interaction)"
_NO_REQUEST = "interaction has no request definition"
_NO_RESPONSE = "interaction has no response definition"
# A body of the deepest JSON that is read stands some levels down in its contract.
_DEEPEST = 250
_SLICE_SECONDS = 0.004


class NotAContractError(PactRecorderError):
    """What was sent is no contract at all; the message is MockServer's sentence."""


@dataclass(frozen=True, slots=True)
class ReadContract:
    """A contract with the places (from 0) of interactions that lack their request or response."""

    contract: Contract
    no_request: frozenset[int]
    no_response: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Question:
    """One interaction with the expectations that may match it, to be judged, or with what it lacks."""

    interaction: AnyInteraction
    candidates: Candidates | None
    lacks: str = ""

    def answered(self) -> InteractionReport:
        if not self.lacks:
            return judge(self.interaction, self.candidates)
        unknown = self.lacks == _NO_RESPONSE and next(iter(self.candidates or ()), None) is None
        return InteractionReport(self.interaction.description, False, NO_EXPECTATION if unknown else self.lacks)


def read_for_verification(text: str) -> ReadContract:
    """The contract of a request body.

    Raises NotAContractError with MockServer's sentence, PactDocumentError for a contract with something wrong in it.
    """
    if not text.strip():
        raise NotAContractError("Pact contract JSON must not be empty")
    try:
        document = parse_json(text, max_depth=_DEEPEST)
    except (ValueError, LimitError) as error:
        raise NotAContractError(f"Pact contract JSON is malformed: {error}") from None
    entries = document.get("interactions") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not entries:
        raise NotAContractError("Pact contract must contain at least one interaction")
    patched = {**document, "interactions": [_patched(entry) for entry in entries]}
    return ReadContract(
        read_contract(patched, _SOURCE, max_depth=_DEEPEST),
        no_request=frozenset(_lacking("request", entries)),
        no_response=frozenset(_lacking("response", entries)),
    )


async def verify_beside_traffic(read: ReadContract, recorder: Recorder) -> ContractReport:
    """The report on a contract; proxied requests are answered meanwhile."""
    reports: list[InteractionReport] = []
    questions = _questions(read, recorder, recorder.clock())
    while asked := _slice(questions):
        reports += await asyncio.to_thread(_answered, asked)
    return ContractReport(tuple(reports))


def _answered(asked: list[_Question]) -> list[InteractionReport]:
    return [question.answered() for question in asked]


def _is_message(entry: JsonValue) -> bool:
    return not isinstance(entry, dict) or entry.get("type", "Synchronous/HTTP") != "Synchronous/HTTP"


def _patched(entry: Any) -> JsonValue:
    """The entry with something to read in the place of what it lacks."""
    if _is_message(entry):
        return entry
    return {"description": _UNNAMED, "request": {}, "response": {}, **entry}


def _lacking(member: str, entries: list[JsonValue]) -> Iterator[int]:
    return (place for place, entry in enumerate(entries) if not _is_message(entry) and member not in entry)


def _questions(read: ReadContract, recorder: Recorder, now: float) -> Iterator[_Question]:
    for place, interaction in enumerate(read.contract.interactions):
        if place in read.no_request:
            yield _Question(interaction, None, _NO_REQUEST)
            continue
        candidates = matching_expectations(interaction, recorder.expectations, now, recorder.redacted)
        yield _Question(interaction, candidates, _NO_RESPONSE if place in read.no_response else "")


def _slice(questions: Iterator[_Question]) -> list[_Question]:
    """As many questions as can be asked in a few milliseconds, at least one while there are any."""
    until = time.monotonic() + _SLICE_SECONDS
    asked: list[_Question] = []
    for question in questions:
        asked.append(question)
        if time.monotonic() >= until:
            break
    return asked
