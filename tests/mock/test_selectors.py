"""Which request headers select an answer."""

import pytest
from builders import exchange, request, response

from pact_recorder.mock.selectors import CONDITIONAL, selecting_values, selectors_of, varied_by


@pytest.mark.parametrize(
    ("vary", "expected"),
    [
        ("Accept, Accept-Encoding", set()),
        ("X-Tenant", {"x-tenant"}),
        ("x-filter, Authorization , Cookie", {"x-filter", "authorization", "cookie"}),
        ("*", set()),
        ("User-Agent, traceparent, Connection, Host", set()),
        ("Origin", {"origin"}),
    ],
)
def test_vary(vary: str, expected: set[str]) -> None:
    assert selectors_of(exchange(request(), response(b"", 200, ("Vary", vary)))) == expected


def test_of_what_an_answer_varies_by_neither_credentials_nor_preferences_are_plain() -> None:
    answer = response(b"", 200, ("Vary", "x-filter, Authorization , Cookie, Origin, Accept, *"))
    assert varied_by(answer) == {"x-filter"}
    assert varied_by(response()) == set()


@pytest.mark.parametrize("name", ["X-Amz-Target", "SOAPAction"])
def test_what_names_the_operation_selects(name: str) -> None:
    assert selectors_of(exchange(request("POST", "/", b"{}", (name, "Do.This")))) == {name.lower()}


def test_a_hostile_vary_is_bounded() -> None:
    vary = ", ".join(f"x-{number}" for number in range(10_000))
    assert len(selectors_of(exchange(request(), response(b"", 200, ("Vary", vary))))) == 32


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (304, {"if-none-match", "if-modified-since"}),
        (206, {"range"}),
        (416, {"range"}),
        (412, CONDITIONAL),
        (200, set()),
    ],
)
def test_status(status: int, expected: set[str]) -> None:
    assert selectors_of(exchange(request(), response(None, status))) == expected


def test_a_preference_selects_where_it_was_applied() -> None:
    asked = request("POST", "/", b"{}", ("Prefer", "return=minimal"))
    assert selectors_of(exchange(asked, response(None, 204))) == set()
    assert selectors_of(exchange(asked, response(None, 204, ("Preference-Applied", "return=minimal")))) == {"prefer"}


def required(*fields: tuple[str, str], selectors: set[str] = frozenset()) -> tuple[str, ...]:  # type: ignore[assignment]
    return selecting_values(request("GET", "/", None, *fields), frozenset(selectors))[0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([("Accept", "*/*")], [], True),
        ([("Accept", "application/json")], [], False),
        ([("Accept", "a/b,c/d")], [("accept", "a/b, c/d")], True),
        ([("Content-Type", "application/json")], [("Content-Type", "text/plain")], False),
        ([("Content-Type", "text/plain; charset=UTF-8")], [("Content-Type", "text/plain;charset=utf-8")], True),
        ([("Content-Type", "multipart/x; boundary=a")], [("Content-Type", "multipart/x; boundary=b")], True),
        ([("X-Tenant", "1")], [("X-Tenant", "2")], False),
        ([("X-Other", "1")], [("X-Other", "2")], True),
        ([("Authorization", "Bearer a")], [("Authorization", "Bearer b")], True),
        ([("Authorization", "Bearer a")], [("Authorization", "Basic b")], False),
        ([("Authorization", "Bearer a")], [], False),
        ([("Cookie", "a=1")], [], True),
    ],
)  # fmt: skip
def test_what_must_agree(one: list[tuple[str, str]], other: list[tuple[str, str]], same: bool) -> None:
    selectors = {"x-tenant", "authorization", "cookie"}
    assert (required(*one, selectors=selectors) == required(*other, selectors=selectors)) is same


def test_what_is_only_preferred() -> None:
    asked = request("GET", "/", None, ("Cookie", "a=1"), ("Authorization", "Bearer t"), ("Origin", "http://x"))
    selectors = frozenset({"cookie", "authorization", "origin"})
    assert selecting_values(asked, selectors)[1] == ("authorization:Bearer t", "cookie:a=1", "origin:http://x")
