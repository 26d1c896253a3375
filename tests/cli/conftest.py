"""Commands run as real processes, and small sessions and contracts of our own to run them on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from upstream import Upstream, serving

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings import RecordedExchange, SessionHeader, write_session


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Without a terminal, and with a home of its own: mitmproxy keeps its certificates there."""
    home = tmp_path / "home"
    home.mkdir()
    return {**os.environ, "HOME": str(home), "COLUMNS": "100", "PYTHONWARNINGS": ""}


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Callable[..., Ran]:
    """Runs `pact-recorder` with arguments in the test's folder."""

    def run_command(*arguments: object, **options: object) -> Ran:
        command = [sys.executable, "-m", "pact_recorder.cli", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=60, **options
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_command


def exchange(
    method: str = "GET",
    path: str = "/pets",
    status: int = 200,
    answer: object = None,
    host: str = "pets.test",
    body: object = None,
) -> Exchange:
    json_type = Headers([("Content-Type", "application/json")])
    sent = None if body is None else Body(json.dumps(body).encode())
    got = None if answer is None else Body(json.dumps(answer).encode())
    request = Request(method, path, headers=json_type if sent else Headers(), body=sent, host=host)
    response = Response(status, "", json_type if got else Headers(), got)
    return Exchange(request, response, started=1_700_000_000.0, duration=0.01)


PETS = (
    RecordedExchange(exchange(answer=[{"id": 1, "name": "Rex"}]), count=2),
    RecordedExchange(exchange(path="/pets/1", answer={"id": 1, "name": "Rex"}), at=(3,)),
    RecordedExchange(exchange(path="/pets/1", status=404, answer={"error": "gone"}), at=(5,)),
    RecordedExchange(exchange("POST", status=201, answer={"id": 2, "key": "REDACTED-api_key-1"}, body={"name": "Tom"})),
    RecordedExchange(exchange("DELETE", path="/pets/1", status=204)),
)


def write(folder: Path, name: str, entries: tuple[RecordedExchange, ...]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    write_session(path, SessionHeader(name, created=1_700_000_000.0, tool="tests"), entries)
    return path


@dataclass(frozen=True)
class Entries:
    """For tests with sessions of their own: what the shared ones are made of, and how they are written."""

    pets = PETS
    exchange = staticmethod(exchange)
    write = staticmethod(write)


@pytest.fixture
def entries() -> Entries:
    return Entries()


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """The session `pets` in the recordings folder: one host, five different exchanges."""
    return write(tmp_path / "recordings", "pets", PETS)


@pytest.fixture
def two_hosts(tmp_path: Path) -> Path:
    """The session `hosts`, with two providers."""
    other = RecordedExchange(exchange(path="/rates", answer={"eur": 1}, host="bank.test"))
    return write(tmp_path / "recordings", "hosts", (*PETS[:1], other))


@pytest.fixture
def provider() -> Iterator[Upstream]:
    with serving() as upstream:
        upstream.says("*")
        yield upstream


@pytest.fixture
def verify(run, tmp_path: Path) -> Callable[..., Any]:
    """Verifies interactions against a URL."""

    def verified(url: str, *interactions: dict[str, Any], options: tuple[object, ...] = (), **more: Any) -> Any:
        document = {
            "consumer": {"name": "web"},
            "provider": {"name": "pets"},
            "interactions": list(interactions),
            "metadata": {"pactSpecification": {"version": "4.0"}},
        }
        (tmp_path / "pact.json").write_text(json.dumps(document))
        return run("verify", "pact.json", "--provider-url", url, *options, **more)

    return verified
