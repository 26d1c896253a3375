"""Shapes are a join semi-lattice with counts, and columns make the same shapes as joining one by one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.shapes import DEEPEST, MOST_MEMBERS, NOTHING, Shape, join, join_all
from pact_recorder.inference.values import KEPT
from pact_recorder.matching.json_values import parse_json

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from([b"1.5", b"1.0", b"2e3"])
    | st.sampled_from(["", "a", "b", "2020-01-01", "2020-01-01T00:00:00Z", "REDACTED-token-1", "x" * 300, "12", "<p>"])
    | st.text(max_size=3)
)
NAMES = st.sampled_from(["id", "name", "created_at", "items", "42", "7f3a9c00d1e2b3a4"]) | st.text(max_size=3)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
MANY = st.lists(DOCUMENTS, min_size=1, max_size=8)


def one_by_one(documents: list[object]) -> Shape:
    return join_all(shape_of([document]) for document in documents)


@given(MANY)
def test_a_column_is_what_joining_its_values_gives(documents: list[object]) -> None:
    assert shape_of(documents) == one_by_one(documents)


@given(MANY, MANY)
def test_joining_is_commutative(one: list[object], other: list[object]) -> None:
    assert join(shape_of(one), shape_of(other)) == join(shape_of(other), shape_of(one))


@given(MANY, MANY, MANY)
def test_joining_is_associative(one: list[object], two: list[object], three: list[object]) -> None:
    first, second, third = shape_of(one), shape_of(two), shape_of(three)
    assert join(join(first, second), third) == join(first, join(second, third))


@given(MANY)
def test_joining_is_idempotent_in_what_may_occur(documents: list[object]) -> None:
    shape = shape_of(documents)
    assert what_may_occur(join(shape, shape)) == what_may_occur(shape)


@given(MANY)
def test_nothing_is_neutral(documents: list[object]) -> None:
    shape = shape_of(documents)
    assert join(shape, NOTHING) == join(NOTHING, shape) == shape


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_samples_makes_no_difference(documents: list[object], random: object) -> None:
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert shape_of(shuffled) == shape_of(documents)


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        (["null"], set()),
        (["true", "1"], {"boolean", "number"}),
        (["1", "1.0", "null"], {"number"}),
        (['"a"', "[]", "{}"], {"text", "array", "object"}),
    ],
)
def test_kinds(texts: list[str], kinds: set[str]) -> None:
    assert shape_of([parse_json(text.encode()) for text in texts]).kinds == kinds


def test_a_member_counts_how_often_it_was_there() -> None:
    shape = shape_of([{"a": 1}, {"a": None, "b": "x"}, {}])
    assert shape.objects is not None
    assert shape.objects.count == 3
    assert {name: each.seen for name, each in shape.objects.members.items()} == {"a": 2, "b": 1}


def test_identifiers_are_entries_of_a_map() -> None:
    shape = shape_of([{"17": "a", "18": "b", "name": "c"}])
    assert shape.objects is not None and shape.objects.entries is not None
    assert set(shape.objects.members) == {"name"}
    assert shape.objects.entries.seen == 2
    assert shape.objects.some_key == "17"


def test_too_many_names_are_a_map_whatever_the_order() -> None:
    halves = [{f"name{chr(97 + n % 26)}{n}": n for n in range(start, start + MOST_MEMBERS)} for start in (0, 300)]
    joined = join(shape_of(halves[:1]), shape_of(halves[1:]))
    assert joined == shape_of(halves)
    assert joined.objects is not None and joined.objects.overflown and not joined.objects.members


def test_memory_does_not_grow_with_the_number_of_samples() -> None:
    shape = NOTHING
    for start in range(0, 20_000, 1_000):
        documents = [{"id": n, "name": f"name {n}", "tags": [f"tag {n}"]} for n in range(start, start + 1_000)]
        shape = join(shape, shape_of(documents))
    assert shape.objects is not None
    for member in shape.objects.members.values():
        part = member.integers or member.texts or member.arrays
        assert part is not None and part.count == 20_000
    names = shape.objects.members["name"].texts
    assert names is not None and len(names.values) == KEPT and names.more


def test_what_is_nested_too_deeply_is_not_looked_into() -> None:
    nested: object = "deep"
    for _ in range(DEEPEST + 900):
        nested = [nested]
    assert shape_of([nested]) == shape_of([json.loads(json.dumps(nested))])


def what_may_occur(shape: Shape) -> object:
    """The shape without its counts."""
    texts, arrays, objects = shape.texts, shape.arrays, shape.objects
    return (
        shape.nulls > 0,
        shape.booleans and (shape.booleans.true > 0, shape.booleans.false > 0),
        shape.integers and (set(shape.integers.values), shape.integers.more),
        shape.decimals and (set(shape.decimals.values), shape.decimals.more),
        texts and (set(texts.values), texts.more, texts.empty > 0, texts.redacted > 0, texts.formats, texts.shortest),
        arrays and (arrays.empty > 0, arrays.longest, what_may_occur(arrays.items)),
        objects
        and (
            {name: (what_may_occur(each), each.seen < objects.count) for name, each in objects.members.items()},
            objects.entries and what_may_occur(objects.entries),
            objects.some_key,
            objects.overflown,
        ),
    )


def test_every_part_of_a_shape_is_joined() -> None:
    parts = {"seen", "kinds", "nulls", "booleans", "integers", "decimals", "texts", "arrays", "objects"}
    assert set(Shape.__struct_fields__) == parts
    assert NOTHING.seen == 0
