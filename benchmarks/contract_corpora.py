"""Recorded corpora as exchanges, their halves, and labelled mutants of their answers: what contracts are judged with.

The corpora and the tool that makes mutants lie outside the repository (`shared` beside it); the tool is imported when
it is needed. A label is looked up against all exchanges of the same operation and status in the whole corpus, so that
it does not rest on the half that a contract was made of.
"""

import base64
import gzip
import importlib
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response
from pact_recorder.http.content_coding import CodingError, decode_content
from pact_recorder.verification import Mutant

SHARED = Path(__file__).parents[2] / "shared"
TRAFFIC = SHARED / "data" / "traffic"
_LIMIT = 64 << 20
_BODILESS = (204, 304)

Pair = dict[str, Any]
RouteKey = tuple[str, str, str, int]


@dataclass(frozen=True)
class Sampling:
    """How much of a corpus is looked at: mutants of an answer, answers that are mutated, siblings a route must have."""

    seed: int
    mutants: int
    mutated: int
    min_samples: int
    support: int = 0


@dataclass(frozen=True)
class Corpus:
    """A corpus, read once."""

    name: str
    pairs: tuple[Pair, ...]

    @classmethod
    def read(cls, path: Path) -> "Corpus":
        """The corpus of a gzipped file."""
        with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
            pairs = tuple(json.loads(line) for line in lines if line.strip())
        return cls(path.name.removesuffix(".gz").removesuffix(".jsonl"), pairs)

    def halves(self, seed: int, split: str) -> tuple[list[int], list[int]]:
        """Places of the exchanges to make contracts of, and of those held out, each about a half.

        With the split `source` all exchanges of one recording are on one side, which is nearer to another client's
        recordings than a random half is.
        """
        chance = random.Random(f"{seed} {self.name}")
        if split == "random":
            order = list(range(len(self.pairs)))
            chance.shuffle(order)
            half = len(order) // 2
            return sorted(order[:half]), sorted(order[half:])
        sources = sorted({pair["source"] for pair in self.pairs})
        chance.shuffle(sources)
        sizes = Counter(pair["source"] for pair in self.pairs)
        chosen, size = set(), 0
        for source in sources:
            if size < len(self.pairs) // 2:
                chosen.add(source)
                size += sizes[source]
        sides: tuple[list[int], list[int]] = ([], [])
        for place, pair in enumerate(self.pairs):
            sides[pair["source"] not in chosen].append(place)
        return sides

    def exchange(self, place: int) -> Exchange:
        """An exchange of the corpus."""
        return exchange_of(self.pairs[place])

    def name_of(self, place: int) -> str:
        """Where an exchange comes from, for people."""
        pair = self.pairs[place]
        return f"{pair['source']}#{pair['seq']}"

    def route(self, place: int) -> str:
        """The operation of an exchange, as a person would write its template."""
        _, method, route, _ = self._keys[place]
        return f"{method} {route}"

    def mutants(self, place: int, sampling: Sampling) -> Iterator[Mutant]:
        """Labelled mutants of an answer, a seeded sample of them."""
        key = self._keys[place]
        if self._sizes[key] < sampling.min_samples:
            return
        pair = self.pairs[place]
        found = [
            each
            for each in _tool("mutate").mutants(pair, sampling.seed, self._profiles[key])
            if each["label"] != "ambiguous" and each["support"] >= sampling.support
        ]
        chance = random.Random(f"{sampling.seed} {self.name} {place}")
        for each in chance.sample(found, min(sampling.mutants, len(found))):
            response = response_of(each["pair"])
            yield Mutant(each["kind"], each["label"], each["severity"], each["path"] or "", each["note"], response)

    @cached_property
    def _keys(self) -> list[RouteKey]:
        route = _tool("stats").route
        return [
            (pair["request"]["host"], pair["request"]["method"], route(pair), pair["response"]["status"])
            for pair in self.pairs
        ]

    @cached_property
    def _sizes(self) -> Counter[RouteKey]:
        return Counter(self._keys)

    @cached_property
    def _profiles(self) -> dict[RouteKey, Any]:
        """What the siblings of an answer show; the statuses are those of the whole operation."""
        profiles: dict[RouteKey, Any] = defaultdict(_tool("mutate").Profile)
        for key, pair in zip(self._keys, self.pairs, strict=True):
            profiles[key].add(pair)
        statuses: dict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
        for key, count in self._sizes.items():
            statuses[key[:3]][key[3]] += count
        for key, profile in profiles.items():
            profile.status.update(statuses[key[:3]])
        return profiles


def available(names: Sequence[str] = ()) -> list[Path]:
    """The files of the named corpora (a part of the name will do), of all when none is named."""
    paths = sorted(TRAFFIC.glob("*.jsonl.gz"))
    return [path for path in paths if not names or any(name in path.name for name in names)]


def exchange_of(pair: Pair) -> Exchange:
    """An exchange as a recorder would have it."""
    request = pair["request"]
    headers = _headers(request)
    raw = _raw(request)
    declared = bool(raw) or "content-length" in headers or "transfer-encoding" in headers
    return Exchange(
        Request(
            method=request["method"],
            path=request["path"],
            query=request["query"] or None,
            headers=headers,
            body=_body(raw, headers) if declared else None,
            scheme=request["scheme"],
            host=request["host"],
            port=request["port"] or (443 if request["scheme"] == "https" else 80),
        ),
        response_of(pair),
    )


def response_of(pair: Pair) -> Response:
    """The answer of an exchange."""
    response = pair["response"]
    headers, raw = _headers(response), _raw(response)
    bodiless = pair["request"]["method"] == "HEAD" or response["status"] in _BODILESS
    body = None if bodiless and not raw else _body(raw, headers)
    return Response(response["status"], response.get("reason") or "", headers, body)


def _headers(message: Pair) -> Headers:
    return Headers((name, value) for name, value in message["headers"])


def _raw(message: Pair) -> bytes:
    if message.get("body_b64"):
        return base64.b64decode(message["body_b64"])
    return (message.get("body") or "").encode("utf-8", "surrogatepass")


def _body(raw: bytes, headers: Headers) -> Body:
    coding = ", ".join(headers.get_all("content-encoding")).strip()
    if not raw or coding.lower() in ("", "identity"):
        return Body(raw)
    try:
        return Body(decode_content(raw, coding, _LIMIT), EncodedBody(coding, raw))
    except (CodingError, LimitError):
        return Body(raw)


def _tool(name: str) -> Any:
    folder = str(SHARED / "tools")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)
