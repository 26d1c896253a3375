from typing import Any

import pytest
from expecting import body_texts, json_request, json_response

LETTERS = {"match": "regex", "regex": "[a-z]+"}
EACH_KEY = {"$": {"match": "eachKey", "rules": [LETTERS]}}
EACH_VALUE = {"$": {"match": "eachValue", "rules": [LETTERS]}}


@pytest.mark.parametrize(
    ("actual", "differences"),
    [
        ({"one": "a", "two": "b", "three": "c"}, []),
        ({"one": "a", "two": "b", "100": "d"}, ["$[100] -> Expected '100' to match '[a-z]+'"]),
        ({"one": 5}, []),
        ({}, []),
    ],
)
def test_each_key(actual: Any, differences: list[str]) -> None:
    assert body_texts(json_request({"one": "a", "two": "b"}, actual, EACH_KEY)) == differences


@pytest.mark.parametrize(
    ("actual", "differences"),
    [
        ({"one": "a", "three": "b", "four": "c"}, []),
        ({"one": "a", "four": "100"}, ["$.four -> Expected '100' to match '[a-z]+'"]),
        ({}, []),
    ],
)
def test_each_value(actual: Any, differences: list[str]) -> None:
    assert body_texts(json_request({"one": "a", "two": "b"}, actual, EACH_VALUE)) == differences


def test_each_value_of_a_list() -> None:
    assert json_request(["a"], ["b", "c", "d"], EACH_VALUE) == []
    assert json_request(["a"], [], EACH_VALUE) == []
    assert body_texts(json_request(["a"], ["b", "9"], EACH_VALUE)) == ["$[1] -> Expected '9' to match '[a-z]+'"]


def test_each_key_and_each_value_together() -> None:
    both = {"$": [EACH_KEY["$"], EACH_VALUE["$"]]}
    assert json_request({"one": "a"}, {"two": "b"}, both) == []
    assert len(json_request({"one": "a"}, {"2": "3"}, both)) == 2


def test_values_ignores_keys() -> None:
    rules = {"$": {"match": "values"}, "$.*": {"match": "type"}}
    assert json_request({"one": "a", "two": "b"}, {"one": "", "three": "b", "five": "100"}, rules) == []
    assert json_request({"one": "a"}, {}, rules) == []
    assert body_texts(json_request({"one": "a", "two": "b"}, {"one": "", "four": 100}, rules)) == [
        "$.four -> Expected 100 (Integer) to be the same type as 'a' (String)"
    ]


def test_values_without_a_rule_for_them_compares_by_equality() -> None:
    assert json_request({"one": "a"}, {"x": "a", "y": "a"}, {"$": {"match": "values"}}) == []
    assert body_texts(json_request({"one": "a"}, {"x": "b"}, {"$": {"match": "values"}})) == [
        "$.x -> Expected 'b' (String) to be equal to 'a' (String)"
    ]


def variants(*rules: dict[str, Any]) -> dict[str, Any]:
    each = [
        {"index": index, "rules": {path: {"matchers": [rule]} for path, rule in of.items()}}
        for index, of in enumerate(rules)
    ]
    return {"$": {"match": "arrayContains", "variants": each}}


def test_array_contains_finds_each_variant_in_any_order() -> None:
    rules = variants(
        {"$.n": {"match": "regex", "regex": "add"}, "$.*": {"match": "type"}}, {"$.n": {"match": "equality"}}
    )
    expected = [{"n": "add", "v": 1}, {"n": "delete", "v": 2}]
    assert json_request(expected, [{"n": "x"}, {"n": "delete", "v": 2}, {"n": "add", "v": 9}], rules) == []
    assert body_texts(json_request(expected, [{"n": "add", "v": 9}], rules)) == [
        '$ -> Variant at index 1 ({"n":"delete","v":2}) was not found in the actual list'
    ]


def test_array_contains_allows_more_members_in_responses_only() -> None:
    rules = variants({"$.n": {"match": "type"}})
    assert json_response([{"n": 1}], [{"n": 2, "more": 3}], rules) == []
    assert len(json_request([{"n": 1}], [{"n": 2, "more": 3}], rules)) == 1


def test_array_contains_without_variants_asks_for_every_item() -> None:
    rules = {"$": {"match": "arrayContains", "variants": []}}
    assert json_request([1, 2], [2, 3, 1], rules) == []
    assert len(json_request([1, 2], [2, 3], rules)) == 1


def test_a_variant_without_an_example_is_a_mismatch() -> None:
    rules = {"$": {"match": "arrayContains", "variants": [{"index": 3}]}}
    assert body_texts(json_request([1], [1], rules)) == [
        "$ -> ArrayContains: variant 3 is missing from the expected list, which has 1 items"
    ]
