"""Fields after the body: recorded, redacted and replayed over HTTP/2; carried over HTTP/1, where mitmproxy crashes."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import pytest
from http2 import Fields, Http2Server, Message, ask, serving_http2
from proxy import Proxy, running
from upstream import self_signed

from pact_recorder.recordings import load_session

SECRET = "sk-live-51H8x9QkfL2mTzW7"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
CHUNK = b"4\r\nbody\r\n"


def answer(request: Message) -> tuple[Fields, bytes, Fields]:
    if request.headers[":path"] == "/plain":
        return [(":status", "200"), ("content-type", "application/json")], b'{"t":1}', []
    trailers = [("grpc-status", "0"), ("x-api-key", SECRET)]
    return [(":status", "200"), ("content-type", "application/grpc")], b"\0\0\0\0\2\x08\1", trailers


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Http2Server]:
    with serving_http2(self_signed(tmp_path), Http2Server(answer)) as server:
        yield server


def proxy_of(service: Http2Server, confdir: Path, recordings: Path, mode: str) -> AbstractContextManager[Proxy]:
    settings = (f"pact_recordings={recordings}", "pact_session=test", f"pact_mode={mode}", "ssl_insecure=true")
    return running(*settings, mode=f"reverse:https://127.0.0.1:{service.port}", confdir=confdir)


@pytest.mark.parametrize("mode", ["mock", "spy"])
def test_http2_trailers_are_recorded_redacted_and_replayed(
    service: Http2Server, confdir: Path, recordings: Path, mode: str
) -> None:
    with proxy_of(service, confdir, recordings, "capture") as proxy:
        first = ask(proxy.port, "POST", "/call", b"{}", [("x-checksum", "abc")])
        assert first.trailers == {"grpc-status": "0", "x-api-key": SECRET}
        assert service.seen[0].trailers == {"x-checksum": "abc"}
        assert not ask(proxy.port, "GET", "/plain").trailers
    file = recordings / "test.yaml"
    assert SECRET not in file.read_text()
    assert file.read_text().count("trailers:") == 2
    called, plain = load_session(file).entries
    placeholder = "REDACTED-x_api_key-1"
    assert called.exchange.response.trailers.fields == (("grpc-status", "0"), ("x-api-key", placeholder))
    assert called.exchange.request.trailers.fields == (("x-checksum", "abc"),)
    assert not plain.exchange.response.trailers
    with proxy_of(service, confdir, recordings, mode) as proxy:
        again = ask(proxy.port, "POST", "/call", b"{}")
        assert (again.body, again.trailers) == (first.body, {"grpc-status": "0", "x-api-key": placeholder})
        assert not ask(proxy.port, "GET", "/plain").trailers
    assert len(service.seen) == 2


class Chunking(socketserver.StreamRequestHandler):
    """Answers in chunks with trailers, keeps the connection open, and notes the trailers of requests."""

    server: "ChunkingServer"

    timeout = 20

    def handle(self) -> None:
        while head := self._lines():
            if b"Transfer-Encoding: chunked" in head:
                while int(self.rfile.readline(), 16):
                    self.rfile.readline()
                self.server.trailers = self._lines()
            self.wfile.write(HEAD + CHUNK + b"0\r\nX-Sum: abc\r\nX-Api-Key: " + SECRET.encode() + b"\r\n\r\n")

    def _lines(self) -> list[bytes]:
        lines = []
        while line := self.rfile.readline().rstrip(b"\r\n"):
            lines.append(line)
        return lines


class ChunkingServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    trailers: list[bytes]


@pytest.fixture
def chunking() -> Iterator[ChunkingServer]:
    with ChunkingServer(("127.0.0.1", 0), Chunking) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def test_http1_trailers_pass_and_are_recorded_and_the_connection_goes_on(
    chunking: ChunkingServer, proxy: Proxy, recordings: Path
) -> None:
    url = f"http://127.0.0.1:{chunking.server_address[1]}"
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as connection:
        file = connection.makefile("rb")
        head = b"POST " + url.encode() + b"/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head + b"2\r\n{}\r\n0\r\nX-In: in\r\n\r\n")
        assert ended(file) == [b"x-sum: abc", b"x-api-key: " + SECRET.encode()]
        assert chunking.trailers == [b"x-in: in"]
        connection.sendall(b"GET " + url.encode() + b"/b HTTP/1.1\r\nHost: x\r\n\r\n")
        assert ended(file) == [b"x-sum: abc", b"x-api-key: " + SECRET.encode()]
    output = proxy.stop()
    assert "recorded: 2 exchanges" in output
    assert "crashed" not in output
    posted, got = load_session(recordings / "test.yaml").entries
    assert posted.exchange.request.trailers.fields == (("x-in", "in"),)
    for entry in (posted, got):
        assert entry.exchange.response.trailers.fields == (("x-sum", "abc"), ("x-api-key", "REDACTED-x_api_key-1"))


def ended(file: BinaryIO) -> list[bytes]:
    """Read an answer to its end: its trailers."""
    lines: list[bytes] = []
    while (line := file.readline().rstrip(b"\r\n")) != b"0":
        lines.append(line)
    assert b"body" in lines, lines
    trailers = []
    while line := file.readline().rstrip(b"\r\n"):
        trailers.append(line)
    return trailers


def test_a_client_of_http1_gets_a_recorded_answer_without_its_trailers(chunking: ChunkingServer, proxy: Proxy) -> None:
    url = f"http://127.0.0.1:{chunking.server_address[1]}/a"
    with proxy.client() as client:
        assert client.get(url).text == "body"
        proxy.switch("mock")
        for _ in range(2):
            answer = client.get(url)
            assert (answer.text, answer.headers["content-length"]) == ("body", "4")


def test_trailers_that_come_after_the_exchange_was_recorded_are_counted(
    confdir: Path, recordings: Path, tmp_path: Path
) -> None:
    body = b"x" * 2_000

    def streamed(request: Message) -> tuple[Fields, bytes, Fields]:
        head = [(":status", "200"), ("content-type", "text/plain"), ("content-length", str(len(body)))]
        announced = [("trailer", "x-sum")] if request.headers[":path"] == "/announced" else []
        return [*head, *announced], body, [("x-sum", "abc")]

    settings = (f"pact_recordings={recordings}", "pact_session=test", "ssl_insecure=true", "stream_large_bodies=1k")
    with (
        serving_http2(self_signed(tmp_path), Http2Server(streamed)) as server,
        running(*settings, mode=f"reverse:https://127.0.0.1:{server.port}", confdir=confdir) as proxy,
    ):
        for path in ("/announced", "/silent"):
            assert ask(proxy.port, "GET", path).trailers == {"x-sum": "abc"}
        output = proxy.stop()
    assert "trailers not recorded: 1 (" in output
    kept = [len(entry.exchange.response.trailers) for entry in load_session(recordings / "test.yaml").entries]
    assert kept == [1, 0]
