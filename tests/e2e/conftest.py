"""Fixtures of the end-to-end tests."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from proxy import Proxy, running
from upstream import Upstream, self_signed, serving


@pytest.fixture(scope="session")
def confdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mitmproxy's configuration folder, with the CA that it makes; shared, since making one takes a second."""
    return tmp_path_factory.mktemp("mitmproxy")


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture(scope="session")
def upstream_tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serving() as service:
        yield service


@pytest.fixture
def tls_upstream(upstream_tls: ssl.SSLContext) -> Iterator[Upstream]:
    with serving(upstream_tls) as service:
        yield service


@pytest.fixture
def proxy(confdir: Path, recordings: Path) -> Iterator[Proxy]:
    """A regular proxy in capture mode that records into the session `test`."""
    with running(f"pact_recordings={recordings}", "pact_session=test", confdir=confdir) as started:
        yield started
