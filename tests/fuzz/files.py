"""Session, contract, HAR and flow files, mutated: what a loader makes of each, and how long it takes.

A file is mutated as bytes, or as a tree whose values are swapped for ones that no writer would have written.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from pact_recorder.capture.flow import exchange_of, request_of, response_of
from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.errors import PactRecorderError
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings import RecordedExchange, SessionHeader, SessionStore, load_session, write_session
from pact_recorder.recordings.importers.reading import read_exchanges

SLOWEST_SECONDS = 5.0
"""How long a loader may take for a file of a few kilobytes."""

DEEP = 3_000
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 10**400, 1e308, -0.0, "", "\0", "\ud800", "x" * 70_000, "../../etc/passwd", "(a+)+$",
    "CON", "\u202e", "REDACTED-token-1", "2026-99-99T00:00:00Z", "gzip", "application/json; charset=utf-7", [], {},
    [[]], {"": {}}, [None] * 500, {"match": "regex", "regex": "(" * 500}, {"match": "nothing"}, {"base64": "%"},
    {"matchers": [{"match": "regex", "regex": "(x+x+)+y"}]}, {"min": -1, "match": "type"}, {"expression": "$.[*"},
)  # fmt: skip
ODD_KEYS = ("", "$", "$.body", "$['a", "__proto__", "at", "body", "headers", "x" * 3_000, "\udfff", "url", "*")
ODD_BYTES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"*a", b"&a [*a]", b"!!python/object/apply:os.system [id]", b"---\n", b"...\n",
    b"<<: *a", b"? ", b"- " * 200, b"[" * DEEP, b"{" * DEEP, b'{"a":' * DEEP, b'"', b"\\u0000", b"\\ud800", b"1e999999",
    b"9" * 5_000, b"\r", b"\t", b"%YAML 9.9\n---\n", b"!!binary |\n  !!!\n", b"99999999999:", b"0:", b"~",
    b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>',
)  # fmt: skip


@dataclass(slots=True)
class Findings:
    """What went wrong: files that raised what no caller expects, or took too long; and how many loaded at all."""

    files: int = 0
    loaded: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


def exchanges() -> list[Exchange]:
    """A few exchanges of different kinds."""
    fields = Headers([("Content-Type", "application/json"), ("Authorization", "Bearer REDACTED-authorization-1")])
    body = Body(b'{"id": 7, "tags": ["a", "b"], "price": 1.50, "at": "2026-01-01T00:00:00Z"}')
    image = Body(bytes(range(256)) * 20)
    return [
        Exchange(Request("GET", "/a", "page=1&q=%C3%A9", host="api.test"), Response(200, "OK", fields, body), 1.0, 0.1),
        Exchange(Request("POST", "/a", headers=fields, body=body, host="api.test"), Response(201), 2.0, 0.1),
        Exchange(Request("GET", "/i", host="img.test"), Response(200, body=image), 3.0),
        Exchange(Request("GET", "/a", "page=1&q=%C3%A9", host="api.test"), Response(404, body=Body(b"no")), 4.0),
    ]


def session(folder: Path) -> bytes:
    """A session file; its body files are left in the folder."""
    path = folder / "seed.yaml"
    write_session(path, SessionHeader("seed", 1.0, "fuzz", None, {"REDACTED-authorization-1": "abc"}),
                  [RecordedExchange(each, 1, (at,)) for at, each in enumerate(exchanges(), 1)])  # fmt: skip
    return path.read_bytes()


def contract() -> dict[str, Any]:
    """A contract with rules, generators and states."""
    rules = {"body": {"$.id": {"matchers": [{"match": "integer"}]},
                      "$.tags": {"matchers": [{"match": "type", "min": 1}]}},
             "path": {"matchers": [{"match": "regex", "regex": "/a/[0-9]+"}]},
             "header": {"X-A": {"matchers": [{"match": "include", "value": "a"}], "combine": "AND"}}}  # fmt: skip
    generators = {"body": {"$.id": {"type": "RandomInt", "min": 0, "max": 9}}, "path": {"type": "RandomString"}}
    one = {
        "description": "an a",
        "providerStates": [{"name": "there is an a", "params": {"id": 7}}],
        "request": {"method": "GET", "path": "/a/7", "query": {"page": ["1"]}, "headers": {"X-A": ["a"]},
                    "matchingRules": rules, "generators": generators},
        "response": {"status": 200, "headers": {"Content-Type": ["application/json"]},
                     "body": {"id": 7, "tags": ["a"]}, "matchingRules": rules, "generators": generators},
    }  # fmt: skip
    xml = {"description": "xml", "request": {"method": "POST", "path": "/x", "body": "<a b='1'><c>2</c></a>"},
           "response": {"status": 204}}  # fmt: skip
    metadata = {"pactSpecification": {"version": "3.0.0"}}
    return {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [one, xml], "metadata": metadata}


def har() -> dict[str, Any]:
    """A HAR file of two entries."""
    fields = [{"name": "Content-Type", "value": "application/json"}]
    request = {"method": "POST", "url": "http://api.test/a?b=1", "httpVersion": "HTTP/1.1", "headers": fields,
               "queryString": [{"name": "b", "value": "1"}], "cookies": [], "headersSize": -1, "bodySize": 7,
               "postData": {"mimeType": "application/json", "text": '{"a":1}'}}  # fmt: skip
    content = {"size": 4, "mimeType": "image/png", "text": "AAECAw==", "encoding": "base64"}
    response = {"status": 200, "statusText": "OK", "httpVersion": "h2", "headers": fields, "cookies": [],
                "content": content, "redirectURL": "", "headersSize": -1, "bodySize": 4}  # fmt: skip
    entry = {"startedDateTime": "2026-01-01T00:00:00.000Z", "time": 12.5, "request": request, "response": response,
             "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 1}}  # fmt: skip
    return {"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [entry, entry]}}


def flows(folder: Path) -> bytes:
    """A mitmproxy flow file."""
    path = folder / "seed.flows"
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for _ in range(2):
            writer.add(tflow.tflow(resp=True))
    return path.read_bytes()


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the values of a tree are."""
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def mutated_tree(tree: Any, chance: random.Random) -> Any:
    """A copy of a tree with one to four of its values or keys changed."""
    copy = json.loads(json.dumps(tree))
    for _ in range(chance.randint(1, 4)):
        *above, key = chance.choice([place for place in places(copy) if place])
        parent = copy
        for step in above:
            parent = parent[step]
        action = chance.random()
        if action < 0.15:
            del parent[key]
        elif action < 0.3 and isinstance(parent, dict):
            parent[chance.choice(ODD_KEYS)] = parent[key]
        elif action < 0.4:
            parent[key] = [parent[key]] * chance.choice((2, 50))
        else:
            # A copy, so that no later change reaches into the table.
            odd = chance.choice(ODD)
            parent[key] = json.loads(json.dumps(odd)) if isinstance(odd, (dict, list)) else odd
        if not copy:
            break
    return copy


def mutated_bytes(content: bytes, chance: random.Random) -> bytes:
    """A copy of a file with some of its bytes changed, taken out, doubled, or with odd ones put in."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(changed) + 1)
        action = chance.random()
        if action < 0.3 and place < len(changed):
            changed[place] ^= 1 << chance.randrange(8)
        elif action < 0.4:
            del changed[place : place + chance.randint(1, 200)]
        elif action < 0.5:
            changed[place:place] = changed[max(0, place - chance.randint(1, 300)) : place]
        elif action < 0.6:
            del changed[place:]
        else:
            changed[place:place] = chance.choice(ODD_BYTES)
        if not changed:
            break
    return bytes(changed)


class Loaders:
    """Loads files as the commands do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        seeds = {"yaml": session(folder), "flows": flows(folder)}
        for name, tree in (("json", contract()), ("har", har())):
            seeds[name] = json.dumps(tree, indent=1).encode()
        self._seeds, self._trees = seeds, {"json": contract(), "har": har()}
        self._load: dict[str, Callable[[Path], object]] = {
            "yaml": self._session, "json": self._active, "har": self._imported, "flows": self._imported,
        }  # fmt: skip

    def mutant(self, kind: str, chance: random.Random) -> bytes:
        """A mutated file of a kind."""
        tree = self._trees.get(kind)
        if tree is not None and chance.random() < 0.7:
            return json.dumps(mutated_tree(tree, chance)).encode()
        return mutated_bytes(self._seeds[kind], chance)

    def load(self, kind: str, content: bytes) -> bool:
        """Whether a file loads; what is wrong with it is a PactRecorderError, or a defect."""
        path = self._folder / f"mutant.{kind}"
        path.write_bytes(content)
        try:
            self._load[kind](path)
        except PactRecorderError:
            return False
        return True

    def _session(self, path: Path) -> None:
        load_session(path)
        self._active(path)

    def _active(self, path: Path) -> None:
        recorder = Recorder(SessionStore(self._folder, "fuzz"), Redactor(RedactionRules.default()))
        recorder.load(path)
        for target in ("/a", "/a/7", "/x"):
            recorder.answer(Request("GET", target, "page=1"), None)

    def _imported(self, path: Path) -> None:
        def convert(flow: Any) -> Exchange:
            return exchange_of(flow, request_of(flow, 1 << 20), response_of(flow, 1 << 20))

        redactor = Redactor(RedactionRules.default())
        for exchange in read_exchanges(path, convert):
            redactor.exchange(exchange)


def fuzz_files(folder: Path, count: int, seed: int) -> Findings:
    """Load so many mutated files of each kind in turn."""
    loaders, chance, found = Loaders(folder), random.Random(seed), Findings()
    for number in range(count):
        kind = ("yaml", "json", "har", "flows")[number % 4]
        content = loaders.mutant(kind, chance)
        began = time.monotonic()
        try:
            found.loaded += loaders.load(kind, content)
        except Exception as error:  # noqa: BLE001 (this is what is looked for)
            found.failures.append(_told(folder, kind, number, content, repr(error)[:300]))
        took = time.monotonic() - began
        found.slowest = max(found.slowest, took)
        if took > SLOWEST_SECONDS:
            found.failures.append(_told(folder, kind, number, content, f"took {took:.1f} seconds"))
        found.files += 1
    return found


def _told(folder: Path, kind: str, number: int, content: bytes, reason: str) -> str:
    kept = folder / f"failed-{number}.{kind}"
    kept.write_bytes(content)
    return f"{kept}: {reason}"
