import pytest
from expecting import Rules, rule_list
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers import Place, compile_rules
from pact_recorder.matching.parameters import (
    ParameterComparison,
    group_values,
    place_by_name,
    query_values,
    written_pairs,
)


def sentences(expected: str, actual: str, places: Rules | None = None, word: str = "query parameter") -> list[str]:
    steady = {name: Place.steady(compile_rules(rule_list(rules))) for name, rules in (places or {}).items()}
    comparison = ParameterComparison(place_by_name(steady), Effort(), word)
    found = comparison.compare(query_values(expected), query_values(actual))
    assert all(difference.as_query().parameter == difference.parameter for difference in found)
    return [difference.sentence for difference in found]


def another_value(expected: int, actual: int) -> str:
    return f"Expected query parameter 'a' with value '{expected}' but was '{actual}'"


REGEX = {"match": "regex", "regex": r"\d+"}


@pytest.mark.parametrize(
    ("expected", "actual", "places", "differences"),
    [
        ("", "", None, []),
        ("a=1&b=2", "b=2&a=1&", None, []),
        ("a=1", "", None, ["Expected query parameter 'a' but was missing"]),
        ("", "c=1", None, ["Unexpected query parameter 'c' received"]),
        (
            "a=1",
            "A=1",
            None,
            ["Expected query parameter 'a' but was missing", "Unexpected query parameter 'A' received"],
        ),
        ("a=1", "a=2", None, ["Expected query parameter 'a' with value '1' but was '2'"]),
        ("a=1&a=2", "a=2&a=1", None, [another_value(1, 2), another_value(2, 1)]),
        ("a", "a=", None, []),
        ("a=%C3%A9+b", "a=é%20b", None, []),
        ("a=1", "a=1&a=2", None, ["Expected query parameter 'a' with 1 value(s) but received 2 value(s)"]),
        ("a=1", "a=22", {"a": REGEX}, []),
        ("a=1", "a=22&a=333", {"a": REGEX}, []),
        ("a=1&a=2", "a=3", {"a": REGEX}, []),
        ("a=1", "a=2X", {"a": REGEX}, [r"Expected '2X' to match '\d+'"]),
        ("a=1", "a=-5", {"a": {"match": "integer"}}, ["Expected '-5' to match an integer number"]),
        ("a=1", "a=5", {"a": {"match": "decimal"}}, []),
        ("a=1", "a=1e3", {"a": {"match": "number"}}, []),
        ("a=1", "a=", {"a": {"match": "number"}}, ["Expected '' to match a number"]),
        (
            "a=1",
            "a=1",
            {"a": {"match": "null"}},
            ["Unable to match a list using the null matcher", "Unable to match '1' using the null matcher"],
        ),
        ("a=1", "a=x", {"a": {"match": "type"}}, []),
        ("a=1", "a=x", {"a": {"match": "min", "min": 2}}, ['Expected ["x"] (size 1) to have minimum size of 2']),
        (
            "a=1",
            "a=x&a=y",
            {"a": {"match": "max", "max": 1}},
            ['Expected ["x", "y"] (size 2) to have maximum size of 1'],
        ),
        ("a=cat", "a=scatter", {"a": {"match": "include", "value": "cat"}}, []),
        ("a=1", "a=2", {"b": REGEX}, ["Expected query parameter 'a' with value '1' but was '2'"]),
        ("a[]=1", "a[]=2", {"a[]": REGEX}, []),
        ("a=1", "a=x&a=y", {"a": {"match": "eachValue", "rules": [{"match": "regex", "regex": "[a-z]"}]}}, []),
        ("a=1", "a=3&a=1", {"a": {"match": "arrayContains", "variants": []}}, []),
        (
            "a=1",
            "a=2",
            {"a": {"match": "arrayContains", "variants": [{"index": 0}, {"index": 4}]}},
            [
                'Variant at index 0 ("1") was not found in the actual list',
                "ArrayContains: variant 4 is missing from the expected list, which has 1 items",
            ],
        ),
    ],
)
def test_compare(expected: str, actual: str, places: Rules | None, differences: list[str]) -> None:
    assert sentences(expected, actual, places) == differences


def test_form_fields_have_their_own_word() -> None:
    assert sentences("a=1", "a=2", word="form post parameter") == [
        "Expected form post parameter 'a' with value '1' but was '2'"
    ]


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        ("a=1&b=2", "a=1&b=2", True),
        ("a=1&b=2", "b=2&a=1", False),
        ("a=1", "a=1&", False),
        ("a=b=c", "a=b%3Dc", True),
        ("a=+", "a=%20", True),
    ],
)
def test_written_pairs_keep_order_and_empty_pieces(first: str, second: str, equal: bool) -> None:
    assert (written_pairs(first) == written_pairs(second)) is equal


@given(st.lists(st.tuples(st.text(), st.none() | st.text())))
def test_parameters_match_themselves_in_any_order_of_names(pairs: list[tuple[str, str | None]]) -> None:
    comparison = ParameterComparison(place_by_name({}), Effort())
    values = group_values(pairs)
    backwards = dict(reversed(values.items()))
    assert comparison.compare(values, backwards) == []


def test_no_more_than_500_differences_are_told() -> None:
    many = "&".join(f"a{number}=1" for number in range(1_000))
    assert len(sentences(many, "")) == len(sentences("", many)) == 500
    assert len(sentences("&".join(["a=1"] * 1_000), "&".join(["a=2"] * 1_000))) == 500
