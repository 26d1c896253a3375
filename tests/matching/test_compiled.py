from typing import Any

import pytest
from expecting import JSON, JSON_FIELDS, rules

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import (
    ExpectedMessage,
    ExpectedRequest,
    ExpectedResponse,
    MatchingRules,
    Mismatch,
    RuleList,
    compile_message,
    compile_request,
    compile_response,
    match_request,
    match_response,
)


def texts(mismatches: list[Mismatch]) -> list[str]:
    return [str(found) for found in mismatches]


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        (ExpectedRequest(), Request("GET", "/"), []),
        (ExpectedRequest("get"), Request("GET", "/"), []),
        (ExpectedRequest("POST"), Request("PUT", "/"), ["Expected method POST but was PUT"]),
        (ExpectedRequest(path="/a"), Request("GET", "/b"), ["path: Expected '/b' to be equal to '/a'"]),
        (ExpectedRequest(path="/a%20b"), Request("GET", "/a b"), ["path: Expected '/a b' to be equal to '/a%20b'"]),
        (ExpectedRequest(path="/"), Request("GET", ""), ["path: Expected '' to be equal to '/'"]),
        (ExpectedRequest(), Request("GET", "/", "a=1"), ["Unexpected query parameter 'a' received"]),
        (ExpectedRequest(query={}), Request("GET", "/", "a=1"), ["Unexpected query parameter 'a' received"]),
        (ExpectedRequest(query={"a": (None,)}), Request("GET", "/", "a"), []),
        (ExpectedRequest(), Request("GET", "/", ""), []),
        (ExpectedRequest(query_text="a=1&b=2"), Request("GET", "/", "a=1&b=2"), []),
        (
            ExpectedRequest(query_text="a=1&b=2"),
            Request("GET", "/", "b=2&a=1"),
            ["Expected query 'a=1&b=2' but was 'b=2&a=1'"],
        ),
        (
            ExpectedRequest(query_text="a=1&b=2"),
            Request("GET", "/", "a=1&c=3"),
            ["Expected query parameter 'b' but was missing", "Unexpected query parameter 'c' received"],
        ),
        (ExpectedRequest(query_text="a=1"), Request("GET", "/"), ["Expected query parameter 'a' but was missing"]),
        (ExpectedRequest(headers={"X": ("1",)}), Request("GET", "/"), ["Expected a header 'X' but was missing"]),
    ],
)
def test_requests(expected: ExpectedRequest, actual: Request, differences: list[str]) -> None:
    assert texts(match_request(expected, actual)) == differences


@pytest.mark.parametrize(
    ("loose", "actual", "differences"),
    [
        (rules(path={"$": {"match": "regex", "regex": r"/\d+"}}), Request("GET", "/22"), []),
        (
            rules(path={"$": {"match": "regex", "regex": r"/\d+"}}),
            Request("GET", "/x"),
            [r"path: Expected '/x' to match '/\d+'"],
        ),
        (rules(method={"$": {"match": "regex", "regex": "GET|POST"}}), Request("POST", "/1"), []),
        (
            rules(method={"$": {"match": "regex", "regex": "GET|POST"}}),
            Request("PUT", "/1"),
            ["Expected 'PUT' to match 'GET|POST'"],
        ),
        (
            rules("OR", path={"$": [{"match": "equality"}, {"match": "include", "value": "x"}]}),
            Request("GET", "/x"),
            [],
        ),
        (MatchingRules({"path": {"$": RuleList(())}}), Request("GET", "/1"), []),
    ],
)
def test_rules_of_single_places(loose: MatchingRules, actual: Request, differences: list[str]) -> None:
    assert texts(match_request(ExpectedRequest(path="/1", rules=loose), actual)) == differences


@pytest.mark.parametrize(
    ("loose", "status", "differences"),
    [
        (MatchingRules(), 200, []),
        (MatchingRules(), 201, ["status: expected 200 but was 201"]),
        (rules(status={"$": {"match": "statusCode", "status": "success"}}), 299, []),
        (
            rules(status={"$": {"match": "statusCode", "status": "success"}}),
            400,
            ["status: Expected status code 400 to be a Successful response (200–299)"],
        ),
        (rules(status={"$": {"match": "integer"}}), 500, []),
    ],
)
def test_status(loose: MatchingRules, status: int, differences: list[str]) -> None:
    assert texts(match_response(ExpectedResponse(rules=loose), Response(status))) == differences


def test_names_of_header_rules_ignore_case_and_those_of_parameters_do_not() -> None:
    expected = ExpectedRequest(
        query={"Q": ("1",)},
        headers={"X-Id": ("1",)},
        rules=rules(header={"x-ID": {"match": "integer"}}, query={"q": {"match": "integer"}}),
    )
    found = match_request(expected, Request("GET", "/", "Q=2", Headers([("x-id", "2")])))
    assert texts(found) == ["Expected query parameter 'Q' with value '1' but was '2'"]


def test_a_header_rule_asks_nothing_of_a_header_that_is_not_expected() -> None:
    expected = ExpectedRequest(rules=rules(header={"X": {"match": "regex", "regex": "1"}}))
    assert match_request(expected, Request("GET", "/", headers=Headers([("X", "2")]))) == []
    assert match_request(expected, Request("GET", "/")) == []


def test_mismatches_come_in_the_order_of_the_message() -> None:
    expected = ExpectedRequest("POST", "/a", {"q": ("1",)}, JSON, Body(b'{"a":1}'))
    found = match_request(expected, Request("GET", "/b", "q=2", body=Body(b'{"a":2}')))
    kinds = [type(mismatch).__name__.removesuffix("Mismatch") for mismatch in found]
    assert kinds == ["Method", "Path", "Query", "Header", "Body"]


def test_compiled_forms_keep_what_they_were_made_of_and_give_the_same_answers() -> None:
    request, response = ExpectedRequest("POST", headers=JSON, body=Body(b"{}")), ExpectedResponse(201)
    message = ExpectedMessage(Body(b"[1]"))
    compiled_request, compiled_response = compile_request(request), compile_response(response)
    compiled_message = compile_message(message)
    assert (compiled_request.expected, compiled_response.expected) == (request, response)
    assert compiled_message.expected == message
    for _ in range(2):
        assert compiled_request.match(Request("POST", "/", headers=JSON_FIELDS, body=Body(b"{ }"))) == []
        assert len(compiled_request.match(Request("POST", "/", headers=JSON_FIELDS, body=Body(b"[]")))) == 1
        assert len(compiled_response.match(Response(200))) == 1
        assert compiled_message.match(Body(b"[1]"), {}) == []
        assert len(compiled_message.match(Body(b"[2]"), {})) == 1


HOSTILE: list[Any] = ["\0", "\ud800", "x" * 100_000, "é" * 1000, "%ff", "'\"\\"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_reported_briefly_in_text_that_can_be_sent(text: str) -> None:
    expected = ExpectedRequest("GET", "/" + text, {text: (text,)}, {"X": (text,)}, Body(b"x"))
    for actual in (
        Request("GET", "/", "a=%ff&%ff=a", Headers([("X", "\udcff")]), Body(b"\xff")),
        Request("PUT", text, None, Headers([("X", text)]), Body(text.encode("utf-8", "replace"))),
    ):
        for mismatch in match_request(expected, actual):
            assert len(str(mismatch).encode()) < 20_000
            assert len(str(mismatch.to_json()).encode()) < 60_000
