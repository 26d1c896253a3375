"""The mock as an ASGI application: a request in, what a plain callable answers out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.names import HOP_BY_HOP
from pact_recorder.mock.replay import NO_CONTENT
from pact_recorder.server.context import MEBIBYTE
from pact_recorder.server.messages import BodyTooLargeError, DisconnectedError, Receive, Scope, Send, read_body
from pact_recorder.server.protocol import TARGET

Answer = Callable[[Request], Response]
MAX_BODY = 64 * MEBIBYTE
"""Bytes of a request body."""

_log = logging.getLogger(__name__)
_NO_BODY = Body(b"")
_WITH_BODY = frozenset((b"content-length", b"transfer-encoding"))
_REMADE = HOP_BY_HOP | {"content-length"}
# What would end a header field, or the head, before its time.
_ONE_LINE = dict.fromkeys((*range(9), *range(10, 32), 127), " ")
_NO_TOKEN = frozenset('()<>@,;:\\[]={}"/? \t')


class MockApp:
    """An ASGI 3 application (HTTP only) whose answers a callable gives, on the thread of the event loop."""

    def __init__(self, answer: Answer, max_body: int = MAX_BODY) -> None:
        self._answer = answer
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises ValueError for a scope that is not HTTP, as ASGI servers expect."""
        if scope["type"] != "http":
            raise ValueError(f"the mock speaks HTTP only, not {scope['type']}")
        try:
            response = self._respond(await receive_request(scope, receive, self._max_body))
        except DisconnectedError:
            return
        except BodyTooLargeError:
            response = plain_response(413, f"The body is larger than {self._max_body:,} bytes.")
            await send_response(send, response, scope["method"], last=True)
            return
        await send_response(send, response, scope["method"])

    def _respond(self, request: Request) -> Response:
        try:
            response = self._answer(request)
        except Exception:  # noqa: BLE001 - the edge: one request that goes wrong must not end the server
            _log.exception("The mock failed at %s %s", request.method, request.target[:200])
            return plain_response(500, "The mock failed at this request; the log says why.")
        if not 200 <= response.status <= 599:
            return plain_response(500, f"The status {response.status} of the interaction cannot be sent as an answer.")
        return response


async def receive_request(scope: Scope, receive: Receive, max_body: int) -> Request:
    """The whole request of a scope; without a body it has an empty one, since a server cannot tell.

    Raises BodyTooLargeError and DisconnectedError.
    """
    fields: list[tuple[bytes, bytes]] = scope["headers"]
    headers = Headers([(name.decode("latin-1"), _text(value)) for name, value in fields])
    body = _NO_BODY
    if not _WITH_BODY.isdisjoint([name for name, _ in fields]):
        body = Body(await read_body(receive, headers, max_body))
    path, query = _target(scope)
    host, port = scope.get("server") or ("", 80)
    return Request(scope["method"], path, query, headers, body, scope.get("scheme", "http"), host, port or 80)


async def send_response(send: Send, response: Response, method: str, last: bool = False) -> None:
    """Send an answer: its length is set anew, its date where it has none. With `last` the connection ends."""
    content = response.body.content if response.body is not None else b""
    fields = [field for each in response.headers.fields if (field := _encoded(*each)) is not None]
    if "date" not in response.headers:
        fields.append((b"date", _date()))
    if last:
        fields.append((b"connection", b"close"))
    if response.status in NO_CONTENT:
        content = b""
    else:
        fields.append((b"content-length", b"%d" % len(content)))
    await send({"type": "http.response.start", "status": response.status, "headers": fields})
    await send({"type": "http.response.body", "body": content if method != "HEAD" else b""})


def plain_response(status: int, sentence: str) -> Response:
    """An answer of one sentence."""
    return Response(
        status, "", Headers([("Content-Type", "text/plain; charset=utf-8")]), Body((sentence + "\n").encode())
    )


def _target(scope: Scope) -> tuple[str, str | None]:
    """Path and query as they were on the wire; of an absolute target those parts."""
    target: bytes = scope.get(TARGET, b"")
    if not target.startswith(b"/"):
        path, query = scope.get("raw_path") or scope["path"].encode(), scope.get("query_string") or b""
        return _text(path), _text(query) if query else None
    path, mark, query = target.partition(b"?")
    return _text(path), _text(query) if mark else None


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


@lru_cache(maxsize=4096)
def _encoded(name: str, value: str) -> tuple[bytes, bytes] | None:
    """A field as it is sent; None for one that is made anew, or has no name that can be sent. Most come again."""
    if name.lower() in _REMADE or not name.isascii() or not name.isprintable() or not _NO_TOKEN.isdisjoint(name):
        return None
    return name.encode("ascii"), value.translate(_ONE_LINE).encode("utf-8", "surrogateescape")


_dated: tuple[int, bytes] = (0, b"")


def _date() -> bytes:
    """The present moment as an HTTP date, made once a second."""
    global _dated
    now = int(time.time())
    if _dated[0] != now:
        _dated = (now, formatdate(now, usegmt=True).encode())
    return _dated[1]
