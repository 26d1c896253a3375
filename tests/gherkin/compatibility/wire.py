"""HTTP over loopback for the scenarios: a server around a callable, and a client that sends just what it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from pact_recorder.http import Body, Headers, Request, Response

Answer = Callable[[Request], Response]

_TIMEOUT = 10  # seconds


@contextmanager
def serving(answer: Answer) -> Iterator[int]:
    """The port at which every request is answered by the callable, one at a time."""

    class Exchange(BaseHTTPRequestHandler):
        timeout = _TIMEOUT

        def respond(self) -> None:
            response = answer(self.received())
            content = response.body.content if response.body is not None else b""
            self.send_response_only(response.status)
            for name, value in response.headers.without({"content-length"}):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def received(self) -> Request:
            path, mark, query = self.path.partition("?")
            size = self.headers.get("Content-Length")
            body = None if size is None else Body(self.rfile.read(int(size)))
            headers = Headers((name, value) for name, value in self.headers.items())
            return Request(self.command, path, query if mark else None, headers, body)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = respond

        def log_message(self, *args: object) -> None:
            """Say nothing: the tests' output is the scenarios'."""

    server = HTTPServer(("127.0.0.1", 0), Exchange)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(port: int, request: Request) -> Response:
    """The response of the server at a port of this machine. Raises OSError when there is none."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)) as connection:
        connection.putrequest(request.method, request.target, skip_accept_encoding=True)
        for name, value in request.headers.without({"content-length", "host"}):
            connection.putheader(name, value)
        content = request.body.content if request.body is not None else None
        if content is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        return Response(answer.status, answer.reason, Headers(answer.getheaders()), Body(answer.read()))
