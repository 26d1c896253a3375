import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def contract(run, pets: Path, tmp_path: Path) -> Path:
    assert run("export", "pets", "--consumer", "web", "--style", "literal").status == 0
    return tmp_path / "pacts" / "web-pets.test.json"


def change(path: Path, edit: Callable[[dict], object]) -> None:
    document = json.loads(path.read_text())
    edit(document)
    path.write_text(json.dumps(document))


def test_an_exported_contract_is_satisfied_by_its_session(run, contract: Path) -> None:
    ran = run("verify", contract, "--session", "pets")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "pacts/web-pets.test.json (web → pets.test): 4 of 4 interactions verified\n"


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda document: document["interactions"][0]["response"].update(status=500), "expected 500 but was 200"),
        (lambda document: document["interactions"][0]["response"]["body"].append({"id": 9}), "body mismatch"),
        (lambda document: document["interactions"][0]["request"].update(path="/cats"), "no matching expectation found"),
    ],
)
def test_a_contract_that_promises_something_else(run, contract: Path, edit, reason: str) -> None:
    change(contract, edit)
    ran = run("verify", contract, "--session", "pets")
    assert ran.status == 1
    assert "3 of 4 interactions verified" in ran.out
    assert reason in ran.out
    as_json = run("verify", contract, "--session", "pets", "--json")
    assert as_json.status == 1
    assert as_json.document["verified"] is False
    (failed,) = [each for each in as_json.document["contracts"][0]["interactions"] if not each["verified"]]
    assert reason in failed["reason"]


def test_one_bad_contract_among_several(run, contract: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(contract.read_text())
    change(bad, lambda document: document["interactions"][0]["request"].update(method="PATCH"))
    ran = run("verify", contract, bad, "--session", "pets", "--json")
    assert ran.status == 1
    assert [each["verified"] for each in ran.document["contracts"]] == [True, False]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not"),
        ("{", "line 1"),
        ("[]", "pact.json"),
        ('{"consumer": {"name": "c"}}', "it has neither interactions nor messages"),
        ('{"interactions": [{"description": "d", "request": 5, "response": {}}]}', 'interaction 1 ("d")'),
    ],
)
def test_a_file_that_is_no_contract(run, pets: Path, tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "pact.json").write_text(text)
    ran = run("verify", "pact.json", "--session", "pets")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("pact-recorder: pact.json")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


def test_what_is_not_there(run, contract: Path) -> None:
    assert "nothing.json" in run("verify", "nothing.json", "--session", "pets").err
    ran = run("verify", contract, "--session", "pest")
    assert ran.status == 2
    assert "did you mean pets" in ran.err
