import json
from typing import Any

import pytest
from builders import Shelf, exchange, json_request, request

from pact_recorder.errors import UsageError
from pact_recorder.matching import ExpectedRequest
from pact_recorder.mock import Origin, RuledExpectation
from pact_recorder.mock.contracts import ContractRequest
from pact_recorder.mock.mockserver.filtering import read_filter
from pact_recorder.mock.mockserver.reading import read_expectations


def expectations() -> list[Any]:
    shelf = Shelf()
    shelf.add(exchange(request("GET", "/users/1?full=yes", None, ("User-Agent", "curl"))))
    shelf.add(exchange(json_request("POST", "/users", {"name": "Ada"})))
    for document in (
        {"id": "all", "httpResponse": {}},
        {"id": "pattern", "httpRequest": {"method": "GET", "path": "/users/.*"}, "httpResponse": {}},
    ):
        shelf.expectations.put(read_expectations(json.dumps(document), 0.0)[0])
    expected = ExpectedRequest("DELETE", "/users/1")
    shelf.expectations.put(RuledExpectation("contract", ContractRequest(expected), (), origin=Origin.CONTRACT))
    return shelf.expectations.all(0.0)


def names(chosen: list[Any]) -> list[str]:
    return [each.id if each.origin is not Origin.RECORDED else each.exchange().request.method for each in chosen]


CHOICES = [
    ({"path": "/users/1"}, ["GET", "all", "pattern", "contract"]),
    ({"path": "/users/[0-9]"}, ["GET", "all", "pattern", "contract"]),
    ({"method": "POST"}, ["POST", "all"]),
    ({"method": "DELETE"}, ["all", "contract"]),
    ({"headers": {"user-agent": "curl"}}, ["GET"]),
    ({"headers": {"host": "api.example"}}, ["GET", "POST"]),
    ({"queryStringParameters": {"full": ["yes"]}}, ["GET"]),
    ({"body": {"name": "Ada"}}, ["POST"]),
    ({"id": "pattern"}, ["pattern"]),
    ({"id": "nobody"}, []),
    ({"method": "", "path": ""}, ["GET", "POST", "all", "pattern", "contract"]),
]


@pytest.mark.parametrize(("document", "chosen"), CHOICES)
def test_expectations_are_chosen(document: Any, chosen: list[str]) -> None:
    wanted = read_filter(json.dumps(document))
    assert wanted is not None
    assert names(wanted.select(expectations())) == chosen


def test_a_recorded_one_is_chosen_by_its_identifier() -> None:
    active = expectations()
    wanted = read_filter(json.dumps({"id": active[1].id}))
    assert wanted is not None
    assert wanted.select(active) == [active[1]]


@pytest.mark.parametrize("text", ["", " ", '""', "{}"])
def test_no_filter_means_all(text: str) -> None:
    assert read_filter(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "is not JSON"),
        ("[]", "must be an object"),
        ('{"jwt": {"issuer": "b"}}', "jwt: is not supported"),
        ('{"httpRequest": {}}', "httpRequest: is not supported"),
        ('{"id": "a", "path": "/"}', "path: cannot stand beside id"),
        ('{"id": 1}', "id: is not supported"),
    ],
)
def test_a_wrong_filter_is_refused_in_mockservers_words(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_filter(text)
    assert str(caught.value).startswith("incorrect request matcher json format for:\n\n")
    assert f"   - {problem}" in str(caught.value)
