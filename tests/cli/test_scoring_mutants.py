import json
from pathlib import Path

import pytest

from pact_recorder.cli.scoring_mutants import read_mutants
from pact_recorder.http import Body
from pact_recorder.verification import GivenMutant


def read(tmp_path: Path, request: dict, response: dict) -> GivenMutant:
    line = {"kind": "k", "label": "breaking", "pair": {"request": request, "response": response}}
    file = tmp_path / "m.jsonl"
    file.write_text(json.dumps(line))
    (found,) = read_mutants(file)
    return found


def test_what_may_be_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, {"method": "GET", "path": "/a"}, {"status": 204})
    assert (found.request.target, found.request.authority, found.request.body) == ("/a", "", None)
    assert (found.mutant.response.status, found.mutant.response.body) == (204, None)
    assert (found.mutant.severity, found.mutant.path, found.name) == ("strong", "", "line 1")


def test_everything(tmp_path: Path) -> None:
    request = {"method": "POST", "scheme": "http", "host": "H.test", "port": 8080, "path": "/a", "query": "x=1"}
    request |= {"headers": [["Content-Type", "text/plain"]], "body": "é"}
    found = read(
        tmp_path, request, {"status": 200, "headers": [["A", "1"], ["a", "2"]], "body": None, "body_b64": "AP8="}
    )
    assert (found.request.target, found.request.authority) == ("/a?x=1", "h.test:8080")
    assert found.request.body == Body("é".encode())
    assert found.mutant.response.headers.get_all("a") == ["1", "2"]
    assert found.mutant.response.body == Body(b"\0\xff")


@pytest.mark.parametrize(
    ("method", "status", "length", "body"),
    [("HEAD", 200, "", None), ("GET", 304, "", None), ("GET", 200, "", Body(b"")), ("GET", 204, "x", Body(b"x"))],
)
def test_absent_and_empty_bodies(tmp_path: Path, method: str, status: int, length: str, body: Body | None) -> None:
    found = read(tmp_path, {"method": method, "path": "/"}, {"status": status, "body": length})
    assert found.mutant.response.body == body


def test_damaged_coding_is_taken_as_it_is(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"method": "GET", "path": "/"},
        {"status": 200, "headers": [["Content-Encoding", "gzip"]], "body": "x"},
    )
    assert found.mutant.response.body == Body(b"x")
