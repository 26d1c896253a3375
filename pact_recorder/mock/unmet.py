"""What a consumer's test did not do as its contract says: the entries of the mock server's `mismatches`.

Each renders itself as JSON with the members of the reference's mock server; requests in them have the form of a V3
document.
"""

from __future__ import annotations

from dataclasses import dataclass

from pact_recorder.http import Body, Request, parse_query
from pact_recorder.matching import ExpectedRequest, ExpectedResponse, JsonValue, Mismatch
from pact_recorder.pact import Contract, Interaction, contract_to_json


@dataclass(frozen=True, slots=True)
class MissingRequest:
    """An interaction whose request never came."""

    interaction: Interaction

    def to_json(self) -> dict[str, JsonValue]:
        """`{type, method, path, request}`, the request as expected, with its rules."""
        request = self.interaction.request
        return {
            "type": "missing-request",
            "method": request.method,
            "path": request.path,
            "request": request_json(request),
        }


@dataclass(frozen=True, slots=True)
class RequestNotFound:
    """A request whose method or path no interaction has."""

    request: Request

    def to_json(self) -> dict[str, JsonValue]:
        """`{type, method, path, request}`, the request as it came."""
        return {
            "type": "request-not-found",
            "method": self.request.method,
            "path": self.request.path,
            "request": request_json(_as_expected(self.request)),
        }


@dataclass(frozen=True, slots=True)
class RequestMismatch:
    """A request that is nearest to an interaction, and in what it differs."""

    interaction: Interaction
    mismatches: tuple[Mismatch, ...]

    def to_json(self) -> dict[str, JsonValue]:
        """`{type, method, path, mismatches}`, method and path being the expected ones."""
        request = self.interaction.request
        return {
            "type": "request-mismatch",
            "method": request.method,
            "path": request.path,
            "mismatches": [mismatch.to_json() for mismatch in self.mismatches],
        }


Unmet = MissingRequest | RequestNotFound | RequestMismatch


def request_json(request: ExpectedRequest) -> JsonValue:
    """An expected request as a V3 document writes it."""
    contract = Contract("", "", (Interaction("", request, ExpectedResponse()),))
    return contract_to_json(contract, 3)[0]["interactions"][0]["request"]


def _as_expected(request: Request) -> ExpectedRequest:
    query: dict[str, list[str]] = {}
    for name, value in parse_query(request.query or ""):
        query.setdefault(name, []).append(value or "")
    return ExpectedRequest(
        method=request.method,
        path=request.path,
        query={name: tuple(values) for name, values in query.items()} or None,
        headers={name.lower(): (", ".join(values),) for name, values in request.headers.grouped().items()},
        body=request.body or Body(b""),
    )
