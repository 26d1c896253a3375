"""Each host is started once; every test begins with nothing in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hosts import Host, hosted
from upstream import Upstream, serving


@pytest.fixture(scope="session")
def confdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mitmproxy")


@pytest.fixture(scope="module", params=["proxy", "serve"])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, confdir: Path) -> Iterator[Host]:
    with hosted(request.param, tmp_path_factory.mktemp(request.param), confdir) as host:
        yield host


@pytest.fixture
def host(started: Host) -> Host:
    """A program that holds no expectation and no request."""
    assert started.send("PUT", "/mockserver/reset").status_code == 200
    return started


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serving() as service:
        yield service
