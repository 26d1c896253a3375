"""Load on a proxy until it goes away: clients that remember every answer they received completely."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from upstream import Handler, Upstream

MAX_BODY = 200_000
TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of exchange: its method, the size of what is sent and answered, and how the answer travels."""

    name: str
    answered: int
    sent: int = 0
    content_type: str = "application/json"
    pieces: int = 0

    @property
    def method(self) -> str:
        return "POST" if self.sent else "GET"


KINDS = (
    Kind("small", answered=300),
    Kind("large", answered=100_000, content_type="text/plain"),
    Kind("upload", answered=300, sent=100_000),
    Kind("chunked", answered=2_000, pieces=4),
    Kind("events", answered=2_000, pieces=4, content_type="text/event-stream"),
    Kind("over", answered=2 * MAX_BODY, content_type="text/plain"),
)
KIND = {kind.name: kind for kind in KINDS}


def content(path: str, size: int) -> bytes:
    """The body that belongs to a path: JSON of nearly that size, different for each path."""
    return json.dumps({"of": path, "filler": "x" * (size - len(path) - 24)}).encode()


def kind_of(path: str) -> Kind:
    return KIND[path.split("/")[1]]


def answer(handler: Handler) -> None:
    """Answer a path in the way of its kind."""
    kind = kind_of(handler.path)
    body = content(handler.path, kind.answered)
    if not kind.pieces:
        handler.reply(200, body, kind.content_type)
        return
    handler.send_response(200)
    handler.send_header("Content-Type", kind.content_type)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    step = len(body) // kind.pieces + 1
    for start in range(0, len(body), step):
        piece = body[start : start + step]
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        time.sleep(0.003)
    handler.wfile.write(b"0\r\n\r\n")


@dataclass(slots=True)
class Client:
    """One client: which paths were answered completely, and whether its last request broke off half-way."""

    answered: list[str] = field(default_factory=list)
    broken: bool = False


def use(client: Client, proxy_port: int, base: str, paths: Iterator[str]) -> None:
    """Send one request after the other, each for a path of its own, until the proxy is gone."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy_port, timeout=TIMEOUT_SECONDS)
    try:
        for path in paths:
            kind = kind_of(path)
            sent = content(path, kind.sent) if kind.sent else None
            connection.request(kind.method, base + path, sent, {"Content-Type": "application/json"} if sent else {})
            response = connection.getresponse()
            # Raises IncompleteRead unless the whole length, or the last chunk, has come.
            body = response.read()
            assert (response.status, body) == (200, content(path, kind.answered)), (path, response.status, body[:200])
            client.answered.append(path)
    except ConnectionRefusedError:
        pass
    except (OSError, http.client.HTTPException):
        client.broken = True
    finally:
        connection.close()


def load_until(
    strike: Callable[[], None], proxy_port: int, upstream: Upstream, label: str, clients: int
) -> list[Client]:
    """Run clients until `strike` has returned and all of them have noticed; `label` makes the paths unique."""
    upstream.answers["*"] = answer
    users = [Client() for _ in range(clients)]
    threads = [
        threading.Thread(target=use, args=(user, proxy_port, upstream.url, _paths(label, number)), daemon=True)
        for number, user in enumerate(users)
    ]
    for thread in threads:
        thread.start()
    strike()
    for thread in threads:
        thread.join(3 * TIMEOUT_SECONDS)
        assert not thread.is_alive(), "a client hangs although the proxy is gone"
    return users


def _paths(label: str, client: int) -> Iterator[str]:
    for number in count():
        yield f"/{KINDS[(client + number) % len(KINDS)].name}/{label}/{client}/{number}"
