"""Reading expectations in MockServer's JSON: one object or a list of them, all or nothing.

What MockServer has and this program does not is refused by its name, never ignored: an expectation that only half
works is worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pact_recorder.errors import LimitError, UsageError
from pact_recorder.matching import JsonValue
from pact_recorder.mock.actions import Action, response_of
from pact_recorder.mock.expectation import Origin, RuledExpectation
from pact_recorder.mock.mockserver.actions import UNITS, read_error, read_forward, read_reply
from pact_recorder.mock.mockserver.half_pairs import half_pair
from pact_recorder.mock.mockserver.members import not_supported
from pact_recorder.mock.mockserver.override import read_override
from pact_recorder.mock.mockserver.request import read_request_pattern
from pact_recorder.mock.mockserver.stored import stored_part
from pact_recorder.mock.scenarios import PROVIDER_STATE, ScenarioStep
from pact_recorder.pact import ProviderState, parse_json

_LONGEST_SHOWN = 2_000
_ACTIONS = ("httpResponse", "httpResponses", "httpForward", "httpOverrideForwardedRequest", "httpError")
_LONGEST_TIME = 10**18
_REASONS = {
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
    timeToLive: int | None = Field(None, ge=0, le=_LONGEST_TIME)
    unlimited: bool | None = None


class ExpectationDocument(_Document):
    """The outer shape of an expectation; request and responses are read by their own modules."""

    id: str | None = None
    priority: int | None = None
    httpRequest: dict[str, Any] | None = None
    httpResponse: dict[str, Any] | None = None
    httpResponses: list[dict[str, Any]] | None = None
    responseMode: Literal["SEQUENTIAL", "RANDOM"] | None = None
    httpForward: dict[str, Any] | None = None
    httpOverrideForwardedRequest: dict[str, Any] | None = None
    httpError: dict[str, Any] | None = None
    scenarioName: str | None = None
    scenarioState: str | None = None
    newScenarioState: str | None = None
    times: TimesDocument | None = None
    timeToLive: TimeToLiveDocument | None = None
    timestamp: Any = None


_WHOLE: tuple[type[_Document], str] = (ExpectationDocument, "an expectation")
_PARTS: Mapping[str, tuple[type[_Document], str]] = {
    "times": (TimesDocument, "times"),
    "timeToLive": (TimeToLiveDocument, "timeToLive"),
}


def read_expectations(
    text: str,
    now: float,
    identifier: Callable[[], str] = lambda: str(uuid4()),
    pick: Callable[[int], int] = lambda count: 0,
    forwards: bool = True,
    as_given: bool = True,
) -> list[RuledExpectation]:
    """The expectations of a request body. `now` is the moment in seconds, from which `timeToLive` counts.

    `pick` chooses one of so many responses at random (`responseMode` RANDOM). Without `forwards` an action that sends
    requests on is refused. Without `as_given` the answers are recordings, whose framing is made anew.

    Raises UsageError in MockServer's words: what is wrong, and in which member.
    """
    if not text.strip():
        raise UsageError(f'1 error:\n - an expectation or expectation array is required but value was "{_shown(text)}"')
    try:
        document = parse_json(text)
    except (ValueError, LimitError) as error:
        raise _incorrect(text, [f"is not JSON: {error}"]) from None
    half = half_pair(document) if as_given else None
    if half is not None:
        raise _incorrect(text, [f'"{half[0]}" {half[1]}'])
    documents = document if isinstance(document, list) else [document]
    terms = _Terms(now, identifier, pick, forwards, as_given)
    read: list[RuledExpectation] = []
    for number, each in enumerate(documents):
        place = f"/{number}" if isinstance(document, list) else ""
        try:
            read.append(_expectation(each, terms))
        except _WrongDocumentError as error:
            raise _incorrect(text, [f'"{place}{where}" {reason}' for where, reason in error.problems]) from None
    return read


@dataclass(slots=True)
class _WrongDocumentError(Exception):
    """One expectation is wrong: places in it with what is wrong there."""

    problems: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Terms:
    """On what terms expectations are read, as `read_expectations` has them."""

    now: float
    identifier: Callable[[], str]
    pick: Callable[[int], int]
    forwards: bool
    as_given: bool


def _expectation(document: JsonValue, terms: _Terms) -> RuledExpectation:
    try:
        checked = ExpectationDocument.model_validate(document)
    except ValidationError as error:
        raise _WrongDocumentError([_problem(each) for each in error.errors(include_url=False)]) from None
    actions = _actions(checked, terms)
    responses = tuple(filter(None, map(response_of, actions)))
    pattern = _at("/httpRequest", read_request_pattern, checked.httpRequest)
    scenario = _scenario(checked)
    return RuledExpectation(
        id=checked.id or terms.identifier(),
        pattern=pattern,
        answers=responses,
        origin=Origin.API,
        priority=checked.priority or 0,
        provider_states=_provider_states(scenario),
        remaining=_remaining(checked.times),
        expires=_expires(checked.timeToLive, terms.now),
        document=_stored(checked),
        actions=() if actions == responses else actions,
        pick=terms.pick if checked.responseMode == "RANDOM" else None,
        scenario=scenario,
    )


def _actions(document: ExpectationDocument, terms: _Terms) -> tuple[Action, ...]:
    given = [name for name in _ACTIONS if getattr(document, name) is not None]
    if len(given) > 1:
        raise _WrongDocumentError([(f"/{given[1]}", f"cannot stand beside {given[0]}: give one of them")])
    if document.responseMode is not None and given != ["httpResponses"]:
        raise _WrongDocumentError([("/responseMode", "has a meaning beside httpResponses only")])
    if given and given[0] in _FORWARDING and not terms.forwards:
        reason = "is not supported by this server, which sends no requests anywhere: use the proxy"
        raise _WrongDocumentError([(f"/{given[0]}", reason)])
    reply = partial(read_reply, as_given=terms.as_given, to_head=_is_head(document.httpRequest))
    if given == ["httpResponses"] and document.httpResponses:
        return tuple(_at(f"/httpResponses/{number}", reply, each) for number, each in enumerate(document.httpResponses))
    if not given or given == ["httpResponses"]:
        raise _WrongDocumentError([("", f"needs an action, one of {', '.join(_ACTIONS)}")])
    return (_at(f"/{given[0]}", _READERS.get(given[0], reply), getattr(document, given[0])),)


def _is_head(request: Mapping[str, JsonValue] | None) -> bool:
    """Whether a request matcher takes requests with the method `HEAD` alone."""
    method = (request or {}).get("method")
    return isinstance(method, str) and method.upper() == "HEAD" and not (request or {}).get("not")


_FORWARDING = ("httpForward", "httpOverrideForwardedRequest")
_READERS: Mapping[str, Callable[[Any], Action]] = {
    "httpForward": read_forward,
    "httpOverrideForwardedRequest": read_override,
    "httpError": read_error,
}


def _scenario(document: ExpectationDocument) -> ScenarioStep | None:
    for name in ("scenarioState", "newScenarioState"):
        if getattr(document, name) and not document.scenarioName:
            raise _WrongDocumentError([(f"/{name}", "needs a scenarioName beside it")])
    if not document.scenarioName:
        return None
    return ScenarioStep(document.scenarioName, document.scenarioState or None, document.newScenarioState or None)


def _provider_states(scenario: ScenarioStep | None) -> tuple[ProviderState, ...]:
    if scenario is None or scenario.name != PROVIDER_STATE or scenario.state is None:
        return ()
    return (ProviderState(scenario.state),)


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
        raise _WrongDocumentError([("/timeToLive/timeUnit", f"must be one of {', '.join(UNITS)}")])
    return now + time_to_live.timeToLive * UNITS[time_to_live.timeUnit]


def _stored(document: ExpectationDocument) -> Mapping[str, JsonValue]:
    """What is shown of the expectation when it is retrieved."""
    given = {name: getattr(document, name) for name in ("httpRequest", *_ACTIONS)}
    stored = {name: stored_part(name, value) for name, value in given.items() if value is not None}
    for name in ("responseMode", "scenarioName", "scenarioState", "newScenarioState"):
        if getattr(document, name):
            stored[name] = getattr(document, name)
    if document.timeToLive is not None and not document.timeToLive.unlimited:
        stored["timeToLive"] = {"timeToLive": document.timeToLive.timeToLive, "timeUnit": document.timeToLive.timeUnit}
    return stored


def _problem(error: Any) -> tuple[str, str]:
    place = "".join(f"/{part}" for part in error["loc"])
    if error["type"] == "extra_forbidden":
        *owners, name = map(str, error["loc"])
        model, where = _PARTS.get(owners[0], _WHOLE) if owners else _WHOLE
        return place, not_supported(name, model.model_fields, where)
    return place, _REASONS.get(error["type"], error["msg"])


def _incorrect(text: str, problems: list[str]) -> UsageError:
    count = f"{len(problems)} error{'s' if len(problems) > 1 else ''}"
    listed = "\n".join(f"   - {problem}" for problem in problems)
    shown = "\n".join(f"  {line}" for line in _shown(text).splitlines())
    return UsageError(
        f"incorrect expectation json format for:\n\n{shown}\n\n schema validation errors:\n\n  {count}:\n{listed}"
    )


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
