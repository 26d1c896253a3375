"""What is fuzzed, as real processes: mitmdump with the addon in mock mode, and `pact-recorder serve`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.files import contract
from tests.fuzz.requests import ALLOWED_GROWTH, Sent, defects, fuzz_requests, resident

ROOT = Path(__file__).parents[2]
WARM_UP = 100


@dataclass(slots=True)
class Target:
    """A running process with its port and what it says."""

    process: subprocess.Popen[str]
    port: int = 0
    lines: list[str] = field(default_factory=list)
    listening: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            found = re.search(r"listen\w* (?:at|on) .*?:(\d+)", line)
            if found and not self.port:
                self.port = int(found[1])
                self.listening.set()
        self.listening.set()


@contextmanager
def running(command: list[str]) -> Iterator[Target]:
    """The process, once it listens."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    options: dict[str, Any] = {"text": True, "errors": "replace", "cwd": ROOT, "env": environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options) as process:
        target = Target(process)
        reader = threading.Thread(target=target.read, daemon=True)
        reader.start()
        try:
            assert target.listening.wait(60) and target.port, target.lines
            yield target
        finally:
            process.terminate()
            process.wait(60)
            reader.join(10)


def commands(folder: Path) -> dict[str, list[str]]:
    """How each target is started; `folder` is for its files."""
    pact = folder / "fuzz.json"
    pact.write_text(json.dumps(contract()))
    mitmdump = Path(sysconfig.get_path("scripts")) / "mitmdump"
    settings = {"pact_mode": "mock", "pact_recordings": folder, "pact_load": pact, "confdir": folder / "conf"}
    options = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
    recorder = [
        str(mitmdump),
        "-s",
        str(ROOT / "addons" / "recorder.py"),
        "-p",
        "0",
        "--set",
        "flow_detail=0",
        *options,
    ]
    serve = [sys.executable, "-m", "pact_recorder.cli", "serve", "--listen", "127.0.0.1:0", str(pact)]
    return {"proxy": recorder, "reverse": [*recorder, "--mode", "reverse:http://127.0.0.1:9"], "serve": serve}


def fuzz_target(name: str, folder: Path, count: int, seed: int) -> Sent:
    """Send so many requests to a target; its crash, its log and its memory are failures too."""
    with running(commands(folder)[name]) as target:
        fuzz_requests(target.port, min(WARM_UP, count), seed + 1, proxied=name == "proxy")
        before = resident(target.process.pid)
        sent = fuzz_requests(target.port, count, seed, proxied=name == "proxy")
        if target.process.poll() is not None:
            sent.failures.append(f"the process ended with status {target.process.returncode}")
        elif (grown := resident(target.process.pid) - before) > ALLOWED_GROWTH:
            sent.failures.append(f"memory grew by {grown:,} bytes")
    (folder / f"{name}.log").write_text("\n".join(target.lines))
    sent.failures += [f"log: {line[:300]}" for line in defects(target.lines)]
    return sent
