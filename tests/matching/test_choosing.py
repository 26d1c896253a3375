from collections.abc import Sequence

import pytest
from expecting import JSON, JSON_FIELDS, json_body, rules
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Headers, Request
from pact_recorder.matching import ExpectedRequest, choose, compile_request

FIVE = {f"X-{number}": ("1",) for number in range(5)}
FIVE_FIELDS = [(f"X-{number}", "1") for number in range(5)]

PLAIN = ExpectedRequest(path="/x")
ONE = ExpectedRequest(path="/x", query={"a": ("1",)})
TWO = ExpectedRequest(path="/x", query={"a": ("1",), "b": ("2",)})
HEADER = ExpectedRequest(path="/x", headers={"X-K": ("1",)})
SIX = ExpectedRequest(path="/x", headers={**FIVE, "X-6": ("1",)})
PUT = ExpectedRequest("PUT", "/x", headers=FIVE)
ANY_PATH = ExpectedRequest(path="/y", rules=rules(path={"$": {"match": "regex", "regex": "/.*"}}))
RIGHT_BODY = ExpectedRequest("POST", "/x", headers=JSON, body=json_body({"a": 1}))
WRONG_BODY = ExpectedRequest("POST", "/x", headers={**JSON, **FIVE}, body=json_body({"a": 2}))

GET_X = Request("GET", "/x")
GET_X_FIVE = Request("GET", "/x", headers=Headers(FIVE_FIELDS))
POST_X = Request("POST", "/x", headers=Headers([*JSON_FIELDS, *FIVE_FIELDS]), body=json_body({"a": 1}))


@pytest.mark.parametrize(
    ("candidates", "request_", "index", "matched"),
    [
        ([PLAIN, ONE, TWO, HEADER], GET_X, 0, True),
        ([PLAIN, ONE, TWO, HEADER], Request("GET", "/x", "a=1"), 1, True),
        ([PLAIN, ONE, TWO, HEADER], Request("GET", "/x", "a=1&b=2"), 2, True),
        ([PLAIN, ONE, TWO, HEADER], Request("GET", "/x", headers=Headers([("X-K", "1")])), 3, True),
        ([PLAIN, PLAIN], GET_X, 0, True),
        ([ANY_PATH, PLAIN], GET_X, 0, True),
        # Partly wrong candidates with many headers, which the reference prefers to the full match.
        ([PLAIN, SIX], GET_X_FIVE, 0, True),
        ([SIX, PLAIN], GET_X_FIVE, 1, True),
        ([PUT, PLAIN], GET_X_FIVE, 1, True),
        ([PLAIN, PUT], GET_X_FIVE, 0, True),
        ([WRONG_BODY, RIGHT_BODY], POST_X, 1, True),
        # No full match: the nearest, then the first.
        ([PLAIN, TWO], Request("GET", "/x", "a=1&b=3"), 1, False),
        ([ONE, TWO], GET_X, 0, False),
        ([PUT, HEADER], GET_X_FIVE, 0, False),
    ],
)
def test_choice(candidates: Sequence[ExpectedRequest], request_: Request, index: int, matched: bool) -> None:
    choice = choose(list(map(compile_request, candidates)), request_)
    assert choice is not None
    assert (choice.index, choice.matched) == (index, matched)
    assert choice.candidate.expected is candidates[index]


def test_nothing_to_choose_from() -> None:
    assert choose([], GET_X) is None


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (ONE, True),
        (HEADER, True),
        (ExpectedRequest(path="/y"), False),
        (ExpectedRequest("PUT", "/x"), False),
    ],
)
def test_a_wrong_method_or_path_is_not_found(expected: ExpectedRequest, found: bool) -> None:
    choice = choose([compile_request(expected)], GET_X)
    assert choice is not None
    assert not choice.matched
    assert choice.found is found


@given(st.permutations([PLAIN, ONE, TWO, HEADER, SIX, PUT, RIGHT_BODY]))
def test_order_decides_nothing_but_ties(candidates: list[ExpectedRequest]) -> None:
    choice = choose(list(map(compile_request, candidates)), GET_X_FIVE)
    assert choice is not None
    assert choice.candidate.expected is PLAIN
