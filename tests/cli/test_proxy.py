"""The proxy commands as real processes."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from pact_recorder.cli.demo_api import DemoApi
from pact_recorder.recordings import load_session

LISTENS = re.compile(r"listens on http://(?:127\.0\.0\.1|0\.0\.0\.0|[^ :]+):(\d+)")


class Running:
    """A proxy command that runs: its port and, once it has ended, what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = 0
        self.said: list[str] = []
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._listening.wait(40), "".join(self.said)
        assert self.port, "".join(self.said)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := LISTENS.search(line):
                self.port = int(found[1])
            if line.startswith("  stop "):
                self._listening.set()
        self._listening.set()

    def ask(self, method: str, url: str, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, url, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        self.process.send_signal(number)
        status = self.process.wait(30)
        self._reader.join(10)
        assert self.process.stdout is not None
        return status, self.process.stdout.read(), "".join(self.said)


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]):
    @contextmanager
    def start_command(*arguments: object) -> Iterator[Running]:
        command = [sys.executable, "-m", "pact_recorder.cli", *map(str, arguments)]
        options = {"cwd": tmp_path, "env": environment, "encoding": "utf-8"}
        # Whoever runs the tests with nohup has made its children deaf to SIGHUP.
        options["preexec_fn"] = lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
            try:
                yield Running(process)
            finally:
                process.kill()

    return start_command


def test_capture_then_mock(start, tmp_path: Path) -> None:
    with DemoApi() as api:
        url = f"http://127.0.0.1:{api.port}/books/1"
        with start("capture", "--session", "shop", "--listen", "127.0.0.1:0") as capture:
            live = capture.ask("GET", url)
            status, out, err = capture.stop(signal.SIGHUP)
    assert (status, out) == (0, "")
    assert len(load_session(tmp_path / "recordings" / "shop.yaml").entries) == 1
    for text in ("capture mode", "  session      shop", "recorded: 1 exchange", "pact-recorder mock --session shop"):
        assert text in err
    with start("mock", "--session", "shop", "--listen", "127.0.0.1:0") as mock:
        assert mock.ask("GET", url) == live
        assert mock.ask("GET", f"http://127.0.0.1:{api.port}/books/2")[0] == 404
        status, _, err = mock.stop()
    assert status == 0
    assert "answered from expectations: 1; misses: 1" in err


def test_in_front_of_one_service(start, tmp_path: Path) -> None:
    with DemoApi() as api:
        upstream = f"http://127.0.0.1:{api.port}"
        with start("spy", "--upstream", upstream, "--session", "s", "--listen", "127.0.0.1:0") as spy:
            assert [spy.ask("GET", "/books/1")[0] for _ in range(2)] == [200, 200]
            _, _, err = spy.stop()
    assert f"in place of {upstream}" in err
    (entry,) = load_session(tmp_path / "recordings" / "s.yaml").entries
    assert (entry.count, entry.exchange.request.port) == (1, api.port)


def test_a_contract_is_active_and_the_options_reach_the_addon(start, tmp_path: Path) -> None:
    interaction = {"description": "d", "request": {"method": "GET", "path": "/pets"}, "response": {"status": 203}}
    contract = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [interaction]}
    (tmp_path / "pact.json").write_text(json.dumps(contract))
    options = (
        "--unmatched",
        "418",
        "--consumer",
        "web",
        "--provider",
        "pets",
        "--sequence",
        "cycle",
        "--max-body",
        "1m",
        "--max-expectations",
        "1",
        "--max-log",
        "1",
        "--max-log-memory",
        "1m",
    )
    with start("mock", "pact.json", *options, "--listen", "127.0.0.1:0") as mock:
        assert mock.ask("GET", "/pets")[0] == 203
        assert mock.ask("GET", "/cats")[0] == 418
        expectations = f"http://127.0.0.1:{mock.port}/mockserver/expectation"
        assert httpx.put(expectations, json={"httpResponse": {}}, trust_env=False).status_code == 201
        refused = httpx.put(expectations, json={"httpResponse": {}}, trust_env=False)
        assert (refused.status_code, "1 of at most 1 expectations" in refused.text) == (400, True)
        log = httpx.put(f"http://127.0.0.1:{mock.port}/mockserver/retrieve", trust_env=False)
        assert ([each["path"] for each in log.json()], log.headers["x-pact-recorder-evicted"]) == (["/cats"], "1")
        mock.stop()
    assert not (tmp_path / "recordings").exists()


def test_mitmdumps_own_arguments(start, tmp_path: Path) -> None:
    with DemoApi() as api:
        arguments = ("--filter", "~m GET", "--listen", "127.0.0.1:0", "--", "--set", "flow_detail=1")
        with start("capture", "--session", "s", *arguments) as capture:
            capture.ask("GET", f"http://127.0.0.1:{api.port}/books/1")
            capture.ask("DELETE", f"http://127.0.0.1:{api.port}/books/1")
            _, out, err = capture.stop()
    assert out == ""
    assert f"GET http://127.0.0.1:{api.port}/books/1" in err
    (entry,) = load_session(tmp_path / "recordings" / "s.yaml").entries
    assert entry.exchange.request.method == "GET"
    assert "not recorded: 1 (not selected by pact_filter)" in err


def test_the_control_token_comes_from_a_file(start, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sesame\n")
    with start("capture", "--control-token-file", "token", "--listen", "127.0.0.1:0") as capture:
        browser = {"Origin": "http://page.test"}
        assert capture.ask("GET", "/mockserver/mode", **browser)[0] == 403
        assert capture.ask("GET", "/mockserver/mode", Authorization="Bearer sesame", **browser)[0] == 200
        capture.stop()


def test_a_port_in_use(run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("capture", "--session", "s", "--listen", f"127.0.0.1:{port}")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == (
        f"pact-recorder: Cannot listen on 127.0.0.1:{port}: Address already in use; "
        "give another with --listen HOST:PORT.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mock", "--session", "pest"], "There is no session 'pest' in recordings: did you mean pets"),
        (["mock", "nothing.json"], "nothing.json"),
        (["mock", "broken.json"], "broken.json, line 1"),
        (["mock", "--session", "broken"], "recordings/broken.yaml, line "),
        (["capture", "--unmatched", "999"], "--unmatched: 999 is no HTTP status"),
        (["capture", "--unmatched", "many"], "argument --unmatched: 'many' is no status from 200 to 599"),
        (["capture", "--max-log", "many"], "argument --max-log: 'many' is no whole number from 1"),
        (["mock", "./missing.json"], "There is no file ./missing.json."),
        (["capture", "--max-body", "lots"], "--max-body: 'lots' is no size"),
        (["capture", "--filter", "~zz"], "--filter: '~zz' is no mitmproxy filter expression"),
        (["capture", "--redact", "nothing"], "--redact: 'nothing' is neither default nor none nor a file"),
        (["capture", "--recordings", "file/x"], "file/x"),
        (["capture", "--session", "../x"], "'../x' cannot be the name of a session"),
        (["capture", "--listen", "nonsense"], "'nonsense' is no address"),
        (["capture", "--listen", "nowhere.invalid:1"], "nowhere.invalid is no address of this machine"),
        (["capture", "--listen", "192.0.2.1:0"], "192.0.2.1 is no address of this machine"),
        (["capture", "--upstream", "localhost:1"], "'localhost:1' is no address of a service"),
        (["capture", "--control-token-file", "nothing"], "The token file nothing cannot be read"),
        (["capture", "--control-token-file", "file"], "The token file file must hold the token"),
        (["capture", "--", "--mode", "nonsense"], "nonsense"),
    ],
)
def test_what_cannot_start(run, pets: Path, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "recordings" / "broken.yaml").write_text(pets.read_text().replace("method: GET", "method: [", 1))
    listen = [] if "--listen" in arguments else ["--listen", "127.0.0.1:0"]
    ran = run(arguments[0], *listen, *arguments[1:])
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("pact-recorder")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    assert not list((tmp_path / "recordings").glob("*.journal"))


def test_what_mitmdump_does_not_know_mitmdump_complains_of(run) -> None:
    ran = run("capture", "--listen", "127.0.0.1:0", "--", "--bogus")
    assert (ran.status, ran.out) == (2, "")
    assert "\nmitmdump: error: unrecognized arguments: --bogus" in ran.err


def test_a_session_that_is_being_recorded(start, run) -> None:
    with start("capture", "--session", "s", "--listen", "127.0.0.1:0") as capture:
        ran = run("capture", "--session", "s", "--listen", "127.0.0.1:0")
        capture.stop()
    assert ran.status == 2
    assert 'The session "s" in recordings is being recorded by process' in ran.err


def test_a_mock_of_nothing_says_so(start, pets: Path) -> None:
    with start("mock", "--listen", "127.0.0.1:0") as mock:
        _, _, err = mock.stop()
    assert "nothing is active: no --session and no PACT was given; there are the sessions pets" in err


def test_other_machines_get_in_when_it_listens_for_them(start) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent: it only tells which address of this machine leads out.
        probe.connect(("192.0.2.1", 9))
        address = probe.getsockname()[0]
    with start("mock", "--listen", "0.0.0.0:0") as mocking:
        connection = http.client.HTTPConnection(address, mocking.port, timeout=20)
        connection.request("GET", "http://api.example/x")
        assert connection.getresponse().status == 404
        connection.close()
        _, _, said = mocking.stop()
    assert "turned" not in said
