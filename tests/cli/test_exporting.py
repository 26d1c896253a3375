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
    assert (contract.consumer, contract.provider) == ("web", "pets.test")
    assert sorted(each.description for each in contract.interactions) == [
        "DELETE /pets/{pet}",
        "GET /pets",
        "GET /pets/{pet}",
        "GET /pets/{pet} (404)",
        "POST /pets",
    ]
    assert "provider   operations  interactions  samples  guessed  left out  places left out  contract" in ran.err
    assert (
        "pets.test           4             5        5        5         0                0  pacts/web-pets.test.json"
        in ran.err
    )
    assert ran.err.count("to make it stronger: ") == 3


def test_a_literal_contract_has_what_was_recorded(run, pets: Path, tmp_path: Path) -> None:
    ran = run("export", "pets", "--consumer", "web", "--style", "literal")
    contract = load_contract(tmp_path / "pacts" / "web-pets.test.json")
    assert (ran.status, len(contract.interactions)) == (0, 4)
    assert "pets.test             4         1  pacts/web-pets.test.json" in ran.err
    assert "stronger" not in ran.err


@pytest.mark.parametrize(
    ("spec", "member", "version"), [("2", "2.0.0", (2, 0)), ("3", "3.0.0", (3, 0)), ("4", "4.0", (4, 0))]
)
def test_versions(run, pets: Path, spec: str, member: str, version: tuple[int, int]) -> None:
    ran = run("export", "pets", "--consumer", "web", "--spec", spec, "-o", "-")
    assert ran.document["metadata"]["pactSpecification"]["version"] == member


def test_each_host_gets_its_own_contract(run, two_hosts: Path) -> None:
    ran = run("export", "hosts", "--consumer", "web", "-o", "out", "--json")
    assert ran.status == 0
    assert [each["path"] for each in ran.document["contracts"]] == ["out/web-bank.test.json", "out/web-pets.test.json"]
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
        (["--report", "r.json", "--style", "literal"], "--report tells what rules rest on, and a literal contract"),
    ],
)
def test_what_cannot_be_exported(run, two_hosts: Path, tmp_path: Path, options: list[str], sentence: str) -> None:
    ran = run("export", "hosts", "--consumer", "web", *options)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"pact-recorder: {sentence}")
    assert not (tmp_path / "pacts").exists()


@pytest.mark.parametrize("option", ["--consumer", "--provider"])
@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x1b[31m"])
def test_consumers_and_providers_have_names_that_can_be_read(run, pets: Path, option: str, name: str) -> None:
    ran = run("export", "pets", "--consumer", "web", option, name)
    assert (ran.status, ran.out) == (2, "")
    assert f"argument {option}: {name!r} is no name" in ran.err


def test_the_newest_session_is_taken_when_none_is_named(run, pets: Path, two_hosts: Path) -> None:
    os.utime(pets, (2_000_000_000, 2_000_000_000))
    ran = run("export", "--consumer", "web", "-o", "-")
    assert ran.status == 0
    assert "exporting the newest session, recordings/pets.yaml" in ran.err


def test_sessions_are_exported_together(run, pets: Path, two_hosts: Path) -> None:
    ran = run("export", "pets", "hosts", "--consumer", "web", "--json")
    assert {each["host"]: each["interactions"] for each in ran.document["contracts"]} == {
        "pets.test": 5,
        "bank.test": 1,
    }
    assert {each["host"]: each["samples"] for each in ran.document["contracts"]} == {"pets.test": 5, "bank.test": 1}


def test_an_existing_contract_keeps_its_other_interactions(run, pets: Path, tmp_path: Path) -> None:
    run("export", "pets", "--consumer", "web")
    path = tmp_path / "pacts" / "web-pets.test.json"
    document = json.loads(path.read_text())
    document["interactions"][0]["description"] = "written by hand"
    path.write_text(json.dumps(document))
    assert run("export", "pets", "--consumer", "web").status == 0
    descriptions = [each.description for each in load_contract(path).interactions]
    assert "written by hand" in descriptions
    assert len(descriptions) == 6


def test_later_answers_to_a_request_are_told_as_left_out(run, pets: Path) -> None:
    sentence = "GET /pets/1 (200): the contract has only one of its 2 answers"
    ran = run("export", "pets", "--consumer", "web", "--style", "literal")
    assert f"left out of pets.test: {sentence}\n" in ran.err
    ran = run("export", "pets", "--consumer", "web", "--style", "literal", "--json")
    assert ran.document["contracts"][0]["left_out"] == [sentence]


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


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--report", "report.txt"], "'report.txt' ends in neither .json nor .html"),
        (["--style", "literary"], "there is no 'literary'; did you mean literal?"),
    ],
)
def test_options_are_checked_before_anything_is_read(run, options: list[str], sentence: str) -> None:
    ran = run("export", "nothing", "--consumer", "web", *options)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err


CONFIGURATION = "providers:\n  pets.test: Zoo\n  bank.test: Zoo\n"


def test_hosts_that_share_a_name_share_a_contract(run, two_hosts: Path, tmp_path: Path) -> None:
    (tmp_path / "pact-recorder.yaml").write_text(CONFIGURATION)
    for style in ("inferred", "literal"):
        ran = run("export", "hosts", "--consumer", style, "--style", style, "--json")
        (written,) = ran.document["contracts"]
        assert (written["provider"], written["hosts"], written["interactions"]) == (
            "Zoo",
            ["bank.test", "pets.test"],
            2,
        )
    alone = run("export", "hosts", "--consumer", "web", "--host", "bank.test", "-o", "-").document
    assert alone["provider"] == {"name": "Zoo"}
    assert [each["request"]["path"] for each in alone["interactions"]] == ["/rates"]


def test_a_configured_provider_can_be_chosen_by_its_name(run, two_hosts: Path, tmp_path: Path) -> None:
    (tmp_path / "pact-recorder.yaml").write_text("providers: {bank.test: Bank}\n")
    ran = run("export", "hosts", "--consumer", "web", "--provider", "Bank", "-o", "-")
    assert [each["request"]["path"] for each in ran.document["interactions"]] == ["/rates"]


def test_hints_force_a_template(run, tmp_path: Path, entries) -> None:
    colours = [RecordedExchange(entries.exchange(path=f"/colours/{name}", answer={})) for name in ("red", "green")]
    entries.write(tmp_path / "recordings", "colours", tuple(colours))
    (tmp_path / "pact-recorder.yaml").write_text("paths:\n  force: ['GET /colours/{colour}']\n")
    ran = run("export", "colours", "--consumer", "web", "-o", "-")
    assert [each["description"] for each in ran.document["interactions"]] == ["GET /colours/{colour}"]
    assert "warning" not in ran.err


def test_a_hint_that_nothing_is_like_is_told(run, pets: Path, tmp_path: Path) -> None:
    hints = "paths:\n  force: ['/petz/{id}', '/pets/{id}']\n  forbid: [/pets/none]\n"
    (tmp_path / "pact-recorder.yaml").write_text(hints)
    ran = run("export", "pets", "--consumer", "web")
    told = [line for line in ran.err.splitlines() if "warning" in line]
    assert told == [
        "pact-recorder: warning: no recorded path is like /petz/{id}, which pact-recorder.yaml speaks of",
        "pact-recorder: warning: no recorded path is like /pets/none, which pact-recorder.yaml speaks of",
    ]


def test_what_can_have_no_effect_is_told(run, pets: Path, tmp_path: Path) -> None:
    (tmp_path / "pact-recorder.yaml").write_text(
        "providers: {petz.test: Pets, pets.test: Zoo}\n"
        "paths: {force: ['/pets/{id}', '/pets/{name}'], forbid: [/pets/^]}\n"
    )
    ran = run("export", "pets", "--consumer", "web")
    assert [line.removeprefix("pact-recorder: warning: ") for line in ran.err.splitlines() if "warning" in line] == [
        "nothing was recorded of petz.test, which pact-recorder.yaml calls Pets",
        "/pets/{name} in pact-recorder.yaml never counts: /pets/{id} under force is stronger wherever it fits",
        "/pets/^ in pact-recorder.yaml never counts: /pets/{id} under force is stronger wherever it fits",
    ]
    # What narrows to one host says nothing of the others.
    assert "warning" not in run("export", "pets", "--consumer", "web", "--host", "pets.test").err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("providers:\n  a b: x\n", "'a b' is not a host"),
        ("paths:\n  froce: []\n", 'did you mean "force"?'),
        ("ignore: ~nothing\n", "'~nothing' is no mitmproxy filter expression"),
        ("redact: nowhere.yaml\n", "neither default nor none nor a file"),
    ],
)
def test_an_error_in_the_configuration_names_file_and_line(
    run, pets: Path, tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "pact-recorder.yaml").write_text("select: ''\n" + text)
    ran = run("export", "pets", "--consumer", "web")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("pact-recorder: pact-recorder.yaml, line ")
    assert "line 2" in ran.err or "line 3" in ran.err
    assert sentence in ran.err


def test_evidence_is_in_the_comments_of_version_4(run, pets: Path) -> None:
    ran = run("export", "pets", "--consumer", "web", "--spec", "4", "-o", "-")
    for each in ran.document["interactions"]:
        assert each["comments"]["text"] == ["Guessed from a single sample."]
        assert each["comments"]["evidence"]["samples"] == 1
    assert "comments" not in run("export", "pets", "--consumer", "web", "-o", "-").out


def test_every_version_verifies_against_its_session(run, pets: Path) -> None:
    for version in ("2", "3", "4"):
        assert run("export", "pets", "--consumer", "web", "--spec", version, "-o", f"v{version}").status == 0
        ran = run("verify", f"v{version}/web-pets.test.json", "--session", "pets")
        assert (ran.status, ran.err) == (0, "")
