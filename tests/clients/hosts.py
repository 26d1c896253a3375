"""What the clients talk to: a real mitmdump with the addon, and `pact-recorder serve`."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from proxy import Proxy, running

_LISTENS = re.compile(r"listens on http://127\.0\.0\.1:(\d+)")
# Asked for by nobody: there must be something to serve.
_CONTRACT = '{"consumer":{"name":"a"},"provider":{"name":"b"},"interactions":[]}'


@dataclass
class Host:
    """A running program: its kind, port and process; `proxy` is the mitmdump where it is one."""

    kind: str
    port: int
    process: subprocess.Popen[str]
    proxy: Proxy | None = None

    def get(self, path: str, **options: object) -> httpx.Response:
        """A request of data traffic to the program itself."""
        return self.send("GET", path, **options)

    def send(self, method: str, path: str, **options: object) -> httpx.Response:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False) as client:
            return client.request(method, path, **options)  # type: ignore[arg-type]


@contextmanager
def hosted(kind: str, folder: Path, confdir: Path) -> Iterator[Host]:
    """A program of a kind, `proxy` or `serve`, that is listening; ended with the block."""
    with _proxy(folder, confdir) if kind == "proxy" else _serve(folder) as host:
        yield host


@contextmanager
def _proxy(folder: Path, confdir: Path) -> Iterator[Host]:
    with running(f"pact_recordings={folder}", "pact_session=clients", confdir=confdir) as proxy:
        yield Host("proxy", proxy.port, proxy.process, proxy)


@contextmanager
def _serve(folder: Path) -> Iterator[Host]:
    folder.mkdir(exist_ok=True)
    contract = folder / "empty.json"
    contract.write_text(_CONTRACT)
    command = [sys.executable, "-m", "pact_recorder.cli", "serve", "--listen", "127.0.0.1:0", str(contract)]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, encoding="utf-8") as process:
        lines: list[str] = []
        ready = threading.Event()
        reader = threading.Thread(target=_read, args=(process, lines, ready), daemon=True)
        reader.start()
        try:
            assert ready.wait(60), lines
            found = _LISTENS.search("".join(lines))
            assert found, lines
            yield Host("serve", int(found[1]), process)
        finally:
            process.terminate()
            process.wait(30)
            reader.join(10)


def _read(process: subprocess.Popen[str], lines: list[str], ready: threading.Event) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        if line.startswith("  stop "):
            ready.set()
    ready.set()
