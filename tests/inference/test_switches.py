"""What of requests selects the form of their answers; bounded, and the same in whatever parts it was seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.switches import (
    NO_SETTINGS,
    TOO_MANY,
    Selected,
    Selecting,
    Setting,
    Settings,
    setting_of,
    settings_of,
)

JSON, STREAM = ("JSON", "application/json"), ("text", "text/event-stream")
MANY = [setting_of({}, [f"text/x-{number}"]) for number in range(100)]
SETTINGS = st.frozensets(st.sampled_from(MANY), max_size=50)


def of(*settings: Setting) -> Settings:
    return settings_of([frozenset(settings)])


@given(SETTINGS, SETTINGS, SETTINGS)
def test_settings_join_in_any_order(one: Settings, other: Settings, third: Settings) -> None:
    joined = settings_of([settings_of([one, other]), third])
    assert joined == settings_of([third, settings_of([other, one])]) == settings_of([one, other, third])
    assert len(joined) <= 64


def test_what_may_select_is_the_same_in_whatever_order_members_come() -> None:
    assert setting_of({"a": True, "n": 1, "b": False}, []) == setting_of({"b": False, "a": True, "n": 2}, [])
    assert setting_of([True], ["*/*"]) == ((), "*/*")
    assert setting_of({"n": 1}, ["a/b", "c/d"]) == ((("n", None),), "a/b, c/d")


def test_a_member_selects_when_no_value_of_it_got_two_forms() -> None:
    on, off, absent, number = (
        setting_of(body, ["*/*"])
        for body in ({"s": True, "t": True}, {"s": False, "t": True}, {"t": True}, {"s": 0, "t": True})
    )
    assert Selecting.of({STREAM: [of(on)], JSON: [of(off), of(absent)]}).members == {"s"}
    assert Selecting.of({STREAM: [of(on)], JSON: [of(off, on)]}).members == frozenset()
    assert Selecting.of({STREAM: [of(on)], JSON: [of(off, number)]}).members == frozenset()
    assert Selecting.of({STREAM: [of(on, off)]}) == Selecting()


def test_accept_selects_when_it_was_always_sent_and_no_value_got_two_forms() -> None:
    json, stream, none = (setting_of({}, value) for value in (["application/json"], ["text/event-stream"], []))
    assert Selecting.of({STREAM: [of(stream)], JSON: [of(json)]}).accept
    assert not Selecting.of({STREAM: [of(stream)], JSON: [of(json, none)]}).accept
    assert not Selecting.of({STREAM: [of(stream, json)], JSON: [of(json)]}).accept


def test_what_stays_as_it_is_was_the_same_in_all_requests_of_an_interaction() -> None:
    selecting = Selecting(frozenset({"s"}), accept=True)
    on, off, other = (
        setting_of({"s": value, "t": True}, accept)
        for value, accept in ((True, ["a/b"]), (False, ["a/b"]), (True, ["c/d"]))
    )
    assert selecting.of_all(of(on)) == Selected({"s": True}, "a/b")
    assert selecting.of_all(of(on, off)) == Selected({}, "a/b")
    assert selecting.of_all(of(on, other)) == Selected({"s": True}, None)
    assert selecting.of_all(NO_SETTINGS) == selecting.of_all(TOO_MANY) == Selected()


def test_too_many_settings_select_nothing() -> None:
    assert of(*MANY) == TOO_MANY
    assert settings_of([TOO_MANY, of(MANY[0])]) == TOO_MANY
    assert Selecting.of({STREAM: [of(*MANY)], JSON: [of(setting_of({}, ["*/*"]))]}) == Selecting()
