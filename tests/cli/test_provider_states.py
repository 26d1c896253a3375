"""Provider states that are changed over HTTP while a provider is verified."""

import json
from typing import Any

import pytest
from provider_contracts import free_port, interaction
from upstream import Handler, Upstream

STATES = [{"name": "a pet exists", "params": {"kind": "dog"}}, {"name": "it is for sale"}]
GENERATED = {"path": "/pets/1", "generators": {"path": {"type": "ProviderState", "expression": "/pets/${id}"}}}


@pytest.mark.parametrize("teardown", [False, True])
def test_states_are_changed_and_their_values_used(verify, provider: Upstream, teardown: bool) -> None:
    calls: list[Any] = []

    def change(handler: Handler) -> None:
        calls.append((handler.path, handler.headers["Content-Type"], handler.headers["Authorization"], handler.body))
        handler.reply(200, b'{"id": 7}')

    provider.answers["POST /states/"] = change
    options = ("--state-url", f"{provider.url}/states/?key=1", "-H", "Authorization: Bearer abcdef")
    if teardown:
        options = (*options, "--state-teardown")
    ran = verify(provider.url, interaction(request=GENERATED, providerStates=STATES), options=options)
    assert ran.status == 0, ran.out
    assert {call[:3] for call in calls} == {("/states/?key=1", "application/json", "Bearer abcdef")}
    expected = [
        {"state": "a pet exists", "params": {"kind": "dog"}, "action": "setup"},
        {"state": "it is for sale", "params": {}, "action": "setup"},
    ]
    if teardown:
        expected += [each | {"action": "teardown"} for each in expected]
    assert [json.loads(call[3]) for call in calls] == expected
    assert [each for each in provider.requests if "/pets" in each] == ["GET /pets/7"]


@pytest.mark.parametrize(("status", "answer"), [(500, b""), (302, b""), (404, b'{"id":1}')])
def test_a_state_that_cannot_be_set_up(verify, provider: Upstream, status: int, answer: bytes) -> None:
    provider.says("POST /states", status, answer)
    ran = verify(provider.url, interaction(providerStates=STATES), options=("--state-url", f"{provider.url}/states"))
    assert ran.status == 1
    assert f'setup of the state "a pet exists": the server of the states answered {status} ' in ran.out
    assert "GET /a" not in provider.requests


@pytest.mark.parametrize("answer", [b"", b"done", b"[1]", b'"x"'])
def test_a_state_server_without_values(verify, provider: Upstream, answer: bytes) -> None:
    provider.says("POST /states", 200, answer)
    ran = verify(provider.url, interaction(), options=("--state-url", f"{provider.url}/states"))
    assert ran.status == 0, ran.out
    assert provider.requests == ["POST /states", "GET /a"]


def test_a_state_server_that_is_not_there(verify, provider: Upstream) -> None:
    port = free_port()
    ran = verify(provider.url, interaction(), options=("--state-url", f"http://127.0.0.1:{port}/"))
    assert ran.status == 1
    assert f'setup of the state "": nothing listens at 127.0.0.1, port {port}' in ran.out
