"""The servers that are compared: ours, the reference, and others of the field, each with the contract of a kind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mock_servers.contracts import ANSWER, file_of, request_of
from mock_servers.running import NotLoadedError, Running, free_port, give, started, wait_for

CACHE = Path.home() / ".cache" / "pact-recorder-benchmarks"
JARS = {
    "WireMock": "org.wiremock:wiremock-standalone:3.13.2",
    "MockServer": "org.mock-server:mockserver-netty-no-dependencies:5.15.0",
}
SCRIPTS = Path(sysconfig.get_path("scripts"))
SCRIPT = Path(__file__).parents[1] / "mock_server.py"


def itself(role: str, *arguments: object) -> list[str]:
    return [sys.executable, str(SCRIPT), "--be", role, *map(str, arguments)]


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
JAVA = ("WireMock", "MockServer (Java)")
OURS = ("MockServer class", "serve")


def has_java() -> bool:
    """Whether the Java servers can be fetched and run."""
    return shutil.which("java") is not None and shutil.which("mvn") is not None


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
