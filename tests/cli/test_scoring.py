import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pact_recorder.mock import Expectations, literal_contract
from pact_recorder.pact import write_contract
from pact_recorder.recordings import RecordedExchange


@pytest.fixture
def contract(pets: Path, entries, tmp_path: Path) -> Path:
    """The literal contract of the session `pets`."""
    exchanges = [each.exchange for each in entries.pets]
    expectations = Expectations(lambda reference: exchanges[reference])
    for place, exchange in enumerate(exchanges):
        expectations.add_recorded(exchange, place)
    export = literal_contract(expectations.all(0.0), "web", "pets.test")
    return Path(write_contract(export.contract, tmp_path / "pacts"))


@pytest.fixture
def tuesday(entries, tmp_path: Path) -> Callable[..., Path]:
    """Writes the session `tuesday` of exchanges."""

    def written(*exchanges: object) -> Path:
        recorded = tuple(RecordedExchange(each) for each in exchanges)
        return entries.write(tmp_path / "recordings", "tuesday", recorded)

    return written


def mutant(**changes: object) -> dict:
    request = {"method": "GET", "scheme": "http", "host": "pets.test", "port": 80, "path": "/pets/1", "query": ""}
    response = {"status": 200, "reason": "", "headers": [["Content-Type", "application/json"]], "body": '{"id": 1}'}
    line = {"kind": "field_removed", "label": "breaking", "severity": "strong", "path": "$.name", "note": "no name"}
    messages = {"request": {**request, "headers": []}, "response": response}
    return {"id": "m#1", **line, "pair": messages, "support": 3, **changes}


def test_its_own_session_is_accepted(run, contract: Path) -> None:
    ran = run("score", contract, "--against", "pets")
    assert ran.err == ""
    assert "pacts/web-pets.test.json (web → pets.test) against 5 exchanges with pets.test" in ran.out
    assert ran.out.splitlines()[2].split()[:2] == ["operation", "exchanges"]
    # A contract has one answer to a request: the recorded 404 of a pet is refused.
    assert ran.status == 1
    assert "because   expected 200 but was 404" in ran.out


def test_another_session(run, contract: Path, tuesday, entries) -> None:
    tuesday(
        entries.exchange(path="/pets/1", answer={"id": 1, "name": "Rex"}),
        entries.exchange(answer=[{"id": 1, "name": "Max"}]),
        entries.exchange(path="/pets/2", answer={"id": 2, "name": "Tom"}),
        entries.exchange(path="/ads", answer={}, host="ads.test"),
    )
    ran = run("score", contract, "--against", "tuesday")
    assert ran.status == 1
    (total,) = [line.split() for line in ran.out.splitlines() if line.startswith("  all ")]
    assert total[:7] == ["all", "3", "66.7", "%", "50.0", "%", "1"]
    assert "  1 × GET /pets: recorded answer, $[*].name" in ran.out
    assert "rule      equality" in ran.out
    assert 'expected  "Rex"' in ran.out
    assert 'actual    "Max"  (tuesday#2)' in ran.out
    assert "1 × GET /pets/2: no interaction has this method and path" in ran.out


def test_json_has_everything(run, contract: Path, tuesday, entries) -> None:
    path = tuesday(entries.exchange(path="/pets/1", answer={"id": 1, "name": "Rex"}))
    ran = run("score", contract, "--against", path, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.document["accepted"] is True
    assert ran.document["sessions"] == [str(path)]
    (found,) = ran.document["contracts"]
    assert (found["consumer"], found["provider"], found["hosts"]) == ("web", "pets.test", ["pets.test"])
    assert found["coverage"] == {"part": 1, "whole": 1, "share": 1.0}
    assert found["accepted"]["share"] == 1.0
    assert found["mutants"]["breaking strong"]["share"] == 1.0
    assert {"field_removed", "reason_phrase"} <= {each["kind"] for each in found["kinds"]}
    assert [each["operation"] for each in found["operations"]] == ["GET /pets/1"]


def test_the_seed_decides(run, contract: Path) -> None:
    def report(*options: object) -> str:
        return run("score", contract, "--against", "pets", "--json", *options).out

    assert report("--seed", 5) == report("--seed", 5)
    assert report("--seed", 5) != report("--seed", 6)


def test_another_host_must_be_named(run, pets: Path, two_hosts: Path, contract: Path) -> None:
    document = json.loads(contract.read_text())
    document["provider"]["name"] = "the pet service"
    contract.write_text(json.dumps(document))

    def hosts(*options: str) -> list[str]:
        ran = run("score", contract, "--against", "hosts", "--changed", "0", "--json", *options)
        return ran.document["contracts"][0]["hosts"]

    assert hosts() == ["bank.test", "pets.test"]
    assert hosts("--host", "PETS.test") == ["pets.test"]
    ran = run("score", contract, "--against", "hosts", "--host", "cats.test")
    assert ran.status == 2
    assert "the sessions have the hosts: bank.test, pets.test" in ran.err


def test_nothing_covered(run, contract: Path, tuesday, entries) -> None:
    tuesday(entries.exchange(path="/cats", answer={}))
    ran = run("score", contract, "--against", "tuesday")
    assert ran.status == 0
    assert "covers nothing of the sessions" in ran.err


def test_several_contracts_and_sessions(run, contract: Path, tuesday, entries, tmp_path: Path) -> None:
    tuesday(entries.exchange(path="/pets/1", answer={"id": 1, "name": "Rex"}))
    other = tmp_path / "other.json"
    other.write_text(contract.read_text())
    ran = run("score", contract, other, "--against", "tuesday", "pets", "--json")
    assert [each["coverage"]["whole"] for each in ran.document["contracts"]] == [6, 6]


def test_mutants_from_a_file(run, contract: Path, pets: Path, tmp_path: Path) -> None:
    wire = base64.b64encode(gzip.compress(b'{"id": 1, "name": "Rex", "x": 1}')).decode()
    headers = [["Content-Type", "application/json"], ["Content-Encoding", "gzip"]]
    coded = {"status": 200, "reason": "OK", "headers": headers, "body": None, "body_b64": wire}
    lines = [
        mutant(),
        mutant(pair={**mutant()["pair"], "response": coded}, label="non-breaking", kind="extra_field"),
        mutant(pair={**mutant()["pair"], "request": {**mutant()["pair"]["request"], "host": "else.test"}}),
    ]
    file = tmp_path / "mutants.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    ran = run("score", contract, "--against", "pets", "--changed", "0", "--mutants", file, "--json")
    found = ran.document["contracts"][0]
    assert [(each["kind"], each["accepted"]["part"], each["accepted"]["whole"]) for each in found["kinds"]] == [
        ("field_removed", 0, 1),
        ("extra_field", 1, 1),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "line 2"),
        ('{"kind": "a"}', '"label": Field required'),
        (json.dumps(mutant(label="bad")), '"label"'),
        (json.dumps(mutant(pair={**mutant()["pair"], "response": {"status": 200, "body_b64": "?"}})), "not base64"),
    ],
)
def test_a_file_of_mutants_that_is_none(run, contract: Path, tmp_path: Path, line: str, sentence: str) -> None:
    file = tmp_path / "mutants.jsonl"
    file.write_text(f"{json.dumps(mutant())}\n{line}\n")
    ran = run("score", contract, "--against", "pets", "--mutants", file)
    assert (ran.status, ran.out) == (2, "")
    assert f"{file}, line 2" in ran.err and sentence in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--against", "pest"], "did you mean pets"),
        ([], "--against"),
        (["--against", "pets", "--mutants", "none.jsonl"], "none.jsonl: it cannot be read"),
        (["--against", "pets", "--changed", "-1"], "-1"),
        (["--against", "pets", "--seed", "x"], "--seed"),
    ],
)
def test_wrong_usage(run, contract: Path, arguments: list[str], sentence: str) -> None:
    ran = run("score", contract, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err


def test_redacted_sessions(run, entries, tmp_path: Path) -> None:
    """A contract that was written by hand, with a secret, against a recording in which it is replaced."""
    recorded = entries.exchange("POST", status=201, answer={"key": "REDACTED-key-1"}, body={"password": "REDACTED-p-1"})
    entries.write(tmp_path / "recordings", "redacted", (RecordedExchange(recorded),))
    headers = {"Content-Type": "application/json"}
    request = {"method": "POST", "path": "/pets", "headers": headers, "body": {"password": "open"}}
    response = {"status": 201, "headers": headers, "body": {"key": "abc"}}
    interactions = [{"description": "a key", "request": request, "response": response}]
    document = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": interactions}
    (tmp_path / "pact.json").write_text(json.dumps(document))
    ran = run("score", "pact.json", "--against", "redacted", "--changed", "0", "--json")
    assert ran.status == 0
    assert ran.document["contracts"][0]["accepted"] == {"part": 1, "whole": 1, "share": 1.0}
