"""A real HTTP service on loopback whose behaviour each test chooses, and which notes every connection attempt."""

import datetime
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by the server's table of `METHOD /path`, else 404."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else b""
        self.server.upstream.requests.append(f"{self.command} {self.path}")
        path = self.path.partition("?")[0]
        answer = self.server.upstream.answers.get(f"{self.command} {path}") or self.server.upstream.answers.get("*")
        if answer is None:
            self.reply(404, b"no such thing", "text/plain")
        else:
            answer(self)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = handle_any

    def reply(
        self, status: int = 200, body: bytes = b"", content_type: str | None = "application/json", **headers: str
    ) -> None:
        """Send a whole answer; underscores in header names become dashes."""
        self.send_response(status)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    upstream: "Upstream"

    def get_request(self) -> tuple[Any, Any]:
        self.upstream.connections += 1
        connection, address = super().get_request()
        if self.upstream.tls is not None:
            connection.settimeout(10)
            connection = self.upstream.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


@dataclass
class Upstream:
    """The service: its address, what it answers, and what it has seen."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def says(self, route: str, status: int = 200, body: bytes = b"{}", **options: Any) -> None:
        """Answer a route always the same."""
        self.answers[route] = lambda handler: handler.reply(status, body, **options)

    def says_in_turn(self, route: str, *bodies: bytes) -> None:
        """Answer a route with one body after the other, the last for ever."""
        remaining = list(bodies)
        self.answers[route] = lambda handler: handler.reply(
            200, remaining.pop(0) if len(remaining) > 1 else remaining[0]
        )


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Upstream]:
    """A running upstream. It goes on accepting after `stop` is not wanted; leave the block to end it."""
    upstream = Upstream(tls=tls)
    socketserver.TCPServer.allow_reuse_address = True
    server = Server(("127.0.0.1", 0), Handler)
    server.upstream = upstream
    upstream.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def self_signed(folder: Path) -> ssl.SSLContext:
    """A TLS context with a fresh certificate for 127.0.0.1 and localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "upstream.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
