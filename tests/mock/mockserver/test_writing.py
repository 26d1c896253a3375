import json
from typing import Any

import pytest
from builders import Shelf, exchange, json_request, request, response
from hypothesis import given

from pact_recorder.http import Request
from pact_recorder.matching import ExpectedRequest, MatchingRule, MatchingRules, RuleList
from pact_recorder.mock import Exhausted, Expectations, Origin, RuledExpectation
from pact_recorder.mock.contracts import ContractRequest
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.mock.mockserver.writing import write_expectation
from pact_recorder.pact import format_json
from tests.verification.strategies import exchange_lists

FOREVER = {"unlimited": True}


def written(expectations: Expectations) -> list[Any]:
    return [write_expectation(each) for each in expectations.all(0.0)]


def test_a_recorded_expectation_shows_what_it_matches() -> None:
    asked = json_request(
        "POST", "/a%20b?x=1&x=2&y=%21z", {"n": 1}, ("User-Agent", "curl"), ("Accept", "*/*"), ("X-Tenant", "t")
    )
    shelf = Shelf()
    (document,) = written(shelf.add(exchange(asked, response(b'{"ok":true}', 201, ("Vary", "X-Tenant")))))
    assert list(document) == sorted(document)
    assert document["httpRequest"] == {
        "method": "POST",
        "path": "/a%20b",
        "queryStringParameters": {"x": ["1", "2"], "y": ["\\!z"]},
        "headers": {"Host": ["api.example"], "Content-Type": ["application/json"], "X-Tenant": ["t"]},
        "body": {
            "type": "JSON",
            "json": {"n": 1},
            "rawBytes": "eyJuIjogMX0=",
            "contentType": "application/json",
            "matchType": "STRICT",
        },
    }
    assert document["httpResponse"]["statusCode"] == 201
    assert document["times"] == document["timeToLive"] == FOREVER
    assert document["priority"] == 0


def test_all_headers_are_shown_on_request() -> None:
    shelf = Shelf()
    asked = request("GET", "/a", None, ("Host", "api.example:80"), ("User-Agent", "curl"), ("Connection", "close"))
    (expectation,) = shelf.add(exchange(asked)).all(0.0)
    headers = write_expectation(expectation, all_headers=True)["httpRequest"]["headers"]
    assert headers == {"Host": ["api.example:80"], "User-Agent": ["curl"]}


def test_several_answers_are_a_sequence() -> None:
    shelf = Shelf()
    (document,) = written(shelf.add(exchange(request(), b"1"), exchange(request(), b"2")))
    assert [each["body"]["json"] for each in document["httpResponses"]] == [1, 2]
    assert "httpResponse" not in document


def test_what_the_api_set_is_shown_as_it_was_set_with_what_is_left_of_it() -> None:
    text = json.dumps(
        {
            "id": "mine",
            "priority": 3,
            "httpRequest": {"path": "/a", "headers": {"?X": "!y"}},
            "httpResponse": {"body": {"a": 1}},
            "times": {"remainingTimes": 3},
            "timeToLive": {"timeUnit": "HOURS", "timeToLive": 1},
        }
    )
    (expectation,) = read_expectations(text, 0.0)
    expectation.take(Exhausted.REPEAT_LAST)
    assert write_expectation(expectation) == {
        "httpRequest": {"headers": {"?X": ["!y"]}, "path": "/a"},
        "httpResponse": {"body": {"a": 1}},
        "id": "mine",
        "priority": 3,
        "timeToLive": {"timeToLive": 1, "timeUnit": "HOURS"},
        "times": {"remainingTimes": 2},
    }


def rule(match: str, **attributes: Any) -> RuleList:
    return RuleList((MatchingRule(match, attributes),))


RULED = [
    (rule("regex", regex=r"\d+"), r"\d+"),
    (rule("include", value="a.b"), r".*\Qa.b\E.*"),
    (rule("type"), ".+"),
    (rule("integer"), ".+"),
    (rule("equality"), "\\!1"),
]


@pytest.mark.parametrize(("rules", "text"), RULED)
def test_a_rule_of_a_contract_becomes_a_pattern(rules: RuleList, text: str) -> None:
    expected = ExpectedRequest(
        "GET",
        "/a",
        {"q": ("!1",)},
        {"X": ("!1",)},
        None,
        MatchingRules({"query": {"q": rules}, "header": {"X": rules}}),
    )
    shown = write_expectation(RuledExpectation("c", ContractRequest(expected), (response(),), origin=Origin.CONTRACT))[
        "httpRequest"
    ]
    assert shown == {
        "headers": {"X": [text]},
        "method": "GET",
        "path": "/a",
        "queryStringParameters": {"q": [text]},
    }


@given(exchange_lists())
def test_what_is_retrieved_can_be_set_again_and_answers_its_request(exchanges: list[Any]) -> None:
    shelf = Shelf()
    documents = written(shelf.add(*exchanges))
    again = read_expectations(format_json(documents), 0.0)
    for expectation, recorded in zip(again, shelf.expectations.all(0.0), strict=True):
        first: Request = recorded.exchange().request  # type: ignore[attr-defined]
        if "host" not in first.headers:
            first = Request(
                **{name: getattr(first, name) for name in Request.__slots__ if name != "headers"},
                headers=first.headers.with_set("Host", first.authority),
            )
        assert expectation.match(first) == []
