"""Metrics in Prometheus' text format."""

import re

import pytest
from builders import exchange, request

from pact_recorder.capture.recorder import Recorder
from tests.server.control_client import ControlClient
from tests.server.test_log_endpoints import ask

LINE = re.compile(r'(# (HELP|TYPE) pact_recorder_\w+ .+|pact_recorder_\w+(\{\w+="[^"\n]*"\})? [0-9.e+]+)')


def test_what_happened_is_counted(control: ControlClient, recorder: Recorder) -> None:
    for _ in range(2):
        recorder.record(exchange(request("GET", "/a")))
    ask(recorder, request("GET", "/a"))
    ask(recorder, request("GET", "/none"))
    recorder.tally.not_recorded['gone "away"'] += 3
    answer = control.get("/mockserver/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert answer.text.endswith("\n")
    for wanted in (
        'pact_recorder_requests_total{outcome="answered"} 1',
        'pact_recorder_requests_total{outcome="unmatched"} 1',
        'pact_recorder_requests_total{outcome="forwarded"} 2',
        "pact_recorder_matches_total 1",
        "pact_recorder_misses_total 1",
        "pact_recorder_recorded_total 2",
        "pact_recorder_repeated_total 1",
        'pact_recorder_skipped_total{reason="gone \\"away\\""} 3',
        "pact_recorder_expectations 1",
        "pact_recorder_log_entries 4",
        "pact_recorder_log_evicted_total 0",
    ):
        assert wanted in lines
    assert all(LINE.fullmatch(line) for line in lines if "gone" not in line)


@pytest.mark.parametrize("count", [999_999, 12_345_678_901])
def test_large_counts_are_whole(control: ControlClient, recorder: Recorder, count: int) -> None:
    recorder.tally.answered = count
    assert f"pact_recorder_matches_total {count}\n" in control.get("/mockserver/metrics").text
