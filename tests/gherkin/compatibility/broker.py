"""A Pact Broker in memory that speaks HAL, as far as verifying needs it, and the client that verifies from it.

The links are followed as a verifier must: index, `pb:provider-pacts-for-verification`, the pact itself, and its
`pb:publish-verification-results`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from compatibility.wire import send
from pact_recorder import __version__
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.pact import AnyInteraction, Contract, read_contract
from pact_recorder.verification import ProviderReport, ProviderResult

FOR_VERIFICATION = "pb:provider-pacts-for-verification"
PUBLISH = "pb:publish-verification-results"

_JSON = Headers([("Content-Type", "application/json")])
_HAL = Headers([("Content-Type", "application/hal+json")])


class Broker:
    """Holds pacts by their path, and what was published about them as the requests that did."""

    def __init__(self) -> None:
        self.pacts: dict[str, dict[str, Any]] = {}
        self.published: list[Request] = []

    def add(self, document: Mapping[str, Any]) -> None:
        """Take a contract's document in; its interactions get identifiers."""
        consumer, provider = document["consumer"]["name"], document["provider"]["name"]
        interactions = [
            {**interaction, "_id": f"{consumer}-{number}"}
            for number, interaction in enumerate(document["interactions"])
        ]
        self.pacts[f"/pacts/provider/{provider}/consumer/{consumer}"] = {**document, "interactions": interactions}

    def answer(self, request: Request) -> Response:
        """The answer to a request of the API."""
        base = f"http://{request.headers.get('host')}"
        path = request.path
        if path == "/":
            href = f"{base}/pacts/provider/{{provider}}/for-verification"
            return hal({"_links": {FOR_VERIFICATION: {"href": href, "templated": True}}})
        if request.method == "POST" and path.endswith("/for-verification"):
            return hal({"_embedded": {"pacts": list(map(self._entry(base), self.pacts))}})
        if request.method == "GET" and path in self.pacts:
            links = {"self": {"href": base + path}, PUBLISH: {"href": f"{base}{path}/verification-results"}}
            return hal({**self.pacts[path], "_links": links})
        if request.method == "POST" and path.removesuffix("/verification-results") in self.pacts:
            self.published.append(request)
            return Response(201, "", _JSON, Body(b"{}"))
        return Response(404, "", _JSON, Body(b"{}"))

    def _entry(self, base: str) -> Any:
        def entry(path: str) -> dict[str, Any]:
            name = path.rpartition("/")[2]
            return {"shortDescription": "latest", "_links": {"self": {"href": base + path, "name": name}}}

        return entry


@dataclass(frozen=True, slots=True)
class FetchedPact:
    """A contract from a broker, and where to publish the results of its verification."""

    contract: Contract
    results: str


def pacts_to_verify(port: int, provider: str) -> list[FetchedPact]:
    """What the broker at a port wants a provider to verify."""
    index = _get(port, "/")
    href = index["_links"][FOR_VERIFICATION]["href"].replace("{provider}", provider)
    asked = {"consumerVersionSelectors": [], "includePendingStatus": False}
    listed = _post(port, href, asked)["_embedded"]["pacts"]
    documents = [_get(port, pact["_links"]["self"]["href"]) for pact in listed]
    return [
        FetchedPact(read_contract(document, "the broker"), document["_links"][PUBLISH]["href"])
        for document in documents
    ]


def publish(port: int, pact: FetchedPact, report: ProviderReport) -> None:
    """Tell the broker what became of each interaction of a pact."""
    results = {
        "providerApplicationVersion": "1.0.0",
        "success": report.verified,
        "testResults": [_test_result(result) for result in report.results],
        "verifiedBy": {"implementation": "pact-recorder", "version": __version__},
    }
    _post(port, pact.results, results)


def hal(document: Mapping[str, Any]) -> Response:
    return Response(200, "", _HAL, Body(json.dumps(document).encode()))


def _test_result(result: ProviderResult) -> dict[str, Any]:
    mismatches = [mismatch.to_json() for failure in result.failures for mismatch in failure.mismatches]
    found = {"mismatches": mismatches} if mismatches else {}
    return {"interactionId": _identifier(result.interaction), "success": result.verified, **found}


def _identifier(interaction: AnyInteraction) -> Any:
    return interaction.extras[""]["_id"]


def _get(port: int, href: str) -> Any:
    return _loaded(send(port, Request("GET", urlsplit(href).path)))


def _post(port: int, href: str, document: Mapping[str, Any]) -> Any:
    body = Body(json.dumps(document).encode())
    return _loaded(send(port, Request("POST", urlsplit(href).path, headers=_JSON, body=body)))


def _loaded(response: Response) -> Any:
    assert response.status in (200, 201)
    assert response.body is not None
    return json.loads(response.body.content)
