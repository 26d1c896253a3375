"""The client of the demo: what it asks, how it asks through a proxy, and how two answers to it are compared."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pact_recorder.cli.demo_library import PASSWORD, TOKEN, USER
from pact_recorder.http.names import PLACEHOLDER

HOST = "library.test"
TIMEOUT = 15
WRONG_PASSWORD = "guess-me-4410"

# Of this moment or of this connection, and so different in every answer.
_VOLATILE = frozenset({"date", "connection", "keep-alive", "transfer-encoding"})
_NEW_BOOK = {"title": "Kindred", "author": "Octavia E. Butler", "genre": "fiction", "pages": 264}


@dataclass(frozen=True, slots=True)
class Question:
    """One request of the demo."""

    method: str
    target: str
    body: dict[str, Any] | None = None
    with_token: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


QUESTIONS = (
    Question("GET", "/books"),
    Question("GET", "/books?genre=fiction"),
    Question("GET", "/books/1"),
    Question("HEAD", "/books/1"),
    Question("GET", "/covers/1"),
    Question("POST", "/books", _NEW_BOOK),
    Question("POST", "/login", {"user": USER, "password": WRONG_PASSWORD}),
    Question("POST", "/login", {"user": USER, "password": PASSWORD}),
    Question("POST", "/books", _NEW_BOOK, with_token=True),
    Question("POST", "/books", {"pages": 1}, with_token=True),
    Question("GET", "/newest"),
    Question("PUT", "/books/2", {"pages": 176}, with_token=True),
    Question("POST", "/books/1/loans", {"reader": "grace"}, with_token=True),
    Question("POST", "/books/1/loans", {"reader": "grace"}, with_token=True),
    Question("DELETE", "/books/3", with_token=True),
    Question("GET", "/books/3"),
    Question("GET", "/books"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the client got it, its content decoded."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes


class Client:
    """Asks everything once, through the proxy on `proxy_port`, of the API on `api_port`."""

    def __init__(self, proxy_port: int, api_port: int) -> None:
        self._proxy_port = proxy_port
        self._api_port = api_port
        self._token = ""

    def ask_all(self) -> Iterator[Reply]:
        """The answers in the order of `QUESTIONS`. Raises OSError when the proxy does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._proxy_port, timeout=TIMEOUT)
        try:
            for question in QUESTIONS:
                yield self._ask(connection, question)
        finally:
            connection.close()

    def _ask(self, connection: http.client.HTTPConnection, question: Question) -> Reply:
        content = None if question.body is None else json.dumps(question.body).encode()
        url = f"http://127.0.0.1:{self._api_port}{question.target}"
        connection.request(question.method, url, content, self._headers(question))
        answer = connection.getresponse()
        reply = _reply(answer, answer.read())
        if question.target == "/login" and reply.status == 200:
            self._token = json.loads(reply.content)["token"]
        return reply

    def _headers(self, question: Question) -> dict[str, str]:
        # The Host header gives the service on a port of this machine a name to be recorded under.
        headers = {"Host": HOST, "Accept-Encoding": "gzip", "User-Agent": "pact-recorder-demo"}
        if question.body is not None:
            headers["Content-Type"] = "application/json"
        if question.with_token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers


def _reply(answer: http.client.HTTPResponse, content: bytes) -> Reply:
    fields = ((name.lower(), value) for name, value in answer.getheaders())
    headers = tuple(sorted(field for field in fields if field[0] not in _VOLATILE))
    if content and answer.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    return Reply(answer.status, headers, content)


def difference(live: Reply, replayed: Reply) -> str:
    """How a replayed answer differs from the live one; empty when it does not.

    A secret of the live answer must be a placeholder in the replayed one.
    """
    if replayed.status != live.status:
        return f"status {replayed.status} instead of {live.status}"
    secret = TOKEN.encode() in live.content
    if not _same_content(live.content, replayed.content):
        return f"{len(replayed.content)} other bytes of content"
    ignored = {"content-length"} if secret else set()
    missing = [field for field in live.headers if field not in replayed.headers and field[0] not in ignored]
    added = [field for field in replayed.headers if field not in live.headers and field[0] not in ignored]
    return f"header {(missing or added)[0][0]}" if missing or added else ""


def _same_content(live: bytes, replayed: bytes) -> bool:
    token = re.escape(TOKEN.encode())
    if TOKEN.encode() not in live:
        return live == replayed
    pattern = re.escape(live).replace(token, PLACEHOLDER.pattern.encode())
    return re.fullmatch(pattern, replayed) is not None
