"""Hostile requests to a running proxy, its control API and a mock server: who still answers, and what the log says."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import select
import socket
import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.files import DEEP, ODD, ODD_BYTES, contract, mutated_bytes, mutated_tree

SLOWEST_SECONDS = 10.0
"""How long a request may take until it is answered or the connection is closed."""

ALLOWED_GROWTH = 120 * 1024 * 1024
"""Resident bytes that a process may have at the end beyond those after its warm-up."""

_PATIENCE_SECONDS = 0.1
_DEFECT = re.compile(r"hook failed|mock failed|control API failed|Unhandled|Addon error")

PATHS = (
    "/mockserver/expectation", "/mockserver/pact", "/mockserver/pact/verify", "/mockserver/retrieve",
    "/mockserver/clear", "/mockserver/mode", "/mockserver/states", "/mockserver/status", "/mockserver/ready",
    "/mockserver/verify", "/mockserver/verifySequence", "/mockserver/import", "/mockserver/unknown", "/mockserver",
    "/mockserver/pact/import", "/mockserver/debugMismatch", "/mockserver/explainUnmatched", "/mockserver/metrics",
    "/mockserver/scenario/a", "/mockserver/recordings/promote", "/a", "/a/7", "/x", "/", "*", "//", "/..%2f..%2fetc",
)  # fmt: skip
QUERIES = (
    "", "?mode=SPY", "?type=ACTIVE_EXPECTATIONS", "?type=RECORDED_EXPECTATIONS", "?type=REQUESTS&format=HAR",
    "?consumer=c&provider=p", "?consumer=..%2f..%2fx&provider=%00", "?style=literal&host=api.test", "?limit=-1",
    "?" + "a=b&" * 300, "?%ff%fe=%zz", "?type=%F0%9F%92%A9", "?=&=&;",
)  # fmt: skip
METHODS = (
    *("PUT",) * 12, *("GET",) * 5, "POST", "DELETE", "HEAD", "OPTIONS", "TRACE", "PATCH", "get", "A" * 300, "P\xfcT",
    "CONNECT",
)  # fmt: skip
EXPECTATION = {
    "httpRequest": {"method": "GET", "path": "/f.*", "queryStringParameters": {"a": ["1"]},
                    "headers": {"X-A": ["!b"]}, "body": {"type": "JSON", "json": {"a": 1}}},
    "httpResponse": {"statusCode": 200, "headers": {"X-B": ["c"]}, "body": "text"},
    "times": {"remainingTimes": 2}, "priority": 1,
}  # fmt: skip
VERIFY = {"httpRequest": {"path": "/a"}, "times": {"atLeast": 1, "atMost": 2}}
FIELDS = (
    b"Host: evil.example", b"Host:", b"Content-Length: -1", b"Content-Length: 99999999999999999999",
    b"Content-Length: 5\r\nContent-Length: 6", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked",
    b"Content-Encoding: gzip", b"Content-Encoding: br, zstd, gzip, deflate, gzip, gzip", b"Expect: 100-continue",
    b"Content-Type: application/json; charset=utf-7", b"Content-Type: multipart/form-data; boundary=", b"X: \x00",
    b"X:" + b"y" * 70_000, b": empty", b" folded", b"Connection: Upgrade\r\nUpgrade: websocket",
    b"Cookie: " + b";=" * 900,
    b"Authorization: Bearer \xff\xfe", b"Content-Type: text/xml", b"Content-Type: application/x-www-form-urlencoded",
    b"X-Pact-Provider-State: " + b";" * 5_000, b"Accept-Encoding: \xff", b"Origin: null", b"Range: bytes=9-1",
    b"If-Modified-Since: x", b"Accept: " + b"*/*," * 500, b"Vary: *", b"HTTP2-Settings: AAMAAABkAAQ", b"\xff\xff: 1",
)  # fmt: skip


@dataclass(slots=True)
class Sent:
    """What became of the requests: how many, how many were answered with which class of status, and failures."""

    requests: int = 0
    answered: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


def body(chance: random.Random) -> bytes:
    """A body that somebody may send: of the right kind, mutated, deep, or a bomb."""
    kind = chance.randrange(9)
    if kind < 4:
        tree = chance.choice((EXPECTATION, VERIFY, contract(), {"states": ["a"]}, {"id": "x"}))
        return json.dumps(mutated_tree(tree, chance)).encode()
    if kind == 4:
        return mutated_bytes(json.dumps([EXPECTATION]).encode(), chance)
    if kind == 5:
        return chance.choice((b"[" * DEEP, b'{"a":' * DEEP, b"<a>" * DEEP, b"&a=" * DEEP))
    if kind == 6:
        return chance.choice((gzip.compress(b"0" * 30_000_000), zlib.compress(b"[" * 1_000_000), b"\x1f\x8b\x08junk"))
    if kind == 7:
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
        return f"<!DOCTYPE a [{entities}]><a>&e11;</a>".encode()
    return json.dumps(chance.choice(ODD)).encode() + chance.choice(ODD_BYTES)


def request(chance: random.Random, port: int, proxied: bool) -> bytes:
    """A request, well-formed more often than not, then perhaps mutated."""
    target = chance.choice(PATHS) + chance.choice(QUERIES)
    if proxied and chance.random() < 0.6:
        target = (
            f"http://{chance.choice(('api.test', 'pact.recorder', f'127.0.0.1:{port}', '[::1]:1', 'x' * 300))}{target}"
        )
    content = body(chance) if chance.random() < 0.7 else b""
    lines = [f"{chance.choice(METHODS)} {target} HTTP/1.1".encode("latin-1"), b"Host: 127.0.0.1:%d" % port]
    if content or chance.random() < 0.5:
        lines.append(b"Content-Length: %d" % len(content))
    lines += chance.sample(FIELDS, chance.choice((0, 0, 0, 0, 0, 1, 2, 5)))
    whole = b"\r\n".join(lines) + b"\r\n\r\n" + content
    return mutated_bytes(whole, chance) if chance.random() < 0.25 else whole


def send(port: int, content: bytes) -> str:
    """Send bytes and read what comes, to the end; the first digit of its status, `-` when nothing does."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=SLOWEST_SECONDS) as connection:
        try:
            connection.sendall(content)
            # Whoever ends at once is taken for gone, and not answered.
            select.select([connection], [], [], _PATIENCE_SECONDS)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received = received or piece[:16]
        except TimeoutError:
            raise
        except OSError:
            pass  # it was cut off
    return received[9:10].decode("latin-1") if received.startswith(b"HTTP/1.1 ") else "-"


def fuzz_requests(port: int, count: int, seed: int, *, proxied: bool) -> Sent:
    """Send so many requests, one after the other."""
    chance, sent = random.Random(seed), Sent()
    for number in range(count):
        content = request(chance, port, proxied)
        began = time.monotonic()
        try:
            kind = send(port, content)
            sent.answered[kind] = sent.answered.get(kind, 0) + 1
        except OSError as error:
            sent.failures.append(f"request {number}: {error!r}: {content[:120]!r}")
            if isinstance(error, ConnectionRefusedError):
                break
        sent.slowest = max(sent.slowest, time.monotonic() - began)
        sent.requests += 1
    return sent


def defects(lines: list[str]) -> list[str]:
    """The lines of a log that tell of a defect of ours; mitmproxy has some of its own, which cost one connection."""
    found = [line for line in lines if _DEFECT.search(line)]
    for number, line in enumerate(lines):
        if line.startswith("Traceback"):
            stack = list(itertools.takewhile(lambda each: each.startswith(" "), lines[number + 1 :]))
            found += [each for each in stack if "/pact_recorder/" in each][-1:]
    return found


def resident(pid: int) -> int:
    """Resident bytes of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0
