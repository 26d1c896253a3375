"""What is measured of a server by wrk: rate, percentiles, processor time and memory."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from mock_servers.contracts import lua
from mock_servers.peers import SERVERS
from mock_servers.running import NotLoadedError, Running

CONNECTIONS = 16
SLOW = 20
"""Requests a second below which a server is measured once, for longer."""

TOO_SLOW = 5
"""Requests a second below which it is not asked with more interactions."""

SECONDS_FOR_SLOW = 20
# Primes: what is asked for in one order first, is asked for in another when it counts.
_WARMING_STEP, _STEP = 7_919, 6_007
_SECONDS_FOR_JAVA = 6
_MOST_SECONDS_TO_WARM = 60


@dataclass(frozen=True)
class Round:
    """One run of wrk: requests a second, percentiles in ms, processor time of the server in µs, answers."""

    rate: float
    p50: float
    p99: float
    processor: float
    requests: int


@dataclass
class Measured:
    """A server with its script, how many requests it was asked so far by which step, and its rounds."""

    server: Running
    script: Path
    step: int = _WARMING_STEP
    asked: int = 0
    slow: bool = False
    rounds: list[Round] = field(default_factory=list)
    memory: float = 0.0

    def ask(self, seconds: float) -> Round:
        """One round, which goes on where the one before ended. Every answer must be 2xx."""
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency", "--timeout", "60s"]
        command = ["wrk", *options, "-s", str(self.script), f"http://127.0.0.1:{self.server.port}", "--"]
        before = self.server.processor()
        done = subprocess.run([*command, str(self.step), str(self.asked)], capture_output=True, text=True, check=True)
        if "Non-2xx" in done.stdout:
            raise SystemExit(f"not every answer was 2xx:\n{done.stdout}")
        used = self.server.processor() - before
        found = _read(done.stdout, used)
        self.asked += found.requests
        return found

    def warm(self, count: int) -> None:
        """Ask for every interaction once, as far as that goes: what is made at first use is not measured.

        The Java servers get a while in any case, since they compile what they do often.
        """
        until = time.monotonic() + _MOST_SECONDS_TO_WARM
        rate = self.ask(_SECONDS_FOR_JAVA if self.server.is_java else 1).rate
        self.slow = rate < SLOW
        while not self.slow and self.asked < count and time.monotonic() < until:
            left = until - time.monotonic()
            rate = self.ask(min(left, max(1, 1.2 * (count - self.asked) / max(rate, 1)))).rate
        self.step, self.asked = _STEP, 0

    def medians(self) -> Round:
        """The median of the rounds in each respect."""
        columns = zip(*((each.rate, each.p50, each.p99, each.processor) for each in self.rounds), strict=True)
        return Round(*map(statistics.median, columns), requests=sum(each.requests for each in self.rounds))


def _read(told: str, used: float) -> Round:
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1))
    requests = int(re.search(r"(\d+) requests in", told).group(1))
    units = {"us": 0.001, "ms": 1, "s": 1_000, "m": 60_000}
    latencies = [re.search(rf"{part}%\s+([\d.]+)(us|ms|s|m)\b", told) for part in (50, 99)]
    p50, p99 = (float(found[1]) * units[found[2]] for found in latencies)
    return Round(rate, p50, p99, used / max(1, requests) * 1e6, requests)


def measure(
    names: list[str], kind: str, count: int, asked: int, folder: Path, rounds: int, seconds: float
) -> dict[str, Measured]:
    """The figures of every server that loads the contract; all are asked in turn, the others standing still."""
    found: dict[str, Measured] = {}
    with ExitStack() as stack:
        for name in names:
            try:
                found[name] = load(stack, name, kind, count, asked, folder)
            except NotLoadedError as error:
                say(f"{kind}, {count:,}: {name} {error}")
        for number in range(rounds):
            for each in found.values():
                if not (each.slow and number):
                    take_round(each, SECONDS_FOR_SLOW if each.slow else seconds)
        for each in found.values():
            each.memory = each.server.memory()
    return found


def load(stack: ExitStack, name: str, kind: str, count: int, asked: int, folder: Path) -> Measured:
    """A server that has loaded a contract and was asked for all of it once. Raises NotLoadedError."""
    began = time.monotonic()
    script = folder / f"{kind}-{count}.lua"
    script.write_text(lua(kind, count, asked))
    each = Measured(stack.enter_context(SERVERS[name](kind, count, folder)), script)
    loaded = time.monotonic()
    each.warm(asked)
    each.server.pause()
    say(f"{kind}, {count:,}: {name} loaded in {loaded - began:.0f} s, warm in {time.monotonic() - loaded:.0f} s")
    return each


def take_round(each: Measured, seconds: float) -> None:
    each.server.resume()
    each.rounds.append(each.ask(seconds))
    each.server.pause()


def say(sentence: str) -> None:
    """Tell who waits how far it is; the tables are on standard output."""
    print(sentence, file=sys.stderr, flush=True)
