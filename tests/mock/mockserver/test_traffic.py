"""Requests that were seen: written as MockServer writes them, and taken by its control-plane matcher."""

from typing import Any

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.http import Body, Headers, Request
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.mock.mockserver.request import read_request_pattern
from pact_recorder.mock.mockserver.request_reading import read_request
from pact_recorder.mock.mockserver.traffic import in_usual_order, takes, write_recording, write_seen_request
from pact_recorder.pact import format_json

WRITTEN: list[tuple[Request, dict[str, Any]]] = [
    (request("GET", "/a"), {"method": "GET", "path": "/a"}),
    (
        request("GET", "/a?x=1&x=%21&flag", None, ("X-A", "!1"), ("x-a", "2")),
        {
            "method": "GET",
            "path": "/a",
            "queryStringParameters": {"x": ["1", "!"], "flag": [""]},
            "headers": {"X-A": ["!1", "2"]},
        },
    ),
    (request("POST", "/a", b"text"), {"method": "POST", "path": "/a", "body": "text"}),
    (request("POST", "/a", b""), {"method": "POST", "path": "/a"}),
    (
        request("POST", "/a", b"\xff", ("Content-Type", "image/png")),
        {
            "method": "POST",
            "path": "/a",
            "headers": {"Content-Type": ["image/png"]},
            "body": {"type": "BINARY", "base64Bytes": "/w==", "contentType": "image/png"},
        },
    ),
]


@pytest.mark.parametrize(("seen", "document"), WRITTEN)
def test_a_request_is_written_as_it_was_seen(seen: Request, document: dict[str, Any]) -> None:
    assert write_seen_request(seen) == document


@pytest.mark.parametrize("seen", [seen for seen, _ in WRITTEN])
def test_what_is_written_is_read(seen: Request) -> None:
    read = read_request(write_seen_request(seen))
    assert write_seen_request(read) == write_seen_request(seen)
    assert (read.body or Body(b"")).content == (seen.body or Body(b"")).content


@pytest.mark.parametrize(
    ("matcher", "is_taken"),
    [
        ({}, True),
        ({"path": "/USERS/1"}, True),
        ({"path": "/users/.*"}, True),
        ({"method": "P.ST"}, True),
        ({"method": "!POST"}, False),
        ({"path": "/other"}, False),
        ({"headers": {"!X-None": []}}, True),
        ({"headers": {"X-None": []}}, False),
        ({"body": {"n": 1}}, True),
        ({"body": {"n": 2}}, False),
    ],
)
def test_a_matcher_takes_requests(matcher: dict[str, Any], is_taken: bool) -> None:
    seen = json_request("POST", "/users/1?a=b", {"n": 1, "m": 2})
    assert takes(read_request_pattern(matcher), seen) is is_taken


def test_an_expression_in_a_request_takes_the_matchers_text() -> None:
    seen = request("GET", r"/users/\d+", b"x", ("X-A", "a|b"))
    assert takes(read_request_pattern({"path": "/users/7", "headers": {"X-A": ["b"]}, "body": "x"}), seen)
    assert not takes(read_request_pattern({"path": "/users/x"}), seen)
    assert not takes(read_request_pattern({"path": "/users/7", "body": "y"}), seen)


def test_a_recording_is_an_expectation_that_answers_the_same_request_once() -> None:
    seen = exchange(json_request("POST", "/a?x=%3F", {"n": 1}, ("Content-Length", "8")), response(b'{"ok":1}', 201))
    document = write_recording(seen)
    assert document["httpRequest"]["headers"] == {"Host": ["api.example"], "Content-Type": ["application/json"]}
    (expectation,) = read_expectations(format_json(document), 0.0)
    headers = Headers([("Host", "api.example"), ("content-type", "application/json")])
    asked = Request("POST", "/a", "x=%3F", headers, seen.request.body)
    assert expectation.match(asked) == []
    assert (expectation.remaining, expectation.answers[0].status) == (1, 201)
    assert write_recording(seen)["id"] == document["id"] != write_recording(seen, 1)["id"]


def test_members_have_their_usual_order() -> None:
    given = {"body": "x", "secure": True, "headers": {}, "path": "/", "method": "GET"}
    assert list(in_usual_order(given)) == ["method", "path", "headers", "secure", "body"]
