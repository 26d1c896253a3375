"""The five functions: their results, return codes and exceptions."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import pact_recorder
from pact_recorder import (
    cleanup_mock_server,
    create_mock_server,
    mock_server_matched,
    mock_server_mismatches,
    write_pact_file,
)
from pact_recorder.errors import PactDocumentError, UsageError
from pact_recorder.pact import load_contract
from tests.server.mock_contracts import USERS, contract, interaction, is_listening

UNKNOWN = 1


@pytest.fixture
def port() -> Iterator[int]:
    port = create_mock_server(USERS)
    yield port
    cleanup_mock_server(port)


def test_a_run_that_matches(port: int, tmp_path: Path) -> None:
    assert httpx.get(f"http://127.0.0.1:{port}/users").status_code == 200
    assert mock_server_matched(port) is True
    assert mock_server_mismatches(port) == "[]"
    assert write_pact_file(port, tmp_path) == 0
    assert load_contract(tmp_path / "c-p.json").consumer == "c"


def test_a_run_that_does_not(port: int, tmp_path: Path) -> None:
    httpx.post(f"http://127.0.0.1:{port}/users")
    assert mock_server_matched(port) is False
    found = json.loads(mock_server_mismatches(port) or "")
    assert [each["type"] for each in found] == ["request-not-found", "missing-request"]
    # It is written whatever was asked for.
    assert write_pact_file(port, tmp_path) == 0


def test_the_port_that_is_asked_for(port: int) -> None:
    cleanup_mock_server(port)
    assert create_mock_server(USERS, port) == port


def test_a_cleaned_up_server_is_gone(port: int, tmp_path: Path) -> None:
    assert cleanup_mock_server(port) is True
    assert not is_listening(port)
    assert cleanup_mock_server(port) is False
    assert mock_server_matched(port) is False
    assert mock_server_mismatches(port) is None
    assert write_pact_file(port, tmp_path) == 3
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_port(tmp_path: Path) -> None:
    assert (mock_server_matched(UNKNOWN), mock_server_mismatches(UNKNOWN)) == (False, None)
    assert (cleanup_mock_server(UNKNOWN), write_pact_file(UNKNOWN, tmp_path)) == (False, 3)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("{",), PactDocumentError),
        (("no-such-file.json",), PactDocumentError),
        ((USERS, 70_000), UsageError),
    ],
)
def test_what_cannot_be_started_is_an_exception(arguments: tuple[Any, ...], error: type[Exception]) -> None:
    threads = threading.active_count()
    with pytest.raises(error):
        create_mock_server(*arguments)
    assert threading.active_count() == threads


def test_a_port_in_use(port: int) -> None:
    with pytest.raises(UsageError, match="Address already in use"):
        create_mock_server(USERS, port)
    assert mock_server_mismatches(port) is not None


def test_the_working_directory_is_where_a_contract_goes(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_pact_file(port) == 0
    assert (tmp_path / "c-p.json").is_file()


@pytest.mark.parametrize("trouble", ["no directory", "no contract", "another consumer's"])
def test_a_contract_that_cannot_be_written(port: int, tmp_path: Path, trouble: str, caplog: Any) -> None:
    directory = tmp_path
    if trouble == "no directory":
        directory = tmp_path / "file" / "below"
        (tmp_path / "file").write_text("")
    else:
        text = "no json" if trouble == "no contract" else json.dumps(contract(interaction(), consumer="someone"))
        (tmp_path / "c-p.json").write_text(text)
    assert write_pact_file(port, directory) == 2
    assert "The contract was not written" in caplog.text


def test_overwriting_takes_the_place_of_whatever_is_there(port: int, tmp_path: Path) -> None:
    (tmp_path / "c-p.json").write_text("no json")
    assert write_pact_file(port, tmp_path, overwrite=True) == 0


def test_options_reach_the_server(tmp_path: Path) -> None:
    port = create_mock_server(USERS, cors_preflight=True, tls=True, host="localhost", specification=4)
    try:
        assert httpx.options(f"https://localhost:{port}/users", verify=False).status_code == 204
        assert write_pact_file(port, tmp_path) == 0
        assert load_contract(tmp_path / "c-p.json").specification == "4.0"
    finally:
        cleanup_mock_server(port)


def test_the_package_exports_what_it_says() -> None:
    assert set(pact_recorder.__all__) == {
        "Certificate",
        "MockServer",
        "__version__",
        "cleanup_mock_server",
        "create_mock_server",
        "mock_server_matched",
        "mock_server_mismatches",
        "write_pact_file",
    }
    for name in pact_recorder.__all__:
        assert getattr(pact_recorder, name) is not None
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = pact_recorder.no_such_thing  # type: ignore[attr-defined]
