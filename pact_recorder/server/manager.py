"""A manager of mock servers over HTTP, with the routes, statuses and JSON of the Pact mock server's own command.

| call | answer |
|---|---|
| GET / | 200, the mock servers there are |
| POST /?cors=&tls=&specification= with a contract | 200, the new one, with its place in `Location` |
| GET, DELETE /mockserver/ID | 200 with its details; 204 when it is stopped. ID is an identifier or a port |
| POST /mockserver/ID/verify | 204 when all went well, after the contract is written; else 422 with what did not |
| POST /shutdown with the server key | 204, and the program ends |

It creates listeners and writes files, so it answers only programs on this machine and whoever has the key.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

from pact_recorder import __version__
from pact_recorder.errors import PactDocumentError, PactRecorderError
from pact_recorder.http.visible import visible
from pact_recorder.matching import JsonValue
from pact_recorder.server.access import Doorkeeper, carries_token
from pact_recorder.server.messages import (
    BodyTooLargeError,
    ControlRequest,
    ControlResponse,
    DisconnectedError,
    Receive,
    Scope,
    Send,
    head_of,
    read_body,
    send_response,
)
from pact_recorder.server.mock_app import MAX_BODY
from pact_recorder.server.mock_server import MockServer

_JSON = "application/json; charset=ISO-8859-1"
_PREFIX = "/mockserver/"
_TRUE = ("true", "1", "")
_LONGEST_PERIOD = 60_000
_ALLOWED = (
    ("access-control-allow-origin", "*"),
    ("access-control-allow-headers", "Content-Type"),
    ("access-control-allow-methods", "GET, POST, OPTIONS, DELETE"),
)
_log = logging.getLogger(__name__)

Act = Callable[[ControlRequest], Awaitable[ControlResponse]]


class ManagerApp:
    """An ASGI 3 application that keeps mock servers at `host`; contracts are written into `output`.

    `key` lets callers in that are not this machine's programs, and is what shutting down takes.
    """

    def __init__(self, host: str, output: Path, key: str) -> None:
        self._host, self._output, self._key = host, output, key
        self._servers: dict[str, MockServer] = {}
        self._doorkeeper = Doorkeeper()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises ValueError for a scope that is not HTTP, as ASGI servers expect."""
        if scope["type"] != "http":
            raise ValueError(f"the manager speaks HTTP only, not {scope['type']}")
        try:
            head = head_of(scope)
            response = self._refusal(head) or await self._answer(head, receive)
        except DisconnectedError:
            return
        except BodyTooLargeError:
            response = _error(413, f"The body is larger than {MAX_BODY:,} bytes.")
        await send_response(send, response, __version__)

    def stop_all(self) -> None:
        """Stop every mock server."""
        for server in self._servers.values():
            server.stop()
        self._servers.clear()

    def _refusal(self, head: ControlRequest) -> ControlResponse | None:
        if head.method == "OPTIONS" and head.path == "/":
            return None
        refusal = self._doorkeeper.refusal(head.caller, self._key, head.method, head.path)
        return None if refusal is None else _error(refusal.status, refusal.sentence)

    async def _answer(self, head: ControlRequest, receive: Receive) -> ControlResponse:
        routes = self._routes(head.path)
        act = routes.get(head.method)
        if act is None:
            return ControlResponse(HTTPStatus.METHOD_NOT_ALLOWED if routes else HTTPStatus.NOT_FOUND)
        return await act(replace(head, body=await read_body(receive, head.headers, MAX_BODY)))

    def _routes(self, path: str) -> dict[str, Act]:
        """What may be done at a path, by method."""
        if path == "/":
            return {"GET": self._list, "HEAD": self._list, "POST": self._create, "OPTIONS": _preflight}
        if path == "/shutdown":
            return {"POST": self._shut_down}
        identifier, _, verb = path.removeprefix(_PREFIX).partition("/")
        if not path.startswith(_PREFIX) or not identifier or verb not in ("", "verify"):
            return {}
        if verb:
            return {"POST": self._verify}
        return {"GET": self._show, "HEAD": self._show, "DELETE": self._delete, "POST": _no_verb}

    def _found(self, request: ControlRequest) -> tuple[str, MockServer] | None:
        wanted = request.path.removeprefix(_PREFIX).partition("/")[0]
        if wanted in self._servers:
            return wanted, self._servers[wanted]
        return next((each for each in self._servers.items() if str(each[1].port) == wanted), None)

    async def _list(self, request: ControlRequest) -> ControlResponse:
        return _json(200, {"mockServers": [_details(*each) for each in self._servers.items()]})

    async def _create(self, request: ControlRequest) -> ControlResponse:
        if (request.headers.get("content-type") or "").partition(";")[0].strip().lower() != "application/json":
            return ControlResponse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            json.loads(request.body)
        except (ValueError, RecursionError) as error:
            return _error(422, f"The body is not JSON: {error}")
        try:
            server = await asyncio.to_thread(self._started, request)
        except PactDocumentError as error:
            _log.warning("No mock server was created: %s", visible(str(error)))
            return ControlResponse(HTTPStatus.UNPROCESSABLE_ENTITY)
        except PactRecorderError as error:
            return _error(422, str(error))
        identifier = str(uuid4())
        self._servers[identifier] = server
        created = {"mockServer": {"id": identifier, "port": server.port}}
        return _json(200, created, (("location", f"{_PREFIX}{identifier}"),))

    def _started(self, request: ControlRequest) -> MockServer:
        return MockServer(
            request.body,
            host=self._host,
            tls=_flag(request, "tls"),
            cors_preflight=_flag(request, "cors"),
            specification=request.parameter("specification") or None,
        ).start()

    async def _show(self, request: ControlRequest) -> ControlResponse:
        found = self._found(request)
        return ControlResponse(HTTPStatus.NOT_FOUND) if found is None else _json(200, _details(*found))

    async def _delete(self, request: ControlRequest) -> ControlResponse:
        found = self._found(request)
        if found is None:
            return ControlResponse(HTTPStatus.NOT_FOUND)
        del self._servers[found[0]]
        await asyncio.to_thread(found[1].stop)
        return ControlResponse(HTTPStatus.NO_CONTENT)

    async def _verify(self, request: ControlRequest) -> ControlResponse:
        found = self._found(request)
        if found is None:
            return ControlResponse(HTTPStatus.NOT_FOUND)
        server = found[1]
        mismatches = await asyncio.to_thread(server.mismatches)
        if mismatches or not server.matched:
            return _json(422, {"mockServer": _details(*found), "mismatches": mismatches})
        try:
            await asyncio.to_thread(server.write, self._output)
        except PactRecorderError as error:
            return _error(422, str(error))
        return ControlResponse(HTTPStatus.NO_CONTENT)

    async def _shut_down(self, request: ControlRequest) -> ControlResponse:
        if not carries_token(request.headers, self._key):
            return ControlResponse(HTTPStatus.FORBIDDEN)
        try:
            period = _period(json.loads(request.body or b"{}"))
        except (ValueError, RecursionError) as error:
            return _error(422, f"The body is not JSON with a period in milliseconds: {error}")
        loop = asyncio.get_running_loop()
        loop.call_later(period / 1000, os.kill, os.getpid(), signal.SIGTERM)
        return ControlResponse(HTTPStatus.NO_CONTENT)


async def _preflight(request: ControlRequest) -> ControlResponse:
    return ControlResponse(HTTPStatus.NO_CONTENT, headers=_ALLOWED)


async def _no_verb(request: ControlRequest) -> ControlResponse:
    return _error(422, "Nothing can be posted to a mock server itself: POST to its /verify.")


def _details(identifier: str, server: MockServer) -> dict[str, JsonValue]:
    return {
        "id": identifier,
        "port": server.port,
        "address": f"{server.address[0]}:{server.port}",
        "provider": server.contract.provider,
        "scheme": server.url.partition(":")[0],
        "status": "ok" if server.matched else "error",
        "metrics": {"requests": server.requests, "requests_by_path": dict(server.requests_by_path)},
    }


def _flag(request: ControlRequest, name: str) -> bool:
    return name in request.parameters and request.parameter(name).lower() in _TRUE


def _period(document: Any) -> int:
    period = document.get("period", 100) if isinstance(document, dict) else None
    if isinstance(period, bool) or not isinstance(period, int) or not 0 <= period <= _LONGEST_PERIOD:
        raise ValueError(f"it must be a whole number from 0 to {_LONGEST_PERIOD}")
    return period


def _json(status: int, value: JsonValue, headers: tuple[tuple[str, str], ...] = ()) -> ControlResponse:
    # Escapes are right in whatever encoding a client believes in.
    return ControlResponse(status, json.dumps(value).encode("ascii"), _JSON, headers)


def _error(status: int, sentence: str) -> ControlResponse:
    return _json(status, {"error": sentence})
