"""What inference costs, as ratios to `json.loads` of the same bodies: `python benchmarks/inference.py`.

The first table is about recordings: a small API of this file's own with a few samples of each kind of request, and the
shared corpora when they are there. Evidence is what it takes to take all exchanges in, to fold them into shapes and to
decide the operations, contract what it takes to make the contracts of that. Beside them stand two things that bound
what can be had: to register the requests alone, without a look at any answer, and `json.loads` of the contracts that
came of it, which of sparse recordings are longer than the recordings. The second table is about growth: each place (a
method with a path whose numbers do not count) with ever more samples, all different.

All parts are measured in turn, round by round, in one process; ratios are medians of those within a round. The
recordings themselves are put out of the garbage collector's sight; `--no-gc` turns it off.
"""

import argparse
import gc
import json
import re
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from contract_corpora import Corpus, available

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.inference import Inference
from pact_recorder.inference.messages import JSON, content_of
from pact_recorder.inference.operations import MISSING, OperationIndex, PathHints
from pact_recorder.pact import format_contract

_FIELDS = Headers([("Content-Type", "application/json"), ("Date", "Fri, 20 Nov 2026 19:00:00 GMT"), ("ETag", '"1"')])
_RESOURCES = ("orders", "customers", "invoices", "products", "shipments", "refunds", "carts", "coupons", "vendors")
_COLUMNS = (
    *("recording", "exchanges", "of a place", "json.loads, ms"),
    *("evidence", "contract", "both", "requests alone", "contract read"),
)
_GROWTH_COLUMNS = ("recording", "samples of a place", "evidence", "µs a sample", "kB a place", "contract, ms")
_NUMERIC = re.compile(r"[0-9]+")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Row:
    """What one recording costs; from `evidence` on times `json.loads` of its bodies."""

    name: str
    exchanges: int
    per_place: float
    loads: float  # seconds
    evidence: float
    contract: float
    requests: float
    contract_loads: float


@dataclass(frozen=True)
class Growth:
    """What so many samples of each place cost: times `json.loads`, seconds a sample, bytes held for a place."""

    samples: int
    evidence: float
    per_sample: float
    held: float
    contract: float  # seconds


def main() -> None:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", help="corpora, by a part of their names (default: all that are there)")
    parser.add_argument("--rounds", type=int, default=5, help="how many rounds the medians are of (default 5)")
    parser.add_argument(
        "--samples", type=int, nargs="+", default=[5, 50, 500], help="samples of each place in the second table"
    )
    parser.add_argument("--no-gc", action="store_true", help="measure without the garbage collector")
    options = parser.parse_args()
    with _collecting(not options.no_gc):
        _show(f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}")
        for name, exchanges in _recordings(options.names):
            _show_row(measured(name, exchanges, options.rounds))
        _show(f"\n| {' | '.join(_GROWTH_COLUMNS)} |\n|{'---|' * len(_GROWTH_COLUMNS)}")
        for name, exchanges in _grown(options.names):
            for samples in options.samples:
                _show_growth(name, grown(exchanges, samples))


def measured(name: str, exchanges: Sequence[Exchange], rounds: int) -> Row:
    """What inference over a recording costs."""
    bodies = list(_bodies(exchanges))
    documents = [format_contract(each.contract, 3) for each in _taken(exchanges).contracts("bench").values()]
    parts: Mapping[str, Callable[[], object]] = {
        "loads": lambda: _read(bodies),
        "requests": lambda: _registered(exchanges),
        "contract read": lambda: _read(documents),
    }
    with _unseen():
        found = [_round(exchanges, parts) for _ in range(rounds)]

    def ratio(part: str) -> float:
        return statistics.median(each[part] / each["loads"] for each in found)

    return Row(
        name,
        len(exchanges),
        len(exchanges) / _registered(exchanges),
        statistics.median(each["loads"] for each in found),
        ratio("evidence"),
        ratio("contract"),
        ratio("requests"),
        ratio("contract read"),
    )


def grown(exchanges: Sequence[Exchange], samples: int) -> Growth:
    """What it costs when there are so many samples of each exchange."""
    held = _held(exchanges, samples)
    bodies, seconds = 0.0, 0.0
    inference = Inference()
    for batch in _batches(_several(exchanges, samples)):
        contents = list(_bodies(batch))
        bodies += _seconds(lambda contents=contents: _read(contents))
        seconds += _seconds(lambda batch=batch: _add(inference, batch))
    first = _seconds(lambda: inference.contracts("bench"))
    again = _seconds(lambda: inference.contracts("bench"))
    seconds += max(0.0, first - again)
    return Growth(samples, seconds / bodies, seconds / samples / len(exchanges), held / _registered(exchanges), again)


def _held(exchanges: Sequence[Exchange], samples: int) -> int:
    """Bytes that the inference holds when it has made its contracts."""
    tracemalloc.start()
    inference = _taken(_several(exchanges, samples))
    inference.contracts("bench")
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held


def _round(exchanges: Sequence[Exchange], parts: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds that each part takes."""
    found = {name: _seconds(part) for name, part in parts.items()}
    inference = Inference()
    found["evidence"] = _seconds(lambda: _add(inference, exchanges))
    first = _seconds(lambda: inference.contracts("bench"))
    found["contract"] = _seconds(lambda: inference.contracts("bench"))
    # The first contract folds what still waits; the second finds everything folded.
    found["evidence"] += max(0.0, first - found["contract"])
    return found


def own_recording(samples: int) -> list[Exchange]:
    """A recording of a small API: lists, things, things made and things missing, each with so many samples."""
    found: list[Exchange] = []
    for resource in _RESOURCES:
        for number in range(samples):
            thing = _thing(resource, number)
            listed = {"data": [_thing(resource, number * 10 + n) for n in range(3)], "total": 3, "next": None}
            asked = {"name": thing["name"], "price": thing["price"], "tags": thing["tags"]}
            found.append(_exchange("GET", f"/v1/{resource}?page={number + 1}", None, 200, listed))
            found.append(_exchange("GET", f"/v1/{resource}/{1000 + number}", None, 200, thing))
            found.append(_exchange("POST", f"/v1/{resource}", asked, 201, thing))
            missing = {"error": {"code": "not_found", "message": f"no {resource} {9000 + number}"}}
            found.append(_exchange("GET", f"/v1/{resource}/{9000 + number}", None, 404, missing))
    return found


def varied(exchange: Exchange, number: int) -> Exchange:
    """The same exchange with other values: numbers in its path, and all scalars of its JSON bodies."""
    request, response = exchange.request, exchange.response
    path = "/".join(str(int(part) + number) if _NUMERIC.fullmatch(part) else part for part in request.path.split("/"))
    return exchange.with_messages(
        replace(request, path=path, body=_varied_body(request.body, number)),
        replace(response, body=_varied_body(response.body, number)),
    )


def _varied_body(body: Body | None, number: int) -> Body | None:
    try:
        value = json.loads(body.content) if body is not None else None
    except ValueError:
        return body
    return body if value is None else Body(json.dumps(_varied_value(value, number)).encode())


def _varied_value(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {name: _varied_value(each, number) for name, each in value.items()}
    if isinstance(value, list):
        return [_varied_value(each, number) for each in value]
    if isinstance(value, str):
        return _DIGIT.sub(lambda digit: str((int(digit[0]) + number) % 10), value)
    return value + number if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _thing(resource: str, number: int) -> dict[str, Any]:
    return {
        "id": 1000 + number,
        "uuid": f"7f3a9c00-d1e2-4b3a-8c4d-{number:012x}",
        "kind": resource,
        "name": f"A {resource} with the number {number}",
        "price": 10.5 + number,
        "active": number % 2 == 0,
        "note": None if number % 3 else "to be called back",
        "created_at": f"2026-01-{number % 28 + 1:02}T10:{number % 60:02}:00Z",
        "owner": {"id": number % 7, "login": f"user{number % 7}", "url": f"https://api.example.com/users/{number % 7}"},
        "tags": ["a", "b", "c"][: number % 4],
        "lines": [{"sku": f"SKU-{number + n:05}", "quantity": n, "unit": "pcs", "discount": 0.25} for n in range(4)],
    }


def _exchange(method: str, target: str, sent: Any, status: int, got: Any) -> Exchange:
    path, _, query = target.partition("?")
    body = None if sent is None else Body(json.dumps(sent).encode())
    request = Request(method, path, query or None, _FIELDS, body, "https", "api.example.com", 443)
    return Exchange(request, Response(status, "", _FIELDS, Body(json.dumps(got).encode())))


def _recordings(names: Sequence[str]) -> Iterator[tuple[str, list[Exchange]]]:
    yield "of this file, 4 samples", own_recording(4)
    yield "of this file, 40 samples", own_recording(40)
    for path in available(names):
        corpus = Corpus.read(path)
        yield corpus.name, [corpus.exchange(place) for place in range(len(corpus.pairs))]


def _grown(names: Sequence[str]) -> Iterator[tuple[str, list[Exchange]]]:
    """Recordings with one exchange of each method and path; of the corpora only those that are asked for."""
    yield "of this file", own_recording(1)
    for path in available(names) if names else ():
        corpus = Corpus.read(path)
        exchanges = (corpus.exchange(place) for place in range(len(corpus.pairs)))
        yield corpus.name, list({(each.request.method, each.request.path): each for each in exchanges}.values())


def _several(exchanges: Sequence[Exchange], samples: int) -> Iterator[Exchange]:
    return (varied(each, number) for number in range(samples) for each in exchanges)


def _batches(exchanges: Iterable[Exchange], size: int = 1000) -> Iterator[list[Exchange]]:
    batch: list[Exchange] = []
    for each in exchanges:
        batch.append(each)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch


def _taken(exchanges: Iterable[Exchange]) -> Inference:
    inference = Inference()
    _add(inference, exchanges)
    return inference


def _add(inference: Inference, exchanges: Iterable[Exchange]) -> None:
    for each in exchanges:
        inference.add(each)


def _registered(exchanges: Iterable[Exchange]) -> int:
    """How many places there are, found by registering the requests alone."""
    return len(set(_places(exchanges)))


def _places(exchanges: Iterable[Exchange]) -> Iterator[object]:
    index = OperationIndex(PathHints())
    for each in exchanges:
        sent = content_of(each.request)
        yield index.place(each.request, sent.value if sent.form == JSON else MISSING)


def _bodies(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    for each in exchanges:
        yield from (body.content for body in (each.request.body, each.response.body) if body is not None)


def _read(texts: Iterable[bytes | str]) -> None:
    for text in texts:
        try:
            json.loads(text)
        except ValueError:
            continue


def _seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


@contextmanager
def _collecting(collecting: bool) -> Iterator[None]:
    """With or without the garbage collector."""
    if not collecting:
        gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _unseen() -> Iterator[None]:
    """With everything that is there by now out of the collector's sight."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _show_row(row: Row) -> None:
    both = row.evidence + row.contract
    _show(
        f"| {row.name} | {row.exchanges} | {row.per_place:.1f} | {row.loads * 1e3:.1f} | {row.evidence:.1f} "
        f"| {row.contract:.1f} | {both:.1f} | {row.requests:.1f} | {row.contract_loads:.1f} |"
    )


def _show_growth(name: str, growth: Growth) -> None:
    _show(
        f"| {name} | {growth.samples} | {growth.evidence:.1f} | {growth.per_sample * 1e6:.0f} "
        f"| {growth.held / 1e3:.0f} | {growth.contract * 1e3:.0f} |"
    )


def _show(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
