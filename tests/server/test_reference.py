"""The mock server beside the reference's: the same contracts, the same requests, the same replies and report.

Where they differ on purpose: the reference lets the score alone choose, so that a request may be refused although it
matches, or reported as not found although an interaction has its method and path.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

os.environ["PACT_DO_NOT_TRACK"] = "true"  # without it the library sends usage metrics out

from compatibility.wire import send
from pact import Pact
from pact_ffi.ffi import ffi, lib

from pact_recorder import MockServer
from pact_recorder.http import Body, Headers, Request, Response

CASES = 80
DELIBERATE = 0.1  # the part of the cases that may differ on purpose; about 4 % do
_TRANSPORT_HEADERS = {"host", "content-length"}


@dataclass(frozen=True)
class Asked:
    """A request, as expected or as made."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: Any = None

    def document(self) -> dict[str, Any]:
        """The expected request in a V3 document."""
        request: dict[str, Any] = {"method": self.method, "path": self.path, "headers": dict(self._lines())}
        for name, value in self.query:
            request.setdefault("query", {}).setdefault(name, []).append(value)
        return request if self.body is None else request | {"body": self.body}

    def request(self) -> Request:
        """The request as a client makes it."""
        query = "&".join(f"{name}={value}" for name, value in self.query) or None
        body = None if self.body is None else Body(json.dumps(self.body).encode())
        return Request(self.method, self.path, query, Headers(self._lines()), body)

    def define(self, pact: Pact, number: int) -> None:
        """Add the interaction to the reference's pact."""
        interaction = pact.upon_receiving(str(number)).with_request(self.method, self.path)
        for name, value in self.query:
            interaction.with_query_parameter(name, value)
        for name, value in self.headers:
            interaction.with_header(name, value, "Request")
        if self.body is not None:
            interaction.with_body(json.dumps(self.body), "application/json", "Request")
        interaction.will_respond_with(200).with_header("X-Number", str(number), "Response")

    def _lines(self) -> list[tuple[str, str]]:
        return [*self.headers, *([] if self.body is None else [("Content-Type", "application/json")])]


def asked(random: Random) -> Asked:
    """A request out of few, so that many of them meet."""

    def some(names: str) -> tuple[tuple[str, str], ...]:
        chosen = random.sample(names.split(), random.randint(0, len(names.split())) * random.randint(0, 1))
        return tuple((name, random.choice("12")) for name in chosen)

    return Asked(
        method=random.choice(["GET", "GET", "POST", "OPTIONS"]),
        path=random.choice(["/a", "/b"]),
        query=some("x y"),
        headers=some("X-A X-B X-C"),
        body=random.choice([None, None, {"a": 1}, {"a": 2}, {"a": 1, "b": [1]}]),
    )


def ours(expected: list[Asked], made: list[Asked]) -> tuple[list[Any], list[Any]]:
    """Our replies, and our report."""
    interactions = [
        {
            "description": str(number),
            "request": each.document(),
            "response": {"status": 200, "headers": {"X-Number": str(number)}},
        }
        for number, each in enumerate(expected)
    ]
    document = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": interactions}
    with MockServer(document) as server:
        replies = [shown(send(server.port, each.request())) for each in made]
        assert server.matched == (not server.mismatches())
        return replies, [comparable(each) for each in server.mismatches()]


def theirs(expected: list[Asked], made: list[Asked]) -> tuple[list[Any], list[Any]]:
    """The reference's replies, and its report."""
    pact = Pact("c", "p").with_specification("V3")
    for number, each in enumerate(expected):
        each.define(pact, number)
    with pact.serve(raises=False, verbose=False) as server:
        assert server.port
        replies = [shown(send(server.port, each.request())) for each in made]
        report = json.loads(ffi.string(lib.pactffi_mock_server_mismatches(server.port)))
    return replies, [comparable(each) for each in report]


def shown(response: Response) -> Any:
    """What is compared of a reply."""
    names = ("x-number", "x-pact", "content-type")
    cors = sorted((name.lower(), value) for name, value in response.headers if name.lower().startswith("access-"))
    return response.status, [response.headers.get(name) for name in names], cors


def comparable(unmet: dict[str, Any]) -> dict[str, Any]:
    """An entry of the report without what the transport adds, its mismatches in a fixed order."""
    request = unmet.get("request", {})
    kept = {name: value for name, value in request.get("headers", {}).items() if name not in _TRANSPORT_HEADERS}
    request = {**request, "headers": kept}
    mismatches = sorted(json.dumps(each, sort_keys=True) for each in unmet.get("mismatches", ()))
    return {**unmet, "request": request, "mismatches": mismatches}


def is_deliberate(our: Any, their: Any) -> bool:
    """Whether a reply differs because the reference's score chose an interaction that we do not choose."""
    their_refusal = their[1][1]
    if our[0] == 200:
        return their_refusal is not None
    return our[1][1] == "Request-Mismatch" and their_refusal == "Unexpected-Request"


@pytest.fixture(scope="module")
def differing() -> list[int]:
    """The seeds of the cases that differed on purpose."""
    return []


@pytest.mark.parametrize("seed", range(CASES))
def test_the_reference_agrees(seed: int, differing: list[int]) -> None:
    random = Random(seed)
    expected = [asked(random) for _ in range(random.randint(1, 3))]
    made = [random.choice([asked(random), *expected]) for _ in range(random.randint(0, 4))]
    our, our_report = ours(expected, made)
    their, their_report = theirs(expected, made)
    different = [(mine, other) for mine, other in zip(our, their, strict=True) if mine != other]
    assert all(is_deliberate(mine, other) for mine, other in different), different
    if different:
        differing.append(seed)
    else:
        assert our_report == their_report


def test_few_cases_differ_on_purpose(differing: list[int]) -> None:
    assert len(differing) <= CASES * DELIBERATE
