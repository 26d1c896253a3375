from typing import Any

import pytest
from mutating import answered, changed, json_of, mutants, profile

from pact_recorder.verification.mutant import AMBIGUOUS, NON_BREAKING, STRONG, WEAK
from pact_recorder.verification.mutants_forms import form_of

NAMES = [{"name": f"Name {number}"} for number in range(6)]
STATES = [{"state": state} for state in ("open", "closed") * 5]


@pytest.mark.parametrize(
    ("kind", "document", "siblings", "result"),
    [
        ("optional_field_removed", {"a": 1}, [{}], {}),
        ("optional_field_removed", {"a": 1}, [{"a": 2}], None),
        ("nullable_null", {"a": 1}, [{"a": None}], {"a": None}),
        ("nullable_null", {"a": 1}, [{"a": 2}], None),
        ("array_longer", [5], [[6]], [5, 5]),
        ("array_longer", [], [[]], None),
        ("array_shorter", [5, 6], [[]], [5]),
        ("array_shorter", [5], [[]], None),
        ("array_emptied", [5], [[]], []),
        ("boolean_flipped", {"a": True}, [{"a": False}], {"a": False}),
        ("boolean_flipped", {"a": True}, [{"a": True}], None),
        ("enum_known", {"state": "open"}, STATES, {"state": "closed"}),
        ("enum_known", {"state": "open"}, [{"state": "closed"}], None),
    ],
)
def test_siblings_decide(kind: str, document: Any, siblings: list[Any], result: Any) -> None:
    assert changed(document, kind, *siblings) == result


def test_one_more_member() -> None:
    document = {"a": {"b": 1}}
    other = changed(document, "extra_field")
    assert other != document
    assert other["a"]["b"] == 1


@pytest.mark.parametrize(
    ("document", "siblings", "free"),
    [
        ({"name": "Name 0"}, NAMES, True),
        ({"name": "Name 0"}, NAMES[:2], False),
        ({"name": "Name 0"}, [], True),
        ({"type": "A text"}, [{"type": f"A text {number}"} for number in range(9)], False),
        ({"login": "octocat"}, [{"login": f"cat{number}"} for number in range(3)], False),
        ({"login": "octocat"}, [{"login": f"cat{number}"} for number in range(6)], True),
        ({"login": "octocat"}, [], False),
        ({"name": ""}, NAMES, False),
        ({"name": "REDACTED-name-1"}, NAMES, False),
    ],
)
def test_texts_that_may_be_others(document: Any, siblings: list[Any], free: bool) -> None:
    other = changed(document, "string_other_value", *siblings)
    assert (other is not None) is free
    if other is not None:
        (before,), (after,) = document.values(), other.values()
        assert after != before
        assert form_of(after) == form_of(before)


@pytest.mark.parametrize(("target", "free"), [("/users/1234", False), ("/users", True)])
def test_values_of_the_request_are_left_alone(target: str, free: bool) -> None:
    siblings = [{"id": number} for number in range(5)]
    for kind in ("id_other_value", "number_other_value"):
        assert (changed({"id": 1234}, kind, *siblings, target=target) is not None) is free


@pytest.mark.parametrize(("value", "kind"), [(12, int), (-12, int), (1.5, float), (0, int)])
def test_another_number(value: float, kind: type) -> None:
    other = changed({"a": value}, "number_other_value")["a"]
    assert type(other) is kind
    assert other != value and (other < 0) is (value < 0)


def test_a_longer_array_has_another_item_of_the_same_kind() -> None:
    document = [{"id": 7, "name": "Bob"}]
    *before, added = changed(document, "array_longer")
    assert before == document
    assert added["name"] == "Bob" and added["id"] != 7


def test_the_order_of_members() -> None:
    document = {"a": [{"b": 1, "c": 2}], "d": 3}
    other = json_of(mutants(answered(document))["key_order"].response)
    assert other == document
    assert list(other) == ["d", "a"] and list(other["a"][0]) == ["c", "b"]


@pytest.mark.parametrize(
    ("kind", "document", "siblings", "label", "severity"),
    [
        ("array_emptied", [5], [[]], NON_BREAKING, WEAK),
        ("array_emptied", [5], [[6]], AMBIGUOUS, WEAK),
        ("boolean_flipped", {"a": True}, [{"a": False}], NON_BREAKING, STRONG),
        ("boolean_flipped", {"a": True}, [], NON_BREAKING, WEAK),
        ("extra_field", {"a": True}, [], NON_BREAKING, STRONG),
    ],
)
def test_labels(kind: str, document: Any, siblings: list[Any], label: str, severity: str) -> None:
    found = mutants(answered(document), profile(document, *siblings) if siblings else None)[kind]
    assert (found.label, found.severity) == (label, severity)
