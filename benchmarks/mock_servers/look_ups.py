"""Processor time of an answer alone, without network and HTTP, by how many interactions there are and are asked for."""

from __future__ import annotations

import gc
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
            for asked in sorted({1, min(count, 1_000), count}):
                server = MockApp(ContractMock(read_contract(contract(kind, count), kind)).reply)
                first = _in_loop(server, kind, asked, count // asked, asked)
                gc.collect()
                gc.freeze()
                made = min(_in_loop(None, kind, asked, count // asked, _TIMES) for _ in range(_ROUNDS))
                again = min(_in_loop(server, kind, asked, count // asked, _TIMES) for _ in range(_ROUNDS)) - made
                cells = (kind, f"{count:,}", f"{asked:,}", f"{first - made:.0f}", f"{again:.2f}")
                print(line(cells), flush=True)
                gc.unfreeze()


def _in_loop(server: MockApp | None, kind: str, asked: int, step: int, times: int) -> float:
    """Microseconds a request, each made anew as from the wire; without a server only made."""
    at, began = 0, time.process_time()
    for _ in range(times):
        at = (at + 7919) % asked
        request = Asked(*asked_of(kind, at * step))
        if server is not None:
            answer = server.respond(request).message(False)
            assert answer.startswith(b"HTTP/1.1 200"), answer
    return (time.process_time() - began) / times * 1e6
