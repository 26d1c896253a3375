import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pact_recorder.http import Body
from pact_recorder.pact import load_contract
from pact_recorder.recordings import RecordedExchange


def test_a_session_becomes_a_contract_named_after_its_host(run, pets: Path, tmp_path: Path) -> None:
    ran = run("export", "pets", "--consumer", "web")
    assert (ran.status, ran.out) == (0, "")
    contract = load_contract(tmp_path / "pacts" / "web-pets.test.json")
    assert (contract.consumer, contract.provider, len(contract.interactions)) == ("web", "pets.test", 4)
    assert "pets.test             4         1  pacts/web-pets.test.json" in ran.err


@pytest.mark.parametrize(
    ("spec", "member", "version"), [("2", "2.0.0", (2, 0)), ("3", "3.0.0", (3, 0)), ("4", "4.0", (4, 0))]
)
def test_versions(run, pets: Path, spec: str, member: str, version: tuple[int, int]) -> None:
    ran = run("export", "pets", "--consumer", "web", "--spec", spec, "-o", "-")
    assert ran.document["metadata"]["pactSpecification"]["version"] == member


def test_each_host_gets_its_own_contract(run, two_hosts: Path) -> None:
    ran = run("export", "hosts", "--consumer", "web", "-o", "out", "--json")
    assert ran.status == 0
    assert [each["path"] for each in ran.document["contracts"]] == ["out/web-pets.test.json", "out/web-bank.test.json"]
    assert ran.document["sessions"] == ["recordings/hosts.yaml"]


def test_one_host_can_be_chosen_named_and_printed(run, two_hosts: Path) -> None:
    ran = run("export", "hosts", "--consumer", "web", "--host", "BANK.test", "--provider", "bank", "-o", "-")
    assert ran.document["provider"]["name"] == "bank"
    assert [each["request"]["path"] for each in ran.document["interactions"]] == ["/rates"]
    assert "(printed)" in ran.err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["-o", "-"],
            "-o - prints the contract of a single host: choose one with --host; there are bank.test, pets.test",
        ),
        (["--provider", "p"], "--provider names the provider of a single host: choose one with --host"),
        (["--host", "nowhere"], "Nothing was recorded of nowhere; the sessions have the hosts: bank.test, pets.test"),
        (["--json", "-o", "-"], "--json and -o - both print"),
    ],
)
def test_what_cannot_be_exported(run, two_hosts: Path, tmp_path: Path, options: list[str], sentence: str) -> None:
    ran = run("export", "hosts", "--consumer", "web", *options)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"pact-recorder: {sentence}")
    assert not (tmp_path / "pacts").exists()


def test_the_newest_session_is_taken_when_none_is_named(run, pets: Path, two_hosts: Path) -> None:
    os.utime(pets, (2_000_000_000, 2_000_000_000))
    ran = run("export", "--consumer", "web", "-o", "-")
    assert ran.status == 0
    assert "exporting the newest session, recordings/pets.yaml" in ran.err


def test_sessions_are_exported_together(run, pets: Path, two_hosts: Path) -> None:
    ran = run("export", "pets", "hosts", "--consumer", "web", "--json")
    assert {each["host"]: each["interactions"] for each in ran.document["contracts"]} == {
        "pets.test": 4,
        "bank.test": 1,
    }


def test_an_existing_contract_keeps_its_other_interactions(run, pets: Path, tmp_path: Path) -> None:
    run("export", "pets", "--consumer", "web")
    path = tmp_path / "pacts" / "web-pets.test.json"
    document = json.loads(path.read_text())
    document["interactions"][0]["description"] = "written by hand"
    path.write_text(json.dumps(document))
    assert run("export", "pets", "--consumer", "web").status == 0
    descriptions = [each.description for each in load_contract(path).interactions]
    assert "written by hand" in descriptions
    assert len(descriptions) == 5


def test_later_answers_to_a_request_are_told_as_left_out(run, pets: Path) -> None:
    sentence = "GET /pets/1 (200): the contract has only one of its 2 answers"
    ran = run("export", "pets", "--consumer", "web")
    assert f"left out of pets.test: {sentence}\n" in ran.err
    assert run("export", "pets", "--consumer", "web", "--json").document["contracts"][0]["left_out"] == [sentence]


def test_what_was_recorded_only_in_part_is_told_as_left_out(run, tmp_path: Path, entries) -> None:
    whole = entries.pets[0]
    response = replace(whole.exchange.response, body=Body(b"[", cut=True, size=9))
    cut = replace(whole.exchange, request=replace(whole.exchange.request, path="/film"), response=response)
    entries.write(tmp_path / "recordings", "cut", (whole, RecordedExchange(cut)))
    ran = run("export", "cut", "--consumer", "web")
    assert ran.status == 0
    assert "left out because it was recorded only in part: /film\n" in ran.err
    assert run("export", "cut", "--consumer", "web", "--json").document["recorded_in_part"] == ["/film"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("pest", "There is no session 'pest' in recordings: did you mean pets"), ("zzz", "there are pets")],
)
def test_an_unknown_session(run, pets: Path, name: str, sentence: str) -> None:
    ran = run("export", name, "--consumer", "web")
    assert ran.status == 2
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


def test_no_session_at_all(run) -> None:
    ran = run("export", "--consumer", "web")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("pact-recorder: There is no session in recordings")


def test_a_broken_session_is_told_with_its_line(run, pets: Path) -> None:
    pets.write_text(pets.read_text().replace("method: GET", "method: [", 1))
    ran = run("export", "pets", "--consumer", "web")
    assert ran.status == 2
    assert ran.err.startswith("pact-recorder: recordings/pets.yaml, line ")
    assert ran.err.count("\n") == 1


def test_a_folder_that_cannot_be_written(run, pets: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("export", "pets", "--consumer", "web", "-o", "file/pacts")
    assert ran.status == 2
    assert "file/pacts" in ran.err
    assert ran.err.count("\n") == 1
