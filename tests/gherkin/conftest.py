"""Steps that several features of the compatibility suite share, and what a scenario carries from step to step."""

from __future__ import annotations

import pytest
from compatibility.suite import specification
from compatibility.tables import Row, Table, rows
from pytest_bdd import given
from pytest_bdd.parser import Feature, Scenario

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
def defined() -> dict[int, Row]:
    """The interactions that the feature's background defines, as rows by number."""
    return {}


@given("the following HTTP interactions have been defined:")
def define_interactions(defined: dict[int, Row], datatable: Table) -> None:
    defined.update({int(row["No"]): row for row in rows(datatable)})
