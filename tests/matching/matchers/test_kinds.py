from typing import Any

import pytest
from expecting import Rule, rule

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers import compile_rule

NUMBER, INTEGER, DECIMAL = ({"match": name} for name in ("number", "integer", "decimal"))
NULL, BOOLEAN = {"match": "null"}, {"match": "boolean"}


@pytest.mark.parametrize(
    ("document", "actual", "sentence"),
    [
        (NUMBER, 100, None),
        (NUMBER, b"100.01", None),
        (NUMBER, True, "Expected true (Boolean) to be a number"),
        (NUMBER, "100X01", "Expected '100X01' (String) to be a number"),
        (NUMBER, "100", "Expected '100' (String) to be a number"),
        (INTEGER, 100, None),
        (INTEGER, -5, None),
        (INTEGER, 10**30, None),
        (INTEGER, [], "Expected [] (Array) to be an integer"),
        (INTEGER, b"100.1", "Expected 100.1 (Decimal) to be an integer"),
        (INTEGER, b"1.0", "Expected 1.0 (Decimal) to be an integer"),
        (INTEGER, "100", "Expected '100' (String) to be an integer"),
        (INTEGER, True, "Expected true (Boolean) to be an integer"),
        (DECIMAL, b"100.1234", None),
        (DECIMAL, b"1e2", None),
        (DECIMAL, None, "Expected null (Null) to be a decimal number"),
        (DECIMAL, 100, "Expected 100 (Integer) to be a decimal number"),
        (DECIMAL, "100.1234", "Expected '100.1234' (String) to be a decimal number"),
        (NULL, None, None),
        (NULL, "", "Expected '' (String) to be a null value"),
        (NULL, 0, "Expected 0 (Integer) to be a null value"),
        (BOOLEAN, True, None),
        (BOOLEAN, "false", None),
        (BOOLEAN, "", "Expected '' (String) to match a boolean"),
        (BOOLEAN, 1, "Expected 1 (Integer) to match a boolean"),
        ({"match": "contentType", "value": "application/json"}, "{}", None),
        (
            {"match": "contentType", "value": "image/png"},
            "hello",
            "Failed to match data to have a content type of 'image/png': Expected binary contents to have "
            "content type 'image/png' but detected contents was 'text/plain'",
        ),
        ({"match": "statusCode", "status": "success"}, 500, None),
    ],
)
def test_scalars(document: Rule, actual: Any, sentence: str | None) -> None:
    assert compile_rule(rule(document)).scalar(1, actual, False, Effort()) == sentence


@pytest.mark.parametrize(
    ("document", "actual", "sentence"),
    [
        (NUMBER, "100.4", None),
        (NUMBER, "-1e3", None),
        (NUMBER, "x", "Expected 'x' to match a number"),
        (DECIMAL, "5", None),
        (DECIMAL, "", "Expected '' to match a number"),
        (INTEGER, "100", None),
        (INTEGER, "-5", "Expected '-5' to match an integer number"),
        (INTEGER, "1.0", "Expected '1.0' to match an integer number"),
        (BOOLEAN, "true", None),
        (BOOLEAN, "TRUE", "Expected TRUE to match a boolean"),
        ({"match": "statusCode", "status": "success"}, "204", None),
        ({"match": "statusCode", "status": "success"}, "x", "Unable to match 'x' using the statusCode matcher"),
        ({"match": "contentType", "value": "text/plain"}, "x", None),
    ],
)
def test_text(document: Rule, actual: str, sentence: str | None) -> None:
    assert compile_rule(rule(document)).text("1", actual, False, Effort()) == sentence


@pytest.mark.parametrize(
    ("status", "actual", "sentence"),
    [
        ("success", 299, None),
        ("success", 400, "Expected status code 400 to be a Successful response (200–299)"),
        ("info", 101, None),
        ("redirect", 301, None),
        ("clientError", 404, None),
        ("serverError", 404, "Expected status code 404 to be a Server error (500–599)"),
        ("nonError", 399, None),
        ("nonError", 400, "Expected status code 400 to be a Non-error response (< 400)"),
        ("error", 599, None),
        ("error", 399, "Expected status code 399 to be a Error response (>= 400)"),
        ([200, 204], 204, None),
        ([200, 204], 201, "Expected status code 201 to be a 200, 204"),
    ],
)
def test_status_codes(status: Any, actual: int, sentence: str | None) -> None:
    assert compile_rule(rule({"match": "statusCode", "status": status})).status(200, actual, Effort()) == sentence


@pytest.mark.parametrize(
    ("document", "sentence"),
    [(NUMBER, None), (INTEGER, None), (DECIMAL, "Expected 200 to match a decimal number")],
)
def test_a_status_is_an_integer(document: Rule, sentence: str | None) -> None:
    assert compile_rule(rule(document)).status(200, 200, Effort()) == sentence


def test_lists_pass_number_rules_and_objects_do_not() -> None:
    for document in (NUMBER, INTEGER, DECIMAL):
        matcher = compile_rule(rule(document))
        assert matcher.items([1], ["x"], False) is None
        assert matcher.members({"a": 1}, {"a": 1}, False) is not None
    assert compile_rule(rule(NULL)).items([1], [1], False) is not None


def test_content_type_of_bytes() -> None:
    matcher = compile_rule(rule({"match": "contentType", "value": "image/jpeg"}))
    assert matcher.binary(b"", b"\xff\xd8\xff\xe0", False, Effort()) is None
    assert matcher.binary(b"", b"%PDF-1.4", False, Effort()) == (
        "Expected binary contents to have content type 'image/jpeg' but detected contents was 'application/pdf'"
    )
