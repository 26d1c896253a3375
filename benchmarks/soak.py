"""A soak: one proxy under load for a long time, capturing and mocking in turns, and its resident memory meanwhile.

    .venv/bin/python benchmarks/soak.py [--requests 1000000] [--seconds 0] [--items 2000] [--phase 10]

Requests are for so many different items, so that what is recorded stops growing after the first round: memory should be
flat from then on. Ends after so many requests, or seconds if they are given. Prints a line for each phase and, at the
end, memory after the warm-up (the first tenth) against memory at the end.
"""

import argparse
import json
import re
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOAD = Path(__file__).with_name("load.py")
MITMDUMP = Path(sysconfig.get_path("scripts")) / "mitmdump"


@dataclass(frozen=True)
class Phase:
    """One phase: the mode, how many requests it had, how many were not answered with 200, and memory at its end."""

    mode: str
    requests: int
    wrong: int
    resident: int


@contextmanager
def service() -> Iterator[int]:
    """The service behind the proxy; its port."""
    with subprocess.Popen([sys.executable, str(LOAD), "serve"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def proxy(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Mitmdump with the addon; the process and its port."""
    settings = {"pact_recordings": folder, "pact_session": "soak", "confdir": folder, "flow_detail": 0}
    options = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
    command = [str(MITMDUMP), "-s", str(ROOT / "addons" / "recorder.py"), "-p", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        port = 0
        while not port:
            found = re.search(r" listening at .*?:(\d+)", process.stdout.readline())
            port = int(found[1]) if found else 0
        threading.Thread(target=process.stdout.read, daemon=True).start()
        try:
            yield process, port
        finally:
            process.terminate()
            process.wait(300)


def resident(process: subprocess.Popen[str]) -> int:
    """Resident kilobytes of a process."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
    assert found is not None
    return int(found[1])


def switch(port: int, mode: str) -> None:
    """Change the mode by the control API."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/mockserver/mode?mode={mode}", method="PUT")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).close()


def phases(options: argparse.Namespace, folder: Path) -> Iterator[Phase]:
    """Load the proxy in one mode after the other until there were enough requests, or time is over."""
    began, total = time.monotonic(), 0
    with service() as behind, proxy(folder) as (process, port):
        for number in range(1_000_000):
            over = time.monotonic() - began > options.seconds if options.seconds else total >= options.requests
            if over:
                return
            mode = ("capture", "mock")[number % 2]
            switch(port, mode)
            command = [sys.executable, str(LOAD), "drive", str(port), "0", str(options.items), str(options.phase)]
            command += ["--proxy-for", f"127.0.0.1:{behind}"]
            found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            total += found["requests"]
            yield Phase(mode, found["requests"], found["wrong"], resident(process))


def main() -> int:
    """Soak, and say how memory went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--phase", type=float, default=10)
    options = parser.parse_args()
    seen: list[Phase] = []
    with tempfile.TemporaryDirectory(prefix="pact-recorder-soak-") as folder:
        for phase in phases(options, Path(folder)):
            seen.append(phase)
            total = sum(each.requests for each in seen)
            print(f"{phase.mode:8} {total:>9,} requests, {phase.resident / 1024:7.1f} MiB", flush=True)
    warm, last = seen[len(seen) // 10].resident / 1024, seen[-1].resident / 1024
    wrong = sum(phase.wrong for phase in seen)
    print(f"{total:,} requests, {wrong} not answered with 200; {warm:.1f} MiB after the warm-up, {last:.1f} at the end")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
