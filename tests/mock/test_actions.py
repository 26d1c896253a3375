"""What becomes of a request that is forwarded, and of its answer."""

from typing import Any

import pytest

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.mock.actions import FieldsChange, Forward, RequestChange, ResponseChange
from pact_recorder.mock.mockserver.actions import read_error, read_forward
from pact_recorder.mock.mockserver.override import read_override

ASKED = Request(
    "GET", "/a/1", "x=1&y=2", Headers([("Host", "here"), ("X-A", "1"), ("x-a", "2"), ("Cookie", "c=1; d=2")]), None
)
ANSWER = Response(
    200,
    "OK",
    Headers([("Content-Type", "text/plain"), ("Set-Cookie", "s=1; Path=/"), ("Set-Cookie", "t=2")]),
    Body(b"a"),
)


def request_change(override: Any = None, modifier: Any = None) -> RequestChange:
    change = read_override({"requestOverride": override, "requestModifier": modifier}).request
    assert change is not None
    return change


def response_change(override: Any = None, modifier: Any = None) -> ResponseChange:
    change = read_override({"responseOverride": override, "responseModifier": modifier}).response
    assert change is not None
    return change


REQUESTS = [
    ({"method": "POST"}, None, "POST", "/a/1?x=1&y=2"),
    ({"path": "/b"}, None, "GET", "/b?x=1&y=2"),
    ({"queryStringParameters": {"x": ["3", "4"], "z": "5"}}, None, "GET", "/a/1?y=2&x=3&x=4&z=5"),
    (None, {"path": {"regex": "^/(.+)/(.+)$", "substitution": "/v2/$2/$1"}}, "GET", "/v2/1/a?x=1&y=2"),
    (None, {"path": {"regex": "1", "substitution": r"\$\\"}}, "GET", "/a/$\\?x=1&y=2"),
    (None, {"path": {"regex": "^/a", "substitution": ""}}, "GET", "/1?x=1&y=2"),
    (None, {"path": {"regex": "^.*$", "substitution": "b"}}, "GET", "/b?x=1&y=2"),
    ({"path": "/b/1"}, {"path": {"regex": "1", "substitution": "2"}}, "GET", "/b/2?x=1&y=2"),
    (None, {"queryStringParameters": {"remove": ["x", "y"]}}, "GET", "/a/1"),
    (None, {"queryStringParameters": {"add": {"x": "9"}, "replace": {"y": "8", "q": "7"}}}, "GET", "/a/1?x=1&y=8&x=9"),
]


@pytest.mark.parametrize(("override", "modifier", "method", "target"), REQUESTS)
def test_method_path_and_query_are_changed(override: Any, modifier: Any, method: str, target: str) -> None:
    changed = request_change(override, modifier).apply(ASKED)
    assert (changed.method, changed.target) == (method, target)
    assert changed.headers == ASKED.headers


HEADERS = [
    ({"headers": {"X-A": "3"}}, None, {"Host": ["here"], "Cookie": ["c=1; d=2"], "X-A": ["3"]}),
    (None, {"headers": {"remove": ["X-a", "cookie"]}}, {"Host": ["here"]}),
    (None, {"headers": {"replace": {"x-A": ["8"], "new": "1"}, "remove": ["cookie", "host"]}}, {"x-A": ["8"]}),
    ({"cookies": {"c": "9"}}, {"headers": {"remove": ["x-a", "host"]}}, {"Cookie": ["d=2; c=9"]}),
    (None, {"cookies": {"remove": ["c", "d"]}, "headers": {"remove": ["x-a"]}}, {"Host": ["here"]}),
]


@pytest.mark.parametrize(("override", "modifier", "headers"), HEADERS)
def test_headers_and_cookies_are_changed(override: Any, modifier: Any, headers: Any) -> None:
    assert request_change(override, modifier).apply(ASKED).headers.grouped() == headers


def test_a_body_brings_its_type_and_takes_the_framing_away() -> None:
    asked = Request("PUT", "/", None, Headers([("Content-Encoding", "gzip"), ("Content-Length", "3")]), Body(b"abc"))
    changed = request_change({"body": {"a": 1}}).apply(asked)
    assert changed.body == Body(b'{\n  "a" : 1\n}')
    assert changed.headers.grouped() == {"Content-Type": ["application/json"]}
    named = request_change({"body": {"a": 1}, "headers": {"content-type": "text/plain"}}).apply(asked)
    assert named.headers.get("content-type") == "text/plain"


def test_an_answer_is_changed() -> None:
    change = response_change(
        {"statusCode": 201, "headers": {"X": "1"}, "body": "b", "cookies": {"t": "3"}}, {"cookies": {"remove": ["s"]}}
    )
    changed = change.apply(ANSWER)
    assert (changed.status, changed.reason, changed.body) == (201, "", Body(b"b"))
    assert changed.headers.grouped() == {"Content-Type": ["text/plain"], "X": ["1"], "Set-Cookie": ["t=3"]}
    assert response_change({"reasonPhrase": "Fine"}).apply(ANSWER).reason == "Fine"
    assert response_change({"headers": {"X": "1"}}).apply(ANSWER).reason == "OK"


def test_what_is_said_twice_replaces_once() -> None:
    change = FieldsChange(set=(("a", "1"), ("A", "2")))
    assert change.apply([("A", "0"), ("b", "1")], str.lower) == [("b", "1"), ("a", "1"), ("A", "2")]


TARGETS = [
    ({}, (None, None, None)),
    ({"headers": {"Host": "there:81"}}, ("there", 81, None)),
    ({"headers": {"host": "there"}, "secure": True}, ("there", 443, "https")),
    ({"socketAddress": {"host": "there", "port": 81, "scheme": "HTTPS"}}, ("there", 81, "https")),
    ({"socketAddress": {"host": "there"}, "headers": {"Host": "other"}}, ("there", 80, None)),
]


@pytest.mark.parametrize(("override", "target"), TARGETS)
def test_an_override_says_where_the_request_goes(override: Any, target: Any) -> None:
    forward = read_override({"requestOverride": override})
    assert (forward.host, forward.port, forward.scheme) == target


def test_a_forward_has_the_port_of_its_scheme() -> None:
    assert read_forward({"host": "a"}) == Forward("a", 80, "http")
    assert read_forward({"host": "[::1]", "scheme": "https"}) == Forward("::1", 443, "https")
    assert read_forward({"host": "a", "port": 8080, "delay": {"value": 500}}).delay == 0.5


def test_a_fault_needs_something_to_do() -> None:
    assert read_error({"responseBytes": "AAE="}).content == b"\x00\x01"
    assert read_error({"dropConnection": True, "delay": {"timeUnit": "SECONDS", "value": 1}}).delay == 1.0
    with pytest.raises(ValueError, match="dropConnection: must be true"):
        read_error({"dropConnection": False})


def test_a_hostile_path_pattern_is_given_up() -> None:
    change = request_change(None, {"path": {"regex": "(a|a)+[bc]", "substitution": "x"}})
    path = "/" + "a" * 60
    assert change.apply(Request("GET", path)).path == path
