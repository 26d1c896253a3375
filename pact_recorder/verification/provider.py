"""A contract's interactions against a real provider: each request is made, or each message asked for, and compared.

The provider is a set of callables, so that this stays pure: who sends and what serves the states is decided outside.
States are set up before and torn down after each interaction, also for one without a state, under the empty name
(the reference's verifier).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pact_recorder.errors import StateChangeError
from pact_recorder.http import Body, Request, Response
from pact_recorder.matching import (
    GeneratorContext,
    JsonValue,
    generate_request,
    match_message,
    match_response,
)
from pact_recorder.mock import example_request
from pact_recorder.pact import AnyInteraction, Contract, Interaction, MessageInteraction, ProviderState
from pact_recorder.verification.provider_report import (
    PRODUCER,
    REQUEST,
    STATE,
    Failure,
    ProviderReport,
    ProviderResult,
    failures_of,
)
from pact_recorder.verification.selection import Selection

StateAction = Literal["setup", "teardown"]

Send = Callable[[Request], Response]
"""Sends a request to the provider; raises OSError when there is no answer."""
ChangeState = Callable[[ProviderState, StateAction], Mapping[str, JsonValue]]
"""Puts the provider into a state or out of it; gives values for generators. Raises StateChangeError."""

_SCHEMA_REGISTRY = "application/vnd.schemaregistry."
_ALL = Selection()
_REGISTRY_HEADER = 5  # bytes: a zero and the number of the schema


@dataclass(frozen=True, slots=True)
class ProducedMessage:
    """A message as the provider makes it."""

    contents: Body | None
    metadata: Mapping[str, JsonValue]


Produce = Callable[[MessageInteraction], ProducedMessage]
"""Has the provider make the message of an interaction; raises OSError when it cannot."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider under test, as what can be done with it; `adjust` changes each request before it is sent."""

    send: Send | None = None
    produce: Produce | None = None
    change_state: ChangeState | None = None
    teardown: bool = True
    adjust: Callable[[Request], Request] = lambda request: request


def verify_provider(
    contract: Contract,
    provider: Provider,
    context: GeneratorContext,
    *,
    wanted: Callable[[AnyInteraction], bool] = _ALL,
    pending: bool = False,
) -> ProviderReport:
    """The report on the wanted interactions of a contract, verified one after the other.

    `context` is that of the provider mode; each interaction sees in it the values of its own states, and what
    generators report becomes a warning of the interaction. `pending` takes the whole contract as pending, as a broker
    may say.
    """
    results = tuple(
        replace(_Verification(each, provider, context).run(), pending=pending or each.pending)
        for each in contract.interactions
        if wanted(each)
    )
    return ProviderReport(contract.consumer, contract.provider, results)


class _Verification:
    """The verification of one interaction, with what is found on the way."""

    __slots__ = ("_context", "_failures", "_interaction", "_provider", "_warnings")

    def __init__(self, interaction: AnyInteraction, provider: Provider, context: GeneratorContext) -> None:
        self._interaction = interaction
        self._provider = provider
        self._context = context
        self._failures: list[Failure] = []
        self._warnings: list[str] = []

    def run(self) -> ProviderResult:
        """Set up, compare, tear down what was set up."""
        change_state = self._provider.change_state
        done, values = self._set_up(change_state)
        try:
            if not self._failures:
                self._context = replace(self._context, provider_state=values, report=self._warnings.append)
                self._failures += self._compare()
        finally:
            if change_state is not None and self._provider.teardown:
                for state in done:
                    self._change(change_state, state, "teardown")
        return ProviderResult(self._interaction, tuple(self._failures), tuple(self._warnings))

    def _set_up(self, change_state: ChangeState | None) -> tuple[list[ProviderState], dict[str, JsonValue]]:
        """The states that the provider is in now, and the values of theirs: the answers, over the parameters."""
        states = self._interaction.provider_states
        params = {name: value for state in states for name, value in state.params.items()}
        if change_state is None:
            self._warnings += [
                f'no provider state callback is configured, so the state "{state.name}" was not set up'
                for state in states
            ]
            return [], params
        done: list[ProviderState] = []
        values: dict[str, JsonValue] = {}
        for state in states or (ProviderState(""),):
            given = self._change(change_state, state, "setup")
            if given is not None:
                done.append(state)
                values |= given
        return done, params | values

    def _change(
        self, change_state: ChangeState, state: ProviderState, action: StateAction
    ) -> Mapping[str, JsonValue] | None:
        """The values that the change gives, None when it fails."""
        try:
            return change_state(state, action)
        except StateChangeError as error:
            self._failures.append(Failure(STATE, detail=f'{action} of the state "{state.name}": {error}'))
            return None

    def _compare(self) -> Sequence[Failure]:
        if isinstance(self._interaction, Interaction):
            return self._compare_response(self._interaction)
        if isinstance(self._interaction, MessageInteraction):
            return self._compare_message(self._interaction)
        return [Failure(PRODUCER, detail="messages with an answer cannot be verified yet")]

    def _compare_response(self, interaction: Interaction) -> Sequence[Failure]:
        if self._provider.send is None:
            return [Failure(REQUEST, detail="no provider is configured for HTTP interactions")]
        request = _typed(example_request(generate_request(interaction.request, self._context)))
        try:
            response = self._provider.send(self._provider.adjust(request))
        except OSError as error:
            return [Failure(REQUEST, detail=f"{request.method} {request.target}: {error}")]
        return failures_of(match_response(interaction.response, response))

    def _compare_message(self, interaction: MessageInteraction) -> Sequence[Failure]:
        if self._provider.produce is None:
            return [Failure(PRODUCER, detail="no producer of messages is configured")]
        try:
            produced = self._provider.produce(interaction)
        except OSError as error:
            return [Failure(PRODUCER, detail=str(error))]
        contents = _unframed(produced)
        return failures_of(match_message(interaction.message, contents, produced.metadata))


def _typed(request: Request) -> Request:
    """The request with the content type that only the body of a V4 document names."""
    named = request.body.media_type if request.body is not None else None
    if not named or "content-type" in request.headers:
        return request
    return replace(request, headers=request.headers.with_set("Content-Type", named))


def _unframed(message: ProducedMessage) -> Body | None:
    """The contents without the header that Kafka's schema registry puts before them (Confluent wire format)."""
    body = message.contents
    if body is None or not body.content.startswith(b"\0"):
        return body
    names = [body.media_type, *(message.metadata.get(key) for key in ("contentType", "content-type"))]
    framed = any(isinstance(name, str) and name.lower().startswith(_SCHEMA_REGISTRY) for name in names)
    return replace(body, content=body.content[_REGISTRY_HEADER:]) if framed else body
