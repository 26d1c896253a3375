import time

from hypothesis import given
from hypothesis import strategies as st
from mutating import profile

from pact_recorder.matching import JsonValue
from pact_recorder.verification.mutants_document import Document

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=10,
)


def document(root: JsonValue, echo: str = "") -> Document:
    return Document(root, profile(), echo)


def test_the_nodes_of_a_document() -> None:
    places = document({"a": [{"b": 1}, {"b": 2}]}).places
    assert [(place.path, place.shown, place.in_array) for place in places] == [
        ("$", "$", False),
        ("$.a", "$.a", False),
        ("$.a[*]", "$.a[0]", True),
        ("$.a[*]", "$.a[1]", True),
        ("$.a[*].b", "$.a[0].b", True),
        ("$.a[*].b", "$.a[1].b", True),
    ]


def test_members_of_a_map_are_no_fields() -> None:
    rates = [{f"{first}{second}": 1 for second in "abcd"} for first in "ABCD"]
    found = Document({"rates": rates[0], "12": 1}, profile(*({"rates": each} for each in rates)), "")
    assert [place.path for place in found.fields] == ["$.rates"]


@given(VALUES, st.data())
def test_a_change_leaves_everything_else(root: JsonValue, data: st.DataObject) -> None:
    found = document(root)
    place = data.draw(st.sampled_from(found.places))
    before = repr(root)
    changed = found.replaced(place, "changed")
    assert repr(root) == before
    assert Document(changed, profile(), "").replaced(place, place.value) == root
    if place.is_member:
        without = found.without(place)
        renamed = found.renamed(place, "another name")
        assert repr(root) == before
        parent = found.parent(place)
        assert len(Document(without, profile(), "").parent(place)) == len(parent) - 1
        assert list(Document(renamed, profile(), "").parent(place).values()) == list(parent.values())


def test_values_that_the_request_said() -> None:
    found = document({}, "/users/octocat?page=12\n")
    assert found.is_echo("octocat")
    assert not found.is_echo("12"), "short values are anywhere"
    assert not found.is_echo(b"1.25")


def test_large_and_deep_documents_are_looked_at_in_part() -> None:
    deep: JsonValue = 1
    for _ in range(5_000):
        deep = {"a": deep}
    started = time.perf_counter()
    assert len(document([{"a": number, "b": [1]} for number in range(50_000)]).places) < 200
    assert len(document({str(number): {} for number in range(100_000)}).places) <= 5_000
    assert len(document(deep).places) == 13
    assert time.perf_counter() - started < 5
