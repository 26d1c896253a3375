"""Recorded exchanges as expectations in MockServer's JSON: each time alone, or one for each different request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pact_recorder.capture.traffic_history import Seen
from pact_recorder.http import Exchange
from pact_recorder.http.identity import exchange_identity
from pact_recorder.mock import Expectations
from pact_recorder.mock.mockserver.parameterizing import parameterized
from pact_recorder.mock.mockserver.traffic import write_recording
from pact_recorder.mock.mockserver.writing import write_expectation

Document = dict[str, Any]


def recorded_documents(seen: Iterable[Seen], *, consolidate: bool, parameterize: bool) -> list[Document]:
    """The expectations of what was recorded, in order.

    Each time alone they answer once, with every header of the request. Consolidated there is one for each different
    request, without volatile headers, that gives its different answers in turn without end; parameterized it takes
    other values in the place of volatile ones too.
    """
    if not (consolidate or parameterize):
        return _each(seen)
    documents = _consolidated(seen)
    return parameterized(documents) if parameterize else documents


def with_headers(document: Mapping[str, Any], names: frozenset[str] | None) -> Document:
    """An expectation whose request keeps only the headers of these lower-case names; None keeps all."""
    request = document["httpRequest"]
    if names is None or "headers" not in request:
        return dict(document)
    kept = {name: values for name, values in request["headers"].items() if name.lower() in names}
    narrowed = {name: value for name, value in request.items() if name != "headers" or kept}
    return {**document, "httpRequest": narrowed | ({"headers": kept} if kept else {})}


def _each(seen: Iterable[Seen]) -> list[Document]:
    times: Counter[str] = Counter()
    written: list[Document] = []
    for each in seen:
        identity = exchange_identity(each.exchange)
        written.append(write_recording(each.exchange, times[identity]))
        times[identity] += 1
    return written


def _consolidated(seen: Iterable[Seen]) -> list[Document]:
    exchanges: list[Exchange] = []
    places: dict[str, int] = {}
    expectations = Expectations(exchanges.__getitem__)
    for each in seen:
        place = places.setdefault(exchange_identity(each.exchange), len(exchanges))
        if place == len(exchanges):
            exchanges.append(each.exchange)
        expectations.add_recorded(each.exchange, place)
    return [write_expectation(each) for each in sorted(expectations.recorded, key=lambda each: each.created)]
