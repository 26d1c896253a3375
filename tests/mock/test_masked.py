"""Recorded values that were redacted because they are secrets elsewhere still find their recording."""

import pytest
from builders import Shelf, exchange, json_request, request

from pact_recorder.http import Request
from pact_recorder.mock import Exhausted, Expectations, Miss

RECORDED = [
    (request("GET", "/s/REDACTED-sid-1/items"), b"1"),
    (request("GET", "/s/REDACTED-sid-2/items"), b"2"),
    (request("GET", "/s/REDACTED-sid-1/items/7"), b"3"),
    (request("GET", "/sync?to=a&uid=REDACTED-uid-1"), b"4"),
    (request("GET", "/sync?to=b&uid=REDACTED-uid-1"), b"5"),
    (json_request("POST", "/who", {"id": "REDACTED-uid-1", "n": 1}), b"6"),
    (request("GET", "/plain"), b"7"),
]


def ask(expectations: Expectations, asked: Request, host: str | None = "api.example") -> bytes | None:
    found = expectations.answer(asked, host, 0.0, Exhausted.REPEAT_LAST)
    return None if isinstance(found, Miss) or found.body is None else found.body.content


@pytest.fixture
def recorded() -> Expectations:
    shelf = Shelf()
    # So many neighbours at one path that the search for equal spellings alone does not reach the right one.
    others = [(request("GET", f"/sync?to={number}&uid=REDACTED-uid-1"), b"0") for number in range(50)]
    return shelf.add(*(exchange(asked, answer) for asked, answer in others + RECORDED))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (request("GET", "/s/0123456789/items"), b"1"),
        (request("GET", "/s/0123456789/items/7"), b"3"),
        (request("GET", "/sync?uid=0123456789&to=b"), b"5"),
        (request("GET", "/sync?uid=%3C0123456789%3E&to=b"), b"5"),
        (json_request("POST", "/who", {"n": 1, "id": "0123456789"}), b"6"),
        (request("GET", "/s/0123456789/items/8"), None),
        (request("GET", "/s/0123/456789/items"), None),
        (request("POST", "/s/0123456789/items"), None),
        (request("GET", "/sync?uid=0123456789&to=c"), None),
        (request("GET", "/sync?to=b"), None),
        (json_request("POST", "/who", {"n": 2, "id": "0123456789"}), None),
        (request("GET", "/plainly"), None),
    ],
)
def test_any_value_stands_where_one_was_redacted(recorded: Expectations, asked: Request, answer: bytes | None) -> None:
    assert ask(recorded, asked) == answer
    assert ask(recorded, asked, None) == answer
    assert ask(recorded, asked, "other.example") is None


def test_each_unknown_value_gets_a_recording_of_its_own_and_keeps_it(recorded: Expectations) -> None:
    answers = [ask(recorded, request("GET", f"/s/{value}/items")) for value in ("x", "y", "x", "z", "y")]
    assert answers == [b"1", b"2", b"1", b"2", b"2"]
