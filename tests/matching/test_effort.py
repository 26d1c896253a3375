import time

import pytest

from pact_recorder.matching.effort import NO_EFFORT, Effort
from pact_recorder.matching.oniguruma import compile_pattern

ENDLESS = "(?:a|a)*b"
HOSTILE = "a" * 100 + "bc"


def test_a_pattern_that_backtracks_for_ever_ends() -> None:
    started = time.process_time()
    with pytest.raises(TimeoutError):
        Effort().fullmatch(compile_pattern(ENDLESS), HOSTILE)
    assert time.process_time() - started < 5


def test_the_allowance_of_a_match_is_shared_by_all_its_tests() -> None:
    effort = Effort()
    pattern = compile_pattern(ENDLESS)
    started = time.process_time()
    for _ in range(500):
        with pytest.raises(TimeoutError):
            effort.fullmatch(pattern, HOSTILE)
    assert time.process_time() - started < 10


def test_quick_tests_cost_nothing_of_the_allowance() -> None:
    effort = Effort()
    pattern = compile_pattern("([a-z]+)@([a-z]+)")
    assert all(effort.fullmatch(pattern, "name@host") for _ in range(10_000))
    assert not effort.fullmatch(pattern, "name")


def test_a_long_text_may_take_longer_than_the_first_limit() -> None:
    assert Effort().fullmatch(compile_pattern("(?:[a-z ]|[0-9])*"), "lorem ipsum 12 " * 20_000)


def test_no_effort_is_never_used_up_and_never_long() -> None:
    pattern = compile_pattern(ENDLESS)
    started = time.process_time()
    for _ in range(200):
        with pytest.raises(TimeoutError):
            NO_EFFORT.fullmatch(pattern, HOSTILE)
    assert time.process_time() - started < 2
    assert NO_EFFORT.fullmatch(pattern, "aab")


MEMORY = [("(a|b|ab)*c", "ab" * 4_000_000), (r"\g<0>", "a"), (r"(?<a>\g<a>)?b", "b" * 2_000)]


@pytest.mark.parametrize(("pattern", "text"), MEMORY, ids=["long text", "left recursion", "left recursion in a group"])
def test_a_pattern_that_uses_up_the_memory_or_the_time_does_not_match(pattern: str, text: str) -> None:
    started = time.process_time()
    try:
        matches = Effort().fullmatch(compile_pattern(pattern), text)
    except TimeoutError:
        matches = False
    assert not matches
    assert time.process_time() - started < 5
