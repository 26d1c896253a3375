from typing import Any

import pytest

from pact_recorder.http import Body, Headers, Request
from pact_recorder.matching import match_request
from pact_recorder.mock.contracts import example_request
from pact_recorder.mock.mockserver.request import read_request_pattern

ASKED = Request(
    "POST",
    "/users/1",
    "a=1&a=2&q=x+y%C3%A9",
    Headers([("Accept", "text/html"), ("Content-Type", "application/json"), ("Cookie", "a=1; b=x y")]),
    Body(b'{"id":1,"more":2}'),
)
MATCHING = [
    (None, True),
    ({}, True),
    ({"method": "", "path": "", "body": "", "headers": [], "queryStringParameters": {}, "cookies": []}, True),
    ({"method": "post", "path": "/USERS/1"}, True),
    ({"method": "GET|POST", "path": "/users/[0-9]+"}, True),
    ({"method": "!GET"}, True),
    ({"method": "!POST"}, False),
    ({"path": "/users"}, False),
    ({"queryStringParameters": {"a": ["2"], "q": "x yé"}}, True),
    ({"queryStringParameters": {"a": ["3"]}}, False),
    ({"queryStringParameters": {"!b": []}}, True),
    ({"headers": {"accept": "text/.*"}}, True),
    ({"headers": {"!accept": []}}, False),
    ({"body": {"id": 1}}, True),
    ({"body": {"json": {"id": 1}, "matchType": "STRICT"}}, False),
    ({"body": '{"id":1,"more":2}'}, True),
    ({"path": "?/users/1", "method": "?POST"}, True),
    ({"path": {"schema": {"type": "string", "pattern": "^/users/[0-9]$"}}}, True),
    ({"path": {"schema": {"type": "string", "pattern": "^/x"}}}, False),
    ({"path": {"value": "/users/1", "not": True}}, False),
    ({"path": "/users/{id}", "pathParameters": {"id": ["[0-9]+"]}}, True),
    ({"path": "/users/{id}", "pathParameters": {"id": "1"}}, True),
    ({"path": "/{what}/{id}", "pathParameters": {"what": "USERS", "id": "!2"}}, True),
    ({"path": "/{what}/{id}", "pathParameters": {"what": "users"}}, True),
    ({"path": "/users/{id}", "pathParameters": {"id": "2"}}, False),
    ({"path": "/users/{id}", "pathParameters": {"id": {"schema": {"type": "integer"}}}}, True),
    ({"path": "/users/{id}", "pathParameters": {"id": {"schema": {"type": "integer", "minimum": 2}}}}, False),
    ({"path": "/{id}", "pathParameters": {"id": ".*"}}, False),
    ({"path": "/users/{id}/x", "pathParameters": {"id": "1"}}, False),
    ({"cookies": {"a": "1"}}, True),
    ({"cookies": [{"name": "b", "value": "X Y"}]}, True),
    ({"cookies": {"a": "2"}}, False),
    ({"cookies": {"c": "1"}}, False),
    ({"cookies": {"!c": ""}}, True),
    ({"secure": False, "keepAlive": True, "protocol": "HTTP_1_1"}, True),
    ({"secure": True}, False),
    ({"keepAlive": False}, False),
    ({"protocol": "HTTP_2"}, False),
    ({"not": True}, False),
    ({"not": True, "method": "GET"}, True),
    ({"not": False, "method": "GET"}, False),
]


@pytest.mark.parametrize(("document", "matches"), MATCHING)
def test_a_request_is_compared_part_by_part(document: Any, matches: bool) -> None:
    assert (not read_request_pattern(document).match(ASKED)) is matches


def test_every_difference_is_told_with_its_kind() -> None:
    document = {
        "method": "GET", "path": "/a", "queryStringParameters": {"b": "1"}, "headers": {"X": "1"}, "body": "x",
    }  # fmt: skip
    found = read_request_pattern(document).match(ASKED)
    assert [type(each).__name__ for each in found] == [
        "MethodMismatch", "PathMismatch", "QueryMismatch", "HeaderMismatch", "BodyMismatch",
    ]  # fmt: skip
    assert all(each.sentence for each in found[1:])


PLACES = [
    ({"method": "get", "path": "/A"}, "GET", "/A"),
    ({"method": "GET|PUT", "path": "/a.*"}, None, None),
    ({"method": "!GET", "path": "!/a"}, None, None),
    ({"path": "/v1.2"}, None, None),
    ({"method": "GET", "path": "/a", "not": True}, None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("document", "method", "path"), PLACES)
def test_the_index_gets_what_only_one_text_can_match(document: Any, method: str | None, path: str | None) -> None:
    pattern = read_request_pattern(document)
    assert (pattern.method, pattern.path) == (method, path)


UNSUPPORTED = [
    ({"socketAddress": {"host": "a"}}, "socketAddress"),
    ({"jwt": {"issuer": "a"}}, "jwt"),
    ({"specUrlOrPayload": "x"}, "specUrlOrPayload"),
    ({"paht": "/a"}, "paht"),
    ({"path": {"schema": {"type": 1}}}, "path"),
    ({"path": {"regex": "a"}}, "path"),
    ({"path": "/a", "pathParameters": {"id": "1"}}, "pathParameters"),
    ({"secure": "yes"}, "secure"),
    ({"keepAlive": 1}, "keepAlive"),
    ({"protocol": "HTTP_9"}, "protocol"),
    ({"not": "yes"}, "not"),
    ({"method": 1}, "method"),
    ({"headers": {"a": {"schema": 1}}}, "headers"),
    ({"cookies": "a"}, "cookies"),
    ({"body": {"xpath": "/a["}}, "body"),
]


@pytest.mark.parametrize(("document", "named"), UNSUPPORTED)
def test_what_is_wrong_or_not_supported_is_named(document: Any, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        read_request_pattern(document)


EXPORTED = [
    ({"method": "get", "path": "/a"}, "GET", "/a", None, {}, {}),
    ({}, "GET", "/", None, {}, {}),
    ({"path": r"/users/\d+"}, "GET", "/users/1", None, {}, {"path": {"$": r"/users/\d+"}}),
    ({"path": "/v1.2/x"}, "GET", "/v1.2/x", None, {}, {}),
    (
        {"path": "/a", "queryStringParameters": {"q": "[a-z]+", "r": ["1", "2"]}},
        "GET", "/a", {"q": ("a",), "r": ("1", "2")}, {}, {"query": {"q": "[a-z]+"}},
    ),
    (
        {"path": "/a", "headers": {"Accept": "application/vnd.api+json", "Authorization": "Bearer .+"}},
        "GET", "/a", None, {"Accept": ("application/vnd.api+json",), "Authorization": ("Bearer a",)},
        {"header": {"Authorization": "Bearer .+"}},
    ),
    ({"path": "/a", "headers": {"!X": [], "?Y": ["1"]}}, "GET", "/a", None, {"Y": ("1",)}, {}),
    ({"path": "/a", "cookies": {"x": "1", "y": ["2"]}}, "GET", "/a", None, {"Cookie": ("x=1; y=2",)}, {}),
    (
        {"path": "/v1.2/{id}", "pathParameters": {"id": "[0-9]+"}},
        "GET", "/v1.2/1", None, {}, {"path": {"$": r"/v1\.2/(?:[0-9]+)"}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("document", "method", "path", "query", "headers", "rules"), EXPORTED)
def test_a_request_is_exported_with_examples_that_match(
    document: Any, method: str, path: str, query: Any, headers: Any, rules: Any
) -> None:
    pattern = read_request_pattern(document)
    expected = pattern.expected()
    assert expected is not None
    assert (expected.method, expected.path, expected.query, expected.headers) == (method, path, query, headers)
    assert {
        category: {place: found.rules[0].attributes["regex"] for place, found in places.items()}
        for category, places in expected.rules.categories.items()
    } == rules
    example = example_request(expected)
    assert match_request(expected, example) == []
    assert pattern.match(example) == []


@pytest.mark.parametrize(
    "document",
    [
        {"method": "!GET"},
        {"method": "GET|PUT"},
        {"path": "!/a"},
        {"path": r"/(?=a)b"},
        {"headers": {"X-.*": "1"}},
        {"headers": {"X": ["!1"]}},
        {"headers": {"X": ["[a]+", "[b]+"]}},
        {"body": {"regex": "(?=a)b"}},
        {"body": {"jsonPath": "$.a"}},
        {"body": {"not": True, "string": "a"}},
        {"path": {"schema": {}}},
        {"headers": {"X": {"schema": {"type": "integer"}}}},
        {"cookies": {"a": "[0-9]+"}},
        {"secure": True},
        {"not": True, "path": "/a"},
    ],
)
def test_what_pact_cannot_say_has_no_equivalent(document: Any) -> None:
    assert read_request_pattern(document).expected() is None


def test_the_body_is_declared_once() -> None:
    plain = read_request_pattern({"body": {"a": 1}}).expected()
    declared = read_request_pattern({"body": {"a": 1}, "headers": {"content-type": "application/x+json"}}).expected()
    assert plain is not None
    assert declared is not None
    assert plain.body == Body(b'{"a":1}', media_type="application/json")
    assert declared.body == Body(b'{"a":1}')


COVERING = [
    ({}, {"method": "GET"}, True),
    ({"method": "get"}, {"method": "GET"}, True),
    ({"method": "GET"}, {"method": "PUT"}, False),
    ({"method": "!GET"}, {"method": "PUT"}, True),
    ({"method": "!GET"}, {"method": "GET"}, False),
    ({"path": "/a.*"}, {"path": "/abc"}, True),
    ({"path": "/abc"}, {"path": "/a.*"}, True),
    ({"path": "/a"}, {}, True),
    ({"headers": {"a": "1"}}, {}, False),
    ({"body": "x"}, {}, False),
    ({"body": "x"}, {"body": "x"}, True),
    ({"body": {"a": 1}}, {"body": '{"a":1,"b":2}'}, True),
    ({"body": {"a": 1}}, {"body": {"a": 2}}, False),
]


@pytest.mark.parametrize(("one", "other", "covers"), COVERING)
def test_a_filter_covers_expected_requests(one: Any, other: Any, covers: bool) -> None:
    assert read_request_pattern(one).covers(read_request_pattern(other)) is covers
