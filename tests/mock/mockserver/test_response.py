from typing import Any

import pytest

from pact_recorder.http import Body, EncodedBody, Headers, Request, Response
from pact_recorder.http.content_coding import decode_content
from pact_recorder.mock import replayable
from pact_recorder.mock.mockserver.response import read_response, write_response

BODIES = [
    (None, b"", None),
    ("text", b"text", None),
    ("200 OK", b"200 OK", None),
    ({"a": [1]}, b'{\n  "a" : [ 1 ]\n}', "application/json"),
    ([], b"[ ]", "application/json"),
    ({"type": "JSON", "json": '{"a": 1.50}'}, b'{"a": 1.50}', "application/json"),
    ({"type": "JSON", "json": {"a": 1}}, b'{\n  "a" : 1\n}', "application/json"),
    ({"type": "STRING", "string": "\xfc", "contentType": "text/plain; charset=iso-8859-1"}, b"\xfc",
     "text/plain; charset=iso-8859-1"),
    # Codecs that are no character sets, one of which takes minutes for a long text.
    *(({"type": "STRING", "string": "é€", "contentType": f"text/plain; charset={name}"}, "é€".encode(),
       f"text/plain; charset={name}") for name in ("punycode", "unicode_escape", "hex", "none")),
    ({"type": "STRING", "string": "a", "rawBytes": "Yg=="}, b"b", None),
    ({"type": "XML", "xml": "<a/>"}, b"<a/>", "application/xml"),
    ({"type": "BINARY", "base64Bytes": "AAE="}, b"\x00\x01", None),
    ({"base64Bytes": "AAE=", "contentType": "image/png"}, b"\x00\x01", "image/png"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "content", "content_type"), BODIES)
def test_a_body_is_read_by_its_form(document: Any, content: bytes, content_type: str | None) -> None:
    response = read_response({"body": document})
    assert response.body == Body(content)
    assert response.headers.get("content-type") == content_type


def test_a_content_type_that_is_given_stays() -> None:
    response = read_response({"headers": {"content-type": "application/hal+json"}, "body": {"a": 1}})
    assert response.headers.get_all("Content-Type") == ["application/hal+json"]


def test_status_reason_headers_and_cookies_are_read() -> None:
    response = read_response(
        {"statusCode": 404, "reasonPhrase": "Gone away", "headers": {"X": ["1", "2"]}, "cookies": {"a": "b"}}
    )
    assert response == Response(404, "Gone away", Headers([("X", "1"), ("X", "2"), ("Set-Cookie", "a=b")]), Body(b""))
    assert (read_response({}).status, read_response({}).reason) == (200, "OK")
    assert read_response({"statusCode": 299}).reason == ""


def test_a_coding_is_applied_as_its_header_says() -> None:
    response = read_response({"headers": {"Content-Encoding": "gzip"}, "body": "x" * 100})
    assert response.body is not None
    assert response.body.content == b"x" * 100
    asked = Request("GET", "/", headers=Headers([("Accept-Encoding", "gzip")]))
    sent = replayable(response, asked, "Tue, 01 Jan 2030 00:00:00 GMT")
    assert sent.body is not None
    assert decode_content(sent.body.content, "gzip", 1000) == b"x" * 100


WRONG = [
    ({"delay": {"timeUnit": "SECONDS", "value": 1}}, "delay"),
    ({"connectionOptions": {"closeSocket": True}}, "connectionOptions"),
    ({"statuscode": 200}, "statuscode"),
    ({"statusCode": "200"}, "statusCode"),
    ({"statusCode": True}, "statusCode"),
    ({"statusCode": 99}, "statusCode"),
    ({"statusCode": 199}, "statusCode"),
    ({"statusCode": 1000}, "statusCode"),
    ({"reasonPhrase": "a\r\nb"}, "reasonPhrase"),
    ({"headers": {"X": "a\r\nSet-Cookie: b"}}, "headers"),
    ({"headers": {"X\n": "a"}}, "headers"),
    ({"headers": "X: a"}, "headers"),
    ({"headers": {"Content-Encoding": "x-odd"}, "body": "a"}, "headers"),
    ({"cookies": {"a": "b\n"}}, "cookies"),
    ({"body": {"type": "FILE", "filePath": "/etc/passwd"}}, "body"),
    ({"body": {"type": "REGEX", "regex": "a"}}, "body"),
    ({"body": {"base64Bytes": "!"}}, "body"),
    ({"body": {"string": "a", "contentType": "a\nb"}}, "body"),
]


@pytest.mark.parametrize(("document", "named"), WRONG)
def test_what_is_wrong_or_not_supported_is_named(document: Any, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}: "):
        read_response(document)


@pytest.mark.parametrize("document", [{"delay": None}, {"connectionOptions": {}}])
def test_what_asks_for_nothing_is_accepted(document: Any) -> None:
    assert read_response(document).status == 200


def test_a_recorded_answer_is_written_without_its_framing() -> None:
    headers = [("Content-Type", "text/plain"), ("Content-Length", "3"), ("Connection", "close"), ("Set-Cookie", "a=1")]
    body = Body(b"abc", EncodedBody("gzip", b"..."))
    response = Response(200, "OK", Headers([*headers, ("Content-Encoding", "gzip"), ("Set-Cookie", "b=2")]), body)
    assert write_response(response) == {
        "body": {"type": "STRING", "string": "abc", "rawBytes": "YWJj", "contentType": "text/plain"},
        "headers": {"Content-Type": ["text/plain"], "Set-Cookie": ["a=1", "b=2"], "Content-Encoding": ["gzip"]},
        "reasonPhrase": "OK",
        "statusCode": 200,
    }


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain; charset=iso-8859-1", "image/png", "application/xml"]
)
@pytest.mark.parametrize("content", [b"", b'{"a" : 1.50}', b'"5"', b"\xff\x00", "é".encode()])
def test_a_written_answer_is_read_as_the_same(content: bytes, content_type: str) -> None:
    response = Response(201, "Made", Headers([("Content-Type", content_type), ("X", "!a")]), Body(content))
    assert read_response(write_response(response)) == response
