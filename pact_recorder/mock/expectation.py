"""An expectation: an active rule "a request like this gets this answer".

Two kinds share one shape. A `RuledExpectation` was set through the control API or loaded from a contract; a
`RecordedExpectation` stands for the answers that one recorded request got, which stay in the recording until needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from pact_recorder.http import Exchange, Request, Response
from pact_recorder.http.identity import exchange_identity
from pact_recorder.matching import ExpectedRequest, Mismatch, match_request
from pact_recorder.matching.budget import SpentError, check_budget
from pact_recorder.mock.actions import Action, Forward
from pact_recorder.mock.credentials import OwnAnswers, credentials_in
from pact_recorder.mock.index import Indexable
from pact_recorder.mock.scenarios import PROVIDER_STATE, Scenarios, ScenarioStep
from pact_recorder.mock.selectors import ALWAYS, selecting_values
from pact_recorder.mock.sequence import AnswerSequence, Exhausted
from pact_recorder.mock.too_long import too_long
from pact_recorder.mock.translation import expected_request
from pact_recorder.pact import ProviderState

Reference = Any
"""Where a recording keeps an exchange; whoever owns the recording knows what it is."""

_NO_RESPONSE = "an action that gives no response of its own"

LoadExchange = Callable[[Reference], Exchange]


class Origin(StrEnum):
    """Where an expectation came from."""

    RECORDED = "recorded"
    API = "api"
    CONTRACT = "contract"


class RequestPattern(Indexable, Protocol):
    """What decides whether a request is the expected one."""

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does."""

    def expected(self) -> ExpectedRequest | None:
        """The pattern in Pact's terms, or None when it has no equivalent."""

    def lacking(self) -> str:
        """What of it has no equivalent in Pact, named; empty when all has."""


class Expectation(Protocol):
    """What every active expectation offers."""

    @property
    def id(self) -> str:
        """Its identifier, unique among the active ones."""

    @property
    def origin(self) -> Origin:
        """Where it came from."""

    @property
    def priority(self) -> int:
        """Higher answers first."""

    @property
    def created(self) -> int:
        """Its place in the order of creation; an update keeps it."""

    @property
    def host(self) -> str:
        """The authority of the provider it belongs to; empty when it answers for any."""

    @property
    def description(self) -> str | None:
        """What a contract calls it, when it says."""

    @property
    def provider_states(self) -> tuple[ProviderState, ...]:
        """The states it depends on."""

    def expected(self) -> ExpectedRequest | None:
        """The expected request in Pact's terms, or None when it has no equivalent."""

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does."""

    def responses(self) -> Sequence[Response]:
        """Every answer it has, in order."""

    def lacking(self) -> str:
        """What keeps it out of a contract, named; empty when nothing does."""

    def take(self, exhausted: Exhausted, *asked: Request) -> Action | None:
        """What is done with the next request; None when all is used up.

        `asked` is the request in its forms, the last as it came: its credentials may choose among several answers.
        """


@dataclass(slots=True, eq=False)
class RuledExpectation:
    """An expectation from the control API or a contract.

    `remaining` counts how often it may still answer (None: without end); `expires` is the moment, in seconds of the
    caller's clock, after which it is gone; `document` is the JSON it was set with, for retrieval; `fresh` makes its
    answer anew each time, where the contract has generators.

    `actions` are what it does where that is more than to give its answers; `pick` chooses one of so many, which are
    else taken in turn. `scenario` is its place in one.
    """

    id: str
    pattern: RequestPattern
    answers: tuple[Response, ...]
    origin: Origin = Origin.API
    priority: int = 0
    created: int = 0
    host: str = ""
    description: str | None = None
    provider_states: tuple[ProviderState, ...] = ()
    remaining: int | None = None
    expires: float | None = None
    document: Mapping[str, Any] | None = None
    fresh: Callable[[], Response] | None = None
    actions: tuple[Action, ...] = ()
    pick: Callable[[int], int] | None = None
    scenario: ScenarioStep | None = None
    _asked: tuple[ExpectedRequest | None] | None = field(default=None, init=False)
    _given: int = field(default=0, init=False)

    def expected(self) -> ExpectedRequest | None:
        """The expected request in Pact's terms, or None when it has no equivalent."""
        if self._asked is None:
            # Making an example costs more than comparing.
            self._asked = (self.pattern.expected(),)
        return self._asked[0]

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does."""
        return self.pattern.match(request)

    def responses(self) -> Sequence[Response]:
        """Every answer it has, in order."""
        return self.answers

    def active(self, now: float) -> bool:
        """Whether it may still answer."""
        return self.remaining != 0 and (self.expires is None or now < self.expires)

    def in_states(self, states: frozenset[str]) -> bool:
        """Whether it may answer while its provider is in these states: every state that it depends on is there."""
        return all(state.name in states for state in self.provider_states)

    def is_due(self, scenarios: Scenarios, states: frozenset[str] | None) -> bool:
        """Whether it may answer now: in the provider states, where these count, and in the state of its scenario."""
        if states is not None and not self.in_states(states):
            return False
        if self.scenario is None or (states is not None and self.scenario.name == PROVIDER_STATE):
            return True
        return self.scenario.is_due(scenarios)

    @property
    def is_steady(self) -> bool:
        """Whether it gives the one answer that it has, at any time and however often."""
        passing = (self.remaining, self.expires, self.fresh, self.pick, self.scenario)
        return len(self.answers) == 1 and not self.actions and not any(each is not None for each in passing)

    def lacking(self) -> str:
        """What keeps it out of a contract, named; empty when nothing does."""
        return "" if self.expected() is not None and self.answers else self.pattern.lacking() or _NO_RESPONSE

    @property
    def forwards(self) -> bool:
        """Whether it sends a request on to another server."""
        return any(isinstance(action, Forward) for action in self.actions)

    def take(self, exhausted: Exhausted, *asked: Request) -> Action | None:
        """What is done next, whoever asked; several follow in a circle, as MockServer's `httpResponses` do."""
        if self.remaining is not None:
            self.remaining -= 1
        if self.fresh is not None:
            return self.fresh()
        actions = self.actions or self.answers
        place = self._given % len(actions) if self.pick is None else self.pick(len(actions))
        self._given += 1
        return actions[place]


class RecordedRequests(Protocol):
    """The recordings of one method, path, query and body at one host."""

    host: str
    selectors: frozenset[str]

    def remove(self, expectation: RecordedExpectation) -> None:
        """Take one of them out."""


class RecordedExpectation:
    """The answers that one recorded request got, in order.

    `answers` are references into the recording, loaded when they are needed, so that memory holds no bodies. `failed`
    says that the first of them is an error.
    """

    __slots__ = ("_load", "_own", "answers", "created", "failed", "requests")

    priority = 0
    origin = Origin.RECORDED
    description = None
    provider_states: tuple[ProviderState, ...] = ()

    def __init__(self, created: int, requests: RecordedRequests, load: LoadExchange, failed: bool = False) -> None:
        self.created = created
        self.failed = failed
        self.answers: AnswerSequence[Reference] = AnswerSequence()
        self.requests = requests
        self._load = load
        self._own: OwnAnswers[Reference] | None = None

    def add(self, reference: Reference, times: int, request: Request | None = None) -> None:
        """Add an answer that was given so many times in a row; of all but the first the request has to be there."""
        so_far = self.answers.answers
        if self._own is None and so_far and so_far[-1] != reference:
            self._own = OwnAnswers(so_far[0], self.answers.count)
        if self._own is not None and request is not None:
            self._own.add(reference, times, credentials_in(request))
        self.answers.append(reference, times)

    def rewind(self) -> None:
        """Start again with the first answer, for every client."""
        self.answers.rewind()
        if self._own is not None:
            self._own.rewind()

    def read_by(self, load: LoadExchange) -> RecordedExpectation:
        """The same expectation as another way of loading its exchanges shows it."""
        other = RecordedExpectation(self.created, self.requests, load, self.failed)
        other.answers, other._own = self.answers, self._own
        return other

    @property
    def id(self) -> str:
        """A UUID that the same exchange always has."""
        return str(UUID(exchange_identity(self.exchange()), version=4))

    @property
    def host(self) -> str:
        """The authority of the provider it was recorded from."""
        return self.requests.host

    def exchange(self) -> Exchange:
        """The first recorded exchange."""
        return self._load(self.answers.answers[0])

    def exchanges(self) -> Iterator[Exchange]:
        """Every different recorded exchange, in order; what selects is the same in all their requests."""
        return map(self._load, self.answers.answers)

    def expected(self) -> ExpectedRequest:
        """The recorded request as a contract asks for it: what selects, credentials, and redacted values as rules."""
        return expected_request(self.exchange().request, self.requests.selectors, credentials=True)

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does. Credentials never make it fail."""
        try:
            check_budget()
            return match_request(expected_request(self.exchange().request, self.requests.selectors), request)
        except SpentError:
            return too_long(request)

    def answers_equivalent(self, request: Request) -> bool:
        """Whether the engine calls a request equal to the recorded one that is spelled differently from it."""
        selectors = self.requests.selectors
        recorded = selecting_values(self.exchange().request, selectors)[0]
        asked = selecting_values(request, selectors)[0]
        # What always selects has its own rules in the engine; the rest must agree, absence included.
        return recorded[len(ALWAYS) :] == asked[len(ALWAYS) :] and not self.match(request)

    def responses(self) -> Sequence[Response]:
        """Every different answer, in order."""
        return [self._load(reference).response for reference in self.answers.answers]

    def lacking(self) -> str:
        """Nothing keeps it out of a contract."""
        return ""

    def take(self, exhausted: Exhausted, *asked: Request) -> Response | None:
        """The next answer; None when all are used up and the policy is `miss`.

        A client whose credentials are known gets what was answered to them, in order, if that is anything.
        """
        answers = None
        if self._own is not None and (sent := credentials_in(*asked)):
            answers = self._own.of(sent, lambda: credentials_in(self.exchange().request))
        reference = (answers or self.answers).take(exhausted)
        return None if reference is None else self._load(reference).response
