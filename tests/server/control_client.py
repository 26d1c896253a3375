"""A small ASGI client: one call is one request to an application in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pact_recorder.server import ControlApi
from pact_recorder.server.protocol import TARGET

LOOPBACK = ("127.0.0.1", 40_000)
HOST = ("Host", "127.0.0.1:8080")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class ControlClient:
    """A client at a place: `peer` is its address as the application sees it."""

    api: ControlApi
    peer: tuple[str, int] | None = LOOPBACK
    fields: list[tuple[str, str]] = field(default_factory=list)

    def put(self, path: str, body: Any = b"", **parameters: str) -> Answer:
        return self.send("PUT", path, body, parameters)

    def get(self, path: str, **parameters: str) -> Answer:
        return self.send("GET", path, b"", parameters)

    def send(self, method: str, path: str, body: Any = b"", parameters: dict[str, str] | None = None) -> Answer:
        return asyncio.run(self.exchange(method, path, [content(body)], parameters))

    async def exchange(
        self,
        method: str,
        path: str,
        pieces: Iterable[bytes] = (b"",),
        parameters: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request whose body comes in pieces."""
        sent: list[dict[str, Any]] = []
        incoming = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        incoming.append({"type": "http.request", "body": b"", "more_body": False})

        async def receive() -> dict[str, Any]:
            return incoming.pop(0) if incoming else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.api(self.scope(method, path, parameters), receive, send)
        head, *rest = sent
        headers = {name.decode(): value.decode() for name, value in head["headers"]}
        return Answer(head["status"], headers, b"".join(message["body"] for message in rest))

    def scope(self, method: str, path: str, parameters: dict[str, str] | None = None) -> dict[str, Any]:
        """The scope of a request, as a server makes it."""
        return {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": urlencode(parameters or {}).encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in (HOST, *self.fields)],
            TARGET: path.encode(),
            "client": self.peer,
            "server": ("127.0.0.1", 8080),
        }


def content(body: Any) -> bytes:
    """Bytes as they are, text as UTF-8, everything else as JSON."""
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
