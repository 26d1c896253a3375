"""Reading expectations in MockServer's JSON: one object or a list of them, all or nothing.

What MockServer has and this program does not is refused by its name, never ignored: an expectation that only half
works is worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pact_recorder.errors import LimitError, UsageError
from pact_recorder.http import Response
from pact_recorder.matching import JsonValue
from pact_recorder.mock.expectation import Origin, RuledExpectation
from pact_recorder.mock.mockserver_fields import named_values
from pact_recorder.mock.mockserver_request import read_request_pattern
from pact_recorder.mock.mockserver_response import read_response
from pact_recorder.pact import parse_json

_LONGEST_SHOWN = 2_000
_UNITS = {
    "NANOSECONDS": 1e-9,
    "MICROSECONDS": 1e-6,
    "MILLISECONDS": 1e-3,
    "SECONDS": 1.0,
    "MINUTES": 60.0,
    "HOURS": 3_600.0,
    "DAYS": 86_400.0,
}
_ACTIONS = ("httpResponse", "httpResponses")
_REASONS = {
    "extra_forbidden": "is not supported in an expectation (supported: {supported})",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "missing": "is missing",
}


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TimesDocument(_Document):
    """How often an expectation answers: `{"unlimited": true}` or `{"remainingTimes": n}`."""

    remainingTimes: int | None = Field(None, ge=0)
    unlimited: bool | None = None


class TimeToLiveDocument(_Document):
    """How long an expectation answers: `{"unlimited": true}` or `{"timeUnit": "SECONDS", "timeToLive": n}`."""

    timeUnit: Literal["NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS", "MINUTES", "HOURS", "DAYS"] | None = (
        None
    )
    timeToLive: int | None = Field(None, ge=0)
    unlimited: bool | None = None


class ExpectationDocument(_Document):
    """The outer shape of an expectation; request and responses are read by their own modules."""

    id: str | None = None
    priority: int | None = None
    httpRequest: dict[str, Any] | None = None
    httpResponse: dict[str, Any] | None = None
    httpResponses: list[dict[str, Any]] | None = None
    responseMode: Literal["SEQUENTIAL"] | None = None
    times: TimesDocument | None = None
    timeToLive: TimeToLiveDocument | None = None
    timestamp: Any = None


def read_expectations(
    text: str, now: float, identifier: Callable[[], str] = lambda: str(uuid4())
) -> list[RuledExpectation]:
    """The expectations of a request body. `now` is the moment in seconds, from which `timeToLive` counts.

    Raises UsageError in MockServer's words: what is wrong, and in which member.
    """
    if not text.strip():
        raise UsageError(f'1 error:\n - an expectation or expectation array is required but value was "{_shown(text)}"')
    try:
        document = parse_json(text)
    except (ValueError, LimitError) as error:
        raise _incorrect(text, [f"is not JSON: {error}"]) from None
    documents = document if isinstance(document, list) else [document]
    read: list[RuledExpectation] = []
    for number, each in enumerate(documents):
        place = f"/{number}" if isinstance(document, list) else ""
        try:
            read.append(_expectation(each, now, identifier))
        except _WrongDocumentError as error:
            raise _incorrect(text, [f'"{place}{where}" {reason}' for where, reason in error.problems]) from None
    return read


@dataclass(slots=True)
class _WrongDocumentError(Exception):
    """One expectation is wrong: places in it with what is wrong there."""

    problems: list[tuple[str, str]]


def _expectation(document: JsonValue, now: float, identifier: Callable[[], str]) -> RuledExpectation:
    try:
        checked = ExpectationDocument.model_validate(document)
    except ValidationError as error:
        raise _WrongDocumentError([_problem(each) for each in error.errors(include_url=False)]) from None
    answers = _answers(checked)
    pattern = _at("/httpRequest", read_request_pattern, checked.httpRequest)
    return RuledExpectation(
        id=checked.id or identifier(),
        pattern=pattern,
        answers=answers,
        origin=Origin.API,
        priority=checked.priority or 0,
        remaining=_remaining(checked.times),
        expires=_expires(checked.timeToLive, now),
        document=_stored(checked),
    )


def _answers(document: ExpectationDocument) -> tuple[Response, ...]:
    if document.httpResponse is not None and document.httpResponses is not None:
        raise _WrongDocumentError([("/httpResponses", "cannot stand beside httpResponse: give one of them")])
    if document.httpResponse is not None:
        return (_at("/httpResponse", read_response, document.httpResponse),)
    if not document.httpResponses:
        raise _WrongDocumentError([("", f"needs an action, one of {', '.join(_ACTIONS)}")])
    return tuple(
        _at(f"/httpResponses/{number}", read_response, each) for number, each in enumerate(document.httpResponses)
    )


def _at(place: str, read: Callable[[Any], Any], document: JsonValue) -> Any:
    try:
        return read(document)
    except ValueError as error:
        member, _, reason = str(error).partition(": ")
        raise _WrongDocumentError([(f"{place}/{member}", reason)]) from None


def _remaining(times: TimesDocument | None) -> int | None:
    return None if times is None or times.unlimited else times.remainingTimes


def _expires(time_to_live: TimeToLiveDocument | None, now: float) -> float | None:
    if time_to_live is None or time_to_live.unlimited or time_to_live.timeToLive is None:
        return None
    if time_to_live.timeUnit is None:
        raise _WrongDocumentError([("/timeToLive/timeUnit", f"must be one of {', '.join(_UNITS)}")])
    return now + time_to_live.timeToLive * _UNITS[time_to_live.timeUnit]


def _stored(document: ExpectationDocument) -> Mapping[str, JsonValue]:
    """What is shown of the expectation when it is retrieved: fields as lists, whatever form they came in."""
    stored: dict[str, JsonValue] = {}
    if document.httpRequest is not None:
        stored["httpRequest"] = _with_lists(document.httpRequest)
    if document.httpResponse is not None:
        stored["httpResponse"] = _with_lists(document.httpResponse)
    if document.httpResponses is not None:
        stored["httpResponses"] = [_with_lists(each) for each in document.httpResponses]
    if document.timeToLive is not None and not document.timeToLive.unlimited:
        stored["timeToLive"] = {"timeToLive": document.timeToLive.timeToLive, "timeUnit": document.timeToLive.timeUnit}
    return stored


def _with_lists(message: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {
        name: _listed(message[name]) if name in ("headers", "queryStringParameters") else message[name]
        for name in sorted(message)
        if message[name] is not None
    }


def _listed(fields: JsonValue) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = {}
    for name, values in named_values(fields):
        listed.setdefault(name, []).extend(values)
    return listed


def _problem(error: Any) -> tuple[str, str]:
    place = "".join(f"/{part}" for part in error["loc"])
    reason = _REASONS.get(error["type"], error["msg"])
    return place, reason.format(supported=", ".join(ExpectationDocument.model_fields))


def _incorrect(text: str, problems: list[str]) -> UsageError:
    count = f"{len(problems)} error{'s' if len(problems) > 1 else ''}"
    listed = "\n".join(f"   - {problem}" for problem in problems)
    shown = "\n".join(f"  {line}" for line in _shown(text).splitlines())
    return UsageError(
        f"incorrect expectation json format for:\n\n{shown}\n\n schema validation errors:\n\n  {count}:\n{listed}"
    )


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
