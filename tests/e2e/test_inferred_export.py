"""Inferred contracts of a real proxy: while traffic goes on, again and again, and by what pact-recorder.yaml says."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from proxy import Proxy, running
from reference_verifier import verify_with_reference
from upstream import Answer, Handler, Upstream

from pact_recorder.recordings import load_session


def users(upstream: Upstream, *numbers: int) -> None:
    for number in numbers:
        upstream.says(f"GET /users/{number}", body=b'{"id":%d,"name":"user %d"}' % (number, number))


def export(proxy: Proxy, **parameters: str) -> dict[str, Any]:
    answer = proxy.control("PUT", "pact", params=parameters)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    assert proxy.control("PUT", "pact/verify", content=answer.content).status_code == 202
    return document


def test_exports_follow_the_recording(proxy: Proxy, upstream: Upstream) -> None:
    users(upstream, *range(1, 40))
    with proxy.client() as client:
        for number in range(1, 20):
            client.get(f"{upstream.url}/users/{number}", headers={"Accept": "application/json"})
        (first,) = export(proxy)["interactions"]
        assert first["description"] == "GET /users/{user}"
        assert first["request"]["matchingRules"]["path"]
        for number in range(20, 30):
            client.get(f"{upstream.url}/users/{number}")
        client.get(f"{upstream.url}/missing")
        assert [each["description"] for each in export(proxy)["interactions"]] == ["GET /missing", "GET /users/{user}"]
        assert len(export(proxy, style="literal")["interactions"]) == 30
        proxy.switch("mock")
        assert len(export(proxy)["interactions"]) == 2
        proxy.control("PUT", "reset")
        assert proxy.control("PUT", "pact").json()["interactions"] == []


def test_two_exports_at_once_while_traffic_goes_on(proxy: Proxy, upstream: Upstream) -> None:
    users(upstream, *range(1, 200))

    async def all_at_once() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=16)
        async with (
            httpx.AsyncClient(proxy=proxy.url, trust_env=False, timeout=60, limits=limits) as client,
            httpx.AsyncClient(base_url=proxy.url, trust_env=False, timeout=60) as control,
        ):
            traffic = [client.get(f"{upstream.url}/users/{number}") for number in range(1, 200)]
            exports = [control.put("/mockserver/pact") for _ in range(6)]
            return await asyncio.gather(*traffic, *exports)

    answers = asyncio.run(all_at_once())
    assert {each.status_code for each in answers} == {200}
    for answer in answers[-6:]:
        assert len(answer.json()["interactions"]) <= 199
    (interaction,) = export(proxy)["interactions"]
    assert interaction["description"] == "GET /users/{user}"


def test_the_reference_verifies_an_inferred_contract_against_the_mock(
    proxy: Proxy, upstream: Upstream, tmp_path: Path
) -> None:
    users(upstream, 1, 2, 3)
    upstream.says("POST /users", 201, body=b'{"id":4}')
    host = upstream.url.removeprefix("http://")
    with proxy.client() as client:
        for number in (1, 2, 3):
            # Any other client says something else of what it accepts; the verifier says that it takes anything.
            client.get(f"{upstream.url}/users/{number}", headers={"Accept": "application/json, text/plain;q=0.5"})
        client.post(f"{upstream.url}/users", json={"name": "four", "tags": ["a", "b"]})
    proxy.switch("mock")
    contract = tmp_path / "contract.json"
    contract.write_text(json.dumps(export(proxy, provider=host)))
    verdict = verify_with_reference({host: contract}, proxy.url)
    assert verdict.failed == {}
    assert len(verdict.verified) == 2


def by_header(name: str, plain: tuple[int, bytes], other: tuple[int, bytes], **fields: str) -> Answer:
    """Answers otherwise, and with these fields, to requests that have a header."""

    def answer(handler: Handler) -> None:
        asked = handler.headers[name] is not None
        status, body = other if asked else plain
        handler.reply(status, body, **(fields if asked else {}))

    return answer


def test_the_reference_gets_what_conditions_ranges_and_preferences_bring(
    proxy: Proxy, upstream: Upstream, tmp_path: Path
) -> None:
    """The requests of the contract say all that the answers depend on, to the provider and to the mock."""
    whole, part = (200, b'{"id":1}'), (206, b'{"id"')
    upstream.answers["GET /x"] = by_header("If-Modified-Since", whole, (304, b""))
    upstream.answers["GET /f"] = by_header("Range", whole, part, Content_Range="bytes 0-4/8")
    applied = {"Preference_Applied": "return=minimal"}
    upstream.answers["POST /n"] = by_header("Prefer", (201, b'{"id":1}'), (204, b""), **applied)
    host = upstream.url.removeprefix("http://")
    with proxy.client() as client:
        for fields in ({}, {"If-Modified-Since": "Sun, 26 Jun 2016 17:51:38 GMT"}):
            client.get(f"{upstream.url}/x", headers=fields)
        for fields in ({}, {"Range": "bytes=0-4"}):
            client.get(f"{upstream.url}/f", headers=fields)
        for fields in ({}, {"Prefer": "return=minimal"}):
            client.post(f"{upstream.url}/n", json={"name": "a"}, headers=fields)
    contract = tmp_path / "contract.json"
    contract.write_text(json.dumps(export(proxy, provider=host)))
    for mode in ("capture", "mock"):
        proxy.switch(mode)
        verdict = verify_with_reference({host: contract}, proxy.url)
        assert verdict.failed == {}
        assert len(verdict.verified) == 6


CONFIGURATION = """\
providers:
  {host}: Users
paths:
  force: ["GET /colours/{{colour}}"]
ignore: ~u /ignored
redact: none
"""


def test_the_configuration_counts_while_recording(
    upstream: Upstream, recordings: Path, confdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    host = upstream.url.removeprefix("http://")
    (tmp_path / "pact-recorder.yaml").write_text(CONFIGURATION.format(host=host))
    for path in ("/colours/red", "/colours/green", "/ignored"):
        upstream.says(f"GET {path}", body=b'{"token":"s3cr3t-value-1234567890"}')
    with running(f"pact_recordings={recordings}", "pact_session=test", confdir=confdir) as proxy:
        with proxy.client() as client:
            for path in ("/colours/red", "/colours/green", "/ignored"):
                assert client.get(upstream.url + path).status_code == 200
        document = export(proxy, host=host)
    assert document["provider"] == {"name": "Users"}
    assert [each["description"] for each in document["interactions"]] == ["GET /colours/{colour}"]
    entries = load_session(recordings / "test.yaml").entries
    assert [each.exchange.request.path for each in entries] == ["/colours/red", "/colours/green"]
    assert "s3cr3t" in (recordings / "test.yaml").read_text()


def test_a_wrong_configuration_ends_the_start_with_its_line(tmp_path: Path, confdir: Path) -> None:
    (tmp_path / "pact-recorder.yaml").write_text("redact: none\nprovider: {}\n")
    command = [sys.executable, "-m", "pact_recorder.cli", "mock", "--listen", "127.0.0.1:0"]
    environment = {**os.environ, "HOME": str(confdir)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2
    assert (
        ran.stderr
        == 'pact-recorder: pact-recorder.yaml, line 2: "provider" is not known here; did you mean "providers"?\n'
    )
