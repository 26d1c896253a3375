"""What recorded messages expect and promise, in the form that other tools read alike."""

import json

from builders import request, response

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import match_response
from pact_recorder.mock.translation import expected_request, expected_response


def test_a_list_header_is_its_values_and_another_header_its_lines() -> None:
    fields = (("Cache-Control", "no-cache, no-store"), ("Allow", "GET"), ("Allow", "PUT, POST"), ("X-Power", "a, b"))
    promised = expected_response(response(b"{}", 200, *fields)).headers
    assert promised == {
        "Content-Type": ("application/json",),
        "Cache-Control": ("no-cache", "no-store"),
        "Allow": ("GET", "PUT", "POST"),
        "X-Power": ("a, b",),
    }


def test_a_list_header_that_selects_is_its_values() -> None:
    asked = request("GET", "/", None, ("Accept", "text/html, */*;q=0.1"), ("X-Kind", "a, b"))
    wanted = expected_request(asked, frozenset({"x-kind"})).headers
    assert wanted == {"Accept": ("text/html", "*/*;q=0.1"), "X-Kind": ("a, b",)}


def test_a_parameter_without_a_value_has_an_empty_one() -> None:
    assert expected_request(request("GET", "/?flag&x=1&x"), frozenset()).query == {"flag": ("",), "x": ("1", "")}


def test_a_redacted_body_of_no_declared_type_is_compared_as_what_it_looks_like() -> None:
    promised = expected_response(Response(200, body=Body(b'"REDACTED-token-1"')))
    assert match_response(promised, Response(200, body=Body(b'"another"'))) == []
    assert match_response(promised, Response(200, body=Body(b'""'))) != []


def test_a_body_of_very_many_redacted_values_has_no_rule_for_each() -> None:
    def rules(count: int) -> int:
        body = json.dumps({f"password{number}": f"REDACTED-password-{number}" for number in range(count)}).encode()
        fields = Headers([("Content-Type", "application/json")])
        return len(expected_request(Request("POST", "/", None, fields, Body(body)), frozenset()).rules.category("body"))

    assert (rules(3), rules(500), rules(501)) == (3, 500, 0)
