"""Requests and responses on their way from and to bytes."""

import pytest

from pact_recorder.http import Body, Headers, Response
from pact_recorder.server.wire import NO_BODY, plain_response, request_of, sent, written


def answer(status: int = 200, content: bytes | None = b"ab", *fields: tuple[str, str]) -> Response:
    return Response(status, "", Headers(fields), None if content is None else Body(content))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    "response",
    [
        answer(),
        answer(201, b"", ("X-A", "1"), ("X-A", "2")),
        answer(204, b"ignored"),
        answer(205, b"ignored"),
        answer(600, b"x"),
        answer(999, b""),
        answer(304, None),
        answer(500, None, ("Content-Length", "9"), ("Connection", "x"), ("Bad Name", "1"), ("X-Line", "a\r\nb")),
        answer(599, b"x", ("Date", "Fri, 20 Nov 2026 12:00:00 GMT")),
    ],
    ids=lambda response: str(response.status),
)
def test_both_ways_of_sending_say_the_same(response: Response, method: str, last: bool) -> None:
    fields, content = sent(response, method, last)
    head, _, body = written(response, method).message(last).partition(b"\r\n\r\n")
    status_line, *lines = head.split(b"\r\n")
    assert status_line.split(b" ")[:2] == [b"HTTP/1.1", str(response.status).encode()]
    assert sorted(lines) == sorted(b"%b: %b" % field for field in fields)
    assert body == content


def test_what_would_break_the_head_is_left_out_or_put_in_one_line() -> None:
    response = answer(200, b"", ("X-A", "a\r\nb\x00c\x7f"), ("Ü", "1"), ("", "1"), ("a:b", "1"), ("X-U", "ü"))
    fields = dict(sent(response, "GET", False)[0])
    assert fields[b"x-a"] == b"a  b c "
    assert fields[b"x-u"] == "ü".encode()
    assert set(fields) == {b"x-a", b"x-u", b"date", b"content-length"}


@pytest.mark.parametrize("status", range(200, 1000))
def test_every_answer_says_where_it_ends(status: int) -> None:
    head, _, content = written(answer(status, b"ab"), "GET").message(last=False).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert content == (b"" if status in (204, 205, 304) else b"ab")
    assert (b"\r\ncontent-length: %d" % len(content) in head) is (status not in (204, 304))


def test_a_request_keeps_its_bytes() -> None:
    fields = [(b"x-a", b"\xff"), (b"x-a", b"2")]
    request = request_of("GET", b"/a%20b?c=%FF&d", fields, NO_BODY, "https", ("127.0.0.1", 8080))
    assert (request.path, request.query, request.port, request.scheme) == ("/a%20b", "c=%FF&d", 8080, "https")
    assert request.headers.get_all("X-A") == ["\udcff", "2"]
    assert request_of("GET", b"/?", [], NO_BODY, "http", None).query == ""
    assert request_of("GET", b"/", [], NO_BODY, "http", None).query is None


def test_a_sentence() -> None:
    assert plain_response(413, "Too large.").body == Body(b"Too large.\n")
