from collections.abc import Mapping
from typing import Any

import pytest
from expecting import JSON, json_body, rules
from generating import context, generators

from pact_recorder.http import Body
from pact_recorder.matching import (
    ExpectedMessage,
    ExpectedRequest,
    ExpectedResponse,
    GeneratorMode,
    generate_message,
    generate_request,
    generate_response,
)

FIVE: Mapping[str, Any] = {"type": "RandomInt", "min": 5, "max": 5}
STATE_ID: Mapping[str, Any] = {"type": "ProviderState", "expression": "/path/${id}"}
PROVIDER = GeneratorMode.PROVIDER


def test_every_part_of_a_request() -> None:
    expected = ExpectedRequest(
        "POST",
        "/a",
        {"q": ("1", "2"), "r": ("1",)},
        {**JSON, "X-A": ("1", "2")},
        json_body({"a": 1}),
        generators=generators(
            method={"$": {"type": "Regex", "regex": "PUT"}},
            path={"$": STATE_ID},
            query={"q": FIVE, "new": FIVE},
            header={"x-a": FIVE, "X-New": FIVE},
            body={"$.a": FIVE},
        ),
    )
    made = generate_request(expected, context(PROVIDER, state={"id": 1000}))
    assert (made.method, made.path) == ("PUT", "/path/1000")
    assert made.query == {"q": ("5", "5"), "r": ("1",), "new": ("5",)}
    assert made.headers == {**JSON, "X-A": ("5",), "X-New": ("5",)}
    assert made.body == Body(b'{"a":5}')
    assert (made.rules, made.generators) == (expected.rules, expected.generators)


def test_a_request_without_a_query_gets_one() -> None:
    expected = ExpectedRequest(generators=generators(query={"q": FIVE}))
    assert generate_request(expected, context()).query == {"q": ("5",)}


def test_without_generators_nothing_changes() -> None:
    request, response, message = ExpectedRequest(), ExpectedResponse(), ExpectedMessage()
    assert generate_request(request, context()) is request
    assert generate_response(response, context()) is response
    assert generate_message(message, context()) is message


def test_every_part_of_a_response() -> None:
    expected = ExpectedResponse(
        200,
        JSON,
        json_body({"a": 1}),
        generators=generators(
            status={"$": {"type": "RandomInt", "min": 201, "max": 201}}, header={"X": FIVE}, body={"$.a": FIVE}
        ),
    )
    made = generate_response(expected, context())
    assert (made.status, made.headers, made.body) == (201, {**JSON, "X": ("5",)}, Body(b'{"a":5}'))


@pytest.mark.parametrize("value", [FIVE, {"type": "RandomString"}, {"type": "RandomInt", "min": 9999, "max": 9999}])
def test_what_is_no_status_is_left_out(value: Mapping[str, Any]) -> None:
    reports: list[str] = []
    expected = ExpectedResponse(418, generators=generators(status={"$": value}))
    assert generate_response(expected, context(report=reports.append)).status == 418
    assert "is no status" in reports[0]


def test_every_part_of_a_message() -> None:
    expected = ExpectedMessage(
        json_body({"a": 1, "b": 1}),
        {"contentType": "application/json", "n": 1.5, "list": [0.5]},
        generators=generators(
            metadata={
                "n": {"type": "RandomDecimal", "digits": 2},
                "$.new": FIVE,
                "list": {"type": "Regex", "regex": "("},
            },
            body={"$.a": FIVE},
            content={"$.b": FIVE},
        ),
    )
    made = generate_message(expected, context(report=lambda sentence: None))
    assert made.contents == Body(b'{"a":5,"b":5}')
    assert isinstance(made.metadata["n"], float)
    assert made.metadata["new"] == 5
    assert made.metadata["list"] == [0.5]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (GeneratorMode.CONSUMER, {"state": "x", "url": "http://b/a", "both": 5}),
        (GeneratorMode.PROVIDER, {"state": 1, "url": "x", "both": 5}),
    ],
)
def test_modes(mode: GeneratorMode, expected: Mapping[str, Any]) -> None:
    response = ExpectedResponse(
        200,
        JSON,
        json_body({"state": "x", "url": "x", "both": 1}),
        generators=generators(
            body={
                "$.state": {"type": "ProviderState", "expression": "${id}"},
                "$.url": {"type": "MockServerURL", "example": "http://c/a", "regex": ".*(/a)"},
                "$.both": FIVE,
            }
        ),
    )
    assert generate_response(response, context(mode, state={"id": 1}, url="http://b")).body == Body(
        str(expected).replace("'", '"').replace(" ", "").encode()
    )


def test_an_unknown_type_leaves_the_value_and_is_reported() -> None:
    reports: list[str] = []
    expected = ExpectedRequest(path="/a", generators=generators(path={"$": {"type": "Plugged"}}))
    assert generate_request(expected, context(report=reports.append)).path == "/a"
    assert reports == ["A generator of the unknown type 'Plugged' was left out."]


def test_generators_of_array_contains_variants() -> None:
    variants = [
        {"index": 0, "rules": {}, "generators": {"$.id": FIVE}},
        {"index": 1, "rules": {}, "generators": {"$": FIVE}},
        {"index": 2, "rules": {}},
        "nonsense",
    ]
    expected = ExpectedResponse(
        200,
        JSON,
        json_body({"l": [{"id": 1}, 2, {"id": 3}]}),
        rules=rules(body={"$.l": {"match": "arrayContains", "variants": variants}}),
    )
    assert generate_response(expected, context()).body == Body(b'{"l":[{"id":5},5,{"id":3}]}')
