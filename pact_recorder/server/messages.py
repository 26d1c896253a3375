"""The requests and responses of the control API, and their way in and out of ASGI."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pact_recorder.errors import UsageError
from pact_recorder.http import Headers, MediaType, parse_query
from pact_recorder.http.charsets import decoded, known_charset
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.pretty import format_pretty, format_pretty_list
from pact_recorder.pact import format_json
from pact_recorder.server.access import Caller
from pact_recorder.server.protocol import TARGET

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_LONGEST_HEADER = 3_000
_LONGEST_SENTENCE = 300
JSON_TYPE = "application/json; charset=utf-8"
TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request to the control API. `parameters` are the decoded query parameters, the first of each name.

    `name` is what stands at the place of a name in the path, decoded.
    """

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    peer_host: str | None = None
    own: tuple[str, int] | None = None
    scheme: str = "http"
    origin_form: bool = False
    name: str = ""

    @property
    def server_port(self) -> int | None:
        """The port that the request came to."""
        return self.own[1] if self.own is not None else None

    @property
    def caller(self) -> Caller:
        """Who sends the request."""
        return Caller(self.peer_host, self.headers, self.own, self.scheme, self.origin_form)

    def parameter(self, name: str) -> str:
        """The trimmed value of a query parameter; empty when it is absent."""
        return self.parameters.get(name, "").strip()

    def text(self) -> str:
        """The body as text, by the declared charset or as UTF-8. Raises UsageError when it is not text in it."""
        media_type = MediaType.parse(self.headers.get("content-type"))
        named = (media_type and media_type.charset) or "utf-8"
        charset = known_charset(named)
        text = decoded(self.body, charset) if charset or not self.body else None
        if text is None:
            raise UsageError(f"the body is not text in {named}: send UTF-8")
        return text.removeprefix("\ufeff")


@dataclass(frozen=True, slots=True)
class ControlResponse:
    """An answer of the control API."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


def text_response(status: int, text: str) -> ControlResponse:
    """An answer of plain text."""
    return ControlResponse(status, _encoded(text), TEXT_TYPE)


def with_header(response: ControlResponse, name: str, value: str) -> ControlResponse:
    """An answer with one more header field."""
    return replace(response, headers=(*response.headers, (name, value)))


def json_response(status: int, value: JsonValue, headers: tuple[tuple[str, str], ...] = ()) -> ControlResponse:
    """An answer of JSON in Jackson's layout."""
    return ControlResponse(status, _encoded(format_pretty(value)), JSON_TYPE, headers)


def json_list_response(status: int, values: Iterable[JsonValue]) -> ControlResponse:
    """An answer of a JSON list in Jackson's layout, whose values are taken one at a time."""
    return ControlResponse(status, _encoded(format_pretty_list(values)), JSON_TYPE)


def compact_json_response(status: int, value: JsonValue) -> ControlResponse:
    """An answer of JSON in one line, as MockServer writes modes and errors."""
    return ControlResponse(status, _encoded(format_json(value)), JSON_TYPE)


def error_response(status: int, sentence: str) -> ControlResponse:
    """A JSON error `{"error": …}`; quotation marks become apostrophes, as MockServer has them."""
    return compact_json_response(status, {"error": sentence.replace('"', "'")})


def listed_header(sentences: Sequence[str]) -> str:
    """Sentences as a JSON list in ASCII, cut to what every client takes in a header."""
    listed: list[str] = []
    for number, sentence in enumerate(sentences):
        more = [*listed, sentence[:_LONGEST_SENTENCE]]
        if len(json.dumps(more)) > _LONGEST_HEADER:
            return json.dumps([*listed, f"and {len(sentences) - number} more, which the log has"])
        listed = more
    return json.dumps(listed)


def head_of(scope: Scope) -> ControlRequest:
    """The request of an ASGI HTTP scope, still without its body."""
    client, server = scope.get("client"), scope.get("server")
    parameters: dict[str, str] = {}
    for name, value in parse_query(_wire_text(scope.get("query_string") or b"")):
        parameters.setdefault(name, value or "")
    return ControlRequest(
        method=str(scope["method"]).upper(),
        path=_wire_text(scope["raw_path"]) if scope.get("raw_path") else scope["path"],
        parameters=parameters,
        headers=Headers((_wire_text(name), _wire_text(value)) for name, value in scope.get("headers") or ()),
        peer_host=client[0] if client else None,
        own=(server[0], server[1]) if server and server[1] else None,
        scheme=scope.get("scheme", "http"),
        # A server that does not tell the target could have taken an absolute one for its own path.
        origin_form=scope.get(TARGET, b"").startswith(b"/"),
    )


class BodyTooLargeError(Exception):
    """The body of a request is larger than the limit."""


class DisconnectedError(Exception):
    """The client went away before its request was complete."""


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    """The body of the request. Raises BodyTooLargeError, as early as it shows, and DisconnectedError."""
    declared = headers.get("content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise BodyTooLargeError
    pieces: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        piece = message.get("body") or b""
        size += len(piece)
        if size > limit:
            raise BodyTooLargeError
        pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces)


async def send_response(send: Send, response: ControlResponse, version: str) -> None:
    """Send an answer; `version` is this program's, which every control answer carries."""
    fields = [("version", version), ("content-length", str(len(response.body))), *response.headers]
    if response.content_type is not None:
        fields.append(("content-type", response.content_type))
    headers = [(name.encode("ascii"), _header_value(value)) for name, value in fields]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _encoded(text: str) -> bytes:
    # Text from a query string may hold bytes that are not UTF-8, as surrogates, which no encoding takes.
    return text.encode("utf-8", "backslashreplace")


def _header_value(value: str) -> bytes:
    return value.encode("ascii", "backslashreplace").replace(b"\r", b" ").replace(b"\n", b" ")


def _wire_text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
