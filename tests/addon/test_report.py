"""The table at the end of a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import exchange, json_request, request

from pact_recorder.addon.report import end_report, table
from pact_recorder.capture.modes import Mode
from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Body, Exchange, Headers, Response
from pact_recorder.mock import Miss
from pact_recorder.recordings import SessionStore


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(SessionStore(tmp_path, "shop"), Redactor(RedactionRules.default()))
    made.open_session()
    yield made
    made.close()


def test_it_says_what_was_recorded_what_not_and_what_to_do_next(recorder: Recorder, tmp_path: Path) -> None:
    for asked in (request("GET", "/a?x=1"), request("GET", "/a?x=2"), request("GET", "/a?x=2")):
        recorder.record(exchange(asked))
    recorder.record(exchange(json_request("POST", "/login", {"password": "correct horse battery"})))
    recorder.tally.not_recorded["gRPC"] += 2
    report = end_report(recorder, tmp_path / "shop.yaml")
    assert report.splitlines() == [
        "pact-recorder, mode capture:",
        "  provider     paths  exchanges",
        "  api.example      2          4",
        "  recorded: 4 exchanges, 1 of them repeats",
        "  not recorded: 2 (gRPC)",
        "  secrets redacted: 1",
        f"  session: {tmp_path / 'shop.yaml'}",
        "  next: pact-recorder mock --session shop",
        "        pact-recorder export shop --consumer NAME",
    ]


def test_a_recording_of_nothing_says_so(recorder: Recorder, tmp_path: Path) -> None:
    assert end_report(recorder, None).splitlines() == [
        "pact-recorder, mode capture:",
        "  nothing was recorded, so no session was written; does the app use the proxy?",
    ]
    recorder.tally.not_recorded["gRPC"] += 1
    assert end_report(recorder, None).splitlines()[1:] == ["  not recorded: 1 (gRPC)"]


@pytest.mark.parametrize("mode", [Mode.MOCK, Mode.SPY])
def test_a_mock_records_nothing_anyway_and_a_spy_that_has_answered_was_used(recorder: Recorder, mode: Mode) -> None:
    recorder.mode = mode
    recorder.tally.answered = 1 if mode is Mode.SPY else 0
    assert "nothing was recorded" not in end_report(recorder, None)


def test_a_cut_body_and_a_stream_without_its_end_are_told_apart(recorder: Recorder, tmp_path: Path) -> None:
    plain, events = (
        Exchange(
            request("GET", f"/{kind}"), Response(200, "", Headers([("Content-Type", kind)]), Body(b"data: 1", cut=True))
        )
        for kind in ("text/plain", "text/event-stream")
    )
    for each in (plain, events, events):
        recorder.record(each)
    report = end_report(recorder, None).splitlines()
    assert "  cut at pact_max_body: 1 (kept, but not replayed; raise it to have them whole)" in report
    assert "  event streams without their end: 2 (replayed as far as they came)" in report
    answer = recorder.answer(events.request, "api.example")
    assert not isinstance(answer, Miss)
    assert answer.body == events.response.body


def test_tables_are_aligned() -> None:
    assert table([("a", "n"), ("long", "10")]) == ["  a      n", "  long  10"]
