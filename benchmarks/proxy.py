"""The addon beside bare mitmdump, in one run: throughput, memory and start-up, as ratios.

    .venv/bin/python benchmarks/proxy.py [--seconds 5] [--rounds 3] [--exchanges 50000]

Every figure is measured side by side with its counterpart, in turns, with medians of the rounds. Absolute figures are
of this machine only; the ratios are what is claimed.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from load import BODY

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings import RecordedExchange, SessionHeader, write_session

ROOT = Path(__file__).parents[1]
ADDON = ROOT / "addons" / "recorder.py"
LOAD = Path(__file__).with_name("load.py")
MITMDUMP = Path(sysconfig.get_path("scripts")) / "mitmdump"
CONSTANT = f"""
from mitmproxy import http
def request(flow):
    flow.response = http.Response.make(200, {BODY!r}, {{"Content-Type": "application/json"}})
"""
HOOKS = """
class Empty:
    def client_connected(self, client): pass
    def server_connect(self, data): pass
    def requestheaders(self, flow): pass
    async def request(self, flow): pass
    def responseheaders(self, flow): pass
    def response(self, flow): pass
    def error(self, flow): pass
addons = [Empty()]
"""
PROVIDER = "api.example"


@dataclass
class Bench:
    """What the measurements share: where to work, and how long each takes."""

    folder: Path
    seconds: float
    rounds: int
    service: int
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def row(self, what: str, figure: str, ratio: str = "") -> None:
        self.rows.append((what, figure, ratio))
        print(f"{what:58} {figure:>28} {ratio:>10}", flush=True)


@contextmanager
def mitmdump(bench: Bench, *arguments: str) -> Iterator[tuple[int, subprocess.Popen[str], float]]:
    """A running mitmdump: its port, its process, and the seconds it took to listen."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(MITMDUMP), "-p", "0", "--set", f"confdir={bench.folder}", "--set", "flow_detail=0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        found = re.search(r"listening at .*?:(\d+)\.", line)
        if found:
            break
    else:
        raise SystemExit("mitmdump did not start:\n" + "".join(said))
    took = time.perf_counter() - started
    # What it goes on to say must be read, or it stops when the pipe is full.
    threading.Thread(target=process.stdout.read, daemon=True).start()
    try:
        yield int(found.group(1)), process, took
    finally:
        process.terminate()
        process.wait(timeout=300)


def drive(bench: Bench, port: int, first: int, count: int, seconds: float | None = None, proxied: str = "") -> dict:
    command = [sys.executable, str(LOAD), "drive", str(port), str(first), str(count), str(seconds or bench.seconds)]
    if proxied:
        command += ["--proxy-for", proxied]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if result["wrong"]:
        raise SystemExit(f"{result['wrong']} answers were not 200")
    return result


def memory(process: subprocess.Popen[str]) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def processor_time(process: subprocess.Popen[str]) -> float:
    """Seconds that the process has spent, of its own and in the system for it: steadier than the clock."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def recorder(bench: Bench, mode: str, session: str) -> list[str]:
    settings = (f"pact_recordings={bench.folder / 'recordings'}", f"pact_mode={mode}", f"pact_session={session}")
    return ["-s", str(ADDON), *(word for setting in settings for word in ("--set", setting))]


def in_turns(bench: Bench, *measures: Callable[[int], float]) -> list[float]:
    """The median of each measure over the rounds, taken in turns."""
    results = [[measure(number) for measure in measures] for number in range(bench.rounds)]
    return [statistics.median(column) for column in zip(*results, strict=True)]


def capture(bench: Bench) -> None:
    host = f"127.0.0.1:{bench.service}"
    script = bench.folder / "hooks.py"
    script.write_text(HOOKS)
    spent: dict[str, list[float]] = {}

    def forwarding(name: str, arguments: Callable[[int], list[str]]) -> Callable[[int], float]:
        def measure(number: int) -> float:
            with mitmdump(bench, *arguments(number)) as (port, process, _started):
                drive(bench, port, 0, 10**9, 1, host)
                before = processor_time(process)
                done = drive(bench, port, 10**7, 10**9, proxied=host)
                taken = processor_time(process) - before
                spent.setdefault(name, []).append(1e6 * taken / done["requests"])
                return float(done["rate"])

        return measure

    bare, hooked, recorded = in_turns(
        bench,
        forwarding("bare", lambda _: []),
        forwarding("hooks", lambda _: ["-s", str(script), "--set", "connection_strategy=lazy"]),
        forwarding("capture", lambda number: recorder(bench, "capture", f"capture-{number}")),
    )
    time_of = {name: statistics.median(found) for name, found in spent.items()}
    for name, what, rate in (
        ("hooks", "an addon with empty hooks", hooked),
        ("capture", "capture, every request new", recorded),
    ):
        bench.row(f"{what}, beside bare mitmdump", f"{rate:.0f} / {bare:.0f} per s", f"{rate / bare:.2f}")
        bench.row(
            "  the same as processor time of mitmdump",
            f"{time_of[name]:.0f} / {time_of['bare']:.0f} us a request",
            f"{time_of['bare'] / time_of[name]:.2f}",
        )


def write_sample(bench: Bench, size: int) -> str:
    headers = Headers([("Content-Type", "application/json"), ("Vary", "Accept-Encoding"), ("Server", "benchmark")])
    accept = Headers([("Host", PROVIDER), ("Accept", "application/json"), ("User-Agent", "benchmark/1.0")])
    exchanges = (
        RecordedExchange(
            Exchange(
                Request("GET", f"/items/{number}", headers=accept, host=PROVIDER),
                Response(200, "OK", headers, Body(BODY)),
            )
        )
        for number in range(size)
    )
    name = f"sample-{size}"
    path = bench.folder / "recordings" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    write_session(path, SessionHeader(name), exchanges)
    return name


def mock(bench: Bench, sizes: tuple[int, ...]) -> None:
    script = bench.folder / "constant.py"
    script.write_text(CONSTANT)

    def constant(_: int) -> float:
        with mitmdump(bench, "-s", str(script)) as (port, _process, _started):
            drive(bench, port, 0, 10, 1, PROVIDER)
            return float(drive(bench, port, 0, 10, proxied=PROVIDER)["rate"])

    def mocking(size: int) -> Callable[[int], float]:
        name = write_sample(bench, size)

        def measure(_: int) -> float:
            with mitmdump(bench, *recorder(bench, "mock", name)) as (port, _process, _started):
                drive(bench, port, 0, size, 1, PROVIDER)
                return float(drive(bench, port, 0, size, proxied=PROVIDER)["rate"])

        return measure

    ceiling, *rates = in_turns(bench, constant, *(mocking(size) for size in sizes))
    for size, rate in zip(sizes, rates, strict=True):
        bench.row(
            f"mock with {size} expectations, beside a constant answer",
            f"{rate:.0f} / {ceiling:.0f} per s",
            f"{rate / ceiling:.2f}",
        )
    bench.row(f"mock with {sizes[-1]} beside {sizes[0]} expectations", "", f"{rates[-1] / rates[0]:.2f}")


def footprint(bench: Bench, exchanges: int) -> None:
    host = f"127.0.0.1:{bench.service}"
    with mitmdump(bench, *recorder(bench, "capture", "footprint")) as (port, process, _started):
        done = 0
        figures = []
        for target in (1_000, exchanges):
            while done < target:
                done += drive(bench, port, done, 10**9, min(5.0, max(0.2, (target - done) / 1500)), host)["requests"]
            figures.append((done, memory(process)))
    (small, at_small), (large, at_large) = figures
    bench.row(f"resident memory after {small} captured exchanges", f"{at_small:.0f} MB")
    bench.row(f"resident memory after {large} captured exchanges", f"{at_large:.0f} MB", f"{at_large / at_small:.2f}")


def start_up(bench: Bench, size: int) -> None:
    name = write_sample(bench, size)

    def bare(_: int) -> float:
        with mitmdump(bench) as (_port, _process, started):
            return started

    def loaded(_: int) -> float:
        with mitmdump(bench, *recorder(bench, "mock", name)) as (_port, _process, started):
            return started

    without, with_session = in_turns(bench, bare, loaded)
    bench.row(
        f"start with a session of {size} exchanges, beside bare",
        f"{with_session:.1f} / {without:.1f} s",
        f"{with_session / without:.1f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--exchanges", type=int, default=50_000)
    parser.add_argument("--parts", nargs="*", choices=("capture", "mock", "memory", "start"), default=None)
    options = parser.parse_args()
    service = subprocess.Popen([sys.executable, str(LOAD), "serve"], stdout=subprocess.PIPE, text=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            assert service.stdout is not None
            bench = Bench(Path(folder), options.seconds, options.rounds, int(service.stdout.readline()))
            parts = {
                "capture": lambda: capture(bench),
                "mock": lambda: mock(bench, (10, 10_000)),
                "memory": lambda: footprint(bench, options.exchanges),
                "start": lambda: start_up(bench, 10_000),
            }
            for name in options.parts or parts:
                parts[name]()
    finally:
        service.terminate()
        service.wait()


if __name__ == "__main__":
    main()
