"""Postman collections, in the forms that they come in."""

from typing import Any

import pytest

from pact_recorder.recordings.importers.postman import postman_expectations


def asked(request: Any) -> dict[str, Any]:
    (made,) = postman_expectations({"item": [{"request": request}]})
    found: dict[str, Any] = made["httpRequest"]
    return found


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        ("https://api.example/a/b?x=1&x=2#top", "/a/b", {"x": ["1", "2"]}),
        ("{{base}}/a", "/a", None),
        ("{{base}}:8080/a/{{id}}/c.d", r"/a/[^/]+/c\.d", None),
        ("api.example/users/:id", "/users/[^/]+", None),
        ("https://api.example", "/", None),
        ("", "/", None),
        ({"raw": "http://x/a?q=%20"}, "/a", {"q": [" "]}),
        ({"path": ["a b", ":id"], "query": [{"key": "t", "value": "{{t}}"}]}, "/a%20b/[^/]+", {"t": [".*"]}),
        ({"path": [{"type": "string", "value": "a"}], "query": [{"key": "x", "disabled": True}]}, "/a", None),
    ],
)
def test_addresses(url: Any, path: str, query: Any) -> None:
    found = asked({"method": "get", "url": url})
    assert (found["method"], found["path"], found.get("queryStringParameters")) == ("GET", path, query)


def test_a_request_may_be_a_mere_address() -> None:
    assert asked("http://api.example/a") == {"method": "GET", "path": "/a"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"mode": "raw", "raw": '{"a": 1}'}, {"type": "JSON", "json": {"a": 1}}),
        ({"mode": "raw", "raw": '"a"'}, {"type": "JSON", "json": '"a"'}),
        ({"mode": "raw", "raw": "text"}, {"type": "STRING", "string": "text"}),
        ({"mode": "raw", "raw": '{"a": {{n}}}'}, None),
        ({"mode": "formdata", "formdata": []}, None),
        (None, None),
    ],
)
def test_bodies(body: Any, expected: Any) -> None:
    assert asked({"url": "/a", "body": body}).get("body") == expected


def test_every_saved_response_answers_its_own_request() -> None:
    responses = [{"code": 200, "body": "a", "originalRequest": {"url": "/other"}}, {"header": None, "body": None}]
    made = list(postman_expectations({"item": [{"item": [{"request": {"url": "/a"}, "response": responses}]}]}))
    assert [each["httpRequest"]["path"] for each in made] == ["/other", "/a"]
    assert [each["httpResponse"] for each in made] == [
        {"statusCode": 200, "body": {"type": "STRING", "string": "a"}}, {"statusCode": 200},
    ]  # fmt: skip


def test_headers_that_are_made_anew_are_left_out() -> None:
    header = [{"key": "Content-Length", "value": "9"}, {"key": "X-A", "value": "1"}, {"key": "X-A", "value": "2"}]
    (made,) = postman_expectations({"item": [{"request": {}, "response": [{"header": header}]}]})
    assert made["httpResponse"]["headers"] == {"X-A": ["1", "2"]}


@pytest.mark.parametrize("collection", [{}, {"item": {}}, {"item": [1]}])
def test_what_is_no_collection(collection: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="item"):
        list(postman_expectations(collection))


def test_folders_may_be_deep_but_not_endless() -> None:
    item: dict[str, Any] = {"request": {"url": "/a"}}
    for _ in range(60):
        item = {"item": [item]}
    with pytest.raises(ValueError, match="too deep"):
        list(postman_expectations({"item": [item]}))
