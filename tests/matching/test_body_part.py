import pytest
from expecting import JSON, JSON_FIELDS, rules

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import (
    BodyTypeMismatch,
    ExpectedRequest,
    ExpectedResponse,
    HeaderMismatch,
    match_request,
    match_response,
)

NO_HEADERS = Headers()


def texts(expected: Body | None, actual: Body | None, fields: Headers = JSON_FIELDS) -> list[str]:
    return [str(found) for found in match_response(ExpectedResponse(body=expected), Response(200, "", fields, actual))]


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        (None, None, []),
        (None, Body(b"anything"), []),
        (Body(b""), None, []),
        (Body(b""), Body(b""), []),
        (Body(b""), Body(b" null"), []),
        (Body(b""), Body(b"{}"), ["/ -> Expected empty body but received Present(2 bytes, application/json)"]),
        (Body(b"{}"), None, ["/ -> Expected body Present(2 bytes, application/json) but was missing"]),
        (Body(b"{}"), Body(b""), ["/ -> Expected body Present(2 bytes, application/json) but was empty"]),
        (Body(b"{}"), Body(b"{}"), []),
    ],
)
def test_presence(expected: Body | None, actual: Body | None, differences: list[str]) -> None:
    assert texts(expected, actual) == differences


def test_a_null_that_is_not_json_is_a_body() -> None:
    assert texts(Body(b""), Body(b"null"), Headers([("Content-Type", "text/plain")])) != []


def test_not_empty_says_so_of_an_empty_body() -> None:
    wanted = ExpectedRequest(
        "POST",
        headers={"Content-Type": ("image/jpeg",)},
        body=Body(b"\xff\xd8"),
        rules=rules(body={"$": {"match": "notEmpty"}}),
    )
    fields = Headers([("Content-Type", "image/jpeg")])
    (found,) = match_request(wanted, Request("POST", "/", headers=fields, body=Body(b"")))
    assert str(found) == "$ -> Expected [] (0 bytes) to not be empty"
    assert match_request(wanted, Request("POST", "/", headers=fields, body=Body(b"x"))) == []


def test_a_body_of_another_type() -> None:
    wanted = ExpectedRequest("POST", headers=JSON, body=Body(b"{}"))
    fields = Headers([("Content-Type", "text/plain")])
    found = match_request(wanted, Request("POST", "/", headers=fields, body=Body(b"hello")))
    assert [type(mismatch) for mismatch in found] == [HeaderMismatch, BodyTypeMismatch]
    assert found[1].to_json() == {
        "type": "BodyTypeMismatch",
        "expected": "application/json",
        "actual": "text/plain",
        "mismatch": "Expected a body of 'application/json' but the actual content type was 'text/plain'",
        "expectedBody": "{}",
        "actualBody": "hello",
    }


@pytest.mark.parametrize(
    ("expected", "actual", "kinds"),
    [
        ("application/json", "application/hal+json", [HeaderMismatch]),
        ("application/hal+json", "application/json", [HeaderMismatch, BodyTypeMismatch]),
        ("application/json;charset=utf-8", "application/json", [HeaderMismatch, BodyTypeMismatch]),
        ("application/json", "application/json;charset=utf-8", []),
    ],
)
def test_related_types(expected: str, actual: str, kinds: list[type]) -> None:
    wanted = ExpectedResponse(headers={"Content-Type": (expected,)}, body=Body(b"{}"))
    found = match_response(wanted, Response(200, "", Headers([("content-type", actual)]), Body(b"{}")))
    assert [type(mismatch) for mismatch in found] == kinds


@pytest.mark.parametrize(
    ("pattern", "actual", "count"),
    [
        ("text/.*", "text/plain", 0),
        (".*json.*", "application/problem+json; charset=utf-8", 0),
        (".*json", "text/csv", 2),
    ],
)
def test_a_rule_of_the_header_opens_the_body(pattern: str, actual: str, count: int) -> None:
    wanted = ExpectedResponse(
        headers={"Content-Type": ("application/json; charset=utf-8",)},
        body=Body(b"{}"),
        rules=rules(header={"content-type": {"match": "regex", "regex": pattern}}),
    )
    found = match_response(wanted, Response(200, "", Headers([("content-type", actual)]), Body(b"{ }")))
    assert len(found) == count


def test_undeclared_types_are_taken_from_the_content() -> None:
    assert texts(Body(b'{"a":1}'), Body(b'{ "a": 1 }'), NO_HEADERS) == []
    assert texts(Body(b"<a/>"), Body(b"<a></a>"), NO_HEADERS) == []
    assert len(texts(Body(b"<a/>"), Body(b"{}"), NO_HEADERS)) == 1


def test_the_type_of_the_body_overrules_the_header() -> None:
    wanted = Body(b'{"a":1}', media_type="application/json")
    assert texts(wanted, Body(b'{"a": 1}', media_type="application/json"), Headers([("content-type", "a/b")])) == []
