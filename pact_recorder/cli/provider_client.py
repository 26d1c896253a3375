"""HTTP to a provider under test: each request on a connection of its own, said as it is given, and nothing more.

No redirect is followed, no environment variable puts a proxy in between, and of headers only those are added without
which a request would be none (`Host`, `Content-Length`), and `Accept: */*`, as the reference's verifier does. All of
a request and its answer has one time limit, so that a provider which sends byte by byte does not hold it up either.
"""

from __future__ import annotations

import socket
import ssl
import time
from argparse import ArgumentTypeError
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote_from_bytes, urlsplit

import h11

from pact_recorder.errors import LimitError, UsageError
from pact_recorder.http import Body, EncodedBody, Headers, Request, Response
from pact_recorder.http.content_coding import CodingError, UnknownCodingError, decode_content
from pact_recorder.http.messages import DEFAULT_PORTS
from pact_recorder.http.names import FRAMING
from pact_recorder.http.octets import octets

LARGEST_ANSWER = 64 * 1024 * 1024
_TOO_LARGE = f"the answer is larger than {LARGEST_ANSWER // 1024 // 1024} MiB"
_LONGEST_HEAD = 64 * 1024
_PIECE = 64 * 1024
# What a request line can carry besides letters and digits; `#` begins what is never sent.
_IN_TARGETS = "!\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WITH_CONTENT = frozenset({"POST", "PUT", "PATCH"})


class NoAnswerError(OSError):
    """A provider gave no answer, or none that can be read; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """Where a service is: the parts of its URL. `path` is as it was given, without a query."""

    scheme: str
    host: str
    port: int
    path: str = ""
    query: str | None = None

    @classmethod
    def parse(cls, text: str) -> ServiceAddress:
        """An argument type: an absolute http or https URL, with nothing in it but an address, a path and a query."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise ArgumentTypeError(f"{text!r} is no URL: {error}") from None
        if parts.username is not None or parts.password is not None:
            # Not quoted: it holds a password.
            raise ArgumentTypeError("a URL takes no user and password here; give them with --header")
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname or port == 0 or not text.isprintable():
            raise ArgumentTypeError(f"{text!r} is no URL of a service; give http://HOST:PORT or https://HOST:PORT")
        if "#" in text:
            raise ArgumentTypeError(f"{text!r} has a fragment, which is never sent: leave it out")
        query = parts.query if "?" in text else None
        try:
            host = parts.hostname.encode("idna").decode("ascii")
        except UnicodeError:
            raise ArgumentTypeError(f"{text!r} has no host name: a part of it is empty or too long") from None
        return cls(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], parts.path, query)

    @property
    def authority(self) -> str:
        """Host and port as in a `Host` header: without the port that is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def in_front_of(self, request: Request) -> Request:
        """A request with the URL's path before its own; to `/` alone nothing is added (the reference's verifier)."""
        base = self.path.rstrip("/")
        if base and request.path in ("", "/"):
            return replace(request, path=base)
        return replace(request, path=base + (request.path if request.path.startswith("/") else f"/{request.path}"))


def provider_address(text: str) -> ServiceAddress:
    """An argument type: the URL of a provider, which has no query."""
    address = ServiceAddress.parse(text)
    if address.query is not None:
        raise ArgumentTypeError(f"{text!r} has a query, which requests bring themselves: leave it out")
    return address


def trusting(authorities: Path | None) -> ssl.SSLContext:
    """TLS that trusts the system's authorities, or those of SSL_CERT_FILE, and those in a PEM file.

    Raises UsageError when the file has none.
    """
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if authorities is not None:
        # Authorities made by hand lack extensions that strict checks ask for, or are the server's own certificate.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        try:
            context.load_verify_locations(authorities)
        except ssl.SSLError:
            raise UsageError(f"--ca: {authorities} holds no certificates in PEM format.") from None
        except OSError as error:
            raise UsageError(f"--ca: {authorities} cannot be read: {error.strerror}.") from None
    return context


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests to services; `seconds` is the time limit of one request and its answer."""

    seconds: float
    tls: ssl.SSLContext

    def send(self, service: ServiceAddress, request: Request) -> Response:
        """The answer to a request, whose path is sent as it is, its content decoded. Raises NoAnswerError."""
        deadline = time.monotonic() + self.seconds
        try:
            with self._connected(service, deadline) as channel:
                return _Conversation(channel, deadline).ask(_head(service, request), request.body)
        except TimeoutError:
            raise NoAnswerError(f"there was no whole answer within {self.seconds:g} s") from None
        except NoAnswerError:
            raise
        except OSError as error:
            raise NoAnswerError(_reason(service, error)) from None

    def _connected(self, service: ServiceAddress, deadline: float) -> socket.socket:
        channel = socket.create_connection((service.host, service.port), timeout=self.seconds)
        if service.scheme == "http":
            return channel
        try:
            _limit(channel, deadline)
            return self.tls.wrap_socket(channel, server_hostname=service.host)
        except BaseException:
            channel.close()
            raise


class _Conversation:
    """One request and its answer on a connection that is open, until a deadline of the monotonic clock."""

    __slots__ = ("_channel", "_deadline", "_heard", "_protocol")

    def __init__(self, channel: socket.socket, deadline: float) -> None:
        self._channel = channel
        self._deadline = deadline
        self._heard = False
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)

    def ask(self, head: h11.Request, body: Body | None) -> Response:
        """The final answer. Raises NoAnswerError for one that is not HTTP, broken off or too large, and OSError."""
        events: list[h11.Event] = [head, h11.EndOfMessage()]
        if body is not None and body.content:
            events.insert(1, h11.Data(data=body.content))
        said = b"".join(self._protocol.send(event) or b"" for event in events)
        # Who refuses a body may answer and close before it is there; the answer can be read all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            _limit(self._channel, self._deadline)
            self._channel.sendall(said)
        try:
            return self._answer()
        except h11.RemoteProtocolError as error:
            if self._protocol.trailing_data[1]:
                raise NoAnswerError("the connection was closed before the answer was complete") from None
            raise NoAnswerError(f"what came is no HTTP answer: {error}") from None

    def _answer(self) -> Response:
        head: h11.Response | None = None
        pieces: list[bytes] = []
        size = 0
        while True:
            event = self._next()
            if isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                pieces.append(bytes(event.data))
                size += len(event.data)
                if size > LARGEST_ANSWER:
                    raise NoAnswerError(_TOO_LARGE)
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                return _response(head, b"".join(pieces))

    def _next(self) -> object:
        while (event := self._protocol.next_event()) is h11.NEED_DATA:
            _limit(self._channel, self._deadline)
            data = self._channel.recv(_PIECE)
            if not data and not self._heard:
                raise NoAnswerError("the connection was closed without an answer")
            self._heard = True
            self._protocol.receive_data(data)
        return event


def _limit(channel: socket.socket, deadline: float) -> None:
    """Give the next operation what is left of the time. Raises TimeoutError when that is nothing."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    channel.settimeout(left)


def _head(service: ServiceAddress, request: Request) -> h11.Request:
    """The head of a request. Raises NoAnswerError when it is none that HTTP can carry."""
    headers = request.headers.without(FRAMING)
    fields = list(headers)
    if "host" not in headers:
        fields.insert(0, ("Host", service.authority))
    if "accept" not in headers:
        fields.append(("Accept", "*/*"))
    content = request.body.content if request.body is not None else b""
    if content or request.method.upper() in _WITH_CONTENT:
        fields.append(("Content-Length", str(len(content))))
    try:
        return h11.Request(
            method=octets(request.method.upper()),
            target=quote_from_bytes(octets(request.target), _IN_TARGETS),
            headers=[(octets(name), octets(value.strip(" \t"))) for name, value in fields],
        )
    except h11.LocalProtocolError as error:
        raise NoAnswerError(f"the request of the contract cannot be sent: {error}") from None


def _response(head: h11.Response, raw: bytes) -> Response:
    headers = Headers((_text(name), _text(value)) for name, value in head.headers.raw_items())
    version = f"HTTP/{_text(head.http_version)}"
    return Response(head.status_code, _text(head.reason), headers, _body(headers, raw), version)


def _body(headers: Headers, raw: bytes) -> Body | None:
    """The content with its coding undone; one that nobody knows is left, as browsers and the reference do."""
    coding = ", ".join(headers.get_all("content-encoding")).strip()
    if not raw or not coding:
        return Body(raw) if raw else None
    try:
        return Body(decode_content(raw, coding, LARGEST_ANSWER), EncodedBody(coding, raw))
    except UnknownCodingError:
        return Body(raw)
    except CodingError as error:
        raise NoAnswerError(f"the answer cannot be decoded: {str(error).rstrip('.')}") from None
    except LimitError:
        raise NoAnswerError(_TOO_LARGE) from None


def _text(value: bytes) -> str:
    return bytes(value).decode("utf-8", "surrogateescape")


def _reason(service: ServiceAddress, error: OSError) -> str:
    """What went wrong on the way, as a sentence."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {service.authority} is not trusted ({error.verify_message}); "
            "name the authority that signed it with --ca FILE"
        )
    if isinstance(error, ssl.SSLError):
        return f"{service.authority} does not speak TLS with this program ({(error.reason or str(error)).lower()})"
    if isinstance(error, socket.gaierror):
        return f"the host {service.host} is not known"
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {service.host}, port {service.port}"
    if isinstance(error, ConnectionError):
        return "the connection was closed before the answer was complete"
    return f"{service.authority} cannot be reached: {error.strerror or error}"
