"""Answers in order, and what comes after the last."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.mock.sequence import AnswerSequence, Exhausted


def sequence(answers: Sequence[str]) -> AnswerSequence[str]:
    made: AnswerSequence[str] = AnswerSequence()
    for answer in answers:
        made.append(answer)
    return made


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Exhausted.REPEAT_LAST, ["a", "a", "b", "b", "b", "b"]),
        (Exhausted.CYCLE, ["a", "a", "b", "a", "a", "b"]),
        (Exhausted.MISS, ["a", "a", "b", None, None, None]),
    ],
)
def test_policies(policy: Exhausted, expected: list[str | None]) -> None:
    answers = sequence("aab")
    assert [answers.take(policy) for _ in range(6)] == expected


def test_a_single_answer_is_not_used_up_but_under_miss() -> None:
    answers = sequence("a")
    assert [answers.take(Exhausted.REPEAT_LAST) for _ in range(3)] == ["a"] * 3
    assert [answers.take(Exhausted.MISS) for _ in range(2)] == ["a", None]


def test_it_grows_while_it_is_read() -> None:
    answers = sequence("a")
    assert answers.take(Exhausted.REPEAT_LAST) == "a"
    answers.append("b")
    assert [answers.take(Exhausted.REPEAT_LAST) for _ in range(2)] == ["a", "b"]


@given(st.text("abc"))
def test_nothing_is_lost_or_reordered(recorded: str) -> None:
    answers = sequence(recorded)
    assert "".join(answers.in_order()) == recorded
    assert answers.count == len(recorded)
    assert [answers.take(Exhausted.MISS) for _ in recorded] == list(recorded)
    answers.rewind()
    assert [answers.take(Exhausted.MISS) for _ in recorded] == list(recorded)
    assert all(one != other for one, other in zip(answers.answers, answers.answers[1:], strict=False))
