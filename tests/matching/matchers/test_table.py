from typing import Any

import pytest
from expecting import Rule, json_response, rule, rule_list

from pact_recorder.matching import MATCHERS, PathExpressionError
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers import compile_rule, compile_rules, place_rules
from pact_recorder.matching.matchers.collections import EachKey

# An attribute set with which each name makes a usable matcher, when it needs one.
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "regex": {"regex": "a"},
    "include": {"value": "a"},
    "min": {"min": 1},
    "min-type": {"min": 1},
    "max": {"max": 1},
    "max-type": {"max": 1},
    "min-max-type": {"min": 1, "max": 2},
    "contentType": {"value": "text/plain"},
    "content-type": {"value": "text/plain"},
    "arrayContains": {"variants": []},
    "array-contains": {"variants": []},
}


@pytest.mark.parametrize("name", MATCHERS)
def test_every_name_makes_a_matcher(name: str) -> None:
    assert compile_rule(rule({"match": name, **ATTRIBUTES.get(name, {})})).name != "unusable"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"match": "nonsense"}, "No matcher has the name 'nonsense' (plugins are not supported)"),
        ({"match": ""}, "No matcher has the name '' (plugins are not supported)"),
        ({"match": "regex"}, "The regex matcher cannot be used: it has no text as 'regex'"),
        ({"match": "regex", "regex": 5}, "The regex matcher cannot be used: it has no text as 'regex'"),
        ({"match": "include"}, "The include matcher cannot be used: it has no 'value'"),
        ({"match": "min"}, "The min matcher cannot be used: it has no whole number as 'min'"),
        ({"match": "max", "max": 1.5}, "The max matcher cannot be used: it has no whole number as 'max'"),
        ({"match": "contentType"}, "The contentType matcher cannot be used: it has no 'value'"),
        (
            {"match": "statusCode", "status": "x"},
            "The statusCode matcher cannot be used: its 'status' is neither a list of codes nor one of info, "
            "success, redirect, clientError, serverError, nonError, error",
        ),
        ({"match": "eachKey", "rules": 5}, "The eachKey matcher cannot be used: its 'rules' are not a list"),
        (
            {"match": "eachValue", "rules": [5]},
            "The eachValue matcher cannot be used: a rule inside of it is not an object",
        ),
        ({"match": "arrayContains"}, "The arrayContains matcher cannot be used: its 'variants' are not a list"),
        (
            {"match": "arrayContains", "variants": [5]},
            "The arrayContains matcher cannot be used: a variant is not an object",
        ),
        (
            {"match": "arrayContains", "variants": [{"rules": {"$": 5}}]},
            "The arrayContains matcher cannot be used: the rules of a variant are not an object with a list of "
            "'matchers'",
        ),
        (
            {"match": "arrayContains", "variants": [{"rules": {"$": {"matchers": [{}]}}}]},
            "The arrayContains matcher cannot be used: a rule of a variant has no 'match'",
        ),
    ],
)
def test_a_rule_that_cannot_be_used_refuses_everything_and_says_why(document: Rule, reason: str) -> None:
    matcher = compile_rule(rule(document))
    assert matcher.scalar(1, 1, True, Effort()) == reason
    assert matcher.text("a", "a", True, Effort()) == reason
    assert matcher.items([1], [1], True) == reason
    assert matcher.members({}, {}, True) == reason
    assert matcher.status(200, 200, Effort()) == reason


def test_a_variant_with_a_bad_path_is_unusable() -> None:
    variants = [{"rules": {"$[": {"matchers": [{"match": "type"}]}}}]
    sentence = compile_rule(rule({"match": "arrayContains", "variants": variants})).items([], [], False)
    assert sentence is not None
    assert "cannot be read at character" in sentence


def test_rules_nested_beyond_bounds_stop_nothing() -> None:
    document: dict[str, Any] = {"match": "type"}
    for _ in range(5000):
        document = {"match": "eachValue", "rules": [document]}
    assert compile_rule(rule(document)).name == "eachValue"
    assert json_response([1], ["x"], {"$": document}) == []


def test_rules_inside_of_others_may_leave_the_name_out() -> None:
    matcher = compile_rule(rule({"match": "eachKey", "rules": [{"regex": "[a-z]"}, {"min": 1}]}))
    assert isinstance(matcher, EachKey)
    assert matcher.key("a", Effort()) == []
    assert matcher.key("9", Effort()) == ["Expected '9' to match '[a-z]'"]


@pytest.mark.parametrize(
    ("combine", "texts"),
    [("AND", ["Expected 'b' to match 'a'"]), ("or", []), ("nonsense", ["Expected 'b' to match 'a'"])],
)
def test_combine(combine: str, texts: list[str]) -> None:
    rules = compile_rules(rule_list([{"match": "regex", "regex": "a"}, {"match": "regex", "regex": "b"}], combine))
    assert list(rules.text("", "b", False, Effort())) == texts


def test_or_reports_every_rule_when_all_refuse() -> None:
    rules = compile_rules(rule_list([{"match": "regex", "regex": "a"}, {"match": "integer"}], "OR"))
    assert len(rules.text("", "x", False, Effort())) == 2


def test_place_rules_refuses_what_is_no_path() -> None:
    with pytest.raises(PathExpressionError):
        place_rules({"$[": rule_list({"match": "type"})})
