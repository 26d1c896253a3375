"""A budget of seconds for all that one decision compares."""

import threading
from asyncio import Future, new_event_loop
from contextvars import copy_context

import pytest

from pact_recorder.http import Request
from pact_recorder.matching import ExpectedRequest, match_request
from pact_recorder.matching.budget import Budget, in_budget, refusals
from tests.support.expecting import json_request, rules


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def task(self, seconds: float, given: list[float]) -> object:
        """Something that takes so long, and notes how long it may take."""

        def run(most: float) -> str:
            given.append(most)
            self.now += seconds
            return "done"

        return in_budget(run, 1.0)


def test_without_a_budget_everything_has_its_own_limit() -> None:
    given: list[float] = []
    clock = Clock()
    assert [clock.task(9, given) for _ in range(3)] == ["done"] * 3
    assert given == [1.0, 1.0, 1.0]
    assert refusals() == 0


def test_what_is_left_limits_the_next_and_nothing_left_refuses_it() -> None:
    given: list[float] = []
    clock = Clock()
    with Budget(2.0, clock) as budget:
        clock.task(0.5, given)
        clock.now += 50  # what is not spent on a task is no matter of the budget
        clock.task(1.0, given)
        clock.task(0.6, given)
        assert budget.refused == 0
        for count in (1, 2):
            with pytest.raises(TimeoutError):
                clock.task(0.1, given)
            assert budget.refused == refusals() == count
    assert given == [1.0, 1.0, 0.5]
    assert clock.task(0.1, given) == "done"


def test_what_ends_early_for_want_of_seconds_counts_as_refused() -> None:
    def late(most: float) -> None:
        raise TimeoutError

    for most, refused in ((1.0, 0), (3.0, 1)):
        with Budget(2.0, Clock()) as budget, pytest.raises(TimeoutError):
            in_budget(late, most)
        assert budget.refused == refused


def test_a_task_within_a_task_is_spent_once() -> None:
    given: list[float] = []
    clock = Clock()

    def outer(most: float) -> None:
        clock.now += 0.5
        clock.task(0.25, given)
        clock.task(0.25, given)

    with Budget(2.0, clock):
        in_budget(outer, 9.0)
        clock.task(0, given)
        with pytest.raises(TimeoutError):
            in_budget(lambda most: [clock.task(0.5, given) for _ in range(9)], 9.0)
    assert given == [1.0, 1.0, 1.0, 1.0, 0.5]


def test_threads_with_the_same_context_spend_the_same_budget() -> None:
    clock = Clock()
    with Budget(0.0, clock) as budget:
        found: list[int] = []
        for run in (refusals, lambda: copy_context().run(refusals)):
            thread = threading.Thread(target=lambda: found.append(refusals()))
            context = copy_context()
            with pytest.raises(TimeoutError):
                clock.task(0, [])
            context.run(lambda run=run: found.append(run()))
            thread.start()
            thread.join()
    assert budget.refused == 2
    assert found == [1, 0, 2, 0]


def test_a_regular_expression_and_variants_of_a_list_are_not_tried_without_seconds() -> None:
    slow = ExpectedRequest("GET", "/a", rules=rules(path={"$": {"match": "regex", "regex": "(?:/|a|a)+"}}))
    variant = {"variants": [{"index": 0, "rules": {}}]}
    places = {"$": {"match": "arrayContains", **variant}}
    assert match_request(slow, Request("GET", "/a")) == []
    assert json_request([1], [2, 1], places) == []
    with Budget(0.0, Clock()):
        assert "within the time limit" in str(match_request(slow, Request("GET", "/a"))[0])
        assert "than there is time for" in str(json_request([1], [2, 1], places)[0])


def test_a_task_that_is_thrown_away_while_it_waits_is_no_error() -> None:
    loop = new_event_loop()

    async def decide() -> None:
        with Budget(1.0, Clock()):
            await Future[None](loop=loop)

    waiting = decide()
    copy_context().run(waiting.send, None)
    waiting.close()
    loop.close()
    assert refusals() == 0
