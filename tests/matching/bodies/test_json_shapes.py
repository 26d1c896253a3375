import json
from typing import Any

import pytest
from expecting import JSON, JSON_FIELDS, Rules, json_body, rule_list
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, Response
from pact_recorder.matching import ExpectedResponse, MatchingRules, compile_response
from pact_recorder.matching.bodies.json_body import JsonWalk
from pact_recorder.matching.bodies.json_shapes import MOST_NODES, quick_test
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import parse_json
from pact_recorder.matching.matchers import Place, place_rules
from pact_recorder.pact.rules import read_rules
from tests.differential.cases import CaseMaker

TYPE = {"match": "type"}
EVERYWHERE: Rules = {"$": TYPE}


def root(places: Rules) -> Place:
    return Place.root(place_rules({path: rule_list(documents) for path, documents in places.items()}))


def value(document: Any) -> Any:
    return parse_json(document if isinstance(document, bytes) else json.dumps(document).encode())


def verdict(expected: Any, actual: Any, places: Rules, more_allowed: bool = False) -> bool | None:
    """Whether the quick test accepts, None when there is none."""
    test = quick_test(root(places), value(expected), more_allowed)
    return None if test is None else test(value(actual))


@pytest.mark.parametrize(
    ("expected", "actual", "places", "accepted"),
    [
        ({"a": 1, "b": "x"}, {"b": "x", "a": 1}, {}, True),
        ({"a": 1}, {"a": True}, {}, False),
        ({"a": 1, "b": [1, 2]}, {"a": 1, "b": [1, 3]}, {}, False),
        ({"a": 1}, {"a": 1, "b": 1}, {}, False),
        ({"a": 1, "b": 1}, {"a": 1}, {}, False),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, EVERYWHERE, True),
        ({"a": {"b": 1}}, {"a": [1]}, EVERYWHERE, False),
        (b'{"a": 1}', b'{"a": 1.5}', EVERYWHERE, True),
        ({"a": 1}, {"a": "1"}, EVERYWHERE, False),
        ([{"a": 1}], [{"a": 2}, {"a": 3}], EVERYWHERE, True),
        ([{"a": 1}], [{"a": 2}, {"b": 3}], EVERYWHERE, False),
        ([1], [], {"$": {**TYPE, "min": 1}}, False),
        ([1], [2, 3], {"$": {**TYPE, "max": 1}}, False),
        ({"a": "b"}, {"a": "c"}, {"$.a": {"match": "regex", "regex": "[a-z]"}}, True),
        ({"a": "b"}, {"a": "C"}, {"$.a": {"match": "regex", "regex": "[a-z]"}}, False),
        ({"a": 1}, {"a": 2}, {"$.a": {"match": "regex", "regex": r"\d"}}, True),
        ({"a": "b"}, {"a": "abc"}, {"$.a": {"match": "include", "value": "b"}}, True),
        ({"a": 1}, {"a": 2}, {"$.a": {"match": "integer"}}, True),
        (b'{"a": 1}', b'{"a": 2.5}', {"$.a": {"match": "number"}}, True),
        ({"a": 1}, {"a": {}}, {"$.a": {"match": "notEmpty"}}, False),
        ([], [], {}, True),
        ([], [1], {}, False),
        ([], [1], EVERYWHERE, True),
        ({"a": {}}, {"a": {}}, {}, True),
        ({"a": {}}, {"a": {"b": 1}}, {}, False),
        # What it does not understand.
        ({"a": 1}, {"a": 1}, {"$": {"match": "values"}}, None),
        ([1], [1], {"$[0]": TYPE}, None),
        ({}, {}, EVERYWHERE, None),
        (list(range(MOST_NODES)), [], {}, None),
    ],
)
def test_quick_verdicts(expected: Any, actual: Any, places: Rules, accepted: bool | None) -> None:
    assert verdict(expected, actual, places) is accepted


def test_a_response_may_have_more_members() -> None:
    assert verdict({"a": 1, "b": {}}, {"a": 1, "b": {"c": 1}, "d": 1}, {}, more_allowed=True)


def test_deep_examples_have_no_quick_test() -> None:
    nested: Any = 1
    for _ in range(200):
        nested = [nested]
    assert quick_test(root({}), nested, False) is None


def test_keys_freed_by_a_rule_that_another_outranks() -> None:
    each_key = {"match": "eachKey", "rules": [{"match": "regex", "regex": "[a-z]"}]}
    places: Rules = {"$.a.b": each_key, "$": TYPE}
    assert verdict({"a": {"b": {"x": 1}}}, {"a": {"b": {"x": 2}}}, places) is None


@given(st.integers(0, 2**32))
def test_it_says_yes_only_where_the_walk_finds_nothing(seed: int) -> None:
    for case in CaseMaker(seed).cases(20, ["json"]):
        if not case.expected.body or not case.actual.body:
            continue
        expected, actual = parse_json(case.expected.body), parse_json(case.actual.body)
        place = Place.root(place_rules(read_rules(case.rules).category("body")))
        test = quick_test(place, expected, not case.is_request)
        if test is not None and test(actual):
            walk = JsonWalk(Effort(), not case.is_request)
            assert list(walk.compare(place, None, expected, actual)) == [], case


def test_most_random_cases_that_match_are_decided_quickly() -> None:
    quick = slow = 0
    for case in CaseMaker(5).cases(2000, ["json"]):
        expected = parse_json(case.expected.body or b"")
        place = Place.root(place_rules(read_rules(case.rules).category("body")))
        actual = parse_json(case.actual.body) if case.actual.body else None
        if not list(JsonWalk(Effort(), not case.is_request).compare(place, None, expected, actual)):
            test = quick_test(place, expected, not case.is_request)
            quick, slow = (quick + 1, slow) if test is not None and test(actual) else (quick, slow + 1)
    assert quick > slow


def test_the_verdict_of_a_match_is_the_same_with_and_without_it() -> None:
    rules = MatchingRules({"body": {"$.items": rule_list({**TYPE, "min": 1})}})
    compiled = compile_response(ExpectedResponse(200, JSON, json_body({"items": [{"id": 1}]}), rules))
    answers = [
        compiled.match(Response(200, headers=JSON_FIELDS, body=Body(content)))
        for content in (b'{"items":[{"id":2},{"id":3}]}', b'{"items":[]}', b'{"items":[{"id":"x"}]}')
    ]
    assert [bool(found) for found in answers] == [False, True, True]
