"""A contract's interactions as a mock: what each request gets, and afterwards what the consumer did not do.

Replies, headers and the order of what is unmet are those of the reference's mock server (pact_mock_server). It differs
on purpose in choosing: a request that fully matches an interaction always gets its response, whatever the score of
another interaction that is partly wrong; and where an interaction has its method and path, that one is reported, not a
nearer one at another path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import Choice, CompiledRequest, ExpectedResponse, choose, compile_request
from pact_recorder.mock.contracts import example_response
from pact_recorder.mock.unmet import MissingRequest, RequestMismatch, RequestNotFound, Unmet
from pact_recorder.pact import Contract, Interaction, format_json

MAX_UNMET = 1_000
"""Requests that went wrong and are kept for the report; later ones only make the mock fail."""

_METHODS = "GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH"
_NOT_FOUND = "Unexpected-Request"
_MISMATCH = "Request-Mismatch"


def _unchanged(response: ExpectedResponse) -> ExpectedResponse:
    return response


class ContractMock:
    """The HTTP interactions of a contract as a mock; one thread at a time may use it.

    `prepare` gets each response before it is sent: the place for generators in consumer mode. With `cors_preflight`
    every OPTIONS request that no interaction has is allowed what it asks for.
    """

    __slots__ = ("_asked", "_candidates", "_failed", "_index", "_interactions", "_preflight", "_prepare", "_wrong")

    def __init__(
        self,
        contract: Contract,
        *,
        prepare: Callable[[ExpectedResponse], ExpectedResponse] = _unchanged,
        cors_preflight: bool = False,
    ) -> None:
        self._interactions = tuple(each for each in contract.interactions if isinstance(each, Interaction))
        self._candidates = tuple(compile_request(each.request) for each in self._interactions)
        self._index = _Index(self._candidates)
        self._prepare = prepare
        self._preflight = cors_preflight
        self._asked: set[int] = set()
        self._wrong: list[RequestNotFound | RequestMismatch] = []
        self._failed = False

    @property
    def matched(self) -> bool:
        """Whether every request was right and every interaction was asked for: nothing is unmet."""
        return not self._failed and not self._missing()

    def answer(self, request: Request) -> Response:
        """The response to a request: the interaction's that it matches, else the reference's 500."""
        # A server cannot tell an absent body from an empty one; the reference calls both empty.
        request = request if request.body is not None else replace(request, body=Body(b""))
        choice = self._index.choose(request)
        if choice is None:
            return self._not_found(request)
        interaction = self._interactions[choice.index]
        self._asked.add(choice.index)
        if choice.matched:
            return self._respond(request, interaction)
        self._note(RequestMismatch(interaction, choice.mismatches))
        return _refusal(request, _MISMATCH)

    def mismatches(self) -> list[Unmet]:
        """What went wrong: requests that did not match, in the order they came, then those that never came.

        An interaction that is reported for a request that differs is not missing besides.
        """
        return [*self._wrong, *self._missing()]

    def _not_found(self, request: Request) -> Response:
        # Browsers send preflights on their own; the consumer is not to blame for them.
        if request.method.upper() != "OPTIONS":
            self._note(RequestNotFound(request))
        elif self._preflight:
            return _preflight(request)
        return _refusal(request, _NOT_FOUND)

    def _note(self, wrong: RequestNotFound | RequestMismatch) -> None:
        self._failed = True
        if len(self._wrong) < MAX_UNMET:
            self._wrong.append(wrong)

    def _missing(self) -> list[MissingRequest]:
        """The interactions not asked for; one whose request is equal to another's that was counts as asked for."""
        asked: dict[tuple[str, str], list[Interaction]] = {}
        for index in self._asked:
            asked.setdefault(_place(self._candidates[index]), []).append(self._interactions[index])
        return [
            MissingRequest(interaction)
            for index, interaction in enumerate(self._interactions)
            if index not in self._asked
            and all(interaction.request != other.request for other in asked.get(_place(self._candidates[index]), ()))
        ]

    def _respond(self, request: Request, interaction: Interaction) -> Response:
        response = example_response(self._prepare(interaction.response))
        fields = [
            ("Access-Control-Allow-Origin", request.headers.get("origin") or "*"),
            ("Access-Control-Allow-Headers", "*"),
            ("Access-Control-Allow-Methods", _METHODS),
            ("Access-Control-Expose-Headers", "Location, Link"),
            ("Access-Control-Allow-Credentials", "true"),
        ]
        return Response(response.status, "", Headers([*fields, *response.headers]), response.body)


class _Index:
    """The interactions by method and path, so that a request is compared only with those that can be meant.

    All others differ in method or path, which is all that the report on a request would say of them.
    """

    __slots__ = ("_all", "_exact", "_loose")

    def __init__(self, candidates: tuple[CompiledRequest, ...]) -> None:
        self._all = candidates
        self._exact: dict[tuple[str, str], list[int]] = {}
        self._loose: list[int] = []
        for index, candidate in enumerate(candidates):
            rules = candidate.expected.rules
            if rules.category("path") or rules.category("method"):
                self._loose.append(index)
            else:
                self._exact.setdefault(_place(candidate), []).append(index)

    def choose(self, request: Request) -> Choice | None:
        """The choice for a request, its index counting all interactions; None when no method and path is right."""
        near = sorted([*self._exact.get((request.method.upper(), request.path), ()), *self._loose])
        choice = choose([self._all[index] for index in near], request)
        if choice is None or not choice.found:
            return None
        return replace(choice, index=near[choice.index])


def _place(candidate: CompiledRequest) -> tuple[str, str]:
    return candidate.expected.method.upper(), candidate.expected.path


def _refusal(request: Request, reason: str) -> Response:
    text = format_json({"error": f"{reason} : {request.method} {request.target}"})
    fields = [
        ("Access-Control-Allow-Origin", "*"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Pact", reason),
    ]
    return Response(500, "", Headers(fields), Body(text.encode("utf-8", "replace")))


def _preflight(request: Request) -> Response:
    asked = request.headers.get("access-control-request-headers")
    fields = [
        ("Access-Control-Allow-Origin", request.headers.get("origin") or "*"),
        ("Access-Control-Allow-Headers", f"{asked}, *" if asked else "*"),
        ("Access-Control-Allow-Methods", _METHODS),
        ("Access-Control-Expose-Headers", "Location, Link"),
    ]
    return Response(204, "", Headers(fields), Body(b""))
