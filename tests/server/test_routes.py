"""Every endpoint answers at its place, and says what it is for."""

import pytest

from pact_recorder.server import ROUTES
from tests.server.control_client import ControlClient

SERVED = [(path, method) for path, endpoints in ROUTES.items() for method in endpoints]


@pytest.mark.parametrize(("path", "method"), SERVED)
def test_every_endpoint_answers(control: ControlClient, path: str, method: str) -> None:
    # Without body and parameters some have reason to complain, but all are there.
    assert control.send(method, path).status in (200, 400)


@pytest.mark.parametrize(("path", "method"), SERVED)
def test_every_endpoint_says_where_it_is(path: str, method: str) -> None:
    assert f"`{method} {path}" in (ROUTES[path][method].__doc__ or "")
