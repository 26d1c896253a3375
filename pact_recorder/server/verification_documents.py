"""What `verify` and `verifySequence` are sent, read: MockServer's `Verification` and `VerificationSequence`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pact_recorder.errors import LimitError, UsageError
from pact_recorder.http import Request, Response
from pact_recorder.matching import JsonValue
from pact_recorder.mock.known import Known
from pact_recorder.mock.mockserver.answer import AnswerPattern, read_answer_pattern
from pact_recorder.mock.mockserver.members import not_supported
from pact_recorder.mock.mockserver.request import MockServerRequest, read_request_pattern
from pact_recorder.mock.mockserver.traffic import takes
from pact_recorder.pact import parse_json
from pact_recorder.server.log_selection import identifier_of
from pact_recorder.verification.requests_seen import Times

MOST_LISTED = 10
_LONGEST_SHOWN = 2_000
_UNBOUNDED = -1
Find = Callable[[str], Known]
Read = TypeVar("Read")


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TimesDocument(_Document):
    """How often: -1 and nothing stand for no bound."""

    atLeast: int | None = Field(None, ge=-1)
    atMost: int | None = Field(None, ge=-1)

    def times(self) -> Times:
        """The same as a value."""
        return Times(*(None if bound == _UNBOUNDED else bound for bound in (self.atLeast, self.atMost)))


class _ListingDocument(_Document):
    maximumNumberOfRequestToReturnInVerificationFailure: int | None = Field(None, ge=0)

    @property
    def most_listed(self) -> int:
        """How many requests at most a failure may list."""
        most = self.maximumNumberOfRequestToReturnInVerificationFailure
        return MOST_LISTED if most is None else most


class VerificationDocument(_ListingDocument):
    """What has to be seen how often."""

    httpRequest: dict[str, Any] | None = None
    httpResponse: dict[str, Any] | None = None
    expectationId: Any = None
    times: TimesDocument | None = None


class SequenceDocument(_ListingDocument):
    """What has to be seen in this order."""

    httpRequests: list[dict[str, Any] | None] | None = None
    httpResponses: list[dict[str, Any] | None] | None = None
    expectationIds: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One expected request, with its answer where that counts; both also as they were sent."""

    pattern: MockServerRequest
    document: Mapping[str, JsonValue] | None
    answer: AnswerPattern | None = None
    answer_document: Mapping[str, JsonValue] | None = None

    def takes(self, request: Request, response: Response | None) -> bool:
        """Whether a request with its answer is the expected one."""
        if self.answer is not None and (response is None or not self.answer.takes(response)):
            return False
        return takes(self.pattern, request)


@dataclass(frozen=True, slots=True)
class Verification:
    """What has to be seen how often, and how many requests at most a failure may list."""

    step: Step
    times: Times
    most_listed: int


@dataclass(frozen=True, slots=True)
class Steps:
    """What has to be seen in this order, and how many requests at most a failure may list."""

    steps: tuple[Step, ...]
    most_listed: int


def read_verification(text: str, find: Find) -> Verification:
    """The verification of a request body; `find` gives the request of an expectation. Raises UsageError."""
    document = _checked(text, VerificationDocument, "verification")
    step = _reading(text, "verification", lambda: _step(document, find))
    times = Times() if document.times is None else document.times.times()
    return Verification(step, times, document.most_listed)


def read_sequence(text: str, find: Find) -> Steps:
    """The sequence of a request body; `find` gives the request of an expectation. Raises UsageError."""
    document = _checked(text, SequenceDocument, "verification sequence")
    steps = _reading(text, "verification sequence", lambda: tuple(_steps(document, find)))
    return Steps(steps, document.most_listed)


def _step(document: VerificationDocument, find: Find) -> Step:
    answer = _answer(document.httpResponse, "httpResponse")
    if document.expectationId is not None:
        known = find(_at("expectationId", lambda: identifier_of(document.expectationId)))
        return Step(known.pattern, known.document, answer, document.httpResponse)
    request = _request(document.httpRequest, "httpRequest")
    return Step(request, document.httpRequest, answer, document.httpResponse)


def _steps(document: SequenceDocument, find: Find) -> Iterable[Step]:
    answers = document.httpResponses or []
    if document.expectationIds:
        identifiers = _at("expectationIds", lambda: [identifier_of(each) for each in document.expectationIds or ()])
        requests = [(known.pattern, known.document) for known in map(find, identifiers)]
    else:
        given = document.httpRequests or [None] * len(answers)
        requests = [(_request(each, f"httpRequests/{number}"), each or {}) for number, each in enumerate(given)]
    if answers and len(answers) != len(requests):
        raise ValueError(f"httpResponses: there are {len(answers)} of them for {len(requests)} requests")
    for number, (pattern, shown) in enumerate(requests):
        expected = answers[number] if answers else None
        yield Step(pattern, shown, _answer(expected, f"httpResponses/{number}"), expected)


def _request(document: Mapping[str, Any] | None, place: str) -> MockServerRequest:
    return _at(place, lambda: read_request_pattern(document))


def _answer(document: Mapping[str, Any] | None, place: str) -> AnswerPattern | None:
    return None if document is None else _at(place, lambda: read_answer_pattern(document))


def _at(place: str, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{place}/{error}") from None


Model = TypeVar("Model", bound=BaseModel)


def _checked(text: str, model: type[Model], what: str) -> Model:
    if not text.strip() or text.strip() == '""':
        raise UsageError(f'1 error:\n - a {what} is required but value was "{text.strip()}"')
    try:
        return model.model_validate(parse_json(text))
    except ValidationError as error:
        problems = [_problem(each, model, what) for each in error.errors(include_url=False)]
        raise _incorrect(text, what, problems) from None
    except (ValueError, LimitError) as error:
        raise _incorrect(text, what, [f"is not JSON: {error}"]) from None


def _problem(error: Any, model: type[BaseModel], what: str) -> str:
    place = [str(part) for part in error["loc"]]
    reason = error["msg"]
    if error["type"] == "extra_forbidden":
        owner, where = (TimesDocument, "times") if place[:-1] == ["times"] else (model, f"a {what}")
        reason = not_supported(place[-1], owner.model_fields, where)
    return f"{'/'.join(place) or 'the body'}: {reason}"


def _reading(text: str, what: str, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except ValueError as error:
        raise _incorrect(text, what, [str(error)]) from None


def _incorrect(text: str, what: str, problems: list[str]) -> UsageError:
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    listed = "\n".join(f"   - {problem}" for problem in problems)
    count = f"{len(problems)} error{'s' if len(problems) > 1 else ''}"
    return UsageError(
        f"incorrect {what} json format for:\n\n  {shown}\n\n schema validation errors:\n\n  {count}:\n{listed}"
    )
