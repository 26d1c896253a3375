"""Mock servers side by side: the same contracts, the same requests, one client (wrk), in turns.

    .venv/bin/python benchmarks/mock_server.py [--only NAME …] [--kinds …] [--counts …] [--asked N] [--rounds N]
        [--seconds N]

Three kinds of contract with 1 to 100,000 interactions each: `paths` (distinct literal paths), `bodies` (one path with
different queries and JSON bodies) and `rules` (path rules and type rules). Every interaction is asked for in turn, or
as many as `--asked` says, spread over all of them: then what a look-up costs shows alone, without what it costs to read
all of a great contract from memory. A peer that cannot load a contract within a minute, or has no such rules, is left
out there. wrk must be installed (apt-get install wrk); the Java servers are fetched by Maven (mvn) when Java is there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("paths", "bodies", "rules")
COUNTS = (1, 100, 1_000, 10_000, 100_000)
SECONDS_TO_LOAD = 60
CONNECTIONS = 16
CACHE = Path.home() / ".cache" / "pact-recorder-benchmarks"
JARS = {
    "WireMock": "org.wiremock:wiremock-standalone:3.13.2",
    "MockServer": "org.mock-server:mockserver-netty-no-dependencies:5.15.0",
}
SCRIPTS = Path(sysconfig.get_path("scripts"))
ANSWER = {"id": 17, "name": "A thing of some kind", "tags": ["one", "two", "three"], "price": 12.5}


# The contracts and requests


def request_of(kind: str, number: int) -> dict:
    """The expected request of an interaction, as a V3 document has it."""
    as_json = {"Content-Type": "application/json"}
    if kind == "paths":
        return {"method": "GET", "path": f"/items/{number}", "headers": {"Accept": "application/json"}}
    if kind == "bodies":
        body = {"query": f"term {number}", "tags": ["a", "b"]}
        query = {"page": [str(number // 2)], "size": ["10"]}
        return {"method": "POST", "path": "/search", "query": query, "headers": as_json, "body": body}
    return {
        "method": "POST",
        "path": f"/shops/{number}/orders/17",
        "headers": as_json,
        "body": {"id": 1, "name": "x"},
        "matchingRules": {
            "path": {"combine": "AND", "matchers": [{"match": "regex", "regex": f"/shops/{number}/orders/\\d+"}]},
            "body": {"$": {"combine": "AND", "matchers": [{"match": "type"}]}},
        },
    }


def contract(kind: str, count: int) -> dict:
    response = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": ANSWER}
    return {
        "consumer": {"name": "benchmark"},
        "provider": {"name": kind},
        "interactions": [
            {"description": str(number), "request": request_of(kind, number), "response": response}
            for number in range(count)
        ],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }


LUA = {
    "paths": 'return wrk.format("GET", "/items/" .. i, {Accept = "application/json"})',
    "bodies": """
        return wrk.format("POST", "/search?page=" .. math.floor(i / 2) .. "&size=10",
          {["Content-Type"] = "application/json"}, '{"query":"term ' .. i .. '","tags":["a","b"]}')""",
    "rules": """
        return wrk.format("POST", "/shops/" .. i .. "/orders/99", {["Content-Type"] = "application/json"},
          '{"id":7,"name":"other"}')""",
}


def lua(kind: str, count: int, asked: int) -> str:
    """A wrk script that asks for so many interactions in turn, by steps that no cache foresees."""
    return f"""
local requests, n, at, step = {{}}, {asked}, 0, {count // asked}
local function make(i) {LUA[kind]} end
function init(args) for i = 0, n - 1 do requests[i] = make(i * step) end end
function request() at = (at + 7919) % n; return requests[at] end
"""


# The servers


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


def itself(role: str, *arguments: object) -> list[str]:
    return [sys.executable, __file__, "--be", role, *map(str, arguments)]


@contextmanager
def bare(kind: str, count: int, folder: Path) -> Iterator[Running]:
    with started(itself("bare"), r"port (\d+)") as running:
        yield running


@contextmanager
def ours(kind: str, count: int, folder: Path) -> Iterator[Running]:
    with started(itself("ours", file_of(kind, count, folder)), r"port (\d+)") as running:
        yield running


@contextmanager
def serve(kind: str, count: int, folder: Path) -> Iterator[Running]:
    command = [str(SCRIPTS / "pact-recorder"), "serve", "--listen", "127.0.0.1:0", str(file_of(kind, count, folder))]
    with started(command, r"listens on http://127\.0\.0\.1:(\d+)") as running:
        yield running


@contextmanager
def reference(kind: str, count: int, folder: Path) -> Iterator[Running]:
    environment = {**os.environ, "PACT_DO_NOT_TRACK": "true"}
    with started(itself("reference", kind, count), r"port (\d+)", env=environment) as running:
        yield running


@contextmanager
def mitmproxy(kind: str, count: int, folder: Path) -> Iterator[Running]:
    if kind == "rules":
        raise NotLoadedError("has no rules for paths")
    flows = folder / f"{kind}-{count}.flows"
    if not flows.exists():
        write_flows(flows, kind, count)
    options = ["server_replay_reuse=true", "server_replay_extra=404", f"confdir={folder}", "flow_detail=0"]
    command = [str(SCRIPTS / "mitmdump"), "-p", "0", "--listen-host", "127.0.0.1", "--server-replay", str(flows)]
    command += ["--mode", "reverse:http://127.0.0.1:1", "--set", "connection_strategy=lazy"]
    command += [word for option in options for word in ("--set", option)]
    with started(command, r"listening at .*?:(\d+)\.") as running:
        yield running


@contextmanager
def wiremock(kind: str, count: int, folder: Path) -> Iterator[Running]:
    port = free_port()
    command = ["java", "-Xmx8g", "-jar", str(jar("WireMock")), "--port", str(port), "--bind-address", "127.0.0.1"]
    # As fast as it goes: without its journal of requests.
    command += ["--no-request-journal", "--disable-banner", "--root-dir", str(folder / "wiremock")]
    with started(command, rf"port:\s+({port})") as running:
        mappings = [wiremock_mapping(kind, number) for number in range(count)]
        running.is_java = True
        give(running, "POST", "/__admin/mappings/import", {"mappings": mappings})
        yield running


@contextmanager
def mockserver(kind: str, count: int, folder: Path) -> Iterator[Running]:
    port = free_port()
    settings = {"maxExpectations": 200_000, "maxLogEntries": 1, "logLevel": "WARN", "localBoundIP": "127.0.0.1"}
    properties = [f"-Dmockserver.{name}={value}" for name, value in settings.items()]
    command = ["java", "-Xmx8g", *properties, "-jar", str(jar("MockServer")), "-serverPort", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    running = Running(port, process, is_java=True)
    try:
        wait_for(running)
        give(running, "PUT", "/mockserver/expectation", [mockserver_expectation(kind, n) for n in range(count)])
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


SERVERS: dict[str, Callable] = {
    "bare ASGI": bare,
    "MockServer class": ours,
    "serve": serve,
    "reference": reference,
    "mitmproxy": mitmproxy,
    "WireMock": wiremock,
    "MockServer (Java)": mockserver,
}


def file_of(kind: str, count: int, folder: Path) -> Path:
    path = folder / f"{kind}-{count}.json"
    if not path.exists():
        path.write_text(json.dumps(contract(kind, count)))
    return path


def wiremock_mapping(kind: str, number: int) -> dict:
    asked = request_of(kind, number)
    request: dict = {"method": asked["method"]}
    if kind == "rules":
        request["urlPathPattern"] = f"/shops/{number}/orders/\\d+"
        request["bodyPatterns"] = [{"matchesJsonPath": "$.id"}, {"matchesJsonPath": "$.name"}]
    else:
        request["urlPath"] = asked["path"]
        if "body" in asked:
            request["bodyPatterns"] = [{"equalToJson": json.dumps(asked["body"])}]
    if "query" in asked:
        request["queryParameters"] = {name: {"equalTo": value} for name, [value] in asked["query"].items()}
    if kind == "paths":
        request["headers"] = {"Accept": {"equalTo": "application/json"}}
    answer = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(ANSWER)}
    return {"request": request, "response": answer}


def mockserver_expectation(kind: str, number: int) -> dict:
    asked = request_of(kind, number)
    request: dict = {"method": asked["method"], "path": asked["path"]}
    if kind == "rules":
        schema = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
        request["path"] = f"/shops/{number}/orders/\\d+"
        request["body"] = {"type": "JSON_SCHEMA", "jsonSchema": schema}
    elif "body" in asked:
        request["body"] = {"type": "JSON", "json": asked["body"], "matchType": "STRICT"}
    if "query" in asked:
        request["queryStringParameters"] = asked["query"]
    if kind == "paths":
        request["headers"] = {"Accept": ["application/json"]}
    answer = {"statusCode": 200, "headers": {"Content-Type": ["application/json"]}, "body": json.dumps(ANSWER)}
    return {"httpRequest": request, "httpResponse": answer, "times": {"unlimited": True}}


def write_flows(path: Path, kind: str, count: int) -> None:
    from mitmproxy import http, io
    from mitmproxy.test import tflow

    with path.open("wb") as file:
        writer = io.FlowWriter(file)
        for number in range(count):
            asked = request_of(kind, number)
            query = "&".join(f"{name}={values[0]}" for name, values in asked.get("query", {}).items())
            target = asked["path"] + (f"?{query}" if query else "")
            body = json.dumps(asked["body"], separators=(",", ":")).encode() if "body" in asked else b""
            flow = tflow.tflow(resp=True)
            flow.request = http.Request.make(
                asked["method"], f"http://127.0.0.1:1{target}", body, asked.get("headers", {})
            )
            flow.response = http.Response.make(200, json.dumps(ANSWER), {"Content-Type": "application/json"})
            writer.add(flow)


def jar(name: str) -> Path:
    artifact = JARS[name]
    path = CACHE / f"{'-'.join(artifact.split(':')[1:])}.jar"
    if not path.exists():
        command = ["mvn", "-q", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={CACHE}"]
        subprocess.run(command, check=True)
    return path


def free_port() -> int:
    import socket

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


# What this script is when it is a server itself


def be_bare() -> None:
    import asyncio

    from pact_recorder.server.listener import listen
    from pact_recorder.server.serving_thread import new_event_loop

    content = json.dumps(ANSWER).encode()
    fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]

    async def app(scope: dict, receive: Callable, send: Callable) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": content})

    loop = new_event_loop()
    asyncio.set_event_loop(loop)
    print("port", loop.run_until_complete(listen(app, "127.0.0.1", 0)).port, flush=True)
    loop.run_forever()


def be_ours(path: str) -> None:
    from pact_recorder import MockServer

    with MockServer(Path(path)) as server:
        print("port", server.port, flush=True)
        signal.pause()


def be_reference(kind: str, count: str) -> None:
    from pact_ffi.ffi import lib

    pact = lib.pactffi_new_pact(b"benchmark", kind.encode())
    lib.pactffi_with_specification(pact, 4)
    for number in range(int(count)):
        asked = request_of(kind, number)
        interaction = lib.pactffi_new_interaction(pact, str(number).encode())
        path = asked["path"]
        if kind == "rules":
            rule = asked["matchingRules"]["path"]["matchers"][0]["regex"]
            path = json.dumps({"value": path, "pact:matcher:type": "regex", "regex": rule})
        lib.pactffi_with_request(interaction, asked["method"].encode(), path.encode())
        for name, values in asked.get("query", {}).items():
            lib.pactffi_with_query_parameter_v2(interaction, name.encode(), 0, values[0].encode())
        for name, value in asked.get("headers", {}).items():
            lib.pactffi_with_header_v2(interaction, 0, name.encode(), 0, value.encode())
        if "body" in asked:
            body = asked["body"]
            document = {"pact:matcher:type": "type", "value": body} if kind == "rules" else body
            lib.pactffi_with_body(interaction, 0, b"application/json", json.dumps(document).encode())
        lib.pactffi_response_status(interaction, 200)
        lib.pactffi_with_body(interaction, 1, b"application/json", json.dumps(ANSWER).encode())
    port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", b"{}")
    print("port", port, flush=True)
    signal.pause()


ROLES: dict[str, Callable[..., None]] = {"bare": be_bare, "ours": be_ours, "reference": be_reference}


# Look-ups alone


def look_ups() -> None:
    """Processor time of an answer without network and HTTP, by how many interactions there are and are asked for."""
    import gc

    from pact_recorder.mock import ContractMock
    from pact_recorder.server.mock_server import contract_of

    print("| contract | interactions | asked for | µs |\n|---|---|---|---|")
    for kind in KINDS:
        for count in (1, 1_000, 100_000):
            mock = ContractMock(contract_of(contract(kind, count)))
            for asked in sorted({1, min(count, 1_000), count}):
                requests = [parts_of(kind, number * (count // asked)) for number in range(asked)]
                in_loop(mock, requests, max(asked, 1_000))
                gc.collect()
                gc.freeze()
                microseconds = min(in_loop(mock, requests, 20_000) for _ in range(5))
                print(f"| {kind} | {count:,} | {asked:,} | {microseconds:.1f} |", flush=True)


def parts_of(kind: str, number: int) -> tuple:
    """What a request is made of, as a server hands it on."""
    from pact_recorder.http import Body

    asked = request_of(kind, number)
    query = "&".join(f"{name}={values[0]}" for name, values in asked.get("query", {}).items())
    body = Body(json.dumps(asked["body"], separators=(",", ":")).encode()) if "body" in asked else None
    path = asked["path"].replace("orders/17", "orders/99")
    fields = [(name.encode(), value.encode()) for name, value in asked["headers"].items()]
    return asked["method"], (path + (f"?{query}" if query else "")).encode(), fields, body


def in_loop(mock: object, requests: list[tuple], times: int) -> float:
    from pact_recorder.server.wire import NO_BODY, request_of

    at, began = 0, time.process_time()
    for _ in range(times):
        at = (at + 7919) % len(requests)
        method, target, fields, body = requests[at]
        answer = mock.answer(request_of(method, target, fields, body or NO_BODY, "http", None))
        assert answer.status == 200, answer
    return (time.process_time() - began) / times * 1e6


# The measurement


@dataclass
class Figures:
    """What each round measured: requests a second, percentiles in ms, processor time a request in microseconds."""

    rounds: list[tuple[float, float, float, float]] = field(default_factory=list)
    memory: float = 0.0

    def medians(self) -> list[float]:
        return [statistics.median(column) for column in zip(*self.rounds, strict=True)]


def wrk(server: Running, script: Path, seconds: float) -> tuple[float, float, float, float]:
    """One round. Every answer must be 2xx; where none came, the rate is zero."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency", "--timeout", "60s"]
    before = server.processor()
    done = subprocess.run(
        [*command, "-s", str(script), f"http://127.0.0.1:{server.port}"], capture_output=True, text=True, check=True
    )
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"not every answer was 2xx:\n{done.stdout}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
    requests = int(re.search(r"(\d+) requests in", done.stdout).group(1))
    latencies = [re.search(rf"{part}%\s+([\d.]+)(us|ms|s|m)\b", done.stdout) for part in (50, 99)]
    units = {"us": 0.001, "ms": 1, "s": 1_000, "m": 60_000}
    percentiles = [float(found[1]) * units[found[2]] for found in latencies]
    return rate, *percentiles, (server.processor() - before) / max(1, requests) * 1e6


def warm(server: Running, script: Path, count: int) -> float:
    """Ask for every interaction once, as far as half a minute goes: what is made at first use is not measured.

    The Java servers get a while in any case, since they compile what they do often.
    """
    rate = wrk(server, script, 8 if server.is_java else 1)[0]
    if count > rate > 0:
        rate = wrk(server, script, min(30, 1.2 * count / rate))[0]
    return rate


def measure(
    names: list[str], kind: str, count: int, asked: int, folder: Path, rounds: int, seconds: float
) -> dict[str, Figures]:
    """The figures of every server that loads the contract; all are asked in turn, the others standing still."""
    script = folder / f"{kind}-{count}.lua"
    script.write_text(lua(kind, count, asked))
    found: dict[str, Figures] = {}
    with ExitStack() as stack:
        running: dict[str, tuple[Running, bool]] = {}
        for name in names:
            try:
                server = stack.enter_context(SERVERS[name](kind, count, folder))
            except NotLoadedError as error:
                print(f"{kind}, {count:,}: {name} {error}", file=sys.stderr, flush=True)
                continue
            slow = warm(server, script, asked) < 20
            running[name], found[name] = (server, slow), Figures()
            server.pause()
        for number in range(rounds):
            for name, (server, slow) in running.items():
                if slow and number:
                    continue
                server.resume()
                found[name].rounds.append(wrk(server, script, 20 if slow else seconds))
                server.pause()
        for name, (server, _) in running.items():
            found[name].memory = server.memory()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=list(SERVERS), choices=list(SERVERS))
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    parser.add_argument("--counts", nargs="*", type=int, default=list(COUNTS))
    parser.add_argument("--asked", type=int, help="how many of the interactions are asked for; all by default")
    parser.add_argument("--look-ups", action="store_true", help="measure answers alone, in a loop, and nothing else")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    if options.look_ups:
        look_ups()
        return
    if shutil.which("wrk") is None:
        parser.error("wrk is not installed: apt-get install wrk")
    java = shutil.which("java") is not None and shutil.which("mvn") is not None
    names = [name for name in options.only if java or name not in ("WireMock", "MockServer (Java)")]
    print("| contract | interactions | server | requests/s | p50 ms | p99 ms | CPU µs | memory MB |", flush=True)
    print("|---|---|---|---|---|---|---|---|", flush=True)
    slow: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as temporary:
        for kind in options.kinds:
            for count in options.counts:
                able = [name for name in names if (name, kind) not in slow]
                asked = min(count, options.asked or count)
                found = measure(able, kind, count, asked, Path(temporary), options.rounds, options.seconds)
                slow |= {(name, kind) for name, figures in found.items() if figures.medians()[0] < 20}
                for name, figures in found.items():
                    print(row(kind, count, name, figures), flush=True)


def row(kind: str, count: int, name: str, figures: Figures) -> str:
    rate, p50, p99, processor = figures.medians()
    cells = (kind, f"{count:,}", name, f"{rate:,.0f}" if rate >= 20 else f"{rate:.1f}", f"{p50:.2f}", f"{p99:.2f}")
    return "| " + " | ".join((*cells, f"{processor:,.0f}", f"{figures.memory:,.0f}")) + " |"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--be"]:
        ROLES[sys.argv[2]](*sys.argv[3:])
    else:
        main()
