"""What the commands do, apart from mitmproxy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import exchange, request

from pact_recorder.addon import commands
from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Request
from pact_recorder.pact import load_contract
from pact_recorder.recordings import Configuration, SessionStore
from pact_recorder.server import Exporter, Style, Wanted


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(SessionStore(tmp_path / "recordings", "test"), Redactor(RedactionRules.default()))
    recorder.open_session()
    yield recorder
    recorder.close()


@pytest.mark.parametrize(
    ("style", "descriptions"), [("", ["GET /users/{user}"]), ("literal", ["GET /users/1", "GET /users/2"])]
)
def test_an_export_is_of_a_style_and_verifies(
    recorder: Recorder, tmp_path: Path, style: str, descriptions: list[str]
) -> None:
    for number in (1, 2):
        recorder.record(exchange(request("GET", f"/users/{number}"), b'{"id":%d}' % number))
    exporter = Exporter(recorder.expectations)
    told = commands.export(recorder, exporter, str(tmp_path), Wanted("web", Style.parse(style)), "users")
    assert told == str(tmp_path / "web-users.json")
    assert [each.description for each in load_contract(Path(told)).interactions] == descriptions
    count = len(descriptions)
    assert commands.verify(recorder, told) == f"{count} of {count} interactions verified"


def test_each_provider_gets_a_contract(recorder: Recorder, tmp_path: Path) -> None:
    for host in ("a.example", "b.example", "c.example"):
        recorder.record(exchange(Request("GET", "/x", host=host)))
    exporter = Exporter(recorder.expectations, Configuration(providers={"a.example": "AB", "b.example": "AB"}))
    told = commands.export(recorder, exporter, str(tmp_path), Wanted("web"), "ignored, as there are several")
    assert told.splitlines() == [str(tmp_path / "web-AB.json"), str(tmp_path / "web-c.example.json")]


def test_there_may_be_nothing_to_export(recorder: Recorder, tmp_path: Path) -> None:
    told = commands.export(recorder, Exporter(recorder.expectations), str(tmp_path), Wanted("web"), "")
    assert told == "nothing is active, so there is nothing to export"
