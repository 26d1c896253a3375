"""Exchanges for tests of operations, written shortly, and what an index makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pact_recorder.http import Body, Headers, Request
from pact_recorder.inference.operations import MISSING, Operation, OperationIndex, PathHints, Place, tells_value
from pact_recorder.inference.operations.credentials import credential_header
from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import JsonError, parse_json

NO_HINTS = PathHints()


@dataclass(frozen=True)
class Sample:
    """One exchange: `GET /users/7`, the status and the JSON value of the answer."""

    line: str
    answer: JsonValue = None
    status: int = 200
    sent: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    host: str = "api.example.com"

    @property
    def request(self) -> Request:
        method, _, target = self.line.partition(" ")
        path, mark, query = target.partition("?")
        body = None if self.sent is None else Body(self.sent)
        return Request(
            method, path, query if mark else None, Headers(self.headers.items()), body, "https", self.host, 443
        )

    @property
    def path(self) -> str:
        return self.request.path


def indexed(samples: Iterable[Sample], hints: PathHints = NO_HINTS) -> tuple[OperationIndex, list[Place]]:
    """An index that has seen the samples, and the place of each."""
    index = OperationIndex(hints)
    places: list[Place] = []
    for sample in samples:
        place = index.place(sample.request, json_of(sample.sent))
        index.presented(
            place, [(name.lower(), value) for name, value in sample.headers.items() if credential_header(name)]
        )
        index.answered(place, sample.status, names_in(sample.answer))
        for member, values in identities(sample.answer).items():
            index.produced(place, member, values)
        places.append(place)
    return index, places


def json_of(content: bytes | None) -> JsonValue:
    if content is None:
        return MISSING
    try:
        return parse_json(content)
    except JsonError:
        return MISSING


def operations_of(samples: Iterable[Sample], hints: PathHints = NO_HINTS) -> list[Operation]:
    """The operation of each sample."""
    index, places = indexed(samples, hints)
    found = index.operations()
    return [found[place] for place in places]


def names_of(samples: Iterable[Sample], hints: PathHints = NO_HINTS) -> list[str]:
    """The names of the operations of each sample."""
    return [operation.name for operation in operations_of(samples, hints)]


def gets(*paths: str) -> list[Sample]:
    """Requests whose answers say nothing."""
    return [Sample(f"GET {path}") for path in paths]


def names_in(value: JsonValue) -> frozenset[str]:
    items = value if isinstance(value, list) else [value]
    return frozenset(name for item in items if isinstance(item, dict) for name in item)


def identities(value: JsonValue) -> dict[str, set[str | int]]:
    found: dict[str, set[str | int]] = {}
    todo = [value]
    for each in todo:
        if isinstance(each, list):
            todo.extend(each)
        elif isinstance(each, dict):
            for name, member in each.items():
                if isinstance(member, (str, int)) and not isinstance(member, bool) and tells_value(name):
                    found.setdefault(name, set()).add(member)
                else:
                    todo.append(member)
    return found
