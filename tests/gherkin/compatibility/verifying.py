"""A provider under test, its state server, and the contracts it is verified against; everything over loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from compatibility.broker import Broker, pacts_to_verify, publish
from compatibility.generating import surroundings
from compatibility.suite import written_version
from compatibility.tables import Table, rows
from compatibility.wire import send, serving
from pact_recorder.errors import StateChangeError
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import GeneratorMode
from pact_recorder.mock import example_response
from pact_recorder.pact import (
    AnyInteraction,
    Contract,
    Interaction,
    MessageInteraction,
    ProviderState,
    contract_to_json,
    format_json,
    read_contract,
)
from pact_recorder.verification import (
    ProducedMessage,
    Provider,
    ProviderReport,
    StateAction,
    render_report,
    verify_provider,
)

PROVIDER = "p"
REQUEST = "request"  # an entry of the timeline that is no state change

_JSON = Headers([("Content-Type", "application/json")])


@dataclass(frozen=True)
class StateCall:
    """What the state server was asked."""

    action: str
    state: str
    params: Mapping[str, Any]


@dataclass
class Verification:
    """One run of the verifier: what it is given, in which order things happened, and what it found."""

    version: int
    servers: ExitStack
    timeline: list[StateCall | str] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    broker: Broker | None = None
    publishing: bool = False
    messages: dict[str, ProducedMessage] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    reports: list[ProviderReport] = field(default_factory=list)
    provider: Provider = field(default_factory=Provider)

    def serve(self, interactions: list[Interaction]) -> None:
        """Start a provider that answers as the interactions say, and 404 to anything else."""
        answers = {(each.request.method, each.request.path): example_response(each.response) for each in interactions}

        def answer(request: Request) -> Response:
            self.timeline.append(REQUEST)
            self.requests.append(request)
            return answers.get((request.method, request.path), Response(404))

        port = self.servers.enter_context(serving(answer))
        self.provider = replace(self.provider, send=lambda request: send(port, request))

    def produce(self, description: str, message: ProducedMessage) -> None:
        """Let the provider make a message."""
        self.messages[description] = message

        def made(interaction: MessageInteraction) -> ProducedMessage:
            self.timeline.append(REQUEST)
            return self.messages[interaction.description]

        self.provider = replace(self.provider, produce=made)

    def serve_states(self, status: int) -> None:
        """Start a state server that answers with a status, and have the verifier call it."""

        def answer(request: Request) -> Response:
            assert request.body is not None
            call = json.loads(request.body.content)
            self.timeline.append(StateCall(call["action"], call["state"], call["params"]))
            return Response(status, "", _JSON, Body(b"{}"))

        port = self.servers.enter_context(serving(answer))
        self.provider = replace(self.provider, change_state=state_client(port))

    def add(self, interaction: AnyInteraction, consumer: str = "c_1") -> None:
        """Have an interaction verified, from a contract of its own that was written and read."""
        self.contracts.append(read_contract(self.document(interaction, consumer), "the suite"))

    def add_to_broker(self, interaction: AnyInteraction, consumer: str) -> None:
        """Have an interaction verified, from a contract that a broker has."""
        self.broker = self.broker or Broker()
        self.broker.add(json.loads(self.document(interaction, consumer)))

    def document(self, interaction: AnyInteraction, consumer: str) -> str:
        """The text of a contract in the version of the feature; V1 has the form of V2 here, as it has no rules."""
        contract = Contract(consumer, PROVIDER, (interaction,))
        written = written_version(self.version)
        document, lost = contract_to_json(contract, written)
        assert self.version < written or not lost
        if self.version < written:
            document["metadata"]["pactSpecification"]["version"] = f"{self.version}.0.0"
        return format_json(document)

    def run(self) -> None:
        """Verify everything, and publish what was found when that is wanted."""
        context = surroundings(GeneratorMode.PROVIDER)
        self.reports = [verify_provider(contract, self.provider, context) for contract in self.contracts]
        if self.broker is None:
            return
        port = self.servers.enter_context(serving(self.broker.answer))
        for pact in pacts_to_verify(port, PROVIDER):
            report = verify_provider(pact.contract, self.provider, context)
            self.reports.append(report)
            if self.publishing:
                publish(port, pact, report)

    @property
    def console(self) -> str:
        """What the user sees."""
        return "".join(map(render_report, self.reports))

    @property
    def verified(self) -> bool:
        """Whether there was something to verify, and all of it is fine."""
        assert self.reports
        assert all(report.results for report in self.reports)
        return all(report.verified for report in self.reports)

    def state_calls(self, action: StateAction) -> list[StateCall]:
        """The calls of an action, in order."""
        return [call for call in self.timeline if isinstance(call, StateCall) and call.action == action]


def state_client(port: int) -> Callable[[ProviderState, StateAction], Mapping[str, Any]]:
    """Changes states by asking a state server: POST with state, parameters and action."""

    def change(state: ProviderState, action: StateAction) -> Mapping[str, Any]:
        asked = json.dumps({"action": action, "state": state.name, "params": dict(state.params)})
        response = send(port, Request("POST", "/states", headers=_JSON, body=Body(asked.encode())))
        if not 200 <= response.status < 300 or response.body is None:
            raise StateChangeError(f"the state server answered {response.status}")
        values: dict[str, Any] = json.loads(response.body.content)
        return values

    return change


def comments_of(table: Table) -> dict[str, Any]:
    """The comments of a table with the columns `comment` and `type`, as V4 documents keep them."""
    comments: dict[str, Any] = {}
    for row in rows(table):
        if row["type"] == "text":
            comments.setdefault("text", []).append(row["comment"])
        else:
            comments[row["type"]] = row["comment"]
    return comments
