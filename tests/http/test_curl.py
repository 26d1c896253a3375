"""A command sends the request that it was made of: a real shell and a real curl say so."""

import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from pact_recorder.http import Body, Headers, Request
from pact_recorder.http.curl import curl_command

REQUESTS = [
    Request("GET", "/a", "x=1&y='2'&f[0]={}"),
    Request(
        "POST", "/b", None, Headers([("Content-Type", "text/plain"), ("X-Empty", "")]), Body(b'it\'s "quoted"\n$x')
    ),
    Request("PUT", "/c", None, Headers([("X-A", "1"), ("X-A", "2")]), Body(b"\x00\xff\n")),
    Request("DELETE", "/d", None, Headers([("Host", "api.example")])),
    Request("POST", "/e", None, Headers(), Body(b"@/etc/passwd")),
]


@pytest.fixture
def seen() -> Iterator[tuple[int, list[Any]]]:
    """A server's port and what it is asked."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked.append((self.command, self.path, self.headers, body))
            self.send_response(204)
            self.end_headers()

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each.path)
def test_curl_sends_the_request(seen: tuple[int, list[Any]], request_: Request) -> None:
    port, asked = seen
    request_ = Request(
        request_.method, request_.path, request_.query, request_.headers, request_.body, host="127.0.0.1", port=port
    )
    subprocess.run(["sh", "-c", curl_command(request_)], check=True, capture_output=True, timeout=30)
    ((method, target, headers, body),) = asked
    assert (method, target) == (request_.method, request_.target)
    for name, values in request_.headers.grouped().items():
        assert headers.get_all(name) == values
    assert headers.get("content-type") == request_.headers.get("content-type")
    assert body == (request_.body.content if request_.body else b"")
