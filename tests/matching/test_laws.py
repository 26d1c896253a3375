"""What holds of every message: matching is repeatable, and an example is as it is expected."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

from expecting import JSON, JSON_FIELDS, Rules, json_body, rules
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import (
    ExpectedMessage,
    ExpectedRequest,
    ExpectedResponse,
    compile_request,
    compile_response,
    match_message,
    match_request,
    match_response,
)
from pact_recorder.matching.paths import render_key
from tests.differential import cases as random_cases
from tests.differential.ours import mismatches

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))
ANY = {"match": "regex", "regex": "(?m).*"}


def accepting(value: Any) -> list[dict[str, Any]]:
    """The rules that should accept a value beside itself."""
    always: list[dict[str, Any]] = [{"match": "type"}, {"match": "equality"}]
    match value:
        case None:
            return [*always, {"match": "null"}]
        case bool():
            return [
                *always,
                ANY,
                {"match": "boolean"},
                {"match": "notEmpty"},
                {"match": "statusCode", "status": "error"},
            ]
        case int():
            return [*always, ANY, {"match": "integer"}, {"match": "number"}, {"match": "notEmpty"}]
        case float():
            return [*always, ANY, {"match": "decimal"}, {"match": "number"}, {"match": "notEmpty"}]
        case str():
            filled = [{"match": "notEmpty"}] if value else []
            return [*always, *filled, ANY, {"match": "include", "value": value[1:3]}]
        case list():
            filled = [{"match": "notEmpty"}, {"match": "arrayContains", "variants": []}] if value else []
            bounds = {"min": len(value), "max": len(value)}
            return [*always, *filled, {"match": "type", **bounds}, {"match": "eachValue", "rules": [{"match": "type"}]}]
        case _:
            each_key = {"match": "eachKey", "rules": [ANY]}
            return [*always, *([{"match": "notEmpty"}] if value else []), {"match": "values"}, each_key]


def nodes(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    yield path, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        if key != "":
            yield from nodes(member, path + render_key(key))


@st.composite
def ruled_values(draw: st.DrawFn) -> tuple[Any, Rules]:
    """A JSON value, and rules at some of its nodes that should accept it."""
    value = draw(VALUES)
    places = {}
    for path, node in nodes(value):
        if draw(st.booleans()):
            places[path] = draw(st.lists(st.sampled_from(accepting(node)), min_size=1, max_size=2))
    return value, places


def without_cascades(value: Any, places: Rules) -> Rules:
    """The rules less those that cascade to values below that they are not about."""
    cascading = {path for path, node in nodes(value) if isinstance(node, list | dict) and path in places}
    narrow = {"null", "boolean", "integer", "decimal", "number", "include", "notEmpty", "arrayContains"}
    return {
        path: kept
        for path, each in places.items()
        if (kept := [rule for rule in each if path not in cascading or rule["match"] not in narrow])  # type: ignore[index]
    }


@given(ruled_values(), st.sampled_from(["AND", "OR"]))
def test_a_json_body_matches_itself(ruled: tuple[Any, Rules], combine: str) -> None:
    value, places = ruled
    of_body = rules(combine, body=without_cascades(value, places))
    # The same value in another spelling, so that it is walked and not only compared as bytes.
    spelled = Body(json.dumps(value, indent=1).encode())
    request = ExpectedRequest("POST", headers=JSON, body=json_body(value), rules=of_body)
    response = ExpectedResponse(200, JSON, json_body(value), of_body)
    message = ExpectedMessage(json_body(value), {"contentType": "application/json"}, of_body)
    assert match_request(request, Request("POST", "/", headers=JSON_FIELDS, body=spelled)) == []
    assert match_response(response, Response(200, headers=JSON_FIELDS, body=spelled)) == []
    assert match_message(message, spelled, {"contentType": "application/json"}) == []


NAMES = st.text(st.sampled_from("abc-X"), min_size=1, max_size=4)
LINES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1, max_size=8)


@given(st.dictionaries(NAMES, st.lists(LINES, min_size=1, max_size=3), max_size=3), st.data())
def test_query_and_headers_match_themselves(values: Mapping[str, list[str]], data: st.DataObject) -> None:
    kept = {name: tuple(each) for name, each in values.items()}
    headers = {name: kept[name] for name in {name.lower(): name for name in kept}.values()}
    texts = [rule for rule in accepting("x") if rule["match"] != "include"]
    places = {name: data.draw(st.sampled_from(texts)) for name in kept if data.draw(st.booleans())}
    expected = ExpectedRequest(query=kept or None, headers=headers, rules=rules(query=places, header=places))
    query = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, each in kept.items() for value in each)
    fields = Headers((name, value) for name, each in headers.items() for value in each)
    if all(rule["match"] != "equality" or len(set(kept[name])) == 1 for name, rule in places.items()):
        assert match_request(expected, Request("GET", "/", query or None, fields)) == []


@given(st.integers(0, 2**32))
def test_random_examples_match_themselves_without_rules(seed: int) -> None:
    for case in random_cases.CaseMaker(seed).cases(10):
        same = random_cases.Case(case.kind, case.is_request, case.expected, {}, case.expected)
        lists = {"accept", "vary", "cache-control"}
        if any(name.lower() in lists and len(each) > 1 for name, each in case.expected.headers.items()):
            continue
        assert mismatches(same) == [], same


@given(st.integers(0, 2**32))
def test_matching_is_repeatable(seed: int) -> None:
    for case in random_cases.CaseMaker(seed).cases(10):
        assert mismatches(case) == mismatches(case)


@given(ruled_values(), st.lists(VALUES, min_size=1, max_size=4))
def test_what_was_matched_before_does_not_count(ruled: tuple[Any, Rules], others: list[Any]) -> None:
    value, places = ruled
    request = ExpectedRequest("POST", headers=JSON, body=json_body(value), rules=rules(body=places))
    response = ExpectedResponse(200, JSON, json_body(value), rules(body=places))
    compiled_request, compiled_response = compile_request(request), compile_response(response)
    for other in [*others, value, *reversed(others)]:
        sent = Request("POST", "/", headers=JSON_FIELDS, body=json_body(other))
        answer = Response(200, headers=JSON_FIELDS, body=json_body(other))
        assert compiled_request.match(sent) == match_request(request, sent)
        assert compiled_response.match(answer) == match_response(response, answer)
