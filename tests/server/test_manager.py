"""The manager of mock servers: routes, statuses and JSON of the Pact mock server's own command."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pact_recorder.server.listener import listen
from pact_recorder.server.manager import ManagerApp
from pact_recorder.server.serving_thread import SHARED, run_on
from tests.server.mock_contracts import USERS, contract, interaction, is_listening


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[httpx.Client]:
    app = ManagerApp("127.0.0.1", tmp_path / "pacts", "secret")
    loop = SHARED.acquire()
    listener = run_on(loop, listen(app, "127.0.0.1", 0))
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.port}") as client:
        yield client
    run_on(loop, listener.close())
    app.stop_all()
    SHARED.release()


def create(manager: httpx.Client, document: Any = USERS, **parameters: str) -> dict[str, Any]:
    answer = manager.post("/", json=document, params=parameters)
    assert answer.status_code == 200
    created: dict[str, Any] = answer.json()["mockServer"]
    assert answer.headers["location"] == f"/mockserver/{created['id']}"
    return created


def test_a_run_that_matches(manager: httpx.Client, tmp_path: Path) -> None:
    created = create(manager)
    assert httpx.get(f"http://127.0.0.1:{created['port']}/users").status_code == 200
    (listed,) = manager.get("/").json()["mockServers"]
    assert listed == {
        **created,
        "address": f"127.0.0.1:{created['port']}",
        "provider": "p",
        "scheme": "http",
        "status": "ok",
        "metrics": {"requests": 1, "requests_by_path": {"/users": 1}},
    }
    assert manager.get("/").headers["content-type"] == "application/json; charset=ISO-8859-1"
    for name in (created["id"], created["port"]):
        assert manager.get(f"/mockserver/{name}").json() == listed
    assert manager.post(f"/mockserver/{created['id']}/verify").status_code == 204
    assert (tmp_path / "pacts" / "c-p.json").is_file()
    assert manager.delete(f"/mockserver/{created['id']}").status_code == 204
    assert not is_listening(created["port"])
    assert manager.delete(f"/mockserver/{created['id']}").status_code == 404
    assert manager.get("/").json() == {"mockServers": []}


def test_a_run_that_does_not(manager: httpx.Client, tmp_path: Path) -> None:
    created = create(manager)
    answer = manager.post(f"/mockserver/{created['port']}/verify")
    assert answer.status_code == 422
    assert answer.json()["mockServer"]["status"] == "error"
    assert [each["type"] for each in answer.json()["mismatches"]] == ["missing-request"]
    assert not (tmp_path / "pacts").exists()


def test_a_contract_that_cannot_be_written(manager: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "pacts").write_text("")
    created = create(manager, contract())
    answer = manager.post(f"/mockserver/{created['id']}/verify")
    assert (answer.status_code, "cannot be written" in answer.json()["error"]) == (422, True)


def test_options_of_a_mock_server(manager: httpx.Client, tmp_path: Path) -> None:
    created = create(manager, contract(), cors="true", tls="true", specification="V4")
    assert httpx.options(f"https://127.0.0.1:{created['port']}/x", verify=False).status_code == 204
    assert manager.get(f"/mockserver/{created['id']}").json()["scheme"] == "https"
    assert manager.post(f"/mockserver/{created['id']}/verify").status_code == 204
    written = json.loads((tmp_path / "pacts" / "c-p.json").read_text())
    assert written["metadata"]["pactSpecification"]["version"] == "4.0"


@pytest.mark.parametrize(
    ("content", "media_type", "status", "has_error"),
    [
        (b"{}", "text/plain", 415, False),
        (b"{}", "", 415, False),
        (b"", "application/json", 422, True),
        (b"{bad", "application/json", 422, True),
        (b"[]", "application/json", 422, False),
        (b"{}", "application/json; charset=utf-8", 422, False),
        (b'{"interactions": 1}', "application/json", 422, False),
        (b"[" * 100_000, "application/json", 422, True),
    ],
)
def test_what_makes_no_mock_server(
    manager: httpx.Client, content: bytes, media_type: str, status: int, has_error: bool
) -> None:
    answer = manager.post("/", content=content, headers={"Content-Type": media_type})
    assert (answer.status_code, bool(answer.content)) == (status, has_error)
    assert manager.get("/").json() == {"mockServers": []}


def test_a_specification_that_there_is_not(manager: httpx.Client) -> None:
    answer = manager.post("/?specification=V9", json=USERS)
    assert (answer.status_code, "choose one of" in answer.json()["error"]) == (422, True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/mockserver/unknown", 404),
        ("DELETE", "/mockserver/1", 404),
        ("POST", "/mockserver/unknown/verify", 404),
        ("GET", "/mockserver/unknown/verify", 405),
        ("DELETE", "/mockserver/unknown/verify", 405),
        ("POST", "/mockserver/unknown", 422),
        ("PUT", "/mockserver/unknown", 405),
        ("PUT", "/", 405),
        ("GET", "/other", 404),
        ("GET", "/mockserver/", 404),
        ("GET", "/mockserver/1/other", 404),
        ("GET", "/shutdown", 405),
        ("OPTIONS", "/", 204),
    ],
)
def test_other_calls(manager: httpx.Client, method: str, path: str, status: int) -> None:
    assert manager.request(method, path).status_code == status


def test_web_pages_are_allowed_to_ask_but_need_the_key(manager: httpx.Client) -> None:
    page = {"Origin": "http://evil.example"}
    assert manager.options("/", headers=page).headers["access-control-allow-origin"] == "*"
    assert manager.post("/", json=USERS, headers=page).status_code == 403
    assert manager.post("/", json=USERS, headers={**page, "Authorization": "Bearer secret"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"", 403),
        ({"Authorization": "Bearer wrong"}, b"", 403),
        ({"Authorization": "Bearer secret"}, b"{bad", 422),
        ({"Authorization": "Bearer secret"}, b'{"period": -1}', 422),
        ({"Authorization": "Bearer secret"}, b'{"period": true}', 422),
    ],
)
def test_shutting_down_takes_the_key(manager: httpx.Client, headers: dict[str, str], body: bytes, status: int) -> None:
    assert manager.post("/shutdown", headers=headers, content=body).status_code == status


def test_text_of_every_language_survives(manager: httpx.Client) -> None:
    created = create(manager, contract(interaction("GET", "/größe"), provider="Größe"))
    assert manager.get(f"/mockserver/{created['id']}").json()["provider"] == "Größe"
