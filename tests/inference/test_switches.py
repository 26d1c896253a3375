"""What of requests selects the form of their answers; bounded, and the same in whatever parts it was seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.switches import Selecting, Switches

JSON, STREAM = ("JSON", "application/json"), ("text", "text/event-stream")
REQUESTS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["a", "b"]), st.booleans() | st.just(1)) | st.just([]),
        st.sampled_from([None, "*/*", "text/plain"]),
    )
)


def summary(switches: Switches) -> object:
    known = [(name, switches.is_on(name), switches.is_off(name)) for name in sorted(switches.names)]
    return switches.requests, switches.accepted, known


@given(REQUESTS, REQUESTS)
def test_parts_joined_are_the_whole(
    one: list[tuple[object, str | None]], other: list[tuple[object, str | None]]
) -> None:
    joined = Switches.joined([Switches.of(one), Switches.of(other)])
    assert summary(joined) == summary(Switches.of([*one, *other]))


def test_a_member_selects_when_no_value_of_it_got_two_forms() -> None:
    on, off, absent = (Switches.of([(body, "*/*")]) for body in ({"s": True, "t": True}, {"s": False, "t": True}, {}))
    assert Selecting.of({STREAM: [on], JSON: [off, absent]}).members == {"s"}
    assert Selecting.of({STREAM: [on], JSON: [off, on]}).members == frozenset()
    assert Selecting.of({STREAM: [on, off]}) == Selecting()


def test_accept_selects_when_it_was_always_sent_and_no_value_got_two_forms() -> None:
    json, stream, none = (Switches.of([({}, value)]) for value in ("application/json", "text/event-stream", None))
    found = Selecting.of({STREAM: [stream], JSON: [json]}).accepted
    assert found == {STREAM: {"text/event-stream"}, JSON: {"application/json"}}
    assert Selecting.of({STREAM: [stream], JSON: [json, none]}).accepted == {}
    assert Selecting.of({STREAM: [stream, json], JSON: [json]}).accepted == {}


def test_many_values_of_accept_are_not_kept_and_select_nothing() -> None:
    many = Switches.of([({}, f"text/x-{number}") for number in range(1000)])
    assert len(many.accepted) == 16
    assert Selecting.of({STREAM: [many], JSON: [Switches.of([({}, "*/*")])]}).accepted == {}
