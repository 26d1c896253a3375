import json
from typing import Any

import pytest

from pact_recorder.errors import UsageError
from pact_recorder.mock import Exhausted
from pact_recorder.mock.mockserver_json import read_expectations

ACTION = {"httpResponse": {"statusCode": 201}}


def read(document: Any, now: float = 0.0) -> Any:
    return read_expectations(json.dumps(document), now, identifier=lambda: "made")


def test_defaults() -> None:
    (expectation,) = read(ACTION)
    assert (expectation.id, expectation.priority, expectation.remaining, expectation.expires) == ("made", 0, None, None)
    assert expectation.answers[0].status == 201
    assert expectation.pattern.method is None


def test_identifiers_are_made_when_none_is_given() -> None:
    one, other = read_expectations(json.dumps([ACTION, ACTION]), 0.0)
    assert one.id != other.id


LIFE = [
    ({"times": {"unlimited": True}}, None, None),
    ({"times": {"remainingTimes": 2, "unlimited": False}}, 2, None),
    ({"times": None, "timeToLive": None}, None, None),
    ({"timeToLive": {"unlimited": True}}, None, None),
    ({"timeToLive": {"timeUnit": "SECONDS", "timeToLive": 5}}, None, 105.0),
    ({"timeToLive": {"timeUnit": "MINUTES", "timeToLive": 1}}, None, 160.0),
    ({"timeToLive": {"timeUnit": "MILLISECONDS", "timeToLive": 500}}, None, 100.5),
    ({"timeToLive": {"timeUnit": "DAYS", "timeToLive": 1}}, None, 86_500.0),
]


@pytest.mark.parametrize(("members", "remaining", "expires"), LIFE)
def test_times_and_time_to_live(members: Any, remaining: int | None, expires: float | None) -> None:
    (expectation,) = read(ACTION | members, now=100.0)
    assert (expectation.remaining, expectation.expires) == (remaining, expires)


def test_several_answers_follow_each_other_in_a_circle() -> None:
    (expectation,) = read({"httpResponses": [{"statusCode": 200}, {"statusCode": 500}], "responseMode": "SEQUENTIAL"})
    taken = [expectation.take(Exhausted.REPEAT_LAST).status for _ in range(3)]
    assert taken == [200, 500, 200]


WRONG = [
    ({}, '"" needs an action, one of httpResponse, httpResponses'),
    ({"httpRequest": {}}, '"" needs an action'),
    ({"httpResponses": []}, '"" needs an action'),
    (ACTION | {"httpResponses": [{}]}, '"/httpResponses" cannot stand beside httpResponse'),
    ({"httpForward": {"host": "a"}}, '"/httpForward" is not supported'),
    (ACTION | {"scenarioName": "a"}, '"/scenarioName" is not supported'),
    (ACTION | {"percentage": 50}, '"/percentage" is not supported'),
    (ACTION | {"nonsense": 1}, '"/nonsense" is not supported'),
    (ACTION | {"responseMode": "RANDOM"}, '"/responseMode"'),
    (ACTION | {"priority": "1"}, '"/priority" must be a whole number'),
    (ACTION | {"priority": True}, '"/priority" must be a whole number'),
    (ACTION | {"id": 1}, '"/id" must be text'),
    (ACTION | {"times": {"remainingTimes": -1}}, '"/times/remainingTimes"'),
    (ACTION | {"times": {"count": 1}}, '"/times/count" is not supported'),
    (ACTION | {"timeToLive": {"timeToLive": 1}}, '"/timeToLive/timeUnit"'),
    (ACTION | {"timeToLive": {"timeUnit": "YEARS", "timeToLive": 1}}, '"/timeToLive/timeUnit"'),
    ({"httpResponse": "text"}, '"/httpResponse"'),
    ({"httpResponse": {"delay": {"value": 1}}}, '"/httpResponse/delay" is not supported'),
    ({"httpResponses": [{}, {"x": 1}]}, '"/httpResponses/1/x" is not supported'),
    (ACTION | {"httpRequest": {"cookies": {"a": "b"}}}, '"/httpRequest/cookies" is not supported'),
    (ACTION | {"httpRequest": "/a"}, '"/httpRequest" must be an object'),
    ([ACTION, {"httpForward": {}}], '"/1/httpForward" is not supported'),
    ([ACTION, 1], '"/1" must be an object'),
    ("text", '"" must be an object'),
]


@pytest.mark.parametrize(("document", "problem"), WRONG)
def test_what_is_wrong_or_not_supported_is_named_in_mockservers_words(document: Any, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(document)
    text = str(caught.value)
    assert text.startswith("incorrect expectation json format for:\n\n  ")
    assert "\n\n schema validation errors:\n\n  1 error" in text
    assert f"   - {problem}" in text


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_expectation(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_expectations(text, 0.0)
    assert str(caught.value) == (f'1 error:\n - an expectation or expectation array is required but value was "{text}"')


@pytest.mark.parametrize("text", ["{", "{'a': 1}", "// {}", "NaN", "[" * 10_000 + "]" * 10_000])
def test_only_strict_json_is_read(text: str) -> None:
    with pytest.raises(UsageError, match="is not JSON") as caught:
        read_expectations(text, 0.0)
    assert len(str(caught.value)) < 5_000


def test_what_is_stored_has_lists_whatever_the_form() -> None:
    (expectation,) = read(
        {
            "httpRequest": {"path": "/a", "method": "GET", "headers": [{"name": "a", "values": ["1"]}], "body": None},
            "httpResponse": {"headers": {"X": "?1"}, "body": "text"},
        }
    )
    assert expectation.document == {
        "httpRequest": {"headers": {"a": ["1"]}, "method": "GET", "path": "/a"},
        "httpResponse": {"body": "text", "headers": {"X": ["?1"]}},
    }
