"""Operations of real traffic: how much of what half of it shows is what the other half asks for."""

from __future__ import annotations

import base64
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from corpora import NAMES, Corpus

from pact_recorder.http import Body, Headers, Request
from pact_recorder.inference.operations import Operation, OperationIndex
from pact_recorder.inference.operations.calls import call_of
from tests.inference.operations.traffic import identities, json_of, names_in

pytestmark = pytest.mark.corpus

# The share of the requests of one half whose operation the other half must have shown: a little below the least of ten
# divisions into halves.
COVERED = {
    "aws-manageiq": 0.79,
    "azure-custodian": 0.71,
    "browser-har-a": 0.69,
    "contentful-management-rb": 0.83,
    "crossref-rcrossref": 0.83,
    "datadog-client-python": 0.76,
    "dns-lexicon-a": 0.96,
    "fastly-go": 0.67,
    "gbif-rgbif": 0.84,
    "github-octokit-rb": 0.72,
    "linode-linodego": 0.84,
    "llm-openllmetry": 0.90,
    "media-subliminal": 0.91,
    "openstack-manageiq": 0.88,
    "payments-pay-a": 0.89,
    "reddit-praw": 0.82,
    "trello-ruby": 0.60,
}


def _content(message: dict[str, Any]) -> bytes | None:
    if message.get("body_b64"):
        return base64.b64decode(message["body_b64"])
    return message["body"].encode("utf-8", "surrogatepass") if message.get("body") else None


def _request(exchange: dict[str, Any]) -> Request:
    found = exchange["request"]
    content = _content(found)
    body = None if content is None else Body(content)
    headers = Headers(tuple(field) for field in found["headers"])
    scheme, host, port = found["scheme"], found["host"], found["port"]
    return Request(found["method"], found["path"], found["query"] or None, headers, body, scheme, host, port)


def _operations(exchanges: list[dict[str, Any]]) -> list[Operation]:
    index = OperationIndex()
    places = []
    for exchange in exchanges:
        request = _request(exchange)
        answer = json_of(_content(exchange["response"]))
        place = index.place(request, json_of(request.body.content if request.body is not None else None))
        index.answered(place, exchange["response"]["status"], names_in(answer))
        for member, values in identities(answer).items():
            index.produced(place, member, values)
        places.append(place)
    found = index.operations()
    return [found[place] for place in places]


@pytest.fixture(scope="module", params=NAMES)
def exchanges(request: pytest.FixtureRequest, shared: Path) -> tuple[str, list[dict[str, Any]]]:
    return request.param, list(Corpus(request.param, shared).exchanges())


def test_what_half_of_the_traffic_shows_covers_the_other(exchanges: tuple[str, list[dict[str, Any]]]) -> None:
    name, found = exchanges
    found = Random(7).sample(found, len(found))
    half = len(found) // 2
    known: dict[tuple[str, str, str], set[Operation]] = defaultdict(set)
    for operation in _operations(found[:half]):
        known[operation.provider, operation.method, operation.call].add(operation)
    covered = 0
    for exchange in found[half:]:
        request = _request(exchange)
        call = call_of(request, json_of(request.body.content if request.body is not None else None))
        candidates = known[request.authority, request.method, call]
        matching = [each for each in candidates if each.matches(request.method, request.path)]
        assert len(matching) <= 1, (request.path, [each.name for each in matching])
        covered += len(matching)
    assert covered >= COVERED[name] * (len(found) - half), covered / (len(found) - half)


def test_every_request_belongs_to_its_operation_in_any_order(exchanges: tuple[str, list[dict[str, Any]]]) -> None:
    _, found = exchanges
    operations = _operations(found)
    for exchange, operation in zip(found, operations, strict=True):
        assert operation.matches(exchange["request"]["method"], exchange["request"]["path"]), operation.name
    assert _operations(found[::-1])[::-1] == operations


@pytest.mark.parametrize(
    ("corpus", "names"),
    [
        (
            "github-octokit-rb",
            [
                "GET /repos/{owner}/{repo}",
                "GET /repos/{owner}/{repo}/contents/{path}",
                "DELETE /repos/{owner}/{repo}/git/refs/{ref}",
                "GET /repos/{owner}/{repo}/issues/{issue}",
                "GET /user",
            ],
        ),
        ("trello-ruby", ["GET /1/cards/{card}", "GET /1/members/me", "GET /1/members/{member}"]),
        ("aws-manageiq", ["POST / Action=DescribeInstances"]),
        ("linode-linodego", ["GET /v4beta/databases/mysql/instances/{instance}"]),
    ],
)
def test_templates_are_those_of_the_documentation(corpus: str, names: list[str], shared: Path) -> None:
    found = {operation.name for operation in _operations(list(Corpus(corpus, shared).exchanges()))}
    assert set(names) <= found
