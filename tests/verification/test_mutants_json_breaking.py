from typing import Any

import pytest
from mutating import answered, changed, mutants, profile

from pact_recorder.verification.mutant import AMBIGUOUS, BREAKING, STRONG, WEAK

USER = {"user": {"id": 1}}
WHEN = {"at": "2021-03-04T05:06:07Z"}
KEY = {"key": "0f8fad5b-d9cb-469f-a165-70867728950e"}
SITE = {"site": "https://example.com/a"}
STATES = [{"state": state} for state in ("open", "closed") * 5]


@pytest.mark.parametrize(
    ("kind", "document", "result"),
    [
        ("field_removed", {"a": 1}, {}),
        ("element_field_removed", [{"a": 1}], [{}]),
        ("field_renamed", {"user_name": "x"}, {"userName": "x"}),
        ("field_renamed", {"login": "x"}, {"login_v2": "x"}),
        ("null_instead_of_object", USER, {"user": None}),
        ("null_instead_of_value", {"a": 1}, {"a": None}),
        ("array_became_object", {"a": [1, 2]}, {"a": {"items": [1, 2]}}),
        ("object_became_array", {"a": 1}, [{"a": 1}]),
        ("array_element_type", ["a", "b"], ["a", {"value": "b"}]),
        ("array_element_type", [1, 2], [1, "unexpected"]),
        ("root_wrapped", {"a": 1}, {"data": {"a": 1}}),
        ("date_to_epoch", WHEN, {"at": 1_640_995_199}),
        ("string_format_lost", KEY, {"key": "not available"}),
        ("integer_became_decimal", {"id": 4}, None),
        ("enum_unknown", {"state": "open"}, None),
    ],
)
def test_what_is_changed(kind: str, document: Any, result: Any) -> None:
    assert changed(document, kind) == result


@pytest.mark.parametrize(
    ("kind", "document", "siblings", "result"),
    [
        ("field_removed", {"a": 1}, [{"a": 2}], {}),
        ("field_removed", {"a": 1}, [{}], None),
        ("element_field_removed", [{"a": 1}], [[{}]], None),
        ("field_renamed", {"a": 1}, [{}], None),
        ("null_instead_of_object", USER, [{"user": None}], None),
        ("null_instead_of_value", {"a": 1}, [{"a": None}], None),
        ("object_became_array", {"a": 1}, [[{"a": 1}]], None),
        ("array_became_object", [1], [{"a": 1}], None),
        ("array_element_type", ["a"], [[{"b": 1}]], None),
        ("root_wrapped", {"data": 1}, [{"data": 1}], None),
        ("root_wrapped", {"a": 1}, [[1]], None),
        ("root_wrapped", {}, [{}], None),
        ("date_format_changed", WHEN, [{"at": "4 March"}], None),
        ("date_to_epoch", WHEN, [{"at": 5}], None),
        ("string_format_lost", KEY, [KEY], None),
        ("string_format_lost", KEY, [KEY, KEY], {"key": "not available"}),
        ("string_format_lost", KEY, [KEY, {"key": "none"}], None),
        ("integer_became_decimal", {"id": 4}, [{"id": 5}], {"id": 4.5}),
        ("integer_became_decimal", {"id": 4}, [{"id": 5.5}], None),
        ("enum_unknown", {"state": "open"}, STATES, {"state": "zz_unknown"}),
    ],
)
def test_siblings_decide(kind: str, document: Any, siblings: list[Any], result: Any) -> None:
    assert changed(document, kind, *siblings) == result


@pytest.mark.parametrize("value", ["x", 5, 5.5, True])
def test_a_scalar_of_another_type(value: Any) -> None:
    other = changed({"a": value}, "type_changed")["a"]
    assert type(other) is not type(value)


def test_types_that_siblings_have_are_not_taken() -> None:
    siblings = [{"a": 1}, {"a": True}, {"a": {}}]
    assert changed({"a": "x"}, "type_changed", *siblings) == {"a": ["x"]}
    assert changed({"a": "x"}, "type_changed", *siblings, {"a": []}) is None


def test_another_layout_of_a_date() -> None:
    layouts = {
        mutants(answered(WHEN), seed=seed)["date_format_changed"].note.partition(" became ")[2] for seed in range(30)
    }
    assert layouts == {"'12/31/2021 23:59'", "'Fri, 31 Dec 2021 23:59:59 GMT'", "'31 December 2021'"}


@pytest.mark.parametrize(
    ("kind", "document", "siblings", "label", "severity"),
    [
        ("type_changed", {"a": 1}, [], BREAKING, STRONG),
        ("null_instead_of_value", {"a": 1}, [{"a": 2}], AMBIGUOUS, WEAK),
        ("null_instead_of_value", {"a": 1}, [{"a": 2}] * 9, BREAKING, WEAK),
        ("string_format_lost", KEY, [], BREAKING, STRONG),
        ("string_format_lost", SITE, [], BREAKING, WEAK),
        ("integer_became_decimal", {"page_count": 4}, [{"page_count": 5}], BREAKING, WEAK),
        ("integer_became_decimal", {"price": 4}, [{"price": 5}], AMBIGUOUS, WEAK),
    ],
)
def test_labels(kind: str, document: Any, siblings: list[Any], label: str, severity: str) -> None:
    found = mutants(answered(document), profile(document, *siblings) if siblings else None)[kind]
    assert (found.label, found.severity) == (label, severity)
