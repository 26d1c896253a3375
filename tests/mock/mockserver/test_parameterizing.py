"""Volatile values become patterns."""

import re
from typing import Any

import pytest

from pact_recorder.mock.mockserver.parameterizing import parameterized

UUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"


def one(path: str, answer: Any = "x", **request: Any) -> dict[str, Any]:
    return {"httpRequest": {"method": "GET", "path": path, **request}, "httpResponse": {"body": answer}}


@pytest.mark.parametrize(
    ("path", "others", "not_others"),
    [
        ("/users/17", ["/users/1", "/users/99999"], ["/users/x", "/users/", "/users/1/2"]),
        (f"/orders/{UUID}/items", ["/orders/00000000-0000-4000-8000-00000000000A/items"], ["/orders/1/items"]),
        ("/blobs/0123456789abcdef", ["/blobs/ffffffffffffffff00"], ["/blobs/xyz"]),
        ("/days/2024-01-31/v1.2", ["/days/1999-12-01/v1.2"], ["/days/1999-12-01/v1x2", "/days/today/v1.2"]),
    ],
)
def test_a_path_takes_others_of_its_kind(path: str, others: list[str], not_others: list[str]) -> None:
    (found,) = parameterized([one(path)])
    pattern = re.sub(r"\\Q(.*?)\\E", lambda literal: re.escape(literal[1]), found["httpRequest"]["path"])
    assert all(re.fullmatch(pattern, each) for each in (path, *others))
    assert not any(re.fullmatch(pattern, each) for each in not_others)


@pytest.mark.parametrize("path", ["/", "/users", "/v1.0/users", "/deadbeef", "/users/me"])
def test_other_paths_stay_as_they_are(path: str) -> None:
    assert parameterized([one(path)]) == [one(path)]


def test_what_becomes_the_same_is_one_with_all_answers() -> None:
    found = parameterized([one("/users/1", "a"), one("/users"), one("/users/2", "b"), one("/users/3", "a")])
    assert [each["httpRequest"]["path"] for each in found] == [r"/users/\d+", "/users"]
    assert found[0]["httpResponses"] == [{"body": "a"}, {"body": "b"}]
    assert "httpResponse" not in found[0]


def test_parameters_are_widened_too() -> None:
    (found,) = parameterized([one("/a", queryStringParameters={"page": ["2"], "q": ["tea"]})])
    assert found["httpRequest"]["queryStringParameters"] == {"page": [r"\d+"], "q": ["tea"]}
