"""Columns: which values are seen under which names, and who is told of them."""

from __future__ import annotations

import json
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.shapes import DEEPEST, MOST_MEMBERS, Objects, Shape, join
from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import parse_json

VALUES = (
    st.none() | st.booleans() | st.integers() | st.sampled_from([b"1.5", b"1e3"]) | st.text(max_size=5) | st.just("ab")
)
DOCUMENTS = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=15,
)


def parsed(*texts: str) -> list[JsonValue]:
    return [parse_json(text.encode()) for text in texts]


def objects(shape: Shape) -> Objects:
    assert shape.objects is not None
    return shape.objects


def told(*documents: JsonValue) -> dict[str, set[JsonValue]]:
    """What the notice was told, by name."""
    found: dict[str, set[JsonValue]] = {}

    def notice(name: str, values: Collection[JsonValue]) -> None:
        found.setdefault(name, set()).update(values)

    shape_of(documents, notice)
    return found


@given(DOCUMENTS)
def test_one_value_has_the_shape_of_a_column(document: JsonValue) -> None:
    twice = shape_of([document, document])
    assert join(shape_of([document]), shape_of([document])) == twice


@given(st.lists(DOCUMENTS, min_size=1, max_size=5))
def test_the_notice_makes_no_difference(documents: list[JsonValue]) -> None:
    assert shape_of(documents, lambda name, values: None) == shape_of(documents)


def test_equal_values_that_stand_apart_do_not_share_what_joins_them() -> None:
    one, other = shape_of([{"a": "x"}]), shape_of([{"b": "x"}])
    join(one, shape_of([{"a": "y"}]))
    assert objects(one).members["a"] == objects(other).members["b"] == shape_of(["x"])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (['{"id": 7}', '{"id": 8}'], {"id": {7, 8}}),
        (['{"login": "bob", "size": 7}'], {"login": {"bob"}}),
        (['{"owner": {"userName": "bob"}}'], {"userName": {"bob"}}),
        (['{"ids": [1, 2, "x"]}'], {"ids": {1, 2, "x"}}),
        (['{"id": 1.5}', '{"id": true}', '{"id": null}', '{"id": {}}'], {}),
        (['{"@id": "a", "#text": "b"}'], {"id": {"a"}}),
        (['{"id": [{"#text": "b"}]}'], {"id": {"b"}}),
        (['{"1234": "a"}'], {}),
    ],
)
def test_values_under_names_that_identify_are_told(texts: list[str], expected: dict[str, set[JsonValue]]) -> None:
    assert told(*parsed(*texts)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "42",
        "7f3a9c00-d1e2-4b3a-8c4d-000000000001",
        "7f3a9c00d1e2b3a4",
        "2026-01-01",
        "bob@example.com",
        "https://a.example/x",
        "Ab1Cd2Ef3Gh4Ij5K",
    ],
)
def test_identifiers_as_names_are_entries(name: str) -> None:
    for document in ({name: 1}, {name: 1, "total": 2}):
        found = objects(shape_of([document]))
        assert found.entries == shape_of([1]) and found.some_key == name
        assert name not in found.members


@pytest.mark.parametrize("name", ["id", "name2", "sha256", "x" * 40, "a.b", "2d"])
def test_words_as_names_are_members(name: str) -> None:
    assert list(objects(shape_of([{name: 1}])).members) == [name]


def test_objects_with_other_names_or_another_order_share_their_columns() -> None:
    found = objects(shape_of(parsed('{"a": 1, "b": "x"}', '{"b": "y", "a": 2}', '{"a": 3, "c": null}')))
    assert {name: each.seen for name, each in found.members.items()} == {"a": 3, "b": 2, "c": 1}
    integers = found.members["a"].integers
    assert integers is not None and integers.values == {1: 1, 2: 1, 3: 1}


def test_a_column_of_several_kinds_has_the_evidence_of_each() -> None:
    shape = shape_of(parsed("1", "1.0", '"a"', "null", "true", "[]", "[2]", "{}"))
    assert (shape.seen, shape.nulls, shape.present) == (8, 1, 7)
    assert shape.kinds == {"number", "text", "boolean", "array", "object"}
    assert shape.arrays is not None and (shape.arrays.count, shape.arrays.empty, shape.arrays.longest) == (2, 1, 1)


@pytest.mark.parametrize("count", [1, 2])
def test_too_many_names_are_a_map(count: int) -> None:
    wide = {f"name{chr(97 + n % 26)}{n}": n for n in range(MOST_MEMBERS + 1)}
    found = objects(shape_of([wide] * count))
    assert found.overflown and not found.members
    assert found.entries is not None and found.entries.seen == count * len(wide)
    assert found.some_key == min(wide)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("inner", ["[1]", '{"a": 1}', '"a"', "1", "1.5", "true", "null"])
def test_what_is_too_deep_counts_by_its_kind(inner: str, count: int) -> None:
    deep = parse_json(("[" * DEEPEST + inner + "]" * DEEPEST).encode())
    shape = shape_of([deep] * count)
    for _ in range(DEEPEST):
        assert shape.arrays is not None
        shape = shape.arrays.items
    assert shape.seen == count
    assert shape.arrays is None or shape.arrays.items.seen == 0
    assert shape.objects is None or not shape.objects.members


def test_a_wide_column_counts_as_a_narrow_one() -> None:
    documents = [json.loads(f'{{"n": {number % 3}, "t": "x{number % 2}"}}') for number in range(200)]
    found = objects(shape_of(documents))
    integers, texts = found.members["n"].integers, found.members["t"].texts
    assert integers is not None and integers.values == {0: 67, 1: 67, 2: 66}
    assert texts is not None and texts.values == {"x0": 100, "x1": 100}
