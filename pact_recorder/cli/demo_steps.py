"""The steps of the demo. Each does one part of the main job for real and gives the figure it measured."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pact_recorder.cli.demo_api import DemoApi
from pact_recorder.cli.demo_client import HOST, QUESTIONS, WRONG_PASSWORD, Client, Reply, difference
from pact_recorder.cli.demo_library import PASSWORD, TOKEN
from pact_recorder.cli.demo_proxy import ControlAnswer, ProxyProcess
from pact_recorder.cli.tables import counted
from pact_recorder.errors import PactRecorderError
from pact_recorder.recordings import load_session

CONSUMER = "demo-app"
PROVIDER = "library"
_COMMAND_TIMEOUT = 60


class StepFailed(PactRecorderError):
    """A step did not give what it should."""


class Demonstration:
    """The main job on this machine, in a folder; a context manager that ends everything it started."""

    def __init__(self, folder: Path, session: str, confdir: Path) -> None:
        self._session = session
        self.recordings = folder / "recordings"
        self.pacts = folder / "pacts"
        self._log = folder / "mitmdump.log"
        self._confdir = confdir
        self._open = ExitStack()
        self._live: list[Reply] = []
        self._contract: dict[str, Any] = {}

    def __enter__(self) -> Demonstration:
        self._api = self._open.enter_context(DemoApi())
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    def record(self) -> str:
        """Start mitmdump and ask everything through it."""
        self._proxy = self._open.enter_context(self._start("capture"))
        self._client = Client(self._proxy.port, self._api.port)
        self._live = list(self._client.ask_all())
        failed = [str(question) for question, live in zip(QUESTIONS, self._live, strict=True) if live.status >= 500]
        _expect(not failed, f"the live service failed at {', '.join(failed)}")
        return f"{len(self._live)} answers of http://{HOST} through mitmdump on port {self._proxy.port}"

    def stop_upstream(self) -> str:
        """Stop the service for good."""
        self._api.stop()
        with socket.socket() as probe:
            refused = probe.connect_ex(("127.0.0.1", self._api.port)) != 0
        _expect(refused, f"port {self._api.port} still accepts connections")
        return f"port {self._api.port} refuses connections"

    def replay(self) -> str:
        """Switch to mock mode and ask everything again."""
        answer = self._proxy.control("PUT", "/mockserver/mode?mode=MOCK")
        _expect(answer.status == 200, f"PUT /mockserver/mode was answered {_short(answer)}")
        return self._ask_again()

    def export_by_api(self) -> str:
        """Get the contract by one request."""
        answer = self._proxy.control("PUT", f"/mockserver/pact?consumer={CONSUMER}&provider={PROVIDER}")
        _expect(answer.status == 200, f"PUT /mockserver/pact was answered {_short(answer)}")
        self._contract = json.loads(answer.content)
        version = self._contract["metadata"]["pactSpecification"]["version"]
        return f"{counted(self._interactions(), 'interaction')}, Pact {version} (PUT /mockserver/pact)"

    def verify_by_api(self) -> str:
        """Ask whether the expectations satisfy the contract."""
        answer = self._verify(self._contract)
        _expect(answer.status == 202, f"PUT /mockserver/pact/verify was answered {_short(answer)}")
        verified = [each["verified"] for each in json.loads(answer.content)["interactions"]]
        return f"{sum(verified)}/{self._interactions()} interactions, answered {answer.status}"

    def refuse_broken(self) -> str:
        """Ask the same about a copy with a change in it."""
        answer = self._verify(broken(self._contract))
        _expect(answer.status == 406, f"a broken contract was answered {_short(answer)}")
        failed = [each for each in json.loads(answer.content)["interactions"] if not each["verified"]]
        _expect(len(failed) == 1, f"{len(failed)} interactions failed where one was broken")
        return f"{len(failed)}/{self._interactions()} interactions fail, answered {answer.status}"

    def write_session(self) -> str:
        """Stop mitmdump, which writes the session."""
        self._proxy.stop()
        session = load_session(self.recordings / f"{self._session}.yaml")
        held = sum(entry.count for entry in session.entries)
        _expect(held == len(QUESTIONS), f"the session holds {held} of {len(QUESTIONS)} exchanges")
        return f"{held}/{len(QUESTIONS)} exchanges in {self.recordings / session.name}.yaml"

    def replay_after_restart(self) -> str:
        """Start mitmdump anew in mock mode, from the file alone, and ask everything again."""
        with self._start("mock") as proxy:
            self._client = Client(proxy.port, self._api.port)
            return self._ask_again()

    def export_by_command(self) -> str:
        """Export with the command line."""
        exported = _command(
            "export", self._session, "--recordings", str(self.recordings), "--consumer", CONSUMER,
            "--provider", PROVIDER, "-o", str(self.pacts), "--json",
        )  # fmt: skip
        _expect(exported.returncode == 0, f"pact-recorder export failed: {exported.stderr.strip()}")
        (written,) = json.loads(exported.stdout)["contracts"]
        count = written["interactions"]
        _expect(count == self._interactions(), f"it has {count} interactions, the control API's {self._interactions()}")
        return f"{counted(count, 'interaction')} in {written['path']}"

    def verify_by_command(self) -> str:
        """Verify with the command line, the contract and a broken copy of it."""
        (path,) = self.pacts.glob("*.json")
        copy = self._confdir / "broken.json"
        copy.write_text(json.dumps(broken(json.loads(path.read_text("utf-8")))), "utf-8")
        options = ("--session", self._session, "--recordings", str(self.recordings))
        statuses = [_command("verify", str(each), *options).returncode for each in (path, copy)]
        _expect(statuses == [0, 1], f"pact-recorder verify ended with {statuses} instead of [0, 1]")
        return f"exit status {statuses[0]}, and {statuses[1]} for a broken copy"

    def search_secrets(self) -> str:
        """Look for the secrets in everything that was written."""
        files = [path for path in self.recordings.parent.rglob("*") if path.is_file()]
        secrets = (TOKEN, PASSWORD, WRONG_PASSWORD)
        found = [secret for secret in secrets if any(secret.encode() in path.read_bytes() for path in files)]
        _expect(not found, f"{len(found)} of {len(secrets)} secrets stand in the files")
        return f"{len(found)} of {len(secrets)} found in {counted(len(files), 'file')}"

    def _start(self, mode: str) -> ProxyProcess:
        return ProxyProcess(self.recordings, self._session, mode, self._confdir, self._log)

    def _ask_again(self) -> str:
        same = masked = 0
        for question, live, replayed in zip(QUESTIONS, self._live, self._client.ask_all(), strict=True):
            differs = difference(live, replayed)
            _expect(not differs, f"{question} got {differs}")
            same += 1
            masked += live.content != replayed.content
        secret = f", {masked} with a placeholder for its secret" if masked else ""
        return f"{same}/{len(self._live)} answers identical{secret}"

    def _interactions(self) -> int:
        return len(self._contract["interactions"])

    def _verify(self, contract: dict[str, Any]) -> ControlAnswer:
        return self._proxy.control("PUT", "/mockserver/pact/verify", json.dumps(contract).encode())


STEPS: tuple[tuple[str, Callable[[Demonstration], str]], ...] = (
    ("recorded", Demonstration.record),
    ("service stopped", Demonstration.stop_upstream),
    ("replayed offline", Demonstration.replay),
    ("exported", Demonstration.export_by_api),
    ("verified", Demonstration.verify_by_api),
    ("broken copy refused", Demonstration.refuse_broken),
    ("session written", Demonstration.write_session),
    ("replayed after restart", Demonstration.replay_after_restart),
    ("pact-recorder export", Demonstration.export_by_command),
    ("pact-recorder verify", Demonstration.verify_by_command),
    ("secrets searched", Demonstration.search_secrets),
)


def broken(contract: dict[str, Any]) -> dict[str, Any]:
    """A copy of a contract in which one answer promises a member that nobody gives."""
    copy: dict[str, Any] = json.loads(json.dumps(contract))
    for interaction in copy["interactions"]:
        body = interaction["response"].get("body")
        if isinstance(body, dict):
            body["promisedByNobody"] = True
            return copy
    raise StepFailed("the contract has no answer with a JSON object to break.")


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pact_recorder.cli", *arguments],
        capture_output=True, encoding="utf-8", errors="replace", timeout=_COMMAND_TIMEOUT, check=False,
    )  # fmt: skip


def _expect(held: bool, otherwise: str) -> None:
    if not held:
        raise StepFailed(f"{otherwise}.")


def _short(answer: ControlAnswer) -> str:
    return f"{answer.status}: {answer.content[:300].decode('utf-8', 'replace')}"
