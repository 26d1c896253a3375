"""Our answers as mitmproxy's: the same heads that our own servers send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.addon.answers import recorded_response
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.names import FRAMING
from pact_recorder.server.wire import written

ODD = 'aZ09-_!@:;()[]\\"\t\r\n\0\x01\x1f\x7f\x80ü€ '


def heads(response: Response) -> list[list[tuple[bytes, bytes]]]:
    """The fields as the proxy and as a server of its own sends them, but for what is made anew."""
    lines = written(response, "GET").message(last=False).partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    ours = [(name.lower(), value) for name, _, value in (line.partition(b": ") for line in lines)]
    by_proxy = [
        (name.lower(), value) for name, value in recorded_response(response, Request("GET", "/"), 0).headers.fields
    ]
    made_anew = {*(name.encode() for name in FRAMING), b"date"}
    return [[field for field in fields if field[0] not in made_anew] for fields in (by_proxy, ours)]


@given(st.lists(st.tuples(st.text(ODD, max_size=4), st.text(ODD, max_size=6)), max_size=4))
def test_a_proxy_and_a_server_send_the_same_headers(fields: list[tuple[str, str]]) -> None:
    by_proxy, by_server = heads(Response(200, "", Headers(fields), Body(b"x")))
    assert by_proxy == by_server


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("X-A", "a\r\nb\0c\x01d\x7f\te", b"a  b c d \te"),
        ("Bad Name", "1", None),
        ("a:b", "1", None),
        ("Ü", "1", None),
        ("", "1", None),
    ],
)
def test_a_header_stands_in_one_line_under_a_token(name: str, value: str, sent: bytes | None) -> None:
    expected = [] if sent is None else [(name.lower().encode(), sent)]
    assert heads(Response(200, "", Headers([(name, value)]))) == [expected, expected]


@pytest.mark.parametrize(
    ("version", "sent"),
    [
        ("HTTP/2.0", ((b"grpc-status", b"0"), (b"x-a", b"a  b"))),
        ("HTTP/3", ((b"grpc-status", b"0"), (b"x-a", b"a  b"))),
    ],
)
def test_trailers_go_where_there_is_a_place_for_them(version: str, sent: tuple[tuple[bytes, bytes], ...]) -> None:
    trailers = Headers([("Grpc-Status", "0"), ("X-A", "a\r\nb"), ("Bad Name", "1"), ("Content-Length", "7")])
    response = Response(200, "", body=Body(b"x"), trailers=trailers)
    trailed = recorded_response(response, Request("GET", "/", http_version=version), 0).trailers
    assert trailed is not None
    assert trailed.fields == sent
    assert recorded_response(response, Request("GET", "/"), 0).trailers is None


def test_a_reason_stands_in_one_line() -> None:
    assert recorded_response(Response(200, "a\r\nb\x01"), Request("GET", "/"), 0).reason == "a  b "
