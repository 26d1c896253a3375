"""A contract's interactions as a mock: what each request gets, and afterwards what the consumer did not do.

Replies, headers and the order of what is unmet are those of the reference's mock server (pact_mock_server). It differs
on purpose in choosing: a request that fully matches an interaction always gets its response, whatever the score of
another interaction that is partly wrong; and where an interaction has its method and path, that one is reported, not a
nearer one at another path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import compress

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.remembering import remembered
from pact_recorder.matching import ExpectedResponse, MethodMismatch, Mismatch, PathMismatch, score_request
from pact_recorder.matching.budget import cuts, refusals
from pact_recorder.mock.actions import Reply
from pact_recorder.mock.contracts import ContractRequest, example_response, likeness
from pact_recorder.mock.index import RequestIndex
from pact_recorder.mock.unmet import MissingRequest, RequestMismatch, RequestNotFound, Unmet
from pact_recorder.pact import Contract, Interaction, format_json

MAX_UNMET = 1_000
"""Requests that went wrong and are kept for the report; later ones only make the mock fail."""

MOST_COMPARED = 250
"""Interactions of one method and path that a request which matches none is compared with, to tell the nearest."""

_LONGEST_FIELDS = 4_096
_METHODS = "GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH"
_ALLOWED = (
    ("Access-Control-Allow-Headers", "*"),
    ("Access-Control-Allow-Methods", _METHODS),
    ("Access-Control-Expose-Headers", "Location, Link"),
    ("Access-Control-Allow-Credentials", "true"),
)
_NOT_FOUND = "Unexpected-Request"
_MISMATCH = "Request-Mismatch"


def _unchanged(response: ExpectedResponse) -> ExpectedResponse:
    return response


class ContractMock:
    """The HTTP interactions of a contract as a mock; one thread at a time may use it.

    `prepare` gets each response before it is sent: the place for generators in consumer mode. With `cors_preflight`
    every OPTIONS request that no interaction has is allowed what it asks for.
    """

    __slots__ = (
        "_asked",
        "_failed",
        "_index",
        "_interactions",
        "_patterns",
        "_preflight",
        "_prepare",
        "_responses",
        "_wrong",
    )

    def __init__(
        self,
        contract: Contract,
        *,
        prepare: Callable[[ExpectedResponse], ExpectedResponse] = _unchanged,
        cors_preflight: bool = False,
    ) -> None:
        self._interactions = tuple(each for each in contract.interactions if isinstance(each, Interaction))
        self._patterns = tuple(ContractRequest(each.request) for each in self._interactions)
        self._index: RequestIndex[int] = RequestIndex()
        for number, pattern in enumerate(self._patterns):
            self._index.put(number, pattern, number)
        self._prepare = prepare
        self._preflight = cors_preflight
        self._asked = bytearray(len(self._interactions))
        self._responses: list[Response | None] = [None] * len(self._interactions)
        self._wrong: list[RequestNotFound | RequestMismatch] = []
        self._failed = False

    @property
    def unindexed(self) -> int:
        """How many interactions are compared with every request, because rules leave their path open."""
        return self._index.unindexed

    @property
    def matched(self) -> bool:
        """Whether every request was right and every interaction was asked for: nothing is unmet."""
        return not self._failed and not self._missing()

    def answer(self, request: Request) -> Response:
        """The response to a request: the interaction's that it matches, else the reference's 500."""
        return self.reply(request).response

    def reply(self, request: Request) -> Reply:
        """The same, with whether it lasts: what matched is marked once, and a response that is kept never changes."""
        # A server cannot tell an absent body from an empty one; the reference calls both empty.
        request = request if request.body is not None else replace(request, body=Body(b""))
        number = self._match(request)
        if number is not None:
            self._asked[number] = True
            response = self._respond(request, number)
            return Reply(response, lasting=self._responses[number] is not None and not cuts())
        nearest = self._nearest(request)
        if nearest is None:
            return Reply(self._not_found(request))
        number, mismatches = nearest
        self._asked[number] = True
        self._note(RequestMismatch(self._interactions[number], mismatches))
        return Reply(_refusal(request, _MISMATCH))

    def mismatches(self) -> list[Unmet]:
        """What went wrong: requests that did not match, in the order they came, then those that never came.

        An interaction that is reported for a request that differs is not missing besides.
        """
        return [*self._wrong, *self._missing()]

    def _match(self, request: Request) -> int | None:
        """The interaction that a request matches fully: of several the one that says most, is most alike, is first."""
        matching = [number for number in self._index.candidates(request) if not self._patterns[number].match(request)]
        if len(matching) < 2:
            return matching[0] if matching else None
        return max(matching, key=lambda number: (*self._rank(number, request), -number))

    def _rank(self, number: int, request: Request) -> tuple[int, int]:
        return self._score(number, request, ()), likeness(self._interactions[number].request, request)

    def _nearest(self, request: Request) -> tuple[int, tuple[Mismatch, ...]] | None:
        """The interaction to report when none matches, of those whose method and path are right."""
        best: tuple[int, tuple[Mismatch, ...]] | None = None
        best_rank = (0, 0)
        for number in self._index.nearby(request, MOST_COMPARED):
            mismatches = tuple(self._patterns[number].match(request))
            if refusals():
                return best or (number, mismatches)
            if any(isinstance(mismatch, MethodMismatch | PathMismatch) for mismatch in mismatches):
                continue
            rank = (self._score(number, request, mismatches), -number)
            if best is None or rank > best_rank:
                best, best_rank = (number, mismatches), rank
        return best

    def _score(self, number: int, request: Request, mismatches: Sequence[Mismatch]) -> int:
        return score_request(self._interactions[number].request, request, mismatches)

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
        for interaction in compress(self._interactions, self._asked):
            asked.setdefault(_place(interaction), []).append(interaction)
        return [
            MissingRequest(interaction)
            for number, interaction in enumerate(self._interactions)
            if not self._asked[number]
            and all(interaction.request != other.request for other in asked.get(_place(interaction), ()))
        ]

    def _respond(self, request: Request, number: int) -> Response:
        response = self._responses[number] or self._response(number)
        origin = request.headers.get("origin")
        return response if not origin else replace(response, headers=_allowing(origin, response.headers.fields[1:]))

    def _response(self, number: int) -> Response:
        """The response of an interaction to any origin, kept unless it is prepared anew each time."""
        expected = self._interactions[number].response
        prepared = self._prepare(expected)
        example = example_response(prepared)
        fields = (*_ALLOWED, *example.headers.fields)
        response = Response(example.status, "", _allowing("*", fields), example.body)
        if prepared is expected:
            self._responses[number] = response
        return response


@remembered(1024, _LONGEST_FIELDS)
def _allowing(origin: str, fields: tuple[tuple[str, str], ...]) -> Headers:
    """The headers of a response to an origin; many responses share theirs."""
    return Headers((("Access-Control-Allow-Origin", origin), *fields))


def _place(interaction: Interaction) -> tuple[str, str]:
    return interaction.request.method.upper(), interaction.request.path


def _refusal(request: Request, reason: str) -> Response:
    slow = " (not everything could be compared, since its regular expressions take too long)" if refusals() else ""
    text = format_json({"error": f"{reason} : {request.method} {request.target}{slow}"})
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
