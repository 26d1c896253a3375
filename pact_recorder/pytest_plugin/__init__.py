"""The pytest plugin: mock servers of contracts, and recordings of a test's traffic.

It is loaded into every test run of an environment that has this package, so whatever it needs beyond pytest is imported
when a test asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from pact_recorder.pytest_plugin.mocking import PactMockServers
    from pact_recorder.pytest_plugin.recording import PactRecording

Result = TypeVar("Result")
MODES = ("none", "once", "new_episodes", "all")
_CHECKS: pytest.StashKey[list[Callable[[], str]]] = pytest.StashKey()
_MARKS = (
    "pact_recording(name=None, mode=None, upstream=None): record or replay this test's traffic",
    "allowed_hosts(hosts): hosts that this process may connect to although the network is blocked",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("pact-recorder")
    group.addoption(
        "--pact-record",
        metavar="|".join(MODES),
        choices=MODES,
        default=None,
        help="how pact_recording treats traffic: replay only (none), record what is missing, or record all anew",
    )
    parser.addini("pact_record", "the mode of pact_recording without --pact-record (default: none)", default="none")
    parser.addini("pact_recordings", "the folder of recordings (default: recordings beside the test)", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks."""
    for mark in _MARKS:
        config.addinivalue_line("markers", mark)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the mark alone do: a marked test need not name the fixture."""
    for item in items:
        if not isinstance(item, pytest.Function) or item.get_closest_marker("pact_recording") is None:
            continue
        if "pact_recording" not in item.fixturenames:
            item.fixturenames.append("pact_recording")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Result, Result]:
    """Fail a test that passed but did not do what its contract says; explain it for one that failed."""
    try:
        result = yield
    except BaseException:
        for text in _complaints(item):
            item.add_report_section("call", "pact-recorder", text)
        raise
    complaints = _complaints(item)
    if complaints:
        pytest.fail("\n\n".join(complaints), pytrace=False)
    return result


def _complaints(item: pytest.Item) -> list[str]:
    return [text for check in item.stash.get(_CHECKS, []) if (text := check())]


def check_after(item: pytest.Item, check: Callable[[], str]) -> None:
    """Ask for complaints, as text, when the test has run."""
    item.stash.setdefault(_CHECKS, []).append(check)


@pytest.fixture
def pact_mock_server(request: pytest.FixtureRequest) -> Iterator[PactMockServers]:
    """A factory of mock servers, which takes a contract and gives a running `MockServer`.

    The test fails, with every mismatch in words, when requests did not match or did not come. With `write_to` the
    contract is written into a folder when all is well. Other arguments are those of `pact_recorder.MockServer`.
    """
    from pact_recorder.pytest_plugin.mocking import PactMockServers

    servers = PactMockServers()
    check_after(request.node, servers.complaints)
    yield servers
    servers.stop()


@pytest.fixture
def pact_recording(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PactRecording]:
    """The recording of this test: a proxy that records its traffic or replays it, by the mode.

    The usual environment variables send clients through it. In the mode `none` connections from this process to other
    machines are refused, and the test fails when a request was not recorded.
    """
    from pact_recorder.pytest_plugin.network import blocked_network
    from pact_recorder.pytest_plugin.recording import start_recording

    recording = start_recording(request, _state_folder(request.config, tmp_path_factory))
    check_after(request.node, recording.complaints)
    try:
        recording.set_environment(monkeypatch)
        with blocked_network(_allowed_hosts(request.node), recording.advice, active=recording.mode == "none"):
            yield recording
    finally:
        recording.stop()


def _state_folder(config: pytest.Config, temporary: pytest.TempPathFactory) -> Path:
    """Where the proxy keeps its certificate authority from run to run."""
    cache: Any = getattr(config, "cache", None)
    return cache.mkdir("pact_recorder") if cache is not None else temporary.mktemp("pact_recorder")


def _allowed_hosts(node: pytest.Item) -> frozenset[str]:
    hosts: set[str] = set()
    for mark in node.iter_markers("allowed_hosts"):
        for given in mark.args:
            hosts.update([given] if isinstance(given, str) else given)
    return frozenset(hosts)
