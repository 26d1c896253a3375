"""What the commands do, apart from mitmproxy."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import exchange, request

from pact_recorder.addon import commands
from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import match_request, match_response
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.pact import Interaction, load_contract
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


SECRET = "s3cr3t-4nd-n0b0dys-business"
SET = {
    "id": "mine",
    "httpRequest": {
        "method": "POST",
        "path": "/login",
        "headers": {"Authorization": [f"Bearer {SECRET}"], "X-Api-Key": [SECRET], "Content-Type": ["application/json"]},
        "queryStringParameters": {"access_token": [SECRET], "page": ["1"]},
        "cookies": {"session": SECRET},
        "body": {"user": "ada", "password": SECRET},
    },
    "httpResponse": {
        "headers": {"X-Auth-Token": [SECRET]},
        "cookies": {"session": SECRET},
        "body": {"access_token": SECRET, "user": "ada"},
    },
}


def test_an_expectation_that_asks_for_a_secret_by_a_pattern_is_left_out(recorder: Recorder, tmp_path: Path) -> None:
    asked = {"path": "/", "headers": {"X-Api-Key": [SECRET]}, "body": {"type": "REGEX", "regex": f".*{SECRET}.*"}}
    for expectation in read_expectations(json.dumps({"httpRequest": asked, "httpResponse": {}}), 0.0):
        recorder.expectations.put(expectation)
    exporter = Exporter(recorder.expectations, redactor=recorder.redactor)
    written, left_out = commands.export(recorder, exporter, str(tmp_path), Wanted("web"), "users").splitlines()
    assert left_out == "left out: GET /: one of its rules or generators holds a secret"
    assert SECRET not in Path(written).read_text()


def test_what_an_export_cleans_is_not_counted_among_what_recordings_lost(recorder: Recorder, tmp_path: Path) -> None:
    recorder.redactor.request(Request("GET", "/", "token=abcd-1234-efgh"))
    for expectation in read_expectations(json.dumps(SET), 0.0):
        recorder.expectations.put(expectation)
    exporter = Exporter(recorder.expectations, redactor=recorder.redactor)
    assert commands.export(recorder, exporter, str(tmp_path), Wanted("web"), "users")
    assert recorder.redactor.counts == {"query token": 1}


def test_no_secret_of_an_expectation_gets_into_a_file(recorder: Recorder, tmp_path: Path) -> None:
    for expectation in read_expectations(json.dumps(SET), 0.0):
        recorder.expectations.put(expectation)
    exporter = Exporter(recorder.expectations, redactor=recorder.redactor)
    written = Path(commands.export(recorder, exporter, str(tmp_path), Wanted("web"), "users"))
    assert SECRET not in written.read_text()
    (interaction,) = load_contract(written).interactions
    assert isinstance(interaction, Interaction)
    asked = interaction.request
    assert (asked.path, asked.query and asked.query["page"]) == ("/login", ("1",))
    # In the place of a secret any value is taken; everything else is as it was.
    other = ("POST", "/login", "access_token=other&page=1")
    fields = [("Authorization", "Bearer other"), ("X-Api-Key", "o"), ("Cookie", "session=other")]
    headers = Headers([*fields, ("Content-Type", "application/json")])
    assert match_request(asked, Request(*other, headers, Body(b'{"user":"ada","password":"other"}'))) == []
    assert match_request(asked, Request(*other, headers, Body(b'{"user":"eve","password":"other"}')))
    answer = Response(200, "", Headers([("X-Auth-Token", "o"), ("Content-Type", "application/json")]))
    assert match_response(interaction.response, replace(answer, body=Body(b'{"access_token":"o","user":"ada"}'))) == []
    assert match_response(interaction.response, replace(answer, body=Body(b'{"access_token":"o","user":"eve"}')))
    # Nor does one get into the session.
    recorder.save()
    recorder.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_without_redaction_an_export_is_literal(tmp_path: Path) -> None:
    recorder = Recorder(SessionStore(tmp_path / "recordings", "test"), Redactor(RedactionRules.none()))
    for expectation in read_expectations(json.dumps(SET), 0.0):
        recorder.expectations.put(expectation)
    exporter = Exporter(recorder.expectations, redactor=recorder.redactor)
    written = Path(commands.export(recorder, exporter, str(tmp_path), Wanted("web"), "users"))
    assert SECRET in written.read_text()
