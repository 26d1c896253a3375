"""A contract's interactions as a mock."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from builders import json_request, request
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, Headers, Response
from pact_recorder.matching import ExpectedResponse
from pact_recorder.matching.budget import Budget
from pact_recorder.mock import ContractMock, MissingRequest, RequestMismatch, RequestNotFound
from pact_recorder.mock.interactions import MAX_UNMET
from pact_recorder.pact import Contract, read_contract

EVERY_REPLY = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH"),
    ("Access-Control-Expose-Headers", "Location, Link"),
    ("Access-Control-Allow-Credentials", "true"),
]


def contract(*requests: dict[str, Any], response: dict[str, Any] | None = None) -> Contract:
    """A contract whose interactions are called 1, 2, … and answer with a header that says which it is."""
    interactions = [
        {
            "description": str(number),
            "request": each,
            "response": {"headers": {"X-Number": str(number)}, **(response or {})},
        }
        for number, each in enumerate(requests, start=1)
    ]
    return read_contract(
        {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": interactions}, "the contract"
    )


def mock(*requests: dict[str, Any], **options: Any) -> ContractMock:
    return ContractMock(contract(*requests), **options)


def number(response: Response) -> str | None:
    return response.headers.get("x-number")


def unmet(mock: ContractMock) -> list[tuple[type, str]]:
    """The kinds of what is unmet, and which interaction or request it is about."""
    return [
        (type(each), each.request.target if isinstance(each, RequestNotFound) else each.interaction.description)
        for each in mock.mismatches()
    ]


def test_a_matching_request_gets_the_response_of_its_interaction() -> None:
    served = ContractMock(contract({"path": "/a"}, response={"status": 201, "headers": {"X": "y"}, "body": {"a": 1}}))
    answer = served.answer(request("GET", "/a"))
    assert (answer.status, answer.body) == (201, Body(b'{"a":1}'))
    assert list(answer.headers) == [*EVERY_REPLY, ("X", "y")]
    assert served.matched
    assert served.mismatches() == []


def test_the_reply_allows_the_origin_that_asks() -> None:
    answer = mock({"path": "/a"}).answer(request("GET", "/a", None, ("Origin", "http://app.example")))
    assert answer.headers.get_all("access-control-allow-origin") == ["http://app.example"]


def test_configured_headers_come_after_those_of_every_reply() -> None:
    served = ContractMock(contract({"path": "/a"}, response={"headers": {"Access-Control-Allow-Origin": "http://b"}}))
    answer = served.answer(request("GET", "/a"))
    assert answer.headers.get_all("access-control-allow-origin") == ["*", "http://b"]


def test_a_request_without_an_interaction_is_refused_and_told() -> None:
    served = mock({"path": "/a"})
    answer = served.answer(request("GET", "/nope?x=1"))
    assert answer.status == 500
    assert list(answer.headers) == [
        ("Access-Control-Allow-Origin", "*"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Pact", "Unexpected-Request"),
    ]
    assert answer.body == Body(b'{"error":"Unexpected-Request : GET /nope?x=1"}')
    assert not served.matched
    assert unmet(served) == [(RequestNotFound, "/nope?x=1"), (MissingRequest, "1")]


def test_a_request_that_differs_from_its_interaction_is_refused_and_told() -> None:
    served = mock({"path": "/a", "method": "POST", "body": {"a": 1}})
    answer = served.answer(json_request("POST", "/a", {"a": 2}))
    assert (answer.status, answer.headers.get("x-pact")) == (500, "Request-Mismatch")
    assert unmet(served) == [(RequestMismatch, "1")]


def test_a_later_match_does_not_forgive_an_earlier_mismatch() -> None:
    served = mock({"path": "/a"})
    served.answer(request("GET", "/a?x=1"))
    assert number(served.answer(request("GET", "/a"))) == "1"
    assert not served.matched
    assert unmet(served) == [(RequestMismatch, "1")]


def test_requests_may_be_repeated() -> None:
    served = mock({"path": "/a"})
    assert [number(served.answer(request("GET", "/a"))) for _ in range(3)] == ["1", "1", "1"]
    assert served.matched


def test_what_is_unmet_comes_in_the_order_of_arrival_then_of_the_contract() -> None:
    served = mock({"path": "/a"}, {"path": "/b"}, {"path": "/c"})
    for target in ("/z", "/b", "/a?x=1", "/y"):
        served.answer(request("GET", target))
    assert unmet(served) == [
        (RequestNotFound, "/z"),
        (RequestMismatch, "1"),
        (RequestNotFound, "/y"),
        (MissingRequest, "3"),
    ]


def test_of_equal_requests_the_first_answers_and_none_is_missing() -> None:
    served = mock({"path": "/a"}, {"path": "/a"}, {"path": "/a", "query": {"x": ["1"]}})
    assert number(served.answer(request("GET", "/a"))) == "1"
    assert unmet(served) == [(MissingRequest, "3")]


FIVE = {f"X-{number}": "1" for number in range(5)}
FIVE_LINES = list(FIVE.items())


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    "nearer",
    [
        pytest.param({"path": "/x", "headers": {**FIVE, "X-Other": "2"}}, id="five headers right and one wrong"),
        pytest.param({"path": "/x", "method": "PUT", "headers": FIVE}, id="another method"),
    ],
)
def test_a_full_match_wins_over_a_better_score(nearer: dict[str, Any], order: tuple[int, int]) -> None:
    """Both get a 500 from the reference."""
    requests = [{"path": "/x"}, nearer]
    served = mock(*(requests[index] for index in order))
    answer = served.answer(request("GET", "/x", None, *FIVE_LINES))
    assert number(answer) == str(order.index(0) + 1)


def test_the_most_specific_match_answers() -> None:
    served = mock(
        {"path": "/x"},
        {"path": "/x", "query": {"a": ["1"]}},
        {"path": "/x", "query": {"a": ["1"], "b": ["2"]}},
        {"path": "/x", "headers": {"X-K": "1"}},
    )
    assert [number(served.answer(request("GET", target))) for target in ("/x", "/x?a=1", "/x?a=1&b=2")] == list("123")
    assert number(served.answer(request("GET", "/x", None, ("X-K", "1")))) == "4"


def test_the_interaction_at_the_path_is_reported_before_a_nearer_one_elsewhere() -> None:
    served = mock({"path": "/x", "headers": {"X-Wanted": "1"}}, {"path": "/y", "headers": FIVE})
    served.answer(request("GET", "/x", None, *FIVE_LINES))
    assert unmet(served)[0] == (RequestMismatch, "1")


def test_of_matches_by_the_same_rules_the_one_like_its_example_answers() -> None:
    rule = {
        "path": {"matchers": [{"match": "regex", "regex": "/users/\\d+"}]},
        "body": {"$.a": {"matchers": [{"match": "type"}]}},
    }
    served = mock(
        {"path": "/users/1", "matchingRules": {"path": rule["path"]}},
        {"path": "/users/99", "matchingRules": {"path": rule["path"]}},
        {"method": "POST", "path": "/x", "body": {"a": 1}, "matchingRules": {"body": rule["body"]}},
        {"method": "POST", "path": "/x", "body": {"a": 2}, "matchingRules": {"body": rule["body"]}},
    )
    assert [number(served.answer(request("GET", f"/users/{user}"))) for user in (1, 99, 5)] == ["1", "2", "1"]
    kind = ("Content-Type", "application/json")
    bodies = (b'{"a": 2}', b'{"a":1}', b'{"a":7}')
    assert [number(served.answer(request("POST", "/x", each, kind))) for each in bodies] == ["4", "3", "3"]


ANY_PATH = {"path": "/a", "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": "/[a-c]"}]}}}


def test_rules_on_the_path_find_their_interaction() -> None:
    served = mock({"path": "/z"}, ANY_PATH, {"path": "/b"})
    assert [number(served.answer(request("GET", target))) for target in ("/c", "/b", "/z")] == ["2", "3", "1"]
    assert served.answer(request("GET", "/d")).headers.get("x-pact") == "Unexpected-Request"


def test_the_method_is_compared_without_case() -> None:
    assert number(mock({"path": "/a", "method": "get"}).answer(request("GET", "/a"))) == "1"


PREFLIGHT = request(
    "OPTIONS",
    "/a",
    None,
    ("Origin", "http://app.example"),
    ("Access-Control-Request-Method", "PUT"),
    ("Access-Control-Request-Headers", "x-a"),
)


def test_a_preflight_is_answered_when_that_is_wanted() -> None:
    served = mock({"path": "/a", "method": "PUT"}, cors_preflight=True)
    answer = served.answer(PREFLIGHT)
    assert (answer.status, answer.body) == (204, Body(b""))
    assert answer.headers.get("access-control-allow-origin") == "http://app.example"
    assert answer.headers.get("access-control-allow-headers") == "x-a, *"
    assert served.answer(request("OPTIONS", "/a")).headers.get("access-control-allow-headers") == "*"
    assert unmet(served) == [(MissingRequest, "1")]


def test_a_preflight_is_refused_otherwise_but_blamed_on_nobody() -> None:
    served = mock({"path": "/a", "method": "PUT"})
    assert served.answer(PREFLIGHT).status == 500
    assert unmet(served) == [(MissingRequest, "1")]


@pytest.mark.parametrize("cors_preflight", [False, True])
def test_an_options_interaction_is_one_like_others(cors_preflight: bool) -> None:
    served = mock({"path": "/a", "method": "OPTIONS", "headers": {"X-A": "1"}}, cors_preflight=cors_preflight)
    assert served.answer(request("OPTIONS", "/a")).headers.get("x-pact") == "Request-Mismatch"
    assert number(served.answer(request("OPTIONS", "/a", None, ("X-A", "1")))) == "1"
    assert unmet(served) == [(RequestMismatch, "1")]


def test_each_response_is_prepared() -> None:
    statuses = iter((201, 202))

    def prepare(response: ExpectedResponse) -> ExpectedResponse:
        return replace(response, status=next(statuses))

    served = mock({"path": "/a"}, prepare=prepare)
    assert [served.answer(request("GET", "/a")).status for _ in range(2)] == [201, 202]


def test_a_flood_of_wrong_requests_is_not_all_kept() -> None:
    served = mock({"path": "/a"})
    for count in range(MAX_UNMET + 10):
        served.answer(request("GET", f"/{count}"))
    served.answer(request("GET", "/a"))
    assert len(served.mismatches()) == MAX_UNMET
    assert not served.matched


def test_messages_in_a_contract_are_none_of_the_mock_s_business() -> None:
    messages = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "messages": [{"description": "m", "contents": 1}]}
    served = ContractMock(read_contract(messages, "the contract"))
    assert served.matched
    assert served.answer(request("GET", "/")).headers.get("x-pact") == "Unexpected-Request"


def test_bytes_that_are_not_utf_8_do_not_break_the_refusal() -> None:
    answer = mock().answer(request("GET", "/\udcff"))
    assert answer.body is not None
    assert json.loads(answer.body.content)["error"].startswith("Unexpected-Request : GET /")


paths = st.sampled_from(["/a", "/b"])
queries = st.sampled_from(["", "?x=1", "?x=2"])
fields = st.lists(st.sampled_from([("X-A", "1"), ("X-B", "1"), ("X-A", "2")]), max_size=2)


@given(st.lists(st.tuples(paths, queries, fields), max_size=4), st.tuples(paths, queries, fields))
def test_a_request_that_matches_alone_matches_among_others(others: list[Any], asked: Any) -> None:
    documents = [
        {"path": path, "query": query.removeprefix("?"), "headers": dict(lines)} for path, query, lines in others
    ]
    path, query, lines = asked
    made = replace(request("GET", path + query), headers=Headers(lines))
    alone = [number(mock(document).answer(made)) is not None for document in documents]
    answer = mock(*documents).answer(made)
    assert (number(answer) is not None) == any(alone)
    if any(alone):
        assert alone[int(number(answer) or 0) - 1]


def test_interactions_that_are_slow_to_compare_share_the_seconds_of_one_request() -> None:
    rules = [{"match": "regex", "regex": f"(a|a)+[!?]{number}"} for number in range(20)]
    slow = [
        {"method": "GET", "path": "/a", "headers": {"X": "b"}, "matchingRules": {"$.headers.X": rule}} for rule in rules
    ]
    mock = ContractMock(contract(*slow))
    began = time.process_time()
    with Budget(1.0, time.thread_time):
        reply = mock.answer(request("GET", "/a", None, ("X", "a" * 60)))
    assert time.process_time() - began < 2
    assert reply.body is not None
    assert b"not everything could be compared" in reply.body.content
    (mismatch,) = (each for each in mock.mismatches() if isinstance(each, RequestMismatch))
    assert mismatch.interaction.description == "1"
    assert "takes too long" in str(mismatch.mismatches[0])
