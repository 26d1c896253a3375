"""Counts and orders of requests, in MockServer's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.verification.requests_seen import (
    REQUESTS,
    RESPONSES,
    Evidence,
    Times,
    count_failure,
    sequence_failure,
)

WORDS = [
    (Times(), "at least once"),
    (Times(2), "at least 2 times"),
    (Times(0), "at least 0 times"),
    (Times(1, 1), "exactly once"),
    (Times(3, 3), "exactly 3 times"),
    (Times(0, 0), "exactly 0 times"),
    (Times(None, 0), "at most 0 times"),
    (Times(None, 1), "at most once"),
    (Times(1, 3), "between 1 and 3 times"),
]


@pytest.mark.parametrize(("times", "words"), WORDS)
def test_the_words_are_mockservers(times: Times, words: str) -> None:
    assert str(times) == words


def evidence(text: str, gone: int = 0, most: int = 10) -> Evidence[str]:
    return Evidence(text, gone, lambda seen: f"[{''.join(seen)}]", most)


@given(st.none() | st.integers(0, 5), st.none() | st.integers(0, 5), st.integers(0, 6))
def test_a_count_is_right_between_its_bounds(least: int | None, most: int | None, count: int) -> None:
    right = (least is None or least <= count) and (most is None or count <= most)
    assert (count_failure(Times(least, most), count, REQUESTS, "", evidence("abc")) == "") is right


def test_a_failure_shows_what_was_seen_or_how_much() -> None:
    shown = count_failure(Times(2), 1, REQUESTS, "{ }", evidence("ab"))
    assert shown == "Request not found at least 2 times, expected:<{ }> but was:<[ab]>"
    counted = count_failure(Times(2), 1, REQUESTS, "{ }", evidence("ab", most=2))
    assert counted == "Request not found at least 2 times, expected:<{ }> but was found 1 time among 2 total requests"
    none = count_failure(Times(), 0, RESPONSES, "{ }", evidence("ab", most=0))
    assert none.endswith("but was found 0 times among 2 recorded responses")


@pytest.mark.parametrize("times", [Times(None, 0), Times(1, 1), Times(0, 3)])
def test_what_is_lost_is_not_taken_for_not_having_happened(times: Times) -> None:
    failure = count_failure(times, times.at_least or 0, REQUESTS, "", evidence("", gone=3))
    assert failure.startswith(f"Request could not be verified {times} because the log is not complete: 3 requests")
    assert count_failure(Times(1), 1, REQUESTS, "", evidence("", gone=3)) == ""
    assert count_failure(Times(1), 0, REQUESTS, "", evidence("", gone=3)).endswith(
        "(3 earlier requests are not in the log any more)"
    )


def steps(text: str) -> list:
    return [lambda seen, each=each: seen == each for each in text]


@given(st.text("abc", max_size=5), st.text("abc", max_size=8))
def test_an_order_is_a_subsequence(wanted: str, seen: str) -> None:
    rest = iter(seen)
    found = all(each in rest for each in wanted)
    assert (sequence_failure(steps(wanted), wanted, evidence(seen)) == "") is found


def test_an_order_that_was_not_seen() -> None:
    assert sequence_failure(steps("ba"), "ba", evidence("ab")) == (
        "Request sequence not found, expected:<ba> but was:<[ab]>"
    )
    assert sequence_failure(steps("ba"), "ba", evidence("ab", 1, 2)) == (
        "Request sequence not found, expected:<ba> but was not found, found 2 other requests "
        "(1 earlier requests are not in the log any more)"
    )
