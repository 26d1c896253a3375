"""The pytest plugin: mock servers of contracts, and recordings of a test's traffic.

It is loaded into every test run of an environment that has this package, so whatever it needs beyond pytest is imported
when a test asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from pact_recorder.errors import PactRecorderError

if TYPE_CHECKING:
    from pact_recorder.pytest_plugin.mocking import PactMockServers
    from pact_recorder.pytest_plugin.recording import PactRecording

Result = TypeVar("Result")
MODES = ("none", "once", "new_episodes", "all")
_MARKS = (
    "pact_recording(name=None, mode=None, upstream=None): record or replay this test's traffic",
    "allowed_hosts(hosts): hosts that this process may connect to although the network is blocked",
)


@dataclass
class _Afterwards:
    """What is to be done when a test has run: say what is wrong, and, when nothing is, write.

    `ended` says that the test ran to its end: subtests are reported before that, as passed calls of it.
    """

    checks: list[Callable[[], str]] = field(default_factory=list)
    writes: list[Callable[[], None]] = field(default_factory=list)
    ended: bool = False

    def complaints(self) -> list[str]:
        return [text for check in self.checks if (text := check())]


_AFTERWARDS: pytest.StashKey[_Afterwards] = pytest.StashKey()


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


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget what an earlier run of the same test left, where failed tests are run again."""
    item.stash[_AFTERWARDS] = _Afterwards()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Result, Result]:
    """Fail a test that passed but did not do what its contract says; explain it for one that failed."""
    afterwards = item.stash[_AFTERWARDS]
    try:
        result = yield
    except BaseException:
        for text in afterwards.complaints():
            item.add_report_section("call", "pact-recorder", text)
        raise
    complaints = afterwards.complaints()
    if complaints:
        pytest.fail("\n\n".join(complaints), pytrace=False)
    afterwards.ended = True
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write what a test that passed is to write: only its report says so, when every plugin had its say."""
    report = yield
    afterwards = item.stash.get(_AFTERWARDS, None)
    if afterwards is None or not (report.when == "call" and report.passed and afterwards.ended):
        return report
    try:
        for write in afterwards.writes:
            write()
    except PactRecorderError as error:
        report.outcome, report.longrepr = "failed", str(error)
    return report


@pytest.fixture
def pact_mock_server(request: pytest.FixtureRequest) -> Iterator[PactMockServers]:
    """A factory of mock servers, which takes a contract and gives a running `MockServer`.

    The test fails, with every mismatch in words, when requests did not match or did not come. With `write_to` the
    contract is written into a folder when the test passed and everything matched. Other arguments are those of
    `pact_recorder.MockServer`.
    """
    from pact_recorder.pytest_plugin.mocking import PactMockServers

    servers = PactMockServers()
    afterwards = request.node.stash[_AFTERWARDS]
    afterwards.checks.append(servers.complaints)
    afterwards.writes.append(servers.write)
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
    request.node.stash[_AFTERWARDS].checks.append(recording.complaints)
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
