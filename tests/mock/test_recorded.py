"""The index of recorded answers: what was asked for meanwhile does not matter."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from builders import exchange, json_request, request, response
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Exchange, Request
from pact_recorder.mock.expectation import RecordedExpectation
from pact_recorder.mock.recorded import RecordedIndex
from pact_recorder.mock.sequence import Exhausted

HOSTS = ("api.example", "other.example")
REQUESTS = (
    request("GET", "/a"),
    request("GET", "/a", None, ("X-Tenant", "1")),
    request("GET", "/a", None, ("X-Tenant", "2"), ("Cookie", "s=REDACTED-s-1")),
    request("POST", "/a", b"x"),
    request("GET", "/s/REDACTED-sid-1"),
    json_request("POST", "/b", {"id": "REDACTED-id-1"}),
    json_request("POST", "/b", {"id": "REDACTED-id-2"}),
)
ANSWERS = (response(b"1"), response(b"2"), response(b"3", 404), response(b"4", 200, ("Vary", "X-Tenant")))
EXCHANGES = tuple(
    exchange(replace(asked, host=host), answer) for asked in REQUESTS for host in HOSTS for answer in ANSWERS
)

Look = Callable[[RecordedIndex], object]
LOOKS: tuple[Look, ...] = (
    len,
    list,
    lambda index: [index.nearby(asked, None) for asked in REQUESTS],
    lambda index: index.methods("/a", None),
    lambda index: list(index.paths()),
)


def index_of(exchanges: Sequence[Exchange], look: Look | None = None, live: bool = True) -> RecordedIndex:
    """The index of exchanges, looked at after each."""
    index = RecordedIndex(exchanges.__getitem__)
    for place, each in enumerate(exchanges):
        index.add(each, exchanges.index(each), place, live=live)
        if look is not None:
            look(index)
    return index


def told(found: RecordedExpectation | None) -> object:
    return found and (found.created, found.host, found.failed, list(found.answers.in_order()))


def find_all(index: RecordedIndex) -> object:
    return [told(index.find(asked, host)) for asked in REQUESTS for host in (*HOSTS, None)]


def contents(index: RecordedIndex) -> list[object]:
    """What else can be asked of an index."""
    asked = [request("GET", "/s/0123456789"), *REQUESTS]
    return [
        [[told(found) for found in index.find_all(each, None)] for each in REQUESTS],
        [{str(told(found)) for found in index.nearby(each, HOSTS[0])} for each in REQUESTS],
        [told(index.find_masked(each, None)) for each in asked],
        [(index.methods(path, HOSTS[0]), index.methods(path, None)) for path in ("/a", "/b", "/c")],
        len(index),
        set(index.paths()),
        sorted((told(each) for each in index), key=str),
    ]


@given(st.lists(st.sampled_from(EXCHANGES), max_size=8), st.sampled_from(LOOKS), st.booleans())
def test_an_index_that_was_asked_meanwhile_is_the_same(exchanges: list[Exchange], look: Look, live: bool) -> None:
    asked, untouched = index_of(exchanges, look, live), index_of(exchanges, live=live)
    assert find_all(asked) == find_all(untouched)
    assert contents(asked) == contents(untouched)


@given(st.lists(st.sampled_from(EXCHANGES), max_size=8))
def test_finding_answers_meanwhile_changes_nothing_else(exchanges: list[Exchange]) -> None:
    # Only to which of several recordings a client is bound depends on when it first asked.
    assert contents(index_of(exchanges, find_all)) == contents(index_of(exchanges))


@given(st.lists(st.sampled_from(EXCHANGES), max_size=8))
def test_its_length_is_the_number_of_its_expectations(exchanges: list[Exchange]) -> None:
    index = index_of(exchanges)
    assert len(index) == len(list(index)) == len(index)


def test_a_recording_is_not_loaded_before_it_answers() -> None:
    loaded: list[int] = []
    exchanges = [exchange(request("GET", f"/{number}")) for number in range(3)]

    def load(reference: int) -> Exchange:
        loaded.append(reference)
        return exchanges[reference]

    index = RecordedIndex(load)
    for place, each in enumerate(exchanges):
        index.add(each, place, place, live=True)
    found = index.find(request("GET", "/1"), HOSTS[0])
    assert found is not None
    assert not loaded
    assert found.take(Exhausted.REPEAT_LAST) == exchanges[1].response
    assert loaded == [1]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_removed_ones_are_gone_and_may_be_recorded_again(order: tuple[int, int]) -> None:
    exchanges = [exchange(request("GET", "/a"), b"1"), exchange(request("GET", "/b"), b"2")]
    index = index_of(exchanges)
    for place in order:
        found = index.find(exchanges[place].request, HOSTS[0])
        assert found is not None
        index.remove(found)
        assert index.find(exchanges[place].request, HOSTS[0]) is None
    assert (len(index), list(index)) == (0, [])
    index.add(exchanges[0], 0, 7, live=True)
    assert len(index) == 1
    assert index.find(Request("GET", "/a"), None) is not None


HTML, JSON = ("Accept", "text/html"), ("Accept", "application/json")


@pytest.mark.parametrize(
    ("recorded", "asked", "answer"),
    [
        ([(HTML, 200)], [], 0),
        ([(HTML, 200)], [("Accept", "*/*")], 0),
        ([(HTML, 200)], [JSON], None),
        ([(HTML, 200), (JSON, 200)], [], 0),
        ([(HTML, 406), (JSON, 200)], [], 1),
        ([(HTML, 200), (("Accept", "*/*"), 404)], [], 1),
        ([(HTML, 200)], [("Content-Type", "text/plain")], None),
    ],
)
def test_a_request_that_accepts_anything_gets_what_was_recorded_with_another_accept(
    recorded: list[tuple[tuple[str, str], int]], asked: list[tuple[str, str]], answer: int | None
) -> None:
    exchanges = [
        exchange(request("GET", "/a", None, accept), response(b"%d" % place, status))
        for place, (accept, status) in enumerate(recorded)
    ]
    index = index_of(exchanges)
    found = index.find(request("GET", "/a", None, *asked), HOSTS[0])
    expected = None if answer is None else exchanges[answer]
    assert (found and found.exchange()) == expected
    assert [each.exchange() for each in index.find_all(request("GET", "/a", None, *asked), None)] == (
        [] if expected is None else [expected]
    )


@given(st.lists(st.sampled_from(EXCHANGES), max_size=8), st.sampled_from(LOOKS))
def test_its_references_are_those_of_all_answers(exchanges: list[Exchange], look: Look) -> None:
    index = index_of(exchanges)
    expected = {(place, each.request.authority) for place, each in enumerate(exchanges)}
    assert {(exchanges[place], host) for place, host in index.references()} == {
        (exchanges[place], host) for place, host in expected
    }
    look(index)
    assert {(exchanges[place], host) for place, host in index.references()} == {
        (exchanges[place], host) for place, host in expected
    }


def test_alike_are_those_of_method_and_path_the_same_request_first() -> None:
    exchanges = [
        exchange(request("POST", "/a?x=1", b"other")),
        exchange(request("POST", "/a?x=1", b"same", ("X-Tenant", "1")), response(b"", 200, ("Vary", "X-Tenant"))),
        exchange(request("POST", "/a?x=2")),
        exchange(request("GET", "/a?x=1")),
        exchange(request("POST", "/b?x=1", b"same")),
    ]
    found = [each.exchange() for each in index_of(exchanges).alike(request("POST", "/a?x=1", b"same"))]
    assert found[0] == exchanges[1]
    assert sorted(map(exchanges.index, found)) == [0, 1, 2]
