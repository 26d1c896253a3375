import json
from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from pact_recorder.cli.exporting_report import report_file


@pytest.mark.parametrize("name", ["report.json", "out/REPORT.HTML"])
def test_the_extension_chooses_the_form(name: str) -> None:
    assert report_file(name) == Path(name)


@pytest.mark.parametrize("name", ["report", "report.htm", ".json", "report.json.txt"])
def test_other_extensions_are_refused(name: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"neither \.json nor \.html"):
        report_file(name)


def test_a_report_for_programs(run, two_hosts: Path, tmp_path: Path) -> None:
    ran = run("export", "hosts", "--consumer", "web", "--report", "out/report.json")
    assert ran.status == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["sessions"] == ["recordings/hosts.yaml"]
    assert [(each["provider"], each["hosts"], each["path"]) for each in report["contracts"]] == [
        ("bank.test", ["bank.test"], "pacts/web-bank.test.json"),
        ("pets.test", ["pets.test"], "pacts/web-pets.test.json"),
    ]
    bank = report["contracts"][0]
    assert (bank["samples"], bank["guessed_from_a_single_sample"], bank["left_out"]) == (1, ["GET /rates"], [])
    (operation,) = bank["operations"]
    (finding,) = [each for each in operation["interactions"][0]["response"] if each["path"] == "$.eur"]
    assert (finding["seen"], bool(finding["rule"])) == (1, True)
    assert operation["advice"]


def test_a_report_for_people(run, pets: Path, tmp_path: Path) -> None:
    assert run("export", "pets", "--consumer", "web", "--provider", "Zoo", "--report", "report.html").status == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "GET /pets" in page
    assert "Zoo" in page


def test_the_contract_may_be_printed_beside_a_report(run, pets: Path, tmp_path: Path) -> None:
    ran = run("export", "pets", "--consumer", "web", "-o", "-", "--report", "report.json")
    assert len(ran.document["interactions"]) == 5
    assert json.loads((tmp_path / "report.json").read_text())["contracts"][0]["path"] is None


def test_a_report_that_cannot_be_written(run, pets: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    ran = run("export", "pets", "--consumer", "web", "--report", "taken/report.json")
    assert ran.status == 2
    assert "The report taken/report.json cannot be written" in ran.err


@pytest.mark.parametrize(
    ("report", "output"),
    [("pacts/web-pets.test.json", "pacts"), ("pacts/../new/web-pets.test.json", "new"), ("mine.json", "-")],
    ids=["a contract that is there", "one of this run", "any other contract"],
)
def test_a_report_never_takes_the_place_of_a_contract(
    run, pets: Path, tmp_path: Path, report: str, output: str
) -> None:
    (tmp_path / "new").mkdir()
    assert run("export", "pets", "--consumer", "web").status == 0
    contract = (tmp_path / "pacts" / "web-pets.test.json").read_bytes()
    (tmp_path / "mine.json").write_bytes(contract)
    ran = run("export", "pets", "--consumer", "web", "-o", output, "--report", report)
    assert (ran.status, ran.out) == (2, "")
    assert f"--report {report} is a contract, which the report would replace" in ran.err
    assert [*(tmp_path / "new").iterdir()] == []
    assert contract == (tmp_path / "mine.json").read_bytes() == (tmp_path / "pacts" / "web-pets.test.json").read_bytes()


def test_an_earlier_report_is_replaced(run, pets: Path) -> None:
    for _ in range(2):
        assert run("export", "pets", "--consumer", "web", "--report", "report.json").status == 0
