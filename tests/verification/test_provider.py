"""A contract's interactions against a provider made of callables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from pact_recorder.errors import StateChangeError
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import GeneratorContext, GeneratorMode
from pact_recorder.pact import Contract, MessageInteraction, ProviderState, read_contract
from pact_recorder.verification import ProducedMessage, Provider, ProviderReport, StateAction, verify_provider
from pact_recorder.verification.provider_report import BODY, HEADERS, METADATA, PRODUCER, REQUEST, STATE, STATUS

CONTEXT = GeneratorContext(GeneratorMode.PROVIDER, Random(1), datetime(2024, 1, 1, tzinfo=UTC))


def contract(*interactions: dict[str, Any]) -> Contract:
    document = {
        "consumer": {"name": "c"},
        "provider": {"name": "p"},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    return read_contract(document, "the contract")


def http(request: Any = None, response: Any = None, **members: Any) -> dict[str, Any]:
    return {
        "type": "Synchronous/HTTP",
        "description": "it",
        "request": {"method": "GET", "path": "/a", **(request or {})},
        "response": {"status": 200, **(response or {})},
        **members,
    }


def message(**members: Any) -> dict[str, Any]:
    return {"type": "Asynchronous/Messages", "description": "it", **members}


@dataclass
class Log:
    """A provider that notes what is done with it, in order; a state in `broken` cannot be changed."""

    answer: Response = field(default_factory=lambda: Response(200))
    values: Mapping[str, Any] = field(default_factory=dict)
    broken: tuple[tuple[str, str], ...] = ()
    events: list[Any] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.events.append("request")
        self.requests.append(request)
        return self.answer

    def change_state(self, state: ProviderState, action: StateAction) -> Mapping[str, Any]:
        self.events.append((action, state.name))
        if (action, state.name) in self.broken:
            raise StateChangeError("it is broken")
        return self.values

    def verify(self, *interactions: dict[str, Any], **changes: Any) -> ProviderReport:
        provider = replace(Provider(self.send, change_state=self.change_state), **changes)
        return verify_provider(contract(*interactions), provider, CONTEXT)


def titles(report: ProviderReport) -> list[str]:
    return [failure.title for failure in report.failures]


def json_answer(text: str, status: int = 200) -> Response:
    return Response(status, "", Headers([("Content-Type", "application/json")]), Body(text.encode()))


EXPECTED = {
    "headers": {"Content-Type": ["application/json"], "X-A": ["1"]},
    "body": {"content": {"a": 1}, "contentType": "application/json", "encoded": False},
}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (replace(json_answer('{"a":1}'), headers=Headers([("Content-Type", "application/json"), ("X-A", "1")])), []),
        (json_answer('{"a":1}'), [HEADERS]),
        (json_answer('{"a":2}', 404), [STATUS, HEADERS, BODY]),
        (Response(200, "", Headers([("Content-Type", "text/plain"), ("X-A", "1")]), Body(b"x")), [HEADERS, BODY]),
    ],
)
def test_each_part_that_differs_is_one_failure(answer: Response, expected: list[str]) -> None:
    report = Log(answer).verify(http(response=EXPECTED))
    assert titles(report) == expected
    assert report.verified == (not expected)
    assert [failure.title for failure in report.failures if not failure.mismatches] == []


def test_the_request_is_the_example_with_generated_values() -> None:
    log = Log(values={"id": 7})
    asked = {
        "path": "/users/1",
        "query": {"a": ["b c", "d"]},
        "headers": {"X-A": ["1", "2"]},
        "generators": {"path": {"type": "ProviderState", "expression": "/users/${id}"}},
    }
    assert log.verify(http(asked)).verified
    (sent,) = log.requests
    assert (sent.method, sent.target) == ("GET", "/users/7?a=b+c&a=d")
    assert list(sent.headers) == [("X-A", "1"), ("X-A", "2")]


@pytest.mark.parametrize(("named", "headers"), [("text/csv", {}), ("text/csv", {"content-type": ["text/plain"]})])
def test_a_content_type_that_only_the_body_names_is_sent(named: str, headers: dict[str, Any]) -> None:
    log = Log()
    body = {"content": "a,b", "contentType": named, "encoded": False}
    log.verify(http({"method": "POST", "body": body, "headers": headers}))
    assert log.requests[0].headers.get_all("content-type") == (headers.get("content-type") or [named])


def test_the_request_is_adjusted_last() -> None:
    log = Log()

    def adjust(request: Request) -> Request:
        return replace(request, headers=request.headers.with_set("Authorization", "now"))

    log.verify(http({"headers": {"Authorization": ["recorded"]}}), adjust=adjust)
    assert list(log.requests[0].headers) == [("Authorization", "now")]


STATES = [{"name": "one", "params": {"id": 1}}, {"name": "two"}]


@pytest.mark.parametrize(
    ("states", "teardown", "events"),
    [
        ([], True, [("setup", ""), "request", ("teardown", "")]),
        ([], False, [("setup", ""), "request"]),
        (STATES, True, [("setup", "one"), ("setup", "two"), "request", ("teardown", "one"), ("teardown", "two")]),
    ],
)
def test_states_are_set_up_before_and_torn_down_after(states: Any, teardown: bool, events: list[Any]) -> None:
    log = Log()
    assert log.verify(http(providerStates=states), teardown=teardown).verified
    assert log.events == events


def test_states_are_torn_down_whatever_the_provider_does() -> None:
    log = Log(Response(500))

    def send(request: Request) -> Response:
        raise ConnectionRefusedError("nobody is there")

    assert titles(log.verify(http(providerStates=STATES), send=send)) == [REQUEST]
    assert log.events[-2:] == [("teardown", "one"), ("teardown", "two")]

    def defect(request: Request) -> Response:
        raise ZeroDivisionError

    log.events.clear()
    with pytest.raises(ZeroDivisionError):
        log.verify(http(providerStates=STATES), send=defect)
    assert log.events[-1] == ("teardown", "two")


def test_a_state_that_cannot_be_set_up_keeps_the_request_back() -> None:
    log = Log(broken=(("setup", "two"),))
    report = log.verify(http(providerStates=STATES))
    assert [(failure.title, failure.detail) for failure in report.failures] == [
        (STATE, 'setup of the state "two": it is broken')
    ]
    assert log.events == [("setup", "one"), ("setup", "two"), ("teardown", "one")]


def test_a_state_that_cannot_be_torn_down_is_a_failure() -> None:
    log = Log(broken=(("teardown", "one"),))
    assert titles(log.verify(http(providerStates=STATES))) == [STATE]
    assert log.events[-1] == ("teardown", "two")


@pytest.mark.parametrize(
    ("values", "path"), [({"id": 7}, "/7/x"), ({}, "/1/x"), ({"name": "y"}, "/1/y"), ({"id": 7, "name": "y"}, "/7/y")]
)
def test_generators_get_what_the_states_give_over_their_parameters(values: dict[str, Any], path: str) -> None:
    log = Log(values=values)
    asked = {"generators": {"path": {"type": "ProviderState", "expression": "/${id}/${name}"}}}
    log.verify(http(asked, providerStates=[{"name": "one", "params": {"id": 1, "name": "x"}}]))
    assert log.requests[0].path == path


def test_a_generator_without_a_value_is_a_warning() -> None:
    log = Log()
    report = log.verify(http({"generators": {"path": {"type": "ProviderState", "expression": "${id}"}}}))
    assert log.requests[0].path == "/a"
    assert [("ProviderState" in warning) for warning in report.warnings] == [True]


def test_without_a_callback_states_are_a_warning() -> None:
    log = Log()
    report = log.verify(http(providerStates=STATES), http(), change_state=None)
    assert report.verified
    assert report.warnings == [
        f'no provider state callback is configured, so the state "{name}" was not set up' for name in ("one", "two")
    ]
    assert log.events == ["request", "request"]


def test_pending_interactions_do_not_fail_the_run() -> None:
    log = Log(Response(500))
    report = log.verify(http(pending=True))
    assert report.verified
    assert [failure.title for failure in report.pending_failures] == [STATUS]
    assert not log.verify(http(pending=True), http()).verified
    whole = verify_provider(contract(http()), Provider(log.send), CONTEXT, pending=True)
    assert whole.verified
    assert whole.failures == []


def test_only_the_wanted_interactions_are_verified() -> None:
    log = Log()
    both = contract(http(description="one"), http(description="two"))
    report = verify_provider(both, Provider(log.send), CONTEXT, wanted=lambda each: each.description == "two")
    assert [result.interaction.description for result in report.results] == ["two"]
    assert len(log.requests) == 1


def produced(content: bytes, **metadata: Any) -> Callable[[MessageInteraction], ProducedMessage]:
    return lambda interaction: ProducedMessage(Body(content), metadata)


MESSAGE = message(
    contents={"content": {"a": 1}, "contentType": "application/json", "encoded": False}, metadata={"k": "v"}
)


@pytest.mark.parametrize(
    ("produce", "expected"),
    [
        (produced(b'{"a":1}', contentType="application/json", k="v"), []),
        (produced(b'{"a":2}', contentType="application/json", k="v"), [BODY]),
        (produced(b'{"a":1}', contentType="application/json"), [METADATA]),
        (None, [PRODUCER]),
    ],
)
def test_messages_are_compared(produce: Any, expected: list[str]) -> None:
    assert titles(Log().verify(MESSAGE, produce=produce)) == expected


def test_states_are_changed_for_messages_too() -> None:
    log = Log()

    def produce(interaction: MessageInteraction) -> ProducedMessage:
        log.events.append("message")
        raise ConnectionRefusedError("nobody is there")

    report = log.verify({**MESSAGE, "providerStates": [{"name": "one"}]}, produce=produce)
    assert [(failure.title, failure.detail) for failure in report.failures] == [(PRODUCER, "nobody is there")]
    assert log.events == [("setup", "one"), "message", ("teardown", "one")]


FRAMED = b'\0\0\0\0\x02{"a":1}'


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (FRAMED, "application/vnd.schemaregistry.v1+json", []),
        (FRAMED[5:], "application/vnd.schemaregistry.v1+json", []),
        (FRAMED.replace(b"1", b"2"), "application/vnd.schemaregistry.v1+json", [BODY]),
        (FRAMED, "application/json", [BODY]),
    ],
)
def test_the_header_of_the_schema_registry_is_not_part_of_the_contents(
    content: bytes, media_type: str, expected: list[str]
) -> None:
    contents = {"content": {"a": 1}, "contentType": media_type, "encoded": False}
    report = Log().verify(message(contents=contents), produce=produced(content, contentType=media_type))
    assert titles(report) == expected


def test_what_cannot_be_verified_is_a_failure() -> None:
    answered = {"type": "Synchronous/Messages", "description": "it", "request": {}, "response": []}
    assert titles(Log().verify(answered)) == [PRODUCER]
    assert titles(Log().verify(http(), send=None)) == [REQUEST]
