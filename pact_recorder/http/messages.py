"""Requests, responses and the exchange of the two, as they were on the wire but decoded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pact_recorder.http.charsets import decoded
from pact_recorder.http.headers import Headers
from pact_recorder.http.media_type import MediaType

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_PORT = 65535
_NO_FIELDS = Headers()


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A body under a `Content-Encoding`: the coding's name as the header spelled it, and the encoded bytes.

    `always` says that it is sent so to clients that do not accept the coding, too.
    """

    coding: str
    content: bytes
    always: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a message, with any `Content-Encoding` undone.

    A message without a body has None in place of a `Body`; `Body(b"")` is a body that is there and empty.
    `encoded` is the form that travelled, when it was compressed: replay sends the very same bytes.
    `cut` says that the content is only the beginning of what was sent, `size` then the full size in bytes
    when it is known. `media_type` overrules the message's Content-Type (Pact V4 `contentType`).
    """

    content: bytes
    encoded: EncodedBody | None = None
    cut: bool = False
    size: int | None = None
    media_type: str | None = None

    def text(self, media_type: MediaType | None) -> str | None:
        """The content as text by the declared charset, else UTF-8; None when it is not text in it."""
        return decoded(self.content, None if media_type is None else media_type.charset)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the client sent it.

    `host` and `port` are of the authority the client asked for (the provider), not of a proxy in between.
    `path` is the raw, still percent-encoded path; `query` the raw text after `?`, None when there is no `?`.
    `trailers` are the fields that came after the body.
    """

    method: str
    path: str
    query: str | None = None
    headers: Headers = field(default_factory=Headers)
    body: Body | None = None
    scheme: str = "http"
    host: str = ""
    port: int = 80
    http_version: str = "HTTP/1.1"
    trailers: Headers = _NO_FIELDS

    @property
    def media_type(self) -> MediaType | None:
        """The declared type of the body."""
        return _media_type(self.headers, self.body)

    @property
    def target(self) -> str:
        """Path and query as on the request line."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def authority(self) -> str:
        """The provider: `host`, with the port only when it is not the scheme's own; empty when unknown."""
        return authority(self.host, self.port)

    @property
    def url(self) -> str:
        """The absolute URL."""
        default = DEFAULT_PORTS.get(self.scheme)
        port = "" if self.port == default else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}{self.target}"


@dataclass(frozen=True, slots=True)
class Response:
    """A response as the server sent it.

    `reason` is the status line's phrase (empty in HTTP/2), `trailers` are the fields that came after the body.
    """

    status: int
    reason: str = ""
    headers: Headers = field(default_factory=Headers)
    body: Body | None = None
    http_version: str = "HTTP/1.1"
    trailers: Headers = _NO_FIELDS

    @property
    def media_type(self) -> MediaType | None:
        """The declared type of the body."""
        return _media_type(self.headers, self.body)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its response: what a recording holds.

    `started` is when the request began (seconds since the epoch), `duration` the seconds from then to the
    last byte of the answer, `first_byte` the seconds to its head.
    """

    request: Request
    response: Response
    started: float = 0.0
    duration: float = 0.0
    first_byte: float | None = None

    @property
    def date(self) -> datetime:
        """`started` as a date in UTC."""
        return datetime.fromtimestamp(self.started, UTC)

    @property
    def cut(self) -> bool:
        """Whether either body is only a beginning."""
        bodies = (self.request.body, self.response.body)
        return any(body is not None and body.cut for body in bodies)

    def with_messages(self, request: Request, response: Response) -> Exchange:
        """The same exchange with other messages."""
        return replace(self, request=request, response=response)


def authority(host: str, port: int) -> str:
    """`host:port`, without the port when it is 80 or 443: the name by which a provider is known."""
    if not host:
        return ""
    shown = f"[{host}]" if ":" in host else host.lower()
    return shown if port in DEFAULT_PORTS.values() else f"{shown}:{port}"


def _media_type(headers: Headers, body: Body | None) -> MediaType | None:
    overruled = body.media_type if body is not None else None
    return MediaType.parse(overruled or headers.get("content-type"))
