import json
from dataclasses import replace
from typing import Any

import pytest
from builders import Shelf, exchange, json_request, request, response

from pact_recorder.http import Body, Headers, Response
from pact_recorder.mock import Exhausted, Expectations, expectations_of
from pact_recorder.pact import read_contract
from pact_recorder.verification import A_MESSAGE, NO_EXPECTATION, verify_contract


def contract(*interactions: Any, version: str = "3.0.0") -> Any:
    document = {
        "consumer": {"name": "c"},
        "provider": {"name": "p"},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": version}},
    }
    return read_contract(document, "the contract")


def interaction(response: Any, request: Any = None) -> Any:
    return {"description": "it", "request": request or {"method": "GET", "path": "/a"}, "response": response}


def recorded(*answers: Response) -> Expectations:
    shelf = Shelf()
    return shelf.add(*(exchange(request("GET", "/a"), answer) for answer in answers))


def verdict(expectations: Expectations, *interactions: Any) -> Any:
    (found,) = verify_contract(contract(*interactions), expectations, 0.0).interactions
    return found.verified, found.reason


def text(content: str, content_type: str = "text/plain") -> Response:
    return Response(200, "", Headers([("Content-Type", content_type)]), Body(content.encode()))


JSON = {"Content-Type": "application/json"}
LONG = "x" * 101
REASONS = [
    (response(), {"status": 404}, "status code mismatch: expected 404 but was 200"),
    (response(), {"headers": {"X-A": "1"}}, "header mismatch: expected header 'X-A' not found in response"),
    (
        response(b"{}", 200, ("X-A", "1"), ("x-a", "2")),
        {"headers": {"X-A": ["1", "3"]}},
        "header mismatch: header 'X-A' expected value '3' not found (actual values: [1, 2])",
    ),
    (response(b""), {"headers": JSON, "body": {"a": 1}}, "body mismatch: expected body but response has no body"),
    (response(None), {"headers": JSON, "body": {"a": 1}}, "body mismatch: expected body but response has no body"),
    (response(b'{"a":1.0}'), {"headers": JSON, "body": {"a": 1}}, "body mismatch: JSON bodies are not equal"),
    (response(b'{"a":true}'), {"headers": JSON, "body": {"a": 1}}, "body mismatch: JSON bodies are not equal"),
    (response(b"[2,1]"), {"headers": JSON, "body": [1, 2]}, "body mismatch: JSON bodies are not equal"),
    (
        response(b"{bad"),
        {"headers": JSON, "body": {"a": 1}},
        "body mismatch: expected JSON body but response body is not valid JSON",
    ),
    (
        text("b"),
        {"headers": {"Content-Type": "text/plain"}, "body": "a"},
        "body mismatch: expected 'a' but was 'b'",
    ),
    (
        text(LONG + "b"),
        {"headers": {"Content-Type": "text/plain"}, "body": LONG},
        f"body mismatch: expected '{'x' * 100}...' but was '{'x' * 100}...'",
    ),
]


@pytest.mark.parametrize(("answer", "expected", "reason"), REASONS)
def test_a_reason_is_mockservers_sentence(answer: Response, expected: Any, reason: str) -> None:
    assert verdict(recorded(answer), interaction(expected)) == (False, reason)


VERIFIED = [
    (response(b'{"a":1,"more":2}'), {"status": 200, "headers": {"content-type": "application/json"}, "body": {"a": 1}}),
    (response(b'{ "b":2, "a":1 }'), {"headers": JSON, "body": {"a": 1, "b": 2}}),
    (response(b"anything"), {"status": 200}),
    (response(b""), {"headers": JSON, "body": None}),
    (
        response(b'{"a":7}'),
        {
            "headers": JSON,
            "body": {"a": 1},
            "matchingRules": {"body": {"$.a": {"matchers": [{"match": "integer"}]}}},
        },
    ),
    (response(b"{}", 204), {"status": 204}),
]


@pytest.mark.parametrize(("answer", "expected"), VERIFIED)
def test_an_answer_that_keeps_the_promise_is_verified(answer: Response, expected: Any) -> None:
    assert verdict(recorded(answer), interaction(expected)) == (True, "")


RULED = [
    (
        {"body": {"$.a": {"matchers": [{"match": "regex", "regex": "[0-9]+"}]}}},
        {"headers": JSON, "body": {"a": "1"}},
        "body mismatch: ",
    ),
    (
        {"header": {"Content-Type": {"matchers": [{"match": "regex", "regex": "text/.*"}]}}},
        {"headers": {"Content-Type": "text/plain"}},
        "header mismatch: ",
    ),
]


@pytest.mark.parametrize(("rules", "expected", "start"), RULED)
def test_under_rules_the_reason_is_the_engines_own(rules: Any, expected: Any, start: str) -> None:
    expectations = recorded(response(b'{"a":"x"}'))
    report = verify_contract(contract(interaction(expected | {"matchingRules": rules})), expectations, 0.0)
    (found,) = report.interactions
    assert not found.verified
    assert found.reason == start + found.mismatches[0].sentence


def test_any_turn_of_a_sequence_and_any_host_will_do() -> None:
    shelf = Shelf()
    asked = request("GET", "/a")
    expectations = shelf.add(
        exchange(asked, response(b"1")),
        exchange(asked, response(b"2", 500)),
        exchange(replace(asked, host="other.example"), response(b"3", 404)),
    )
    for status in (200, 500, 404):
        assert verdict(expectations, interaction({"status": status})) == (True, "")
    assert verdict(expectations, interaction({"status": 201}))[0] is False


def test_nothing_matches() -> None:
    asked = {"method": "GET", "path": "/b"}
    assert verdict(recorded(response()), interaction({}, asked)) == (False, NO_EXPECTATION)
    assert verdict(Expectations(lambda reference: reference), interaction({})) == (False, NO_EXPECTATION)


def test_the_reason_is_that_of_the_nearest_answer() -> None:
    expectations = recorded(response(b"{}", 500), response(b'{"a":2}', 200))
    expected = {"status": 200, "headers": {**JSON, "X": "1"}, "body": {"a": 2}}
    assert verdict(expectations, interaction(expected))[1].startswith("header mismatch: expected header 'X'")


def test_verifying_uses_nothing_up_and_binds_nobody() -> None:
    shelf = Shelf()
    answers = [(("Cookie", f"sid=REDACTED-sid-{n}"), response(b"%d" % n, 200, ("Vary", "Cookie"))) for n in (1, 2)]
    expectations = shelf.add(*(exchange(request("GET", "/a", None, field), answer) for field, answer in answers))
    asked = interaction({"headers": JSON, "body": 2})
    assert verdict(expectations, asked) == verdict(expectations, asked) == (True, "")
    answer = expectations.answer(request("GET", "/a"), "api.example", 0.0, Exhausted.MISS)
    assert isinstance(answer, Response)
    assert answer.body == Body(b"1")


def test_a_contract_verifies_against_itself_with_its_secrets() -> None:
    loaded = contract(
        interaction({"status": 200}, {"method": "GET", "path": "/a", "headers": {"Authorization": "Bearer secret"}})
    )
    expectations = Expectations(lambda reference: reference)
    for expectation in expectations_of(loaded, "file"):
        expectations.put(expectation)
    report = verify_contract(loaded, expectations, 0.0, lambda asked: replace(asked, headers=Headers()))
    assert report.verified


def test_secrets_of_a_contract_find_their_recording() -> None:
    shelf = Shelf()
    expectations = shelf.add(exchange(json_request("POST", "/login", {"password": "REDACTED-password-1"})))
    asked = {"method": "POST", "path": "/login", "headers": JSON, "body": {"password": "hunter2"}}
    redacted = json_request("POST", "/login", {"password": "REDACTED-password-7"})
    report = verify_contract(contract(interaction({}, asked)), expectations, 0.0, lambda _: redacted)
    assert report.verified


def test_expired_expectations_do_not_count() -> None:
    loaded = contract(interaction({"status": 200}))
    expectations = Expectations(lambda reference: reference)
    (expectation,) = expectations_of(loaded, "file")
    expectation.expires = 10.0
    expectations.put(expectation)
    assert verify_contract(loaded, expectations, 9.0).verified
    assert not verify_contract(loaded, expectations, 10.0).verified


def test_messages_cannot_be_verified_here() -> None:
    message = {"type": "Asynchronous/Messages", "description": "told", "contents": {"content": "a"}}
    report = verify_contract(contract(message, version="4.0"), recorded(response()), 0.0)
    assert report.to_json() == {
        "verified": False,
        "interactions": [{"description": "told", "verified": False, "reason": A_MESSAGE}],
    }


def test_the_report_as_json() -> None:
    report = verify_contract(
        contract(interaction({"status": 200}), interaction({"status": 404})), recorded(response()), 0.0
    )
    assert json.loads(json.dumps(report.to_json())) == {
        "verified": False,
        "interactions": [
            {"description": "it", "verified": True},
            {
                "description": "it",
                "verified": False,
                "reason": "status code mismatch: expected 404 but was 200",
            },
        ],
    }


PLAIN = {"Content-Type": "text/plain"}
SOAP = ("Content-Type", "text/xml")


@pytest.mark.parametrize(
    ("asked", "verified"),
    [
        ({"headers": {"Content-Type": "text/xml"}}, True),
        ({}, True),
        ({"headers": {"Content-Type": "text/xml", "Accept": "text/xml"}}, True),
        ({"headers": {"Accept": "application/json"}}, False),
        ({"headers": {"Content-Type": "application/json"}}, False),
        ({"query": {"y": ["1"]}}, False),
        ({"path": "/other"}, False),
        ({"method": "GET"}, False),
        ({"headers": {"Content-Type": "text/xml"}, "body": "<b/>"}, False),
    ],
)
def test_what_an_example_says_nothing_of_it_does_not_ask_about(asked: dict[str, Any], verified: bool) -> None:
    shelf = Shelf()
    fields = (SOAP, ("Accept", "text/xml"), ("Authorization", "Bearer t"), ("X-Tenant", "a"))
    answer = response(b"{}", 200, ("Vary", "Authorization, X-Tenant"))
    shelf.add(exchange(request("POST", "/soap?x=1", b"<a/>", *fields), answer))
    example = {"method": "POST", "path": "/soap", "query": {"x": ["1"]}} | asked
    assert verdict(shelf.expectations, interaction({"status": 200}, example))[0] is verified


def test_a_recorded_body_is_asked_about_as_the_rules_allow() -> None:
    shelf = Shelf()
    shelf.add(exchange(json_request("POST", "/a", {"tags": ["x", "y"]}), response(b"1", 201)))
    example = {"method": "POST", "path": "/a", "headers": JSON, "body": {"tags": ["x"]}}
    assert verdict(shelf.expectations, interaction({"status": 201}, example)) == (False, NO_EXPECTATION)
    rules = {"body": {"$.tags": {"matchers": [{"match": "type"}]}, "$.tags[*]": {"matchers": [{"match": "type"}]}}}
    assert verdict(shelf.expectations, interaction({"status": 201}, example | {"matchingRules": rules}))[0]
    # Rules for path and query do not reach beyond the example's own.
    rules["path"] = {"matchers": [{"match": "regex", "regex": "/.*"}]}  # type: ignore[dict-item]
    assert not verdict(
        shelf.expectations, interaction({"status": 201}, example | {"path": "/b", "matchingRules": rules})
    )[0]


def test_what_matches_the_very_example_is_judged_first() -> None:
    shelf = Shelf()
    shelf.add(
        exchange(request("GET", "/a", None, ("Accept", "text/html")), response(b"1", 404)),
        exchange(request("GET", "/a"), response(b"2", 500)),
    )
    assert verdict(shelf.expectations, interaction({"status": 404}))[0]
    assert verdict(shelf.expectations, interaction({"status": 200}))[1].endswith("expected 200 but was 500")


def test_every_answer_of_requests_that_differ_in_a_header_that_selects_nothing_may_satisfy() -> None:
    shelf = Shelf()
    for target, status in (("A", 200), ("B", 404), ("C", 200)):
        asked = json_request("POST", "/", {}, ("X-Job", target), ("Accept", "application/json"))
        shelf.add(exchange(asked, response(b'{"target":"%s"}' % target.encode(), status)))
    for target, status, verified in (("A", 200, True), ("B", 404, True), ("C", 404, True), ("B", 500, False)):
        example = {"method": "POST", "path": "/", "headers": JSON | {"X-Job": target}, "body": {}}
        assert verdict(shelf.expectations, interaction({"status": status}, example))[0] is verified
