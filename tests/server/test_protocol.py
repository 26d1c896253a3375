"""What hostile, broken and unusual clients get; the server lives on after each of them."""

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from pact_recorder import MockServer
from pact_recorder.server import mock_app, mock_server, protocol
from pact_recorder.server.listener import listen
from tests.server.mock_contracts import contract, interaction, raw, received

GET = b"GET /users HTTP/1.1\r\nHost: x\r\n"
LARGE = "x" * 300_000


@pytest.fixture(scope="module", params=["direct", "ASGI"])
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """A server whose requests are answered directly where they can be, and one that never does so."""
    contract_ = contract(
        interaction("GET", "/users"),
        interaction("POST", "/users", {"name": "Al"}, headers={"Content-Type": "application/json"}),
        interaction("PUT", "/text", LARGE, headers={"Content-Type": "text/plain"}),
        interaction("GET", "/caf%C3%A9"),
        interaction("GET", "//double/../slash"),
    )
    server = MockServer(contract_)
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "ASGI":
            patch.setattr(mock_server, "listen", lambda *arguments, direct: listen(*arguments))
        server.start()
    yield server
    assert httpx.get(f"{server.url}/users").status_code == 200
    server.stop()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", 400, id="a TLS handshake"),
        pytest.param(b"HELLO\r\n\r\n", 400, id="no HTTP"),
        pytest.param(b"GET  HTTP/1.1\r\n\r\n", 400, id="no target"),
        pytest.param(b"GET /users HTTP/9.9\r\n\r\n", 400, id="another version"),
        pytest.param(GET + b"Bad Name: 1\r\n\r\n", 400, id="a space in a name"),
        pytest.param(GET + b"Content-Length: x\r\n\r\n", 400, id="a length that is no number"),
        pytest.param(GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, id="two lengths"),
        pytest.param(
            GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, id="length and chunks"
        ),
        pytest.param(GET + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n", 400, id="a chunk that is none"),
        pytest.param(b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n", 400, id="a target without a path"),
        pytest.param(b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400, id="a tunnel"),
        pytest.param(b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414, id="a long target"),
        pytest.param(GET + b"X: " + b"a" * 70_000 + b"\r\n\r\n", 431, id="a long field"),
        pytest.param(GET + b"X: 1\r\n" * 1_001 + b"\r\n", 431, id="many fields"),
        pytest.param(GET + b"Content-Length: 99999999999\r\n\r\n", 413, id="a body beyond the limit"),
        pytest.param(GET + b"X-A: \xff\xfe\r\n\r\n", 200, id="a field that is not UTF-8"),
        pytest.param(b"GET /users HTTP/1.0\r\n\r\n", 200, id="HTTP/1.0"),
        pytest.param(b"GET http://other.example/users HTTP/1.1\r\nHost: x\r\n\r\n", 200, id="an absolute target"),
        pytest.param(b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n", 400, id="a path that is not encoded"),
        pytest.param(b"GET /users?a=%FF HTTP/1.1\r\nHost: x\r\n\r\n", 500, id="a parameter that is not UTF-8"),
        pytest.param(b"GET /caf%C3%A9 HTTP/1.1\r\nHost: x\r\n\r\n", 200, id="an encoded path"),
        pytest.param(b"GET //double/../slash HTTP/1.1\r\nHost: x\r\n\r\n", 200, id="a path that is not normalised"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 500, id="asterisk"),
        pytest.param(GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 200, id="an upgrade is not taken"),
    ],
)
def test_one_request(server: MockServer, request_: bytes, expected: int) -> None:
    assert status(raw(server.port, request_)) == expected


def test_a_field_that_never_ends_is_cut_off(server: MockServer) -> None:
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        try:
            connection.sendall(GET + b"X: ")
            for _ in range(1_000):
                connection.sendall(b"a" * 10_000)
                time.sleep(0.001)
            pytest.fail("it took ten megabytes of one field")
        except ConnectionError:
            connection.settimeout(1)
            answer = received(connection)
    assert answer == b"" or status(answer) == 431


def test_chunked_bodies(server: MockServer) -> None:
    head = b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert status(raw(server.port, head, b'8\r\n{"name":\r\n', b'5\r\n"Al"}\r\n', b"0\r\n\r\n")) == 200


def test_large_bodies(server: MockServer) -> None:
    answer = httpx.put(f"{server.url}/text", content=LARGE, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 200


def test_a_body_beyond_the_limit_that_does_not_say_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_app, "MAX_BODY", 1_000)
    monkeypatch.setattr(mock_app.MockApp.__init__, "__defaults__", (1_000,))
    with MockServer(contract()) as small:
        answer = httpx.post(small.url, content=(b"x" * 100 for _ in range(20)))
        assert (answer.status_code, answer.text.startswith("The body of the request is larger")) == (413, True)


def test_a_body_is_asked_for_when_the_client_waits(server: MockServer) -> None:
    head = (
        b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
        b"Content-Length: 13\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b'{"name":"Al"}')
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 OK")


def test_requests_in_one_piece_are_answered_in_their_order(server: MockServer) -> None:
    post = (
        b'POST /users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"name":"Al"}'
    )
    nope = b"GET /nope HTTP/1.1\r\nHost: x\r\n\r\n"
    answers = raw(server.port, (GET + b"\r\n") * 3 + post + nope + GET + b"Connection: close\r\n\r\n")
    assert [status(b"x " + each) for each in answers.split(b"HTTP/1.1 ")[1:]] == [200, 200, 200, 200, 500, 200]


@pytest.mark.parametrize("body", [b"{bad", b"\xff\xfe\xff", b"", b"[" * 100_000])
def test_a_body_that_is_not_its_type_is_a_mismatch(body: bytes) -> None:
    with MockServer(contract(interaction("POST", "/users", {"name": "Al"}))) as server:
        answer = httpx.post(f"{server.url}/users", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.headers["x-pact"]) == (500, "Request-Mismatch")
        assert [each["type"] for each in server.mismatches()] == ["request-mismatch"]


def test_a_client_that_sends_slowly_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.5)
    started = time.monotonic()
    with MockServer(contract(interaction("GET", "/users"))) as server:
        slow = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(50)]
        for number, connection in enumerate(slow):
            connection.sendall((b"", b"GET /users HT", GET, GET + b"Content-Length: 9\r\n\r\nx")[number % 4])
        assert httpx.get(f"{server.url}/users").status_code == 200
        answers = [received(connection) for connection in slow]
        for connection in slow:
            connection.close()
        assert [status(answer) if answer else None for answer in answers[:4]] == [408, 408, 408, None]
        assert time.monotonic() - started < 8
        assert httpx.get(f"{server.url}/users").status_code == 200


def test_a_client_that_goes_away_in_the_middle_does_no_harm(server: MockServer) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert httpx.get(f"{server.url}/users").status_code == 200
