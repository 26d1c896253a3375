"""Steps that several features of the compatibility suite share, and what a scenario carries from step to step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from compatibility.suite import specification
from compatibility.tables import Row, Table, json_members, rows
from compatibility.verifying import REQUEST, StateCall, Verification
from pytest_bdd import given, parsers, then, when
from pytest_bdd.parser import Feature, Scenario

from pact_recorder.verification import StateAction

FEATURE_FILE = pytest.StashKey[str]()


def pytest_bdd_before_scenario(request: pytest.FixtureRequest, feature: Feature, scenario: Scenario) -> None:
    """Keep which feature is running."""
    request.node.stash[FEATURE_FILE] = feature.filename


def pytest_bdd_apply_tag(tag: str, function: object) -> bool:
    """Leave the suite's tags alone: they are no markers of ours."""
    return True


@pytest.fixture
def version(request: pytest.FixtureRequest) -> int:
    """The version of the specification that the scenario's feature is about."""
    return specification(request.node.stash[FEATURE_FILE])


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    """The servers of the scenario, stopped at its end."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def defined() -> dict[int, Row]:
    """The interactions that the feature's background defines, as rows by number."""
    return {}


@pytest.fixture
def verification(version: int, servers: ExitStack) -> Verification:
    """The run of the verifier that the scenario is about."""
    return Verification(version, servers)


@given("the following HTTP interactions have been defined:")
def define_interactions(defined: dict[int, Row], datatable: Table) -> None:
    defined.update({int(row["No"]): row for row in rows(datatable)})


@given("a provider state callback is configured")
def serve_states(verification: Verification) -> None:
    verification.serve_states(200)


@given("a provider state callback is configured, but will return a failure")
def serve_failing_states(verification: Verification) -> None:
    verification.serve_states(500)


@when("the verification is run")
def verify(verification: Verification) -> None:
    verification.run()


@then("the verification will be successful")
def is_verified(verification: Verification) -> None:
    assert verification.verified, verification.console


@then("the verification will NOT be successful")
def is_not_verified(verification: Verification) -> None:
    assert not verification.verified


@then(parsers.re(r'the verification results will contain a "(?P<title>.*)" error'))
def has_failure(verification: Verification, title: str) -> None:
    assert title in [failure.title for report in verification.reports for failure in report.failures]


@then(parsers.re(r'there will be a pending "(?P<title>.*)" error'))
def has_pending_failure(verification: Verification, title: str) -> None:
    assert [title] == [failure.title for report in verification.reports for failure in report.pending_failures]


@then(parsers.re(r'the comment "(?P<comment>.*)" will have been printed to the console'))
@then(parsers.re(r'the "(?P<comment>.*)" will displayed as the original test name'))
def printed(verification: Verification, comment: str) -> None:
    lines = [line.strip() for line in verification.console.splitlines()]
    assert comment in lines or f"Test name: {comment}" in lines


@then("the provider state callback will be called before the verification is run")
def called_before(verification: Verification) -> None:
    first = verification.timeline[0]
    assert isinstance(first, StateCall)
    assert first.action == "setup"


@then("the provider state callback will be called after the verification is run")
def called_after(verification: Verification) -> None:
    assert REQUEST in verification.timeline
    last = verification.timeline[-1]
    assert isinstance(last, StateCall)
    assert last.action == "teardown"


@then(
    parsers.re(
        r'the provider state callback will receive a (?P<action>setup|teardown) call (with )?"(?P<state>.*)" '
        r"as the provider state parameter"
    )
)
def received_state(verification: Verification, action: StateAction, state: str) -> None:
    assert state in [call.state for call in verification.state_calls(action)]


@then(
    parsers.re(
        r'the provider state callback will receive a (?P<action>setup|teardown) call (with )?"(?P<state>.*)" '
        r"and the following parameters:"
    )
)
def received_parameters(verification: Verification, action: StateAction, state: str, datatable: Table) -> None:
    (parameters,) = map(json_members, rows(datatable))
    assert StateCall(action, state, parameters) in verification.state_calls(action)


@then("the provider state callback will NOT receive a teardown call")
def received_no_teardown(verification: Verification) -> None:
    assert verification.state_calls("teardown") == []
