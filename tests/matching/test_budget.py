"""A budget of seconds for all that one decision compares."""

import threading
from asyncio import Future, new_event_loop
from contextvars import copy_context

import pytest

from pact_recorder.http import Request
from pact_recorder.matching import ExpectedRequest, match_request
from pact_recorder.matching.budget import Budget, SpentError, check_budget, cuts, in_budget, once, refusals
from pact_recorder.matching.xml_values import parse_xml
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
    with Budget(2.0, clock, slow_only=True) as budget:
        clock.task(0.5, given)
        clock.now += 50  # what is not spent on a task is no matter of this budget
        clock.task(1.0, given)
        clock.task(0.6, given)
        assert budget.refused == 0
        for count in (1, 2):
            with pytest.raises(SpentError):
                clock.task(0.1, given)
            assert budget.refused == budget.cut == refusals() == cuts() == count
    assert given == [1.0, 1.0, 0.5]
    assert clock.task(0.1, given) == "done"


def test_what_ends_early_for_want_of_seconds_counts_as_refused() -> None:
    def late(most: float) -> None:
        raise TimeoutError

    for most, error, refused in ((1.0, TimeoutError, 0), (3.0, SpentError, 1)):
        with Budget(2.0, Clock()) as budget, pytest.raises(error):
            in_budget(late, most)
        assert (budget.refused, budget.cut) == (refused, 1)


def test_all_time_counts_unless_the_slow_alone_is_to_count() -> None:
    for slow_only in (False, True):
        clock = Clock()
        given: list[float] = []
        with Budget(2.0, clock, slow_only=slow_only) as budget:
            clock.now += 1.5
            check_budget()
            clock.task(0.25, given)
            clock.now += 0.5
            if slow_only:
                check_budget()
            else:
                with pytest.raises(SpentError):
                    check_budget()
        assert given == [1.0 if slow_only else 0.5]
        assert budget.refused == (not slow_only)
    check_budget()


def test_what_is_read_for_one_request_is_read_once() -> None:
    read: list[object] = []
    long, wrong = b"a" * 1_001, b"?" * 1_001

    def reading(content: bytes, charset: str | None = None) -> list[bytes]:
        read.append((content, charset))
        if content == wrong:
            raise ValueError("it is nothing")
        return [content]

    def read_all() -> int:
        read.clear()
        for _ in range(3):
            assert once(reading, long) == [long]
            assert once(reading, long, "latin-1") == [long]
            with pytest.raises(ValueError, match="it is nothing"):
                once(reading, wrong)
        return len(read)

    with Budget(1.0, Clock()):
        assert read_all() == 3
        first = once(reading, long)
        others = [b"%1001d" % number for number in range(100)]
        for other in others:
            once(reading, other)
            assert once(reading, long) is first
        assert len(read) == 103
        assert once(reading, others[0]) == [others[0]]
        assert len(read) == 104
        assert once(reading, b"short") is not once(reading, b"short")
    with Budget(1.0, Clock(), slow_only=True):
        assert read_all() == 9
    assert read_all() == 9


def test_a_task_within_a_task_is_spent_once() -> None:
    given: list[float] = []
    clock = Clock()

    def outer(most: float) -> None:
        clock.now += 0.5
        clock.task(0.25, given)
        clock.task(0.25, given)

    with Budget(2.0, clock, slow_only=True):
        in_budget(outer, 9.0)
        clock.task(0, given)
        with pytest.raises(SpentError):
            in_budget(lambda most: [clock.task(0.5, given) for _ in range(9)], 9.0)
    assert given == [1.0, 1.0, 1.0, 1.0, 0.5]


def test_threads_with_the_same_context_spend_the_same_budget() -> None:
    clock = Clock()
    with Budget(0.0, clock) as budget:
        found: list[int] = []
        for run in (refusals, lambda: copy_context().run(refusals)):
            thread = threading.Thread(target=lambda: found.append(refusals()))
            context = copy_context()
            with pytest.raises(SpentError):
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
        for compare in (lambda: match_request(slow, Request("GET", "/a")), lambda: json_request([1], [2, 1], places)):
            with pytest.raises(SpentError):
                compare()


def test_a_large_document_is_read_no_further_without_seconds() -> None:
    large = "<r>" + "<a/>" * 1_000 + "</r>"
    assert len(parse_xml(large).children) == 1_000
    with Budget(0.0, Clock()):
        assert parse_xml("<r/>").name == "r"
        with pytest.raises(SpentError):
            parse_xml(large)


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
