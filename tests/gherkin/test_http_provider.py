"""Compatibility suite: HTTP providers of V1 to V4, verified over loopback, with and without a broker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from compatibility.cells import header_fields
from compatibility.suite import FIXTURES, paths
from compatibility.tables import Row, Table, interaction_of, response_of, rows
from compatibility.verifying import Verification, comments_of
from pytest_bdd import given, parsers, scenarios, then

from pact_recorder.http import Body, Headers, Request
from pact_recorder.matching import ExpectedRequest, match_request
from pact_recorder.pact import Interaction, ProviderState, load_contract

FEATURES = ("V1/http_provider", "V2/http_provider", "V3/http_provider", "V4/http_provider")
scenarios(*paths(*FEATURES))

NUMBER: dict[str, Callable[[str], object]] = {"number": int}
STARTED = r"a provider is started that returns the response from interaction (?P<number>\d+)"
TO_VERIFY = r"a Pact file for interaction (?P<number>\d+) is to be verified"


@given(parsers.re(STARTED), converters=NUMBER)
def start(verification: Verification, defined: dict[int, Row], number: int) -> None:
    verification.serve([interaction_of(defined[number], verification.version)])


@given(parsers.re(r'a provider is started that returns the responses from interactions "(?P<numbers>.*)"'))
def start_with_several(verification: Verification, defined: dict[int, Row], numbers: str) -> None:
    chosen: Iterable[Row] = (defined[int(number)] for number in numbers.split(","))
    verification.serve([interaction_of(row, verification.version) for row in chosen])


@given(parsers.re(STARTED + ", with the following changes:"), converters=NUMBER)
def start_with_changes(verification: Verification, defined: dict[int, Row], number: int, datatable: Table) -> None:
    (changes,) = rows(datatable)
    interaction = interaction_of(defined[number], verification.version)
    response = response_of(changes, verification.version, interaction.response)
    verification.serve([replace(interaction, response=response)])


@given(parsers.re(TO_VERIFY), converters=NUMBER)
def to_verify(verification: Verification, defined: dict[int, Row], number: int) -> None:
    add(verification, defined, number)


@given(parsers.re(TO_VERIFY + " from a Pact broker"), converters=NUMBER)
def to_verify_from_broker(verification: Verification, defined: dict[int, Row], number: int) -> None:
    verification.add_to_broker(interaction_of(defined[number], verification.version), f"c_{number}")


@given(parsers.re(TO_VERIFY + ' with a provider state "(?P<state>.*)" defined'), converters=NUMBER)
def to_verify_with_state(verification: Verification, defined: dict[int, Row], number: int, state: str) -> None:
    add(verification, defined, number, provider_states=(ProviderState(state),))


@given(parsers.re(TO_VERIFY + " with the following provider states defined:"), converters=NUMBER)
def to_verify_with_states(verification: Verification, defined: dict[int, Row], number: int, datatable: Table) -> None:
    states = tuple(ProviderState(row["State Name"], json.loads(row.get("Parameters", "{}"))) for row in rows(datatable))
    add(verification, defined, number, provider_states=states)


@given(parsers.re(TO_VERIFY + ", but is marked pending"), converters=NUMBER)
def to_verify_pending(verification: Verification, defined: dict[int, Row], number: int) -> None:
    add(verification, defined, number, pending=True)


@given(parsers.re(TO_VERIFY + " with the following comments:"), converters=NUMBER)
def to_verify_with_comments(verification: Verification, defined: dict[int, Row], number: int, datatable: Table) -> None:
    add(verification, defined, number, comments=comments_of(datatable))


@given("publishing of verification results is enabled")
def enable_publishing(verification: Verification) -> None:
    verification.publishing = True


@given("a request filter is configured to make the following changes:")
def configure_filter(verification: Verification, datatable: Table) -> None:
    (changes,) = rows(datatable)
    added = header_fields(changes["headers"])

    def adjust(request: Request) -> Request:
        return replace(request, headers=Headers([*request.headers, *added]))

    verification.provider = replace(verification.provider, adjust=adjust)


@then(parsers.re(r'the request to the provider will contain the header "(?P<name>.*): (?P<value>.*)"'))
def sent_header(verification: Verification, name: str, value: str) -> None:
    assert [request.headers.get_all(name) for request in verification.requests] == [[value]]


@then("a verification result will NOT be published back")
def published_nothing(verification: Verification) -> None:
    assert verification.broker is not None
    assert verification.broker.published == []


@then(
    parsers.re(
        r"a (?P<verdict>successful|failed) verification result will be published back "
        r"for (the )?interaction \{(?P<number>\d+)\}"
    )
)
def published(verification: Verification, verdict: str, number: str) -> None:
    """The suite's own contract with a broker says what is published and where; it knows no details of failures."""
    assert verification.broker is not None
    expected = publishing_request(number)
    (request,) = (each for each in verification.broker.published if each.path == expected.path)
    assert request.body is not None
    result = json.loads(request.body.content)
    details = [test.pop("mismatches", []) for test in result["testResults"]]
    assert match_request(expected, replace(request, body=Body(json.dumps(result).encode()))) == []
    succeeded = verdict == "successful"
    assert result["success"] == succeeded
    assert [(test["success"], not found) for test, found in zip(result["testResults"], details, strict=True)] == [
        (succeeded, succeeded)
    ]


@then(
    parsers.re(
        r"a warning will be displayed that there was no provider state callback configured "
        r'for provider state "(?P<state>.*)"'
    )
)
def warned(verification: Verification, state: str) -> None:
    sentence = f'no provider state callback is configured, so the state "{state}" was not set up'
    assert [sentence] == [warning for report in verification.reports for warning in report.warnings]
    assert f"Warning: {sentence}" in verification.console


def publishing_request(number: str) -> ExpectedRequest:
    """The request that publishes the results of a consumer's contract."""
    contract = load_contract(FIXTURES / f"pact-broker_c{number}.json")
    (expected,) = (
        each.request
        for each in contract.interactions
        if isinstance(each, Interaction) and each.description == f"publish verification results for c_{number}"
    )
    return expected


def add(verification: Verification, defined: dict[int, Row], number: int, **changes: Any) -> None:
    """Have an interaction of the background verified, with changes to it."""
    verification.add(replace(interaction_of(defined[number], verification.version), **changes))
