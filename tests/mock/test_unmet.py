"""The JSON of what is unmet, in the shapes that the reference's mock server prints."""

from typing import Any

import pytest
from builders import json_request, request

from pact_recorder.http import Request
from pact_recorder.mock import ContractMock
from pact_recorder.pact import read_contract

RULES = {"body": {"$.name": {"matchers": [{"match": "type"}], "combine": "AND"}}}
USERS = {
    "method": "POST",
    "path": "/users",
    "query": {"q": ["1", "2"]},
    "headers": {"Accept": "application/json", "Content-Type": "application/json"},
    "body": {"name": "Al", "age": 3},
    "matchingRules": RULES,
}


def unmet(*requests: Request) -> list[Any]:
    """What is unmet after the requests, of a contract with one interaction."""
    interaction = {"description": "it", "request": USERS, "response": {"status": 200}}
    document = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [interaction]}
    mock = ContractMock(read_contract(document, "the contract"))
    for each in requests:
        mock.answer(each)
    return [each.to_json() for each in mock.mismatches()]


def test_a_missing_request_shows_the_request_as_a_v3_document_has_it() -> None:
    assert unmet() == [{"type": "missing-request", "method": "POST", "path": "/users", "request": USERS}]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param(
            request("GET", "/nope?x=1", None, ("Host", "localhost"), ("X-A", "b"), ("x-a", "c")),
            {"query": {"x": ["1"]}, "headers": {"host": "localhost", "x-a": "b, c"}, "body": ""},
            id="no body",
        ),
        pytest.param(
            json_request("GET", "/nope", {"a": 1}),
            {"headers": {"content-type": "application/json"}, "body": {"a": 1}},
            id="JSON",
        ),
        pytest.param(
            request("GET", "/nope?a&b=", b"text"), {"query": {"a": [""], "b": [""]}, "body": "text"}, id="text"
        ),
    ],
)
def test_a_request_not_found_shows_the_request_as_it_came(asked: Request, shown: dict[str, Any]) -> None:
    found = unmet(asked)[0]
    assert found == {
        "type": "request-not-found",
        "method": "GET",
        "path": "/nope",
        "request": {"method": "GET", "path": "/nope", **shown},
    }


def test_a_request_mismatch_shows_the_expected_request_and_each_mismatch() -> None:
    fields = [("Accept", "text/plain")]
    found = unmet(json_request("POST", "/users?q=1&q=3&z=9", {"name": 5, "age": 3}, *fields))[0]
    mismatches = found.pop("mismatches")
    assert found == {"type": "request-mismatch", "method": "POST", "path": "/users"}
    assert sorted((each["type"], each["mismatch"]) for each in mismatches) == [
        ("BodyMismatch", "Expected 5 (Integer) to be the same type as 'Al' (String)"),
        (
            "HeaderMismatch",
            "Mismatch with header 'Accept': "
            "Expected header 'Accept' to have value 'application/json' but was 'text/plain'",
        ),
        ("QueryMismatch", "Expected query parameter 'q' with value '2' but was '3'"),
        ("QueryMismatch", "Unexpected query parameter 'z' received"),
    ]
