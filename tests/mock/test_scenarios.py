import json
from typing import Any

import pytest
from builders import Shelf, request

from pact_recorder.http import Response
from pact_recorder.mock import Exhausted, Expectations, Miss
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.mock.scenarios import Scenarios, ScenarioStep


def test_a_scenario_begins_as_started_and_is_moved() -> None:
    scenarios = Scenarios()
    assert scenarios.current("a") == "Started"
    scenarios.set("a", "later")
    assert (scenarios.current("a"), scenarios.names()) == ("later", ["a"])
    scenarios.clear()
    assert (scenarios.current("a"), scenarios.names()) == ("Started", [])


def test_a_move_into_the_same_state_is_another_move() -> None:
    scenarios = Scenarios()
    assert scenarios.last_move("a") is None
    scenarios.set("a", "later")
    first = scenarios.last_move("a")
    assert scenarios.last_move("a") is first
    scenarios.set("a", "later")
    assert scenarios.last_move("a") not in (first, None)
    scenarios.clear()
    assert scenarios.last_move("a") is None


STEPS = [
    (ScenarioStep("a"), True, "Started"),
    (ScenarioStep("a", "Started", "later"), True, "later"),
    (ScenarioStep("a", "later"), False, "Started"),
    (ScenarioStep("a", None, "later"), True, "later"),
]


@pytest.mark.parametrize(("step", "due", "after"), STEPS)
def test_a_step_waits_for_its_state_and_leads_to_the_next(step: ScenarioStep, due: bool, after: str) -> None:
    scenarios = Scenarios()
    assert step.is_due(scenarios) is due
    step.take(scenarios)
    assert scenarios.current("a") == after


def holding(*documents: Any) -> Expectations:
    expectations = Shelf().expectations
    for each in read_expectations(json.dumps(documents), 0.0):
        expectations.put(each)
    return expectations


def ask(expectations: Expectations, states: frozenset[str] | None = None) -> int | Miss:
    found = expectations.answer(request("GET", "/a"), None, 0.0, Exhausted.REPEAT_LAST, states=states)
    if isinstance(found, Miss):
        return found
    assert isinstance(found, Response)
    return found.status


def gated(status: int, state: str | None, following: str | None = None, name: str = "s") -> Any:
    step = {"scenarioName": name, "scenarioState": state, "newScenarioState": following}
    return {"httpRequest": {"path": "/a"}, "httpResponse": {"statusCode": status}} | step


def test_expectations_follow_each_other_through_a_scenario() -> None:
    expectations = holding(gated(201, "Started", "a"), gated(202, "a", "b"), gated(203, "b", "Started"))
    assert [ask(expectations) for _ in range(4)] == [201, 202, 203, 201]


def test_what_waits_for_another_state_is_a_miss_that_says_so() -> None:
    expectations = holding(gated(201, "later"))
    missed = ask(expectations)
    assert isinstance(missed, Miss)
    assert missed.reason == "other-state"
    assert missed.advice == 'What matches waits for the state "later" of the scenario "s".'
    expectations.scenarios.set("s", "later")
    assert ask(expectations) == 201


def test_a_provider_state_is_a_state_of_its_scenario_or_one_that_is_chosen() -> None:
    expectations = holding(gated(201, "a user exists", name="pact-provider-state"))
    assert isinstance(ask(expectations), Miss)
    assert ask(expectations, frozenset({"a user exists"})) == 201
    assert isinstance(ask(expectations, frozenset({"other"})), Miss)
    expectations.scenarios.set("pact-provider-state", "a user exists")
    assert ask(expectations) == 201


def test_what_forwards_is_a_miss_where_nothing_may_leave() -> None:
    expectations = holding({"httpForward": {"host": "a"}, "times": {"remainingTimes": 1}})
    for _ in range(2):
        missed = expectations.answer(request("GET", "/a"), None, 0.0, Exhausted.REPEAT_LAST, forwards=False)
        assert isinstance(missed, Miss)
        assert missed.reason == "not-forwarded"
    assert not isinstance(expectations.answer(request("GET", "/a"), None, 0.0, Exhausted.REPEAT_LAST), Miss)
