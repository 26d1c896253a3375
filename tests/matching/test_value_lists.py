import pytest
from expecting import Rule, rule_list

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers import Place, compile_rules
from pact_recorder.matching.value_lists import compare_value_lists

SMALL, LETTER = {"match": "regex", "regex": "[0-9]"}, {"match": "regex", "regex": "[a-z]"}


def sentences(
    documents: Rule | list[Rule], expected: list[str], actual: list[str], combine: str = "AND", cascaded: bool = False
) -> list[str]:
    compiled = compile_rules(rule_list(documents, combine))
    effort = Effort()

    def compare(at: Place, example: str, value: str) -> list[str]:
        if at.rules is None:
            return [] if example == value else [f"{example}!={value}"]
        return list(at.rules.text(example, value, at.cascaded, effort))

    return list(compare_value_lists(compiled, cascaded, Place.steady(compiled), expected, actual, compare))


def test_an_empty_example_asks_nothing() -> None:
    assert sentences({"match": "min", "min": 5}, [], ["x"]) == []


def test_values_beyond_the_example_are_like_its_first() -> None:
    assert sentences({"match": "equality"}, ["a"], ["a", "a"])[1:] == []
    assert sentences({"match": "equality"}, ["a"], ["a", "b"])[-1] == "Expected 'b' to be equal to 'a'"


@pytest.mark.parametrize(
    ("combine", "actual", "matches"),
    [("AND", ["5"], False), ("OR", ["5"], True), ("OR", ["5", "x"], True), ("OR", ["!"], False)],
)
def test_every_value_is_asked_under_all_rules(combine: str, actual: list[str], matches: bool) -> None:
    assert (not sentences([SMALL, LETTER], ["1"], actual, combine)) is matches


@pytest.mark.parametrize(("cascaded", "count"), [(False, 1), (True, 0)])
def test_each_value_does_not_cascade(cascaded: bool, count: int) -> None:
    assert len(sentences({"match": "eachValue", "rules": [LETTER]}, ["a"], ["b", "5"], cascaded=cascaded)) == count


def test_lists_too_long_for_array_contains() -> None:
    rule = {"match": "arrayContains", "variants": []}
    assert sentences(rule, ["a"] * 10, ["b"] * 10_001) == [
        "ArrayContains: there are too many items to compare, more than 100000 pairs of variant and item, "
        "or than there is time for"
    ]
    assert sentences(rule, ["a"] * 10, ["a"] * 10_000) == []
