from typing import Any

import pytest
from expecting import rule_list
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching import PathExpression
from pact_recorder.matching.matchers import BARE, Place, place_rules
from pact_recorder.matching.matchers.equality import Type
from pact_recorder.matching.matchers.texts import Include


def root(*expressions: str) -> Place:
    """Places under an `include` rule for each expression, which holds the expression itself."""
    return Place.root(place_rules({text: rule_list({"match": "include", "value": text}) for text in expressions}))


def at(place: Place, *path: str | int) -> tuple[str | None, bool]:
    """The expression that wins at a path, and whether it cascaded."""
    for key in path:
        place = place.child(key)
    if place.rules is None:
        return None, place.cascaded
    (matcher,) = place.rules.matchers
    assert isinstance(matcher, Include)
    return matcher.part, place.cascaded


@pytest.mark.parametrize(
    ("expressions", "path", "winner", "cascaded"),
    [
        ([], ["a"], None, False),
        (["$"], [], "$", False),
        (["$"], ["a", 0], "$", True),
        (["$.a"], [], None, False),
        (["$.a"], ["a"], "$.a", False),
        (["$.a"], ["a", "b"], "$.a", True),
        (["$.a", "$.*"], ["a"], "$.a", False),
        (["$.*", "$.a"], ["a"], "$.a", False),
        (["$.a.b", "$.a.*"], ["a", "b"], "$.a.b", False),
        (["$.a.b", "$.a.*"], ["a", "c"], "$.a.*", False),
        (["$.a", "$.a[*].*"], ["a", 3, "x"], "$.a[*].*", False),
        (["$.a", "$.a[*].*"], ["a", 3], "$.a", True),
        (["$.*.b", "$.a.*"], ["a", "b"], "$.*.b", False),
        (["$.a.*", "$.*.b"], ["a", "b"], "$.*.b", False),
        (["$[*].x", "$[0].x"], [0, "x"], "$[0].x", False),
        (["$[*].x", "$[0].x"], [1, "x"], "$[*].x", False),
        (["$[0]"], ["0"], "$[0]", False),
        (["$.0"], [0], "$.0", False),
        (["$[*]"], ["17"], "$[*]", False),
        (["$[*]"], ["x"], None, False),
        (["$[0]"], ["00"], "$[0]", False),
        ([""], ["a"], "", True),
        (["", "$.a"], ["a"], "$.a", False),
    ],
)
def test_the_heaviest_expression_wins(
    expressions: list[str], path: list[str | int], winner: str | None, cascaded: bool
) -> None:
    assert at(root(*expressions), *path) == (winner, cascaded)


def test_exact_is_the_rule_of_the_node_even_when_a_heavier_one_cascades() -> None:
    place = root("$.a.b", "$.*.*.*").child("a").child("b").child("c")
    assert at(place)[0] == "$.a.b"
    assert place.exact is not None
    assert [matcher.part for matcher in place.exact.matchers if isinstance(matcher, Include)] == ["$.*.*.*"]


def test_of_two_equal_expressions_the_first_wins() -> None:
    placed = place_rules({"$.a": rule_list({"match": "include", "value": "1"})})
    later = place_rules({"$.x": rule_list({"match": "type"}), "$.a": rule_list({"match": "include", "value": "2"})})
    assert at(Place.root([later[1], *placed]), "a") == ("1", False)


def test_bare_says_that_no_rule_is_here_or_below() -> None:
    place = root("$.a.b")
    assert not place.bare
    assert not place.child("a").bare
    assert place.child("x").bare
    assert BARE.bare
    assert BARE.child("a") is BARE


def test_a_type_rule_above_is_known_below_whatever_wins() -> None:
    place = Place.root(place_rules({"$.a": rule_list({"match": "type"}), "$.a.b": rule_list({"match": "integer"})}))
    assert not place.any_type
    assert place.child("a").child("b").any_type
    assert place.child("a").child("c").any_of_its_type
    assert isinstance(place.child("a").single, Type)


def test_empty_rule_lists_count_as_none() -> None:
    assert Place.root(place_rules({"$": rule_list([])})).rules is None


def test_steady_rules_apply_below_as_if_written_there() -> None:
    place = Place.steady(place_rules({"$": rule_list({"match": "type"})})[0].rules)
    assert place.child(0) is place
    assert not place.cascaded


def test_places_do_not_grow_with_the_keys_that_are_asked_for() -> None:
    place = root("$.a[*].b", "$.*.c")
    for number in range(1000):
        place.child(f"key{number}").child(number)
    assert len(place.known) == 0
    assert place.child("x") is place.child("y")


keys = st.sampled_from(["a", "b", "1", 0, 1, 7])
tokens = st.sampled_from([".a", ".b", ".1", "[0]", "[1]", ".*", "[*]"])
expressions = st.lists(st.lists(tokens, max_size=4).map(lambda parts: "$" + "".join(parts)), unique=True, max_size=6)


@given(expressions, st.lists(keys, max_size=5))
def test_stepping_finds_what_searching_finds(texts: list[str], path: list[Any]) -> None:
    matching = [PathExpression.parse(text) for text in texts]
    matching = [expression for expression in matching if expression.weight(path)]
    best = max(matching, key=lambda expression: expression.rank, default=None)
    winner, cascaded = at(root(*texts), *path)
    if best is None:
        assert winner is None
    else:
        assert winner is not None
        assert PathExpression.parse(winner).rank == best.rank
        assert cascaded is (len(best.tokens) != len(path) + 1)


@pytest.mark.parametrize(
    ("expressions", "alike"),
    [([], True), (["$"], True), (["$[*].a", "$.*"], True), (["$[0]"], False), (["$['1'].a"], False)],
)
def test_items_are_alike_unless_one_is_named(expressions: list[str], alike: bool) -> None:
    assert root(*expressions).items_are_alike is alike
