"""An `httpRequest` that describes one request."""

from typing import Any

import pytest

from pact_recorder.mock.mockserver.request_reading import read_request

READ: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({}, ("GET", "http:///")),
    ({"path": "/a b/%20"}, ("GET", "http:///a%20b/%20")),
    ({"method": "PUT", "path": "/a", "queryStringParameters": {"q": ["1", "a b"]}}, ("PUT", "http:///a?q=1&q=a+b")),
    ({"headers": {"Host": ["h.example:81"]}}, ("GET", "http://h.example:81/")),
    ({"headers": [{"name": "host", "values": ["h.example"]}], "secure": True}, ("GET", "https://h.example/")),
    ({"headers": {"Host": "[::1]:8080"}}, ("GET", "http://[::1]:8080/")),
    ({"headers": {"Host": "[::1]"}}, ("GET", "http://[::1]/")),
]


@pytest.mark.parametrize(("document", "expected"), READ)
def test_the_request_line(document: dict[str, Any], expected: tuple[str, str]) -> None:
    read = read_request(document)
    assert (read.method, read.url) == expected


def test_cookies_become_their_header_unless_it_is_there() -> None:
    assert read_request({"cookies": {"a": "1", "b": "2"}}).headers.get("cookie") == "a=1; b=2"
    both = read_request({"cookies": [{"name": "a", "value": "1"}], "headers": {"Cookie": ["a=1"]}})
    assert both.headers.get_all("cookie") == ["a=1"]


BODIES: list[tuple[Any, bytes | None, str | None]] = [
    (None, None, None),
    ("text", b"text", None),
    ({"n": 1}, b'{"n":1}', "application/json"),
    ({"type": "STRING", "string": "x"}, b"x", None),
    ({"type": "BINARY", "base64Bytes": "/w=="}, b"\xff", None),
]


@pytest.mark.parametrize(("body", "content", "kind"), BODIES)
def test_the_body(body: Any, content: bytes | None, kind: str | None) -> None:
    read = read_request({"body": body})
    assert (read.body.content if read.body else None, read.headers.get("content-type")) == (content, kind)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"method": 1}, "method"),
    ({"path": []}, "path"),
    ({"headers": 1}, "headers"),
    ({"body": {"type": "WASM"}}, "body"),
]


@pytest.mark.parametrize(("document", "named"), WRONG)
def test_what_is_wrong_is_named(document: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        read_request(document)
