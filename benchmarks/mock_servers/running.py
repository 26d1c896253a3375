"""A server as a process: started, given its contract, paused while others are measured, and ended."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_LOAD = 60


class NotLoadedError(Exception):
    """The server has no such rules, or did not load the contract in time."""


@dataclass
class Running:
    """A server that has loaded a contract."""

    port: int
    process: subprocess.Popen[str]
    is_java: bool = False

    def processor(self) -> float:
        """Processor time used so far, in seconds."""
        user, system = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def pause(self) -> None:
        """Stop it while others are measured: some go on for long with requests that nobody waits for."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


@contextmanager
def started(command: list[str], ready: str, **options: object) -> Iterator[Running]:
    """A process that says, by a pattern with the port as its group, that it listens."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, **options
    )
    late = threading.Timer(SECONDS_TO_LOAD, process.kill)
    late.start()
    try:
        for line in process.stdout:
            if found := re.search(ready, line):
                break
        else:
            raise NotLoadedError("did not load them in a minute")
        late.cancel()
        # What it goes on to say must be read, or it stops when the pipe is full.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Running(int(found.group(1)), process)
    finally:
        late.cancel()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def give(running: Running, method: str, path: str, document: object) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.port}{path}",
        json.dumps(document).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    try:
        urllib.request.urlopen(request, timeout=SECONDS_TO_LOAD).read()
    except OSError as error:
        raise NotLoadedError("did not load them in a minute") from error


def wait_for(running: Running) -> None:
    until = time.monotonic() + SECONDS_TO_LOAD
    while time.monotonic() < until:
        with suppress(OSError):
            urllib.request.urlopen(urllib.request.Request(
                f"http://127.0.0.1:{running.port}/mockserver/status", method="PUT"), timeout=5).read()  # fmt: skip
            return
        time.sleep(0.2)
    raise NotLoadedError("did not start in a minute")
