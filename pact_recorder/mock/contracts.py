"""Between contracts and expectations: a contract's interactions become active, active ones become a contract."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from pact_recorder.http import Body, Headers, Request, Response, format_query, parse_query
from pact_recorder.matching import CompiledRequest, ExpectedRequest, ExpectedResponse, Mismatch, compile_request
from pact_recorder.matching.budget import SpentError, check_budget, once
from pact_recorder.matching.json_values import JsonError, parse_json
from pact_recorder.mock.descriptions import Subject, describe
from pact_recorder.mock.discriminant import Discriminant, discriminant_of
from pact_recorder.mock.expectation import Expectation, Origin, RuledExpectation
from pact_recorder.mock.fingerprint import fingerprint, mask
from pact_recorder.mock.path_templates import PathTemplate, template_of_path
from pact_recorder.mock.too_long import too_long
from pact_recorder.mock.translation import expected_response
from pact_recorder.pact import Contract, Interaction

_LARGEST_KEPT = 4_096


class ContractRequest:
    """The request of an interaction as a pattern, which the matching engine compares.

    What is compared a second time is kept compiled: in a great contract that would be most of the memory, and mock
    servers remember answers themselves. So is the last request that matched: one like it, which is usual in tests,
    matches again without being compared.
    """

    __slots__ = ("_compared", "_compiled", "_expected", "_matched")

    def __init__(self, expected: ExpectedRequest) -> None:
        self._expected = expected
        self._compared = False
        self._compiled: CompiledRequest | None = None
        self._matched: Request | None = None

    @property
    def method(self) -> str | None:
        """The expected method in capitals."""
        if self._expected.rules.category("method"):
            return None
        method = self._expected.method
        return method if method.isupper() else method.upper()

    @property
    def path(self) -> str | None:
        """The expected path, unless a rule loosens it."""
        return None if self._expected.rules.category("path") else self._expected.path

    @property
    def template(self) -> PathTemplate | None:
        """What every path that the rules take has in common."""
        return template_of_path(self._expected)

    def discriminant(self) -> Discriminant:
        """What literal query and body ask for."""
        return discriminant_of(self._expected)

    def match(self, request: Request) -> list[Mismatch]:
        """Why the request does not match; empty when it does."""
        if self._matched is not None and _is_again(self._matched, request):
            return []
        try:
            check_budget()
            found = (self._compiled or self._compile()).match(request)
        except SpentError:
            return too_long(request)
        if (
            not found
            and self._compiled is not None
            and (request.body is None or len(request.body.content) <= _LARGEST_KEPT)
        ):
            self._matched = request
        return found

    def _compile(self) -> CompiledRequest:
        compiled = compile_request(self._expected)
        if self._compared:
            self._compiled = compiled
        self._compared = True
        return compiled

    def expected(self) -> ExpectedRequest:
        """The expected request itself."""
        return self._expected

    def lacking(self) -> str:
        """Nothing: it comes from a contract."""
        return ""


def likeness(expected: ExpectedRequest, request: Request) -> int:
    """How much of a request that matches by rules is as in the example: one for each of path, query and body."""
    example = example_request(expected)
    return (
        (example.path == request.path)
        + (sorted(parse_query(example.query or "")) == sorted(parse_query(request.query or "")))
        + _same_content(example.body, request.body)
    )


def _same_content(one: Body | None, other: Body | None) -> bool:
    ours, theirs = one.content if one is not None else b"", other.content if other is not None else b""
    if ours == theirs:
        return True
    try:
        return bool(parse_json(ours) == once(parse_json, theirs))
    except (JsonError, RecursionError):
        return False


def _is_again(before: Request, request: Request) -> bool:
    """Whether two requests are the same in everything that is compared with a contract."""
    if before.query != request.query or before.path != request.path or before.method != request.method:
        return False
    same_headers = before.headers is request.headers or before.headers == request.headers
    return same_headers and _same_body(before.body, request.body)


def _same_body(one: Body | None, other: Body | None) -> bool:
    if one is None or other is None:
        return one is other
    return one is other or (one.content == other.content and one.media_type == other.media_type)


Generate = Callable[[ExpectedResponse], ExpectedResponse]
"""Puts generated values into the place of an example's."""


def expectations_of(contract: Contract, source: str, generate: Generate | None = None) -> Iterator[RuledExpectation]:
    """The HTTP interactions of a contract as expectations; `source` makes their identifiers unique.

    With `generate` those that have generators answer with new values each time.
    """
    for number, interaction in enumerate(contract.interactions, start=1):
        if isinstance(interaction, Interaction):
            yield RuledExpectation(
                id=f"{source}#{number}",
                pattern=ContractRequest(interaction.request),
                answers=(example_response(interaction.response),),
                origin=Origin.CONTRACT,
                description=interaction.description,
                provider_states=interaction.provider_states,
                fresh=_fresh(interaction.response, generate),
            )


def _fresh(response: ExpectedResponse, generate: Generate | None) -> Callable[[], Response] | None:
    if generate is None or not (response.generators or response.rules):
        return None
    return lambda: example_response(generate(response))


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


@dataclass(frozen=True, slots=True)
class _Entry:
    """An expectation as an interaction: what is asked, and the answer that a contract can promise."""

    expectation: Expectation
    request: ExpectedRequest
    response: ExpectedResponse
    answers: int


def literal_contract(expectations: Iterable[Expectation], consumer: str, provider: str) -> Export:
    """The contract that says literally what the expectations say, in their order.

    A contract has one answer to a request: of several the first that is no error, else the first. What has no place in
    it is listed: other answers, and expectations without an equivalent in Pact.
    """
    entries: dict[Hashable, _Entry] = {}
    left_out: list[str] = []
    for expectation in expectations:
        entry = _entry(expectation)
        if entry is None:
            name = expectation.description or expectation.id
            left_out.append(f"{name}: has no equivalent in a Pact contract for {expectation.lacking()}")
            continue
        pattern = _pattern(entry)
        before = entries.setdefault(pattern, entry)
        if before is not entry:
            worse = before if before.response.status >= 400 > entry.response.status else entry
            entries[pattern] = entry if worse is before else before
            left_out.append(f"{_named(worse)}: the contract has another answer to the same request")
        if entry.answers > 1:
            left_out.append(f"{_named(entry)}: the contract has only one of its {entry.answers} answers")
    kept = list(entries.values())
    descriptions = describe([_subject(entry.expectation, entry.request, entry.response) for entry in kept])
    interactions = tuple(
        Interaction(text, entry.request, entry.response, provider_states=entry.expectation.provider_states)
        for text, entry in zip(descriptions, kept, strict=True)
    )
    return Export(Contract(consumer, provider, interactions), tuple(left_out))


def _entry(expectation: Expectation) -> _Entry | None:
    request, responses = expectation.expected(), expectation.responses()
    if request is None or not responses:
        return None
    promised = next((each for each in responses if each.status < 400), responses[0])
    different = {(each.status, each.body.content if each.body else None) for each in responses}
    if isinstance(expectation, RuledExpectation) and expectation.document is not None and not _has_body(promised):
        # In MockServer's JSON nothing is said of a body that is not given.
        promised = replace(promised, body=None)
    return _Entry(expectation, request, expected_response(promised), len(different))


def _has_body(response: Response) -> bool:
    return response.body is not None and bool(response.body.content.strip())


def _pattern(entry: _Entry) -> Hashable:
    """Equal for two interactions that ask the same, redacted values aside, in the same provider states."""
    request = example_request(entry.request)
    print_ = fingerprint(request)
    headers = tuple(sorted((name.lower(), mask(value, [])) for name, value in request.headers))
    states = tuple(state.name for state in entry.expectation.provider_states)
    return entry.expectation.host, states, print_.place, print_.digest, headers


def _named(entry: _Entry) -> str:
    chosen = entry.expectation.description
    return f"{chosen or f'{entry.request.method} {entry.request.path}'} ({entry.response.status})"


def _subject(expectation: Expectation, request: ExpectedRequest, response: ExpectedResponse) -> Subject:
    target = example_request(request).target
    return Subject.of(expectation, request.method, request.path, target, response.status)
