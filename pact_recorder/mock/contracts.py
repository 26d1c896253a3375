"""Between contracts and expectations: a contract's interactions become active, active ones become a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pact_recorder.http import Body, Headers, Request, Response, format_query
from pact_recorder.matching import CompiledRequest, ExpectedRequest, ExpectedResponse, Mismatch, compile_request
from pact_recorder.mock.descriptions import Subject, describe
from pact_recorder.mock.expectation import Expectation, Origin, RuledExpectation
from pact_recorder.mock.translation import expected_response
from pact_recorder.pact import Contract, Interaction


class ContractRequest:
    """The request of an interaction as a pattern: compiled once, compared by the matching engine."""

    __slots__ = ("_compiled", "_expected")

    def __init__(self, expected: ExpectedRequest) -> None:
        self._expected = expected
        self._compiled: CompiledRequest = compile_request(expected)

    @property
    def method(self) -> str | None:
        """The expected method in capitals."""
        return None if self._expected.rules.category("method") else self._expected.method.upper()

    @property
    def path(self) -> str | None:
        """The expected path, unless a rule loosens it."""
        return None if self._expected.rules.category("path") else self._expected.path

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does."""
        return self._compiled.match(request)

    def expected(self) -> ExpectedRequest:
        """The expected request itself."""
        return self._expected


def expectations_of(contract: Contract, source: str) -> Iterator[RuledExpectation]:
    """The HTTP interactions of a contract as expectations; `source` makes their identifiers unique."""
    for number, interaction in enumerate(contract.interactions, start=1):
        if isinstance(interaction, Interaction):
            yield RuledExpectation(
                id=f"{source}#{number}",
                pattern=ContractRequest(interaction.request),
                answers=(example_response(interaction.response),),
                origin=Origin.CONTRACT,
                description=interaction.description,
                provider_states=interaction.provider_states,
            )


def example_response(expected: ExpectedResponse) -> Response:
    """The example answer of an interaction."""
    headers = Headers((name, value) for name, values in expected.headers.items() for value in values)
    if expected.body is not None and expected.body.media_type and "content-type" not in headers:
        headers = headers.with_set("Content-Type", expected.body.media_type)
    return Response(expected.status, "", headers, expected.body or Body(b""))


def example_request(expected: ExpectedRequest) -> Request:
    """A request that says exactly what an interaction's example says."""
    pairs = [(name, value) for name, values in (expected.query or {}).items() for value in values]
    headers = Headers((name, value) for name, values in expected.headers.items() for value in values)
    return Request(
        method=expected.method,
        path=expected.path,
        query=format_query(pairs) if pairs else expected.query_text,
        headers=headers,
        body=expected.body,
    )


@dataclass(frozen=True, slots=True)
class Export:
    """A contract made from expectations, and one sentence for each expectation that has no place in it."""

    contract: Contract
    left_out: tuple[str, ...]


def literal_contract(expectations: Iterable[Expectation], consumer: str, provider: str) -> Export:
    """The contract that says literally what the expectations say, in their order.

    Of several answers to one request the first is taken. An expectation without an equivalent in Pact is left out.
    """
    entries: list[tuple[Expectation, ExpectedRequest, ExpectedResponse]] = []
    left_out: list[str] = []
    for expectation in expectations:
        request, responses = expectation.expected(), expectation.responses()
        if request is None or not responses:
            left_out.append(f"{expectation.description or expectation.id}: has no equivalent in a Pact contract")
        else:
            entries.append((expectation, request, expected_response(responses[0])))
    descriptions = describe([_subject(*entry) for entry in entries])
    interactions = tuple(
        Interaction(text, request, response, provider_states=expectation.provider_states)
        for text, (expectation, request, response) in zip(descriptions, entries, strict=True)
    )
    return Export(Contract(consumer, provider, interactions), tuple(left_out))


def _subject(expectation: Expectation, request: ExpectedRequest, response: ExpectedResponse) -> Subject:
    target = example_request(request).target
    return Subject.of(expectation, request.method, request.path, target, response.status)
