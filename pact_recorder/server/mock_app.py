"""The mock as an application: a request in, what a plain callable answers out; by ASGI, or directly.

A callable answers at once, without waiting for anything; what it answers may have to wait, or be a fault. So a server
that has the whole request may ask for the answer directly (`direct.py`) and save what ASGI costs, which is more than
the answer itself; everything else goes by ASGI.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.visible import visible
from pact_recorder.mock.actions import Fault, Reply, response_of
from pact_recorder.server.answer_memo import AnswerMemo
from pact_recorder.server.context import MEBIBYTE
from pact_recorder.server.messages import BodyTooLargeError, DisconnectedError, Receive, Scope, Send, read_body
from pact_recorder.server.protocol import ADVICE, TARGET, TRANSPORT
from pact_recorder.server.wire import (
    NO_BODY,
    Asked,
    Fields,
    Written,
    plain_response,
    request_of,
    sent,
    text,
    written,
)

Answer = Callable[[Request], Response | Reply | Fault]
Repeated = Callable[[Asked, object], object]
MAX_BODY = 64 * MEBIBYTE
"""Bytes of a request body."""

_log = logging.getLogger(__name__)
_WITH_BODY = frozenset((b"content-length", b"transfer-encoding"))


def _unnoticed(asked: Asked, note: object) -> None:
    """Nobody has to know of a request that came again."""


class MockApp:
    """An ASGI 3 application (HTTP only) whose answers a callable gives, on the thread of the event loop.

    What lasts is not asked for again: `repeated` is told of each request that gets the answer of an equal one and
    that answer's note; with `any_order` the order of its header fields may be another. `forget` ends that, when other
    answers are to be given from now on.
    """

    def __init__(
        self, answer: Answer, max_body: int = MAX_BODY, *, repeated: Repeated = _unnoticed, any_order: bool = False
    ) -> None:
        self._answer = answer
        self.max_body = max_body
        self._repeated = repeated
        self._memo = AnswerMemo(any_order=any_order)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises ValueError for a scope that is not HTTP, as ASGI servers expect."""
        if scope["type"] != "http":
            raise ValueError(f"the mock speaks HTTP only, not {scope['type']}")
        try:
            action = self._act(await receive_request(scope, receive, self.max_body))
        except DisconnectedError:
            return
        except BodyTooLargeError:
            action = Reply(plain_response(413, ADVICE[413]), close=True)
        if not isinstance(action, Response) and action.delay:
            await asyncio.sleep(action.delay)
        if isinstance(action, Fault):
            await _break_off(action, scope, receive)
            return
        reply = action if isinstance(action, Reply) else Reply(action)
        fields, content = sent(reply.response, scope["method"], bool(reply.close))
        await send({"type": "http.response.start", "status": reply.response.status, "headers": fields})
        await send({"type": "http.response.body", "body": content})

    def takes(self, target: bytes) -> bool:
        """Whether a request to a target may be answered directly: any."""
        return True

    def respond(self, asked: Asked) -> Written:
        """The answer to a request; when the callable fails, one that says so. What is a fault cannot be given so."""
        known = self._memo.find(asked)
        if known is not None:
            self._repeated(asked, known.note)
            return known
        request = asked.request()
        action = self._act(request)
        if isinstance(action, Fault):
            action = plain_response(500, "This request is answered by a fault, which needs the connection to itself.")
        reply = action if isinstance(action, Reply) else Reply(action)
        answer = written(reply.response, request.method)
        if reply.lasting:
            self._memo.keep(asked, answer._replace(note=reply.note))
        return answer

    def forget(self) -> None:
        """Ask for every answer again."""
        self._memo.clear()

    def _act(self, request: Request) -> Response | Reply | Fault:
        try:
            action = self._answer(request)
        except Exception:  # noqa: BLE001 - the edge: one request that goes wrong must not end the server
            _log.exception("The mock failed at %s %s", visible(request.method), visible(request.target[:200]))
            return plain_response(500, "The mock failed at this request; the log says why.")
        response = response_of(action)
        if response is not None and not 200 <= response.status <= 999:
            return plain_response(500, f"The status {response.status} of the interaction cannot be sent as an answer.")
        return action


async def _break_off(fault: Fault, scope: Scope, receive: Receive) -> None:
    """Send the bytes of a fault as they are and end the connection; without it there is only an end of the request."""
    transport = scope.get(TRANSPORT)
    if transport is None:
        raise RuntimeError("a fault needs the connection, which this server does not give")
    transport.write(fault.content)
    transport.close()
    # Until the server has noticed it would answer in the place of the application.
    while (await receive())["type"] != "http.disconnect":
        pass


async def receive_request(scope: Scope, receive: Receive, max_body: int) -> Request:
    """The whole request of a scope; without a body it has an empty one, since a server cannot tell.

    Raises BodyTooLargeError and DisconnectedError.
    """
    fields: Fields = scope["headers"]
    body = NO_BODY
    if not _WITH_BODY.isdisjoint([name for name, _ in fields]):
        lengths = Headers([(name.decode("latin-1"), text(value)) for name, value in fields if name in _WITH_BODY])
        body = Body(await read_body(receive, lengths, max_body))
    return request_of(scope["method"], _target(scope), fields, body, scope.get("scheme", "http"), scope.get("server"))


def _target(scope: Scope) -> bytes:
    """Path and query as they were on the wire; of an absolute target those parts."""
    target: bytes = scope.get(TARGET, b"")
    if target.startswith(b"/"):
        return target
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string") or b""
    return path + b"?" + query if query else path
