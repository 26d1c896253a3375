import json
from typing import Any

import pytest
from expecting import Rules, body_texts, json_request, json_response
from hypothesis import given
from hypothesis import strategies as st

TYPE = {"match": "type"}
REGEX = {"match": "regex", "regex": r"\w{3}\d{3}"}


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        (
            {"one": 1, "two": 2},
            {"one": 1},
            ["$ -> Expected a Map with keys [one, two] but received one with keys [one]"],
        ),
        ({"a": 1}, {"a": 1, "b": 2}, ["$ -> Expected a Map with keys [a] but received one with keys [a, b]"]),
        ({}, {"a": 1}, ['$ -> Expected an empty Map but received {"a":1}']),
        ({"a": None}, {}, ["$ -> Expected a Map with keys [a] but received one with keys []"]),
        ({"a": [1]}, {"a": [1, 2]}, ["$.a -> Expected a List with 1 elements but received 2 elements"]),
        (
            [1, 2],
            [2, 1],
            [
                "$[0] -> Expected 2 (Integer) to be equal to 1 (Integer)",
                "$[1] -> Expected 1 (Integer) to be equal to 2 (Integer)",
            ],
        ),
        ([], [1], ["$ -> Expected an empty List but received [1]"]),
        ([1], [], ["$ -> Expected a List with 1 elements but received 0 elements"]),
        ({"a": {}}, {"a": []}, ["$.a -> Type mismatch: Expected [] (Array) to be the same type as {} (Object)"]),
        (
            {"two": ["b"]},
            {"two": "b"},
            ["$.two -> Type mismatch: Expected 'b' (String) to be the same type as [\"b\"] (Array)"],
        ),
        (
            {"a": {"b c": {"d": 1}}},
            {"a": {"b c": {"d": 2}}},
            ["$.a['b c'].d -> Expected 2 (Integer) to be equal to 1 (Integer)"],
        ),
        ("x", "x", []),
        ("x", "y", ["$ -> Expected 'y' (String) to be equal to 'x' (String)"]),
    ],
)
def test_requests_without_rules(expected: Any, actual: Any, differences: list[str]) -> None:
    assert body_texts(json_request(expected, actual)) == differences


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({}, {"a": 1}, []),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, []),
        ({"a": 1, "b": 1, "c": 1}, {"b": 1}, ["$ -> Actual map is missing the following keys: a, c"]),
        ([1], [1, 2], ["$ -> Expected a List with 1 elements but received 2 elements"]),
    ],
)
def test_responses_may_hold_more_members(expected: Any, actual: Any, differences: list[str]) -> None:
    assert body_texts(json_response(expected, actual)) == differences


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (b"1", b"1.0"),
        (b"100", b"1e2"),
        (b"1", b"true"),
        (b"[0, true]", b"[false, 1]"),
        (b"12345678901234567890123", b"12345678901234567890124"),
        (b"0.1", b"0.10000000000000000001"),
        (b'{"a":1}', b'{"a":1,"a":2}'),
        (b'{"a":null}', b'{"a":""}'),
    ],
)
def test_numbers_are_what_they_are_on_the_wire(expected: bytes, actual: bytes) -> None:
    assert json_response(expected, actual) != []
    assert json_response(actual, expected) != []


@pytest.mark.parametrize(
    ("expected", "actual"),
    [(b"1.0", b"1.00"), (b"100.0", b"1e2"), (b'{"a":1}', b'{"a":2, "a" : 1}'), (b"[1]", b" [1]\n")],
)
def test_the_layout_of_a_value_does_not_matter(expected: bytes, actual: bytes) -> None:
    assert json_request(expected, actual) == []


@pytest.mark.parametrize(
    ("expected", "actual", "rules", "differences"),
    [
        ({"a": "b"}, {"a": "abc123"}, {"$.a": REGEX}, []),
        ({"a": "b"}, {"a": "a"}, {"$.a": REGEX}, [r"$.a -> Expected 'a' to match '\w{3}\d{3}'"]),
        ({"a": [1]}, {"a": [2, 3]}, {"$.a": TYPE}, []),
        ({"a": [1]}, {"a": []}, {"$.a": TYPE}, []),
        ({"a": [1, "x"]}, {"a": [2]}, {"$.a": TYPE}, []),
        (
            {"a": [1]},
            {"a": [2, "x"]},
            {"$.a": TYPE},
            ["$.a[1] -> Expected 'x' (String) to be the same type as 1 (Integer)"],
        ),
        ({"a": []}, {"a": [1, "x"]}, {"$.a": {"match": "type", "min": 5}}, []),
        ([1], [2, 3], {"$[*]": TYPE}, ["$ -> Expected a List with 1 elements but received 2 elements"]),
        (
            {"a": {"ids": [1]}},
            {"a": {"ids": []}},
            {"$.a.ids": {"match": "type", "min": 1, "max": 4}},
            ["$.a.ids -> Expected [] (size 0) to have minimum size of 1"],
        ),
        ({"a": [[1]]}, {"a": [[], [1], [2, 3]]}, {"$.a": {"match": "type", "min": 3}}, []),
        ({"a": {"b": 1}}, {"a": {"b": "x"}}, {"$.a": TYPE}, [
            "$.a.b -> Expected 'x' (String) to be the same type as 1 (Integer)"]),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, {"$.a": TYPE}, [
            "$.a -> Expected a Map with keys [b] but received one with keys [b, c]"]),
        (
            {"a": {"status": "OK", "ids": [1]}},
            {"a": {"status": "Lovely", "ids": [2, 3]}},
            {"$.a": TYPE, "$.a.status": {"match": "equality"}},
            ["$.a.status -> Expected 'Lovely' (String) to be equal to 'OK' (String)"],
        ),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, {"$.a": {"match": "integer"}}, [
            '$.a -> Unable to match {"b":1} using the integer matcher']),
        ({"a": [1]}, {"a": [5, 6]}, {"$.a": {"match": "integer"}}, []),
        ({"a": [1]}, {"a": ["x"]}, {"$.a": {"match": "integer"}}, [
            "$.a[0] -> Expected 'x' (String) to be an integer"]),
        ({"a": {"b": "x"}}, {"a": {"b": "yy"}}, {"$.a": {"match": "regex", "regex": "y+"}}, []),
        ({"a": [5]}, {"a": {}}, {"$": TYPE}, [
            "$.a -> Type mismatch: Expected {} (Object) to be the same type as [5] (Array)"]),
        ({"a": 1}, {"a": []}, {"$.a": TYPE}, ["$.a -> Expected [] (Array) to be the same type as 1 (Integer)"]),
        ([{"x": 1}], [{"x": 2}, {"x": 3}], {"$": TYPE, "$[*].x": {"match": "integer"}}, []),
        ([{"x": 1}], [{"x": 2}, {"x": "3"}], {"$": TYPE, "$[*].x": {"match": "integer"}}, [
            "$[1].x -> Expected '3' (String) to be an integer"]),
        ({"one": "", "two": ["b"]}, {"one": "cat", "two": ["rat"]},
            {"$.one": {"match": "notEmpty"}, "$.two": {"match": "notEmpty"}}, []),
        ({"one": "a", "two": ["b"]}, {"one": "", "two": []},
            {"$.one": {"match": "notEmpty"}, "$.two": {"match": "notEmpty"}},
            ["$.one -> Expected '' (String) to not be empty", "$.two -> Expected [] (Array) to not be empty"]),
    ],
)  # fmt: skip
def test_rules(expected: Any, actual: Any, rules: Rules, differences: list[str]) -> None:
    assert body_texts(json_request(expected, actual, rules)) == differences


ONE_OF = [{"match": "integer"}, {"match": "null"}]


@pytest.mark.parametrize(
    ("combine", "actual", "count"),
    [("OR", 5, 0), ("OR", None, 0), ("OR", "x", 2), ("AND", 5, 1), ("AND", "x", 2)],
)
def test_combined_rules_of_a_scalar(combine: str, actual: Any, count: int) -> None:
    assert len(json_response({"a": 1}, {"a": actual}, {"$.a": ONE_OF}, combine)) == count


def test_combined_rules_of_a_list_honour_or_and_those_of_an_object_do_not() -> None:
    sizes = [{"match": "min", "min": 3}, {"match": "max", "max": 1}]
    assert json_response([1], [2], {"$": sizes}, "OR") == []
    assert len(json_response([1], [2, 3], {"$": sizes}, "OR")) == 2
    assert len(json_response({"a": 1}, {"a": 2}, {"$": sizes}, "OR")) == 1


def test_a_body_that_is_no_json() -> None:
    assert body_texts(json_response({"a": 1}, b"{bad")) == [
        "$ -> Failed to parse the actual body: 'Expecting property name enclosed in double quotes at line 1 column 2'"
    ]
    assert json_response(b"{bad", b"{bad") == []
    assert "Failed to parse the expected body" in body_texts(json_response(b"{bad", b"{}"))[0]


def test_a_path_that_cannot_be_read_refuses_the_body() -> None:
    assert "cannot be read at character" in str(json_response({"a": 1}, {"a": 2}, {"$[": TYPE})[0])


@pytest.mark.parametrize("depth", [400, 2_000, 500_000])
def test_depth_is_bounded(depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    for expected, actual in ((deep, deep), (deep, deep + b" "), (b"[[1]]", deep), (deep, b"[[1]]")):
        for rules in ({}, {"$": TYPE}):
            found = json_response(expected, actual, rules)
            assert all(len(str(mismatch)) < 10_000 for mismatch in found)
    assert json_response(deep, deep) == []


def test_the_number_of_mismatches_is_bounded() -> None:
    found = json_response([0], [str(number) for number in range(20_000)], {"$": TYPE})
    assert 0 < len(found) <= 500


def test_the_size_of_mismatches_is_bounded() -> None:
    found = json_response({"a": "x" * 10**6, "b": 1}, {"a": "y" * 10**6})
    assert found
    assert all(len(json.dumps(mismatch.to_json())) < 20_000 for mismatch in found)


def test_a_rule_of_ten_thousand_tokens_costs_no_more_than_the_body_is_deep() -> None:
    rules = {"$" + ".a" * length: TYPE for length in (10_000, 9_999)}
    assert json_response({"a": {"a": 1}}, {"a": {"a": 1}}, rules) == []
    assert json_response({"a": {"a": 1}}, {"a": {"a": 2}}, rules) != []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


@given(values, st.sampled_from([None, "type", "equality"]))
def test_a_value_matches_itself(value: Any, rule: str | None) -> None:
    rules = None if rule is None else {"$": {"match": rule}}
    assert json_request(value, value, rules) == []
    spaced = json.dumps(value, indent=1).encode()
    assert json_request(value, spaced, rules) == []


@given(values, values)
def test_a_request_matches_only_what_is_equal(first: Any, second: Any) -> None:
    equal = json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    matches = json_request(first, second) == []
    assert matches or not equal
    if matches:
        assert json_request(second, first) == []


@given(values, values)
def test_whatever_matches_by_equality_matches_by_type(first: Any, second: Any) -> None:
    if json_response(first, second) == []:
        assert json_response(first, second, {"$": {"match": "type"}}) == []


@pytest.mark.parametrize(("matcher", "matches"), [("values", True), ("eachKey", True), ("arrayContains", False)])
def test_beside_another_rule_only_some_free_the_keys(matcher: str, matches: bool) -> None:
    attributes = {"rules": [{"match": "type"}]} if matcher == "eachKey" else {}
    places = {"$": [{"match": matcher, **attributes}, {"match": "type"}]}
    assert (json_request({"a": 1, "b": 2}, {"a": 1}, places) == []) is matches


def test_a_key_that_differs_counts_however_late_it_comes() -> None:
    rule = {"match": "eachKey", "rules": [{"match": "regex", "regex": "k[0-9]+"}]}
    actual = dict.fromkeys([f"k{number}" for number in range(1_000)], 1)
    assert json_response({"k": 1}, actual, {"$": rule}) == []
    assert json_response({"k": 1}, actual | {"z": 1}, {"$": rule}) != []


def test_a_variant_is_found_whatever_items_come_before_it() -> None:
    rule = {
        "match": "arrayContains",
        "variants": [{"index": 0, "rules": {"$.id": {"matchers": [{"match": "integer"}]}}}],
    }
    others = [{"id": "x"}, [], 1, {"id": None}]
    assert json_response([{"id": 1}], [*others, {"id": 7}], {"$": rule}) == []
    assert body_texts(json_response([{"id": 1}], others, {"$": rule})) == [
        '$ -> Variant at index 0 ({"id":1}) was not found in the actual list'
    ]
