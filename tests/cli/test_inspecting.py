import json
from pathlib import Path

import pytest

CONTRACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "pets"},
    "interactions": [
        {
            "description": "a pet\x1b[2J",
            "providerStates": [{"name": "Rex exists"}, {"name": "the shop is open"}],
            "request": {"method": "GET", "path": "/pets/1"},
            "response": {
                "status": 200,
                "body": {"id": 1, "name": "Rex"},
                "matchingRules": {
                    "body": {
                        "$.id": {"matchers": [{"match": "integer"}]},
                        "$.name": {"matchers": [{"match": "type"}]},
                    }
                },
                "generators": {"body": {"$.id": {"type": "RandomInt"}}},
            },
        },
        {"description": "no pets", "request": {"method": "GET", "path": "/none"}, "response": {"status": 404}},
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "web-pets.json"
    path.write_text(json.dumps(CONTRACT))
    return path


def test_a_session_as_tables(run, pets: Path) -> None:
    ran = run("inspect", "pets")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == SESSION


SESSION = """\
session pets: 6 exchanges, 5 different, recorded 2023-11-14T22:13:20+00:00
  recordings/pets.yaml, written by tests

provider   operations  exchanges  different
pets.test           4          6          5

provider   operation           exchanges  statuses     types             largest answer
pets.test  GET /pets                   2  200×2        application/json            26 B
pets.test  POST /pets                  1  201×1        application/json            38 B
pets.test  DELETE /pets/{pet}          1  204×1                                       -
pets.test  GET /pets/{pet}             2  200×1 404×1  application/json            24 B

answered differently over time  statuses in order
GET /pets/1                     200 404

bodies: 5 with 120 B; the largest has 38 B: answer to POST /pets
redacted: api_key (1 in 1 place)
"""


def test_a_session_as_json(run, pets: Path) -> None:
    document = run("inspect", pets, "--json").document
    assert (document["name"], document["exchanges"], document["different"]) == ("pets", 6, 5)
    assert document["operations"][3]["statuses"] == {"200": 1, "404": 1}
    assert document["sequences"] == [
        {"provider": "pets.test", "method": "GET", "target": "/pets/1", "statuses": [200, 404]}
    ]
    assert document["redactions"] == [{"name": "api_key", "secrets": 1, "places": 1}]


def test_operations_are_those_that_an_export_would_have(run, pets: Path, tmp_path: Path) -> None:
    (tmp_path / "pact-recorder.yaml").write_text(
        'providers: {pets.test: Zoo}\npaths: {force: ["GET /{kind}/{name}"], forbid: ["DELETE /pets/1"]}\n'
    )
    operations = run("inspect", pets, "--json").document["operations"]
    assert {(each["provider"], each["name"]) for each in operations} == {
        ("Zoo", name) for name in ("GET /pets", "POST /pets", "DELETE /pets/1", "GET /{kind}/{name}")
    }


def test_a_contract_as_tables(run, contract: Path) -> None:
    ran = run("inspect", contract)
    assert (ran.status, ran.err) == (0, "")
    assert (
        ran.out
        == f"""\
contract web → pets: 2 interactions, Pact 3.0.0
  {contract.name}

interaction  request      status  rules  generators  states
a pet�[2J    GET /pets/1     200      2           1  Rex exists, the shop is open
no pets      GET /none       404      0           0

rules: integer (1), type (1)
states: Rex exists (1), the shop is open (1)
"""
    )


def test_a_contract_as_json(run, contract: Path) -> None:
    document = run("inspect", contract, "--json").document
    assert document["rules"] == {"integer": 1, "type": 1}
    assert [each["status"] for each in document["interactions"]] == [200, 404]


def test_messages_have_neither_request_nor_status(run, tmp_path: Path) -> None:
    path = tmp_path / "messages.json"
    message = {"description": "born", "contents": {"id": 1}}
    path.write_text(json.dumps({"consumer": {"name": "c"}, "provider": {"name": "p"}, "messages": [message]}))
    (interaction,) = run("inspect", path, "--json").document["interactions"]
    assert (interaction["kind"], interaction["request"], interaction["status"]) == ("message", "", None)
    assert "born         message       -" in run("inspect", path).out


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("pest", "There is no session 'pest' in recordings: did you mean pets"),
        ("nothing.json", "There is no file nothing.json."),
        ("recordings/pest.yaml", "There is no file recordings/pest.yaml: did you mean recordings/pets.yaml?"),
        ("plain.txt", "plain.txt"),
    ],
)
def test_what_cannot_be_inspected(run, pets: Path, tmp_path: Path, source: str, sentence: str) -> None:
    (tmp_path / "plain.txt").write_text("neither")
    ran = run("inspect", source)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
