"""Compatibility suite: matching rules and the matching of HTTP parts, straight against the matching engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from compatibility.cells import unescaped
from compatibility.suite import paths
from compatibility.tables import Table, request_of, response_of, rows
from pytest_bdd import given, parsers, scenarios, then, when

from pact_recorder.http import Headers, Request, Response
from pact_recorder.matching import (
    BodyMismatch,
    ExpectedRequest,
    ExpectedResponse,
    HeaderMismatch,
    Mismatch,
    StatusMismatch,
    match_request,
    match_response,
)
from pact_recorder.mock import example_request

FEATURES = ("V3/http_matching", "V3/matching_rules", "V4/matching_rules")
scenarios(*paths(*FEATURES))


@dataclass
class Comparison:
    """What is expected, what was received, and what differs."""

    request: ExpectedRequest = field(default_factory=ExpectedRequest)
    response: ExpectedResponse = field(default_factory=ExpectedResponse)
    requests: list[Request] = field(default_factory=list)
    status: int = 0
    found: Sequence[Mismatch] = ()


@pytest.fixture
def comparison() -> Comparison:
    return Comparison()


@given(parsers.re(r'an expected request with an? "(?P<name>.*)" header of "(?P<value>.*)"'))
def expected_header(comparison: Comparison, name: str, value: str) -> None:
    comparison.request = ExpectedRequest(headers={name: (value,)})


@given(parsers.re(r'a request is received with an? "(?P<name>.*)" header of "(?P<value>.*)"'))
def received_header(comparison: Comparison, name: str, value: str) -> None:
    comparison.requests = [Request("GET", "/", headers=Headers([(name, value)]))]


@given("an expected request configured with the following:")
def expected_request(comparison: Comparison, version: int, datatable: Table) -> None:
    (row,) = rows(datatable)
    comparison.request = request_of(row, version)


@given("a request is received with the following:")
@given("the following requests are received:")
def received_requests(comparison: Comparison, version: int, datatable: Table) -> None:
    comparison.requests = [example_request(request_of(row, version)) for row in rows(datatable)]


@given("an expected response configured with the following:")
def expected_response(comparison: Comparison, version: int, datatable: Table) -> None:
    (row,) = rows(datatable)
    columns = {"status": "response", "matching rules": "response matching rules"}
    comparison.response = response_of({columns[name]: cell for name, cell in row.items()}, version)


@given(parsers.re(r"a status (?P<status>\d+) response is received"), converters={"status": int})
def received_response(comparison: Comparison, status: int) -> None:
    comparison.status = status


@when("the request is compared to the expected one")
@when("the requests are compared to the expected one")
def compare_requests(comparison: Comparison) -> None:
    assert comparison.requests
    comparison.found = [
        mismatch for request in comparison.requests for mismatch in match_request(comparison.request, request)
    ]


@when("the response is compared to the expected one")
def compare_response(comparison: Comparison) -> None:
    comparison.found = match_response(comparison.response, Response(comparison.status))


@then("the comparison should be OK")
@then("the response comparison should be OK")
def matches(comparison: Comparison) -> None:
    assert not comparison.found


@then("the comparison should NOT be OK")
@then("the response comparison should NOT be OK")
def differs(comparison: Comparison) -> None:
    assert comparison.found


@then(parsers.re(r'the mismatches will contain a mismatch with error "(?P<place>.*)" -> "(?P<text>.*)"'))
def holds_mismatch(comparison: Comparison, place: str, text: str) -> None:
    wanted = wording(unescaped(text))
    assert any(place_of(found) == place and wanted.search(found.sentence) for found in comparison.found), (
        comparison.found
    )


@then(parsers.re(r'the response mismatches will contain a "status" mismatch with error "(?P<text>.*)"'))
def holds_status_mismatch(comparison: Comparison, text: str) -> None:
    assert [text] == [found.sentence for found in comparison.found if isinstance(found, StatusMismatch)]


def wording(text: str) -> re.Pattern[str]:
    r"""The text letter by letter, but for `\s*`, by which the suite leaves the spaces of a media type free."""
    return re.compile(r"\s*".join(map(re.escape, text.split(r"\s*"))))


def place_of(mismatch: Mismatch) -> str | None:
    """The place that the suite names a mismatch by: a path in the body, or a header's name."""
    if isinstance(mismatch, BodyMismatch):
        return mismatch.path
    return mismatch.key if isinstance(mismatch, HeaderMismatch) else None
