"""The index as a whole: incremental, bounded, and the same whatever the order."""

import tracemalloc
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Request
from pact_recorder.inference.operations import MISSING, OperationIndex, PathHints, Place
from tests.inference.operations.traffic import Sample, gets, indexed, names_of, operations_of

WORDS = ["1", "2", "2013-04-01", "A_B", "s-1.html", "s-2.html", "s-3.html", "x1y2z3.html", "U('a')", "c;d=1"]
WORDS += [
    "users",
    "ann",
    "bob",
    "me",
    "7",
    "8",
    "repos",
    "issues",
    "ann-1",
    "x1y2z3",
    "5.json",
    "ann.json",
    "v1",
    "",
    "a%2Fb",
    "*",
]
ANSWERS = [
    None,
    {"id": 7, "login": "ann", "email": "e"},
    {"id": "bob", "name": "issues", "email": "e"},
    [{"id": 8, "login": "bob"}],
    {"data": []},
    {"full_name": "ann/ann-1"},
]

samples = st.builds(
    Sample,
    st.builds(
        lambda method, parts: f"{method} /{'/'.join(parts)}",
        st.sampled_from(["GET", "GET", "PUT", "DELETE"]),
        st.lists(st.sampled_from(WORDS), max_size=4),
    ),
    st.sampled_from(ANSWERS),
    st.sampled_from([200, 200, 200, 204, 404]),
)


@given(st.lists(samples, max_size=25), st.randoms())
def test_the_order_of_exchanges_does_not_matter(found: list[Sample], random: Random) -> None:
    order = list(range(len(found)))
    random.shuffle(order)
    expected = operations_of(found)
    shuffled = operations_of([found[at] for at in order])
    assert [shuffled[order.index(at)] for at in range(len(found))] == expected
    reasons = [[segment.why for segment in each.segments] for each in expected]
    assert [[segment.why for segment in shuffled[order.index(at)].segments] for at in range(len(found))] == reasons
    assert indexed(found)[0].flows() == indexed([found[at] for at in order])[0].flows()


@given(st.lists(samples, max_size=25))
def test_a_request_belongs_to_its_operation_and_to_no_other(found: list[Sample]) -> None:
    operations = operations_of(found)
    for sample, own in zip(found, operations, strict=True):
        method, path = sample.request.method, sample.path
        assert own.matches(method, path), (own.name, path)
        assert {each for each in operations if each.matches(method, path)} == {own}
        assert set(own.parameters(path)) == {segment.name for segment in own.segments if segment.name}


@given(st.lists(samples, max_size=15), st.lists(samples, max_size=15))
def test_what_was_asked_before_does_not_matter_to_what_is_asked_later(first: list[Sample], then: list[Sample]) -> None:
    index, places = indexed(first)
    index.operations()
    index.flows()
    for sample in then:
        place = index.place(sample.request, MISSING)
        index.answered(place, sample.status, frozenset())
        places.append(place)
    whole = OperationIndex()
    for sample in [*first, *then]:
        whole.place(sample.request, MISSING)
    assert set(places) <= set(index.operations())
    assert set(whole.operations()) == set(index.operations())


@given(st.lists(st.text(max_size=30), max_size=10))
def test_any_path_belongs_somewhere(paths: list[str]) -> None:
    found = gets(*(f"/{path.replace('?', '')}" for path in paths))
    for sample, operation in zip(found, operations_of(found), strict=True):
        assert operation.matches("GET", sample.path), (operation.path_pattern, sample.path)


HOSTILE = [
    *("", "/", "*", "//", "/..", "/../a", "/a/", "/a", "a", "/%", "/%zz", "/%2F", "/{id}", "/{=x}", "/{!}me", "/{any}"),
    *("/{rest}", "/é", "/ ", "/a b", "/\x00", "/a\nb", "/\ud800", "/a;b", "/;", "/'", "/a('", "/(", "/." * 5000),
    *("/" + "a" * 100_000, "/" + "a/" * 10_000, "/" + "%zz" * 30_000, "/" + "(" * 100_000, "/" + ";" * 100_000),
    *(
        "/" + "a1" * 50_000,
        "/" + "." * 100_000,
        "/" + "-" * 100_000 + ".json",
        "/" + "A_" * 50_000,
        "/" + "a." * 50_000,
    ),
]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: repr(path[:20]))
def test_a_hostile_path_belongs_somewhere_too(path: str) -> None:
    (operation,) = operations_of(gets(path))
    assert operation.matches("GET", path) or path == "a"


def test_hostile_paths_beside_each_other() -> None:
    found = gets(*HOSTILE)
    for sample, operation in zip(found, operations_of(found), strict=True):
        assert operation.matches("GET", sample.path), (operation.path_pattern, sample.path[:50])


def _random_words(count: int, template: str) -> list[str]:
    random = Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [template.format(*("".join(random.choices(letters, k=7)) for _ in range(3))) for _ in range(count)]


@pytest.mark.parametrize("template", ["/{}", "/{}/{}", "/users/{}/repos", "/{}/{}/{}", "/a/{}?x={}"])
def test_ten_thousand_different_segments_are_few_places(template: str) -> None:
    index, places = indexed(gets(*_random_words(10_000, template)))
    operations = index.operations()
    assert len(set(places)) < 1_000
    assert len(set(operations.values())) == 1
    assert set(places) == set(operations)


def test_memory_does_not_grow_with_the_number_of_requests() -> None:
    words = _random_words(12_000, "/{}/{}?x={}")
    tracemalloc.start()
    try:
        index, _ = indexed(gets(*words[:6_000]))
        before, _ = tracemalloc.get_traced_memory()
        for path in gets(*words[6_000:]):
            index.place(path.request, MISSING)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # What is remembered of single paths is bounded by their number, not by places.
    assert after - before < 12_000_000


def test_too_many_words_are_one_in_any_order() -> None:
    found = gets("/users/me", "/users/7", "/users/x1y2z3.json", *_random_words(600, "/users/{}"))
    expected = names_of(found)
    assert names_of(found[::-1])[::-1] == expected
    assert set(expected) == {"GET /users/{user}"}


def test_evidence_is_bounded_over_all_places() -> None:
    index = OperationIndex()
    index._largest = 2_000
    for number in range(50):
        place = index.place(Request("GET", f"/kind{chr(97 + number % 26)}{chr(97 + number // 26)}s/{number}"), MISSING)
        index.produced(place, "id", range(number * 1000, number * 1000 + 500))
    index.operations()
    assert sum(evidence.weight for evidence in index._seen.values()) <= 2_000


def test_hosts_are_providers_unless_they_have_a_name() -> None:
    names = {"api.example.com": "Shop", "b.example.com:8443": "Shop"}
    index = OperationIndex(provider_of=lambda authority: names.get(authority, authority))
    requests = [
        Request("GET", "/users/7", host="API.example.com", port=443),
        Request("GET", "/users/8", host="b.example.com", port=8443),
        Request("GET", "/users/8", host="c.example.com"),
    ]
    places = [index.place(request, MISSING) for request in requests]
    assert [place.provider for place in places] == ["Shop", "Shop", "c.example.com"]
    assert len(set(index.operations().values())) == 2


def test_places_have_an_order_and_are_told_shortly() -> None:
    first, second = Place("a", "GET", ("x",)), Place("a", "GET", ("x", "y"))
    assert sorted([second, first]) == [first, second]


def test_wrong_hints_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="users"):
        OperationIndex(PathHints(force=("users",)))
