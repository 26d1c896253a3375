"""What the matching engine here says of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import (
    CompiledRequest,
    CompiledResponse,
    ExpectedRequest,
    ExpectedResponse,
    Mismatch,
    compile_request,
    compile_response,
)
from pact_recorder.pact.rules import read_rules
from tests.differential.cases import Case, Message, query_text


def mismatches(case: Case) -> Sequence[Mismatch]:
    """Everything in which the actual message differs, the same at the first match and at later ones."""
    expected, actual = case.expected, case.actual
    rules = read_rules(case.rules)
    headers = _tuples(expected.headers)
    body = None if expected.body is None else Body(expected.body)
    fields = Headers((name, value) for name, values in actual.headers.items() for value in values)
    if not case.is_request:
        wanted = ExpectedResponse(expected.status, headers, body, rules)
        return _repeated(compile_response(wanted), Response(actual.status, "", fields, _body(actual)))
    sent = query_text(actual.query) if actual.query else None
    request = Request(actual.method, actual.path, sent, fields, _body(actual))
    return _repeated(compile_request(expected_request(case)), request)


def expected_request(case: Case) -> ExpectedRequest:
    """The expected request of a case, as a contract has it."""
    expected = case.expected
    body = None if expected.body is None else Body(expected.body)
    query, headers = _tuples(expected.query) or None, _tuples(expected.headers)
    return ExpectedRequest(expected.method, expected.path, query, headers, body, read_rules(case.rules))


def _repeated(compiled: CompiledRequest | CompiledResponse, actual: Any) -> Sequence[Mismatch]:
    first, *later = [compiled.match(actual) for _ in range(3)]
    assert all(each == first for each in later), "a later match says something else"
    return first


def _body(message: Message) -> Body | None:
    return None if message.body is None else Body(message.body)


def _tuples(values: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(each) for name, each in values.items()}
