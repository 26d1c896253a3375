"""Scenarios by their endpoints."""

import asyncio
from typing import Any

import pytest

from pact_recorder.capture.recorder import Recorder
from tests.server.control_client import ControlClient

SCENARIO = "/mockserver/scenario"


def test_a_scenario_is_shown_set_and_triggered(control: ControlClient) -> None:
    assert control.get(f"{SCENARIO}/order").json() == {"scenarioName": "order", "currentState": "Started"}
    assert control.get(SCENARIO).json() == {"scenarios": []}
    answer = control.put(f"{SCENARIO}/order", {"state": "paid"})
    assert (answer.status, answer.json()) == (200, {"scenarioName": "order", "currentState": "paid"})
    triggered = control.put(f"{SCENARIO}/order/trigger", {"newState": "sent"})
    assert triggered.json()["currentState"] == "sent"
    assert control.get(SCENARIO).json() == {"scenarios": [{"scenarioName": "order", "currentState": "sent"}]}


@pytest.mark.parametrize(
    ("path", "name"), [("a%20b", "a b"), ("a%2Fb", "a/b"), ("%C3%A4", "ä"), ("trigger", "trigger")]
)
def test_a_name_may_have_any_characters(control: ControlClient, path: str, name: str) -> None:
    control.put(f"{SCENARIO}/{path}", {"state": "x"})
    assert control.get(f"{SCENARIO}/{path}").json() == {"scenarioName": name, "currentState": "x"}


def test_reset_puts_scenarios_back(control: ControlClient) -> None:
    control.put(f"{SCENARIO}/order", {"state": "paid"})
    control.put("/mockserver/reset")
    assert control.get(f"{SCENARIO}/order").json()["currentState"] == "Started"


RESET = ("/mockserver/reset", b"")
PAID = (f"{SCENARIO}/order", b'{"state": "paid"}')
HELD = (f"{SCENARIO}/order/trigger", b'{"newState": "held"}')
PAID_AGAIN = (f"{SCENARIO}/order/trigger", b'{"newState": "paid"}')
PAID_FOR_GOOD = (f"{SCENARIO}/order", b'{"state": "paid", "nextState": "lost", "transitionAfterMs": 86400000}')


@pytest.mark.parametrize(
    ("meanwhile", "end"),
    [
        ([], "sent"),
        ([HELD], "held"),
        ([RESET], "Started"),
        ([PAID], "paid"),
        ([RESET, PAID], "paid"),
        ([HELD, PAID_AGAIN], "paid"),
        ([PAID_FOR_GOOD], "paid"),
    ],
)
def test_a_scenario_moves_on_by_itself_unless_it_is_moved_or_put_back_before(
    control: ControlClient, recorder: Recorder, meanwhile: list[tuple[str, bytes]], end: str
) -> None:
    async def run() -> str:
        body = b'{"state": "paid", "nextState": "sent", "transitionAfterMs": 20}'
        answer = await control.exchange("PUT", f"{SCENARIO}/order", [body])
        assert answer.json()["currentState"] == "paid"
        for path, content in meanwhile:
            assert (await control.exchange("PUT", path, [content])).status == 200
        moved = asyncio.Event()
        asyncio.get_running_loop().call_later(0.05, moved.set)
        await moved.wait()
        return recorder.expectations.scenarios.current("order")

    assert asyncio.run(run()) == end


REFUSED = [
    ("", b"", "'state' is required and must be text"),
    ("", {"state": 1}, "'state' is required and must be text"),
    ("", b"[]", "the body must be an object"),
    ("", {"state": "a", "nextState": "b"}, "'transitionAfterMs' must be a whole number"),
    ("", {"state": "a", "transitionAfterMs": 5}, "'nextState' is required"),
    ("", {"state": "a", "colour": "b"}, "'colour' is not supported"),
    ("/trigger", {"state": "a"}, "'state' is not supported"),
    ("/trigger", {}, "'newState' is required"),
]


@pytest.mark.parametrize(("suffix", "body", "reason"), REFUSED)
def test_what_is_no_state_is_a_json_error(control: ControlClient, suffix: str, body: Any, reason: str) -> None:
    answer = control.put(f"{SCENARIO}/order{suffix}", body)
    assert answer.status == 400
    assert answer.json()["error"].startswith(reason)
