"""Every endpoint answers at its place, and says what it is for."""

import re
from pathlib import Path

import pytest

from pact_recorder.server import ROUTES, is_bare_control
from tests.server.control_client import ControlClient

SERVED = [(path, method) for path, endpoints in ROUTES.items() for method in endpoints]


@pytest.mark.parametrize(("path", "method"), SERVED)
def test_every_endpoint_answers(control: ControlClient, path: str, method: str) -> None:
    # Without body and parameters some have reason to complain, but all are there.
    assert control.send(method, path).status in (200, 201, 400)


@pytest.mark.parametrize(("path", "method"), SERVED)
def test_every_endpoint_says_where_it_is(path: str, method: str) -> None:
    assert f"`{method} {path}" in (ROUTES[path][method].endpoint.__doc__ or "")


BARE = [
    ("/expectation", "PUT", True),
    ("/pact/verify", "PUT", True),
    ("/verifySequence", "PUT", True),
    ("/stop", "PUT", True),
    ("/mode", "GET", False),
    ("/ready", "GET", False),
    ("/metrics", "GET", False),
    ("/metrics", "PUT", False),
    ("/states", "PUT", False),
    ("/scenario/a", "PUT", False),
    ("/expectation/", "PUT", False),
    ("/dashboard", "GET", False),
]


@pytest.mark.parametrize(("path", "method", "is_bare"), BARE)
def test_only_mockservers_exact_paths_are_there_without_the_prefix(path: str, method: str, is_bare: bool) -> None:
    assert is_bare_control(method, path) is is_bare


def test_a_bare_path_is_deprecated(control: ControlClient) -> None:
    answer = control.put("/retrieve", type="ACTIVE_EXPECTATIONS")
    assert (answer.status, answer.body) == (200, b"[]")
    assert answer.headers["deprecated"] == '"/retrieve" is deprecated use "/mockserver/retrieve" instead'
    assert "deprecated" not in control.put("/mockserver/retrieve").headers


HERE = Path(__file__).parent
# What goes over the table of routes says nothing about one of them.
GENERAL = {"test_routes.py", "test_mockserver_facts_control.py"}
TESTS = "\n".join(path.read_text() for path in sorted(HERE.glob("test_*.py")) if path.name not in GENERAL)
TESTS = TESTS.replace("{SCENARIO}", "/mockserver/scenario")


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_every_endpoint_has_tests_that_name_it(path: str) -> None:
    named = re.escape(path).replace(r"\{name\}", '[^/"]+')
    assert re.search(rf'"{named}["?]', TESTS)
