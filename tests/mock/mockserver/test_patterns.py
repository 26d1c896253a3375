import time

import regex

from pact_recorder.http import Headers, Request
from pact_recorder.mock.mockserver.patterns import in_time, one_comparison
from pact_recorder.mock.mockserver.request import read_request_pattern

SLOW = regex.compile(r"(a|a)+[!?]")
TEXT = "a" * 60


def test_a_test_that_is_quick_is_answered() -> None:
    assert in_time(lambda seconds: SLOW.fullmatch("aa!", timeout=seconds))
    assert not in_time(lambda seconds: SLOW.fullmatch("b", timeout=seconds))


def test_one_that_is_slow_is_tried_again_where_it_may_be() -> None:
    given: list[float] = []

    def test(seconds: float) -> object:
        given.append(seconds)
        return SLOW.fullmatch(TEXT, timeout=seconds)

    assert not in_time(test)
    assert not in_time(test, lambda: False)
    assert [seconds < 0.01 for seconds in given] == [True, False, True]


def test_a_comparison_has_an_allowance_for_all_its_tests() -> None:
    began = time.process_time()
    with one_comparison():
        assert not any(in_time(lambda seconds: SLOW.fullmatch(TEXT, timeout=seconds)) for _ in range(200))
    assert time.process_time() - began < 5


def test_a_request_with_a_thousand_hostile_fields_is_compared_in_time() -> None:
    pattern = read_request_pattern({"headers": {r"(a|a|[0-9])+[!?]": [r"(a|a)+[!?]"]}, "path": r"/(a|a)+[!?]"})
    asked = Request("GET", f"/{TEXT}", None, Headers([(TEXT + str(number), TEXT) for number in range(1_000)]))
    began = time.process_time()
    assert pattern.match(asked)
    assert time.process_time() - began < 8
