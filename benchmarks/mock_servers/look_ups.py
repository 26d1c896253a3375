"""Processor time of an answer alone, without network and HTTP, by how many interactions there are and are asked for."""

from __future__ import annotations

import gc
import random
import time

from mock_servers.contracts import KINDS, asked_of, contract
from mock_servers.tables import heading, line
from pact_recorder.mock import ContractMock
from pact_recorder.pact import read_contract
from pact_recorder.server.mock_app import MockApp
from pact_recorder.server.wire import Asked

_TIMES = 20_000
_ROUNDS = 5


def look_ups() -> None:
    """Print the first answer of an interaction, and those that follow; making the requests is not counted."""
    print(heading(("contract", "interactions", "asked for", "first µs", "again µs")), flush=True)
    for kind in KINDS:
        for count in (1, 1_000, 100_000):
            read = read_contract(contract(kind, count), kind)
            for asked in sorted({1, min(count, 1_000), count}):
                cells = _measured(MockApp(ContractMock(read).reply), kind, asked, count // asked)
                print(line((kind, f"{count:,}", f"{asked:,}", *cells)), flush=True)


def _measured(server: MockApp, kind: str, asked: int, step: int) -> tuple[str, str]:
    once = [number * step for number in range(asked)]
    first = _in_loop(server, kind, once)
    gc.collect()
    gc.freeze()
    order = random.Random(1).choices(once, k=_TIMES)
    made = min(_in_loop(None, kind, order) for _ in range(_ROUNDS))
    again = min(_in_loop(server, kind, order) for _ in range(_ROUNDS)) - made
    gc.unfreeze()
    return f"{first - made:.0f}", f"{again:.2f}"


def _in_loop(server: MockApp | None, kind: str, numbers: list[int]) -> float:
    """Microseconds a request, each made anew as from the wire; without a server only made."""
    began = time.process_time()
    for number in numbers:
        request = Asked(*asked_of(kind, number))
        if server is not None:
            answer = server.respond(request).message(False)
            assert answer.startswith(b"HTTP/1.1 200"), answer
    return (time.process_time() - began) / len(numbers) * 1e6
