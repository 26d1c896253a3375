"""The request of an interaction as a pattern: what matched is remembered, and nothing that differs profits from it."""

import pytest
from builders import json_request, request
from expecting import json_body

from pact_recorder.http import Request
from pact_recorder.matching import ExpectedRequest
from pact_recorder.mock.contracts import ContractRequest

RIGHT = json_request("POST", "/a?x=1", {"n": 1}, ("X-A", "1"))


def pattern() -> ContractRequest:
    return ContractRequest(ExpectedRequest("POST", "/a", {"x": ("1",)}, {"X-A": ("1",)}, json_body({"n": 1})))


@pytest.mark.parametrize(
    "other",
    [
        json_request("PUT", "/a?x=1", {"n": 1}, ("X-A", "1")),
        json_request("POST", "/A?x=1", {"n": 1}, ("X-A", "1")),
        json_request("POST", "/a?x=2", {"n": 1}, ("X-A", "1")),
        json_request("POST", "/a", {"n": 1}, ("X-A", "1")),
        json_request("POST", "/a?x=1", {"n": 2}, ("X-A", "1")),
        json_request("POST", "/a?x=1", {"n": 1}, ("X-A", "2")),
        json_request("POST", "/a?x=1", {"n": 1}),
        request("POST", "/a?x=1", b"", ("Content-Type", "application/json"), ("X-A", "1")),
        request("POST", "/a?x=1", None, ("Content-Type", "application/json"), ("X-A", "1")),
    ],
)
def test_a_match_before_makes_no_other_request_match(other: Request) -> None:
    remembering = pattern()
    assert [remembering.match(RIGHT) for _ in range(3)] == [[]] * 3
    assert remembering.match(other) == pattern().match(other) != []
    assert remembering.match(RIGHT) == []


def test_an_equal_request_matches_again() -> None:
    remembering = pattern()
    for _ in range(4):
        assert remembering.match(json_request("POST", "/a?x=1", {"n": 1}, ("X-A", "1"))) == []
        assert remembering.match(json_request("POST", "/a?x=1", '{ "n": 1 }', ("X-A", "1"))) == []
