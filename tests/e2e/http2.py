"""A server and a client that speak HTTP/2 over TLS, with trailers, which httpx and http.server have no notion of."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived, ResponseReceived, StreamEnded, TrailersReceived
from proxy import client_tls

Fields = list[tuple[str, str]]


@dataclass
class Message:
    """A message as it came, with lower-case names."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trailers: dict[str, str] = field(default_factory=dict)
    ended: bool = False

    def take(self, event: Event) -> None:
        if isinstance(event, (RequestReceived, ResponseReceived)):
            self.headers = {name.decode(): value.decode() for name, value in event.headers}
        elif isinstance(event, TrailersReceived):
            self.trailers = {name.decode(): value.decode() for name, value in event.headers}
        elif isinstance(event, DataReceived):
            self.body += event.data
        self.ended = self.ended or isinstance(event, StreamEnded)


@dataclass
class Http2Server:
    """Answers each request by `answer`; `seen` are the requests."""

    answer: Callable[[Message], tuple[Fields, bytes, Fields]]
    port: int = 0
    seen: list[Message] = field(default_factory=list)

    def serve(self, listener: socket.socket, tls: ssl.SSLContext) -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError, ssl.SSLError), tls.wrap_socket(raw, server_side=True) as connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        state = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        streams: dict[int, Message] = {}
        while data := connection.recv(65_536):
            for event in state.receive_data(data):
                number = getattr(event, "stream_id", 0)
                if not number:
                    continue
                message = streams.setdefault(number, Message())
                message.take(event)
                if isinstance(event, StreamEnded):
                    self.seen.append(message)
                    send(state, number, *self.answer(message))
            connection.sendall(state.data_to_send())


def send(state: H2Connection, number: int, headers: Fields, body: bytes, trailers: Fields) -> None:
    """Send a whole message."""
    state.send_headers(number, headers, end_stream=not body and not trailers)
    if body:
        state.send_data(number, body, end_stream=not trailers)
    if trailers:
        state.send_headers(number, trailers, end_stream=True)


@contextmanager
def serving_http2(tls: ssl.SSLContext, server: Http2Server) -> Iterator[Http2Server]:
    tls.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        threading.Thread(target=server.serve, args=(listener, tls), daemon=True).start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)


def ask(port: int, method: str, path: str, body: bytes = b"", trailers: Fields | None = None) -> Message:
    """Ask a server at a port of this machine, and its answer."""
    tls = client_tls(http2=True)
    tls.set_alpn_protocols(["h2"])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw, tls.wrap_socket(raw) as connection:
        state = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        state.initiate_connection()
        head = [(":method", method), (":path", path), (":scheme", "https"), (":authority", f"127.0.0.1:{port}")]
        send(state, 1, [*head, ("content-type", "application/json")], body, trailers or [])
        connection.sendall(state.data_to_send())
        answer = Message()
        while not answer.ended:
            data = connection.recv(65_536)
            assert data, answer
            for event in state.receive_data(data):
                answer.take(event)
            connection.sendall(state.data_to_send())
    return answer
