"""`verify --provider-url` beside the reference's verifier, and on contracts of the very provider that was recorded."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from proxy import Proxy
from reference_verifier import verify_with_reference
from upstream import Handler, Upstream

JSON = {"Content-Type": "application/json"}
PIXELS = bytes(range(256))


def pact_recorder(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pact_recorder.cli", *map(str, arguments)]
    environment = {**os.environ, "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def asked(method: str, path: str, **members: Any) -> dict[str, Any]:
    return {"method": method, "path": path, **members}


def interaction(description: str, request: dict[str, Any], response: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"description": description, "request": request, "response": {"status": 200, **response}, **members}


def type_rule(place: str) -> dict[str, Any]:
    return {"body": {place: {"matchers": [{"match": "type"}], "combine": "AND"}}}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FLAT = {"matchingRules": {"$.body.id": {"match": "type"}}}
TYPED = {"headers": JSON, "body": {"id": 5, "name": "x"}, "matchingRules": type_rule("$")}
V3 = [
    interaction("a literal body", asked("GET", "/pets/1"), {"headers": JSON, "body": {"id": 1}}),
    interaction("another body", asked("GET", "/pets/1"), {"headers": JSON, "body": {"id": 2}}),
    interaction("types", asked("GET", "/pets/1"), TYPED),
    interaction("a missing member", asked("GET", "/pets/1"), {"body": {"age": 2}}),
    interaction("another status", asked("GET", "/nothing"), {}),
    interaction("the right status", asked("GET", "/nothing"), {"status": 404}),
    interaction("a missing header", asked("GET", "/pets/1"), {"headers": {"X-Rate": "1"}}),
    interaction("compressed", asked("GET", "/gzip"), {"headers": JSON, "body": {"id": 3}}),
    interaction("a redirect", asked("GET", "/moved"), {"status": 302, "headers": {"Location": "/pets/1"}}),
    interaction("a head", asked("HEAD", "/pets/1"), {"headers": JSON}),
    interaction("no content", asked("DELETE", "/pets/1"), {"status": 204}),
    interaction("a body", asked("POST", "/echo", headers=JSON, body={"a": [1, "ü"]}), {"body": {"a": [1, "ü"]}}),
    interaction("a form", asked("POST", "/echo", headers=FORM, body="a=1&b=2"), {}),
    interaction("a query", asked("GET", "/search", query={"q": ["a b", "c&d"], "z": ["é"]}), {}),
    interaction("escapes", asked("GET", "/a%20b%2Fc/d"), {"status": 404}),
    interaction("spaces", asked("GET", "/a b/ü"), {"status": 404}),
    interaction(
        "a state",
        asked("GET", "/pets/9", generators={"path": {"type": "ProviderState", "expression": "/pets/${id}"}}),
        {"headers": JSON, "body": {"id": 1}},
        providerStates=[{"name": "a pet exists", "params": {"kind": "dog"}}, {"name": "it is day"}],
    ),
]
V2 = [
    interaction("a text query", asked("GET", "/search", query="q=1&q=2"), {}, providerState="one state"),
    interaction("flat rules", asked("GET", "/pets/1"), {"body": {"id": 7}, **FLAT}),
    interaction("flat rules broken", asked("GET", "/pets/1"), {"body": {"id": "7"}, **FLAT}),
]
_TEXT = {"content": "plain", "contentType": "text/plain", "encoded": False}
_BINARY_TYPE = {"Content-Type": ["application/octet-stream"]}
_BINARY = {"content": "AAECAw==", "contentType": "application/octet-stream", "encoded": "base64"}
V4 = [
    interaction("a list of values", asked("GET", "/search", headers={"X-A": ["1", "2"]}), {"headers": {"X-B": ["1"]}}),
    interaction("bytes", asked("POST", "/echo", headers=_BINARY_TYPE, body=_BINARY), {"body": _BINARY}),
    interaction("text for JSON", asked("GET", "/pets/1"), {"body": _TEXT}),
    interaction("pending", asked("GET", "/pets/1"), {"status": 500}, pending=True),
]
VERSIONS = {"2.0.0": V2, "3.0.0": V3, "4.0": [{"type": "Synchronous/HTTP", **each} for each in V4]}


def document(version: str) -> dict[str, Any]:
    names = {"consumer": {"name": "web"}, "provider": {"name": "pets"}}
    return {**names, "interactions": VERSIONS[version], "metadata": {"pactSpecification": {"version": version}}}


def pets(upstream: Upstream, log: list[Any]) -> None:
    """Let the provider answer as one that keeps some of the promises, and note what it is asked."""
    content = {"/pets/1": b'{"id":1,"name":"Rex"}', "/search": b"[]"}

    def answer(handler: Handler) -> None:
        path, _, query = handler.path.partition("?")
        log.append(
            (handler.command, path, sorted(parse_qsl(query, True)), noted(handler), handler.headers["Content-Type"])
        )
        if path == "/states":
            handler.reply(200, b'{"id":1}')
        elif path == "/gzip":
            handler.reply(200, gzip.compress(b'{"id":3}'), Content_Encoding="gzip")
        elif path == "/moved":
            handler.reply(302, b"", None, Location="/pets/1")
        elif handler.command == "DELETE":
            handler.reply(204, b"", None)
        elif path == "/echo":
            handler.reply(200, handler.body, handler.headers["Content-Type"])
        else:
            handler.reply(200 if path in content else 404, content.get(path, b"{}"))

    upstream.answers["*"] = answer


def noted(handler: Handler) -> Any:
    """The body, JSON as its value: the reference sorts members."""
    return json.loads(handler.body) if handler.headers["Content-Type"] == "application/json" else handler.body


@pytest.mark.parametrize("version", list(VERSIONS))
def test_the_reference_asks_the_same_and_says_the_same(version: str, upstream: Upstream, tmp_path: Path) -> None:
    ours: list[Any] = []
    theirs: list[Any] = []
    (tmp_path / "pact.json").write_text(json.dumps(document(version)))
    states = f"{upstream.url}/states"
    options = ("--provider-url", upstream.url, "--state-url", states, "--state-teardown", "--json")
    pets(upstream, ours)
    ran = pact_recorder("verify", "pact.json", *options, folder=tmp_path)
    verdicts = {
        each["description"]: each["verified"] for each in json.loads(ran.stdout)["contracts"][0]["interactions"]
    }
    pets(upstream, theirs)
    host = upstream.url.removeprefix("http://")
    verdict = verify_with_reference({host: tmp_path / "pact.json"}, state_url=states)
    said = {name: True for _, name in verdict.verified} | {name: False for _, name in verdict.failed}
    assert verdicts == said
    assert set(verdicts.values()) == {True, False}
    assert ours == theirs


def record(proxy: Proxy, upstream: Upstream) -> None:
    with proxy.client() as client:
        for number in (1, 2, 3):
            client.get(f"{upstream.url}/users/{number}", headers={"Accept": "application/json"})
        client.get(f"{upstream.url}/users", params={"q": "a b", "page": "2"})
        client.get(f"{upstream.url}/logo.png")
        client.head(f"{upstream.url}/users/1")
        client.get(f"{upstream.url}/old", follow_redirects=False)
        client.post(f"{upstream.url}/users", json={"name": "ü"}, headers={"Authorization": "Bearer tok-8d1f5e02c7ab"})
        client.delete(f"{upstream.url}/users/1", headers={"Authorization": "Bearer tok-8d1f5e02c7ab"})


def guarded(status: int, body: bytes, content_type: str | None = "application/json") -> Any:
    def answer(handler: Handler) -> None:
        if handler.headers["Authorization"] == "Bearer tok-8d1f5e02c7ab":
            handler.reply(status, body, content_type)
        else:
            handler.reply(401, b'{"title":"no"}')

    return answer


@pytest.mark.parametrize("style", ["inferred", "literal"])
def test_the_provider_that_was_recorded_keeps_its_contract(
    proxy: Proxy, upstream: Upstream, recordings: Path, tmp_path: Path, style: str
) -> None:
    for number in (1, 2, 3):
        upstream.says(f"GET /users/{number}", body=b'{"id":%d,"name":"user %d"}' % (number, number))
    upstream.says("HEAD /users/1", body=b'{"id":1,"name":"user 1"}')
    upstream.says("GET /users", body=gzip.compress(b'[{"id":1}]'), Content_Encoding="gzip")
    upstream.says("GET /logo.png", body=b"\x89PNG\r\n\x1a\n" + PIXELS, content_type="image/png")
    upstream.says("GET /old", 301, b"", content_type=None, Location="/users")
    upstream.answers["POST /users"] = guarded(201, b'{"id":4}')
    upstream.answers["DELETE /users/1"] = guarded(204, b"", None)
    record(proxy, upstream)
    proxy.stop()
    ran = pact_recorder("export", recordings / "test.yaml", "--consumer", "web", "--style", style, folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    (contract,) = (tmp_path / "pacts").iterdir()
    verify = ("verify", contract, "--provider-url", upstream.url)
    ran = pact_recorder(*verify, folder=tmp_path)
    assert ran.returncode == 1
    # An inferred contract says that the caller has logged in, and leaves it to the verifier how.
    assert ("placeholders of redacted values in Authorization" in ran.stderr) == (style == "literal")
    assert "expected 201 but was 401" in ran.stdout
    ran = pact_recorder(*verify, "--header", "Authorization: Bearer tok-8d1f5e02c7ab", folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert "POST /users" in ran.stdout
