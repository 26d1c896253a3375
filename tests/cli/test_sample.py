"""The session that the repository brings along."""

import re
from pathlib import Path

import pytest

from pact_recorder.capture.recorder import in_order
from pact_recorder.cli.demo_client import QUESTIONS, WRONG_PASSWORD
from pact_recorder.cli.demo_library import PASSWORD, TOKEN
from pact_recorder.cli.sessions import expectations_of_sessions
from pact_recorder.mock import Exhausted
from pact_recorder.recordings import load_session

RECORDINGS = Path(__file__).parents[2] / "recordings"
SAMPLE = RECORDINGS / "sample.yaml"


def test_it_holds_what_the_demo_asks() -> None:
    entries = load_session(SAMPLE).entries
    assert sum(entry.count for entry in entries) == len(QUESTIONS)
    recorded = sorted(f"{each.exchange.request.method} {each.exchange.request.target}" for each in entries)
    assert recorded == sorted(map(str, QUESTIONS))
    assert {entry.exchange.request.authority for entry in entries} == {"library.test"}


def test_every_exchange_is_replayed() -> None:
    expectations = expectations_of_sessions([SAMPLE])
    for _, entry, times in in_order(load_session(SAMPLE).entries):
        request, response = entry.exchange.request, entry.exchange.response
        for _ in range(times):
            assert expectations.answer(request, request.authority, 0.0, Exhausted.MISS) == response


@pytest.mark.parametrize(("style", "count"), [("inferred", 16), ("literal", 14)])
def test_it_exports_to_a_contract_that_it_satisfies(run, tmp_path: Path, style: str, count: int) -> None:
    assert run("export", SAMPLE, "--consumer", "web", "--style", style).status == 0
    contract = tmp_path / "pacts" / "web-library.test.json"
    ran = run("verify", contract, "--session", SAMPLE)
    assert (ran.status, ran.err) == (0, "")
    assert f"{count} of {count} interactions verified" in ran.out


@pytest.mark.parametrize("word", [TOKEN, PASSWORD, WRONG_PASSWORD, "/tmp", "/home", "/root", "127.0.0.1"])
def test_it_tells_nothing_of_the_machine_it_was_made_on(word: str) -> None:
    files = [SAMPLE, *RECORDINGS.glob("sample.bodies/*")]
    assert not [path for path in files if word.encode() in path.read_bytes()]


def test_its_page_shows_commands_that_work(run) -> None:
    commands = re.findall(r"^    pact-recorder (inspect|export) (.+)$", (RECORDINGS / "README.md").read_text(), re.M)
    assert [name for name, _ in commands] == ["inspect", "export"]
    for name, rest in commands:
        assert run(name, *rest.split(), "--recordings", RECORDINGS).status == 0
