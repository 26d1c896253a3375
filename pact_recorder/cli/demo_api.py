"""The upstream of the demo as an HTTP server on this machine."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pact_recorder.cli.demo_library import TOKEN, Answered, Asked, Library


class _Connection(BaseHTTPRequestHandler):
    """HTTP/1.1 for the library."""

    protocol_version = "HTTP/1.1"
    library: Library

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(
            segments=tuple(parts.path.strip("/").split("/")),
            query=parse_qs(parts.query),
            body=_parsed(content),
            allowed=self.headers.get("Authorization") == f"Bearer {TOKEN}",
        )
        self._send(self.library.answer(self.command, asked))

    def _send(self, answered: Answered) -> None:
        content = answered.content
        self.send_response(answered.status)
        for name, text in answered.headers.items():
            self.send_header(name, text)
        if "Vary" in answered.headers and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        if content:
            self.send_header("Content-Type", answered.content_type)
        if answered.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve

    def version_string(self) -> str:
        """The same whatever Python runs it."""
        return "library/1"

    def log_message(self, *args: object) -> None:
        """Say nothing: the demo tells what happens."""


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


class DemoApi:
    """The API on a port of 127.0.0.1 that the system picks; a context manager that ends with the server stopped."""

    def __init__(self, port: int = 0) -> None:
        connection = type("Connection", (_Connection,), {"library": Library()})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), connection)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> DemoApi:
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop serving and close the port. Stopping twice is fine."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
