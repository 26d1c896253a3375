"""Retrieving and clearing the log of requests."""

import json
from pathlib import Path
from typing import Any

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.traffic_log import TrafficLog
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.mock import Miss
from pact_recorder.recordings import SessionStore
from pact_recorder.server import ControlApi
from tests.server.control_client import ControlClient

RETRIEVE = "/mockserver/retrieve"
CLEAR = "/mockserver/clear"
EXPECTATION = "/mockserver/expectation"


def ask(recorder: Recorder, asked: Request) -> None:
    """What a host does with a request in mock mode."""
    found = recorder.answer(asked, None)
    if isinstance(found, Miss):
        recorder.missed(found, response(b'{"error": "none"}', 404))


def targets(control: ControlClient, body: Any = b"", **parameters: str) -> list[str]:
    return [each["path"] for each in control.put(RETRIEVE, body, **parameters).json()]


@pytest.fixture
def traffic(control: ControlClient, recorder: Recorder) -> None:
    """One forwarded, one answered and one unmatched request."""
    recorder.record(exchange(json_request("POST", "/forwarded?n=1", {"n": 1}), response(b'{"ok":1}', 201)))
    control.put(EXPECTATION, {"id": "mine", "httpRequest": {"path": "/answered"}, "httpResponse": {"body": "yes"}})
    ask(recorder, request("GET", "/answered", None, ("X-A", "1"), ("X-A", "2")))
    ask(recorder, request("GET", "/unmatched"))


@pytest.mark.usefixtures("traffic")
def test_every_request_is_in_the_log_and_no_control_request(control: ControlClient) -> None:
    shown = control.put(RETRIEVE)
    assert shown.headers["content-type"] == "application/json; charset=utf-8"
    forwarded, answered, unmatched = shown.json()
    assert forwarded == {
        "method": "POST",
        "path": "/forwarded",
        "queryStringParameters": {"n": ["1"]},
        "headers": {"Content-Type": ["application/json"]},
        "body": {"type": "JSON", "json": {"n": 1}, "rawBytes": "eyJuIjogMX0=", "contentType": "application/json"},
    }
    assert answered == {"method": "GET", "path": "/answered", "headers": {"X-A": ["1", "2"]}}
    assert unmatched["path"] == "/unmatched"


@pytest.mark.usefixtures("traffic")
def test_requests_have_their_answers(control: ControlClient) -> None:
    pairs = control.put(RETRIEVE, type="request_responses").json()
    assert [each["httpResponse"]["statusCode"] for each in pairs] == [201, 200, 404]
    assert pairs[1]["httpResponse"]["body"]["string"] == "yes"
    assert pairs[1]["timestamp"] == "1970-01-01 00:16:40.000"


@pytest.mark.usefixtures("traffic")
def test_only_what_was_forwarded_is_a_recorded_expectation(control: ControlClient) -> None:
    (recorded,) = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS").json()
    assert list(recorded) == ["httpRequest", "httpResponse", "id", "priority", "timeToLive", "times"]
    assert recorded["httpRequest"]["headers"] == {"Host": ["api.example"], "Content-Type": ["application/json"]}
    assert recorded["httpRequest"]["body"]["matchType"] == "STRICT"
    assert recorded["times"] == {"remainingTimes": 1}


@pytest.mark.parametrize(
    ("matcher", "expected"),
    [
        ({"path": "/un.*"}, ["/unmatched"]),
        ({"path": "/ANSWERED"}, ["/answered"]),
        ({"method": "!GET"}, ["/forwarded"]),
        ({"headers": {"X-A": ["2"]}}, ["/answered"]),
        ({"queryStringParameters": {"n": "[0-9]"}}, ["/forwarded"]),
        ({"body": {"n": 1}}, ["/forwarded"]),
        ({"id": "mine"}, ["/answered"]),
        ({"path": "/none"}, []),
        ({}, ["/forwarded", "/answered", "/unmatched"]),
        (b'""', ["/forwarded", "/answered", "/unmatched"]),
    ],
)
@pytest.mark.usefixtures("traffic")
def test_a_matcher_narrows_the_log(control: ControlClient, matcher: Any, expected: list[str]) -> None:
    assert targets(control, matcher) == expected


def test_an_expression_is_tried_in_both_directions(control: ControlClient, recorder: Recorder) -> None:
    ask(recorder, request("GET", "/users/.*"))
    ask(recorder, request("GET", "/other.html"))
    assert targets(control, {"path": "/users/17"}) == ["/users/.*"]


@pytest.mark.parametrize("value", ["!.*", "?.*", "?!a|b", "${json-unit.any}.*", "(", "[a-"])
def test_a_request_may_hold_what_means_something_in_a_matcher(
    control: ControlClient, recorder: Recorder, value: str
) -> None:
    ask(recorder, json_request("GET", "/a", {"a": value}, ("X-A", value)))
    ask(recorder, Request(value, f"/{value}", "a=.*", host="api.example"))
    for matcher in ({"path": "/none"}, {"headers": {"X-A": ["x"]}}, {"body": {"a": "b"}}, {"method": "!GET"}):
        assert control.put(RETRIEVE, matcher).status == 200
        assert control.put("/mockserver/verify", {"httpRequest": matcher}).status in (202, 406)


@pytest.mark.usefixtures("traffic")
def test_a_used_up_expectation_is_still_known(control: ControlClient, recorder: Recorder) -> None:
    once = {"id": "once", "httpRequest": {"path": "/once"}, "httpResponse": {}, "times": {"remainingTimes": 1}}
    control.put(EXPECTATION, once)
    ask(recorder, request("GET", "/once"))
    assert control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").json()[-1]["id"] == "mine"
    assert targets(control, {"id": "once"}) == ["/once"]
    refused = control.put(RETRIEVE, {"id": "nobody"})
    assert (refused.status, refused.text) == (400, "No expectation found with id nobody")


@pytest.mark.usefixtures("traffic")
def test_a_part_of_the_list_is_retrieved(control: ControlClient) -> None:
    assert targets(control, offset="1", limit="1") == ["/answered"]
    assert targets(control, limit="0") == []
    assert targets(control, offset="9") == []


@pytest.mark.usefixtures("traffic")
def test_the_log_as_text(control: ControlClient) -> None:
    shown = control.put(RETRIEVE, type="LOGS")
    assert shown.headers["content-type"] == "text/plain; charset=utf-8"
    first, second, third = shown.text.split("\n" + "-" * 36 + "\n")
    assert " - returning response:\n\n  {" in first
    assert "for forwarded request:" in first
    assert second.startswith("1970-01-01 00:16:40.000 - returning response:")
    assert "no expectation for:" in third
    assert third.endswith("}\n")
    assert control.put(RETRIEVE, {"path": "/none"}, type="LOGS").text == "\n"


@pytest.mark.usefixtures("traffic")
def test_log_entries_are_found_by_their_correlation(control: ControlClient) -> None:
    entries = control.put(RETRIEVE, type="LOGS", format="LOG_ENTRIES").json()
    assert [each["type"] for each in entries] == ["FORWARDED_REQUEST", "EXPECTATION_RESPONSE", "NO_MATCH_RESPONSE"]
    wanted = entries[1]["correlationId"]
    assert control.put(RETRIEVE, type="LOGS", format="LOG_ENTRIES", correlationId=wanted).json() == [entries[1]]


@pytest.mark.usefixtures("traffic")
def test_the_log_as_har(control: ControlClient) -> None:
    har = control.put(RETRIEVE, type="REQUEST_RESPONSES", format="HAR").json()["log"]
    assert (har["version"], har["creator"]) == ("1.2", {"name": "pact-recorder", "version": "1.2.3"})
    assert [entry["request"]["url"] for entry in har["entries"]] == [
        "http://api.example/forwarded?n=1", "http://api.example/answered", "http://api.example/unmatched",
    ]  # fmt: skip
    assert har["entries"][0]["request"]["postData"] == {"mimeType": "application/json", "text": '{"n": 1}'}
    assert har["entries"][0]["response"]["content"]["text"] == '{"ok":1}'


@pytest.mark.usefixtures("traffic")
def test_the_log_as_commands(control: ControlClient) -> None:
    shown = control.put(RETRIEVE, format="CURL")
    assert shown.headers["content-type"] == "text/plain; charset=utf-8"
    assert shown.text.split("\n") == [
        "curl -v 'http://api.example/forwarded?n=1' -X POST -H 'Content-Type: application/json' "
        "--data-raw '{\"n\": 1}'",
        "curl -v http://api.example/answered -X GET -H 'X-A: 1' -H 'X-A: 2'",
        "curl -v http://api.example/unmatched -X GET",
    ]


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("REQUESTS", "JAVA"),
        ("REQUEST_RESPONSES", "JAVASCRIPT"),
        ("RECORDED_EXPECTATIONS", "CURL"),
        ("ACTIVE_EXPECTATIONS", "LOG_ENTRIES"),
        ("ACTIVE_EXPECTATIONS", "CURL"),
        ("ACTIVE_EXPECTATIONS", "JAVA"),
    ],
)
def test_a_pair_that_there_is_not_gets_a_sentence(control: ControlClient, kind: str, form: str) -> None:
    answer = control.put(RETRIEVE, type=kind, format=form.lower())
    assert (answer.status, answer.text) == (200, f"{form} not supported for {kind}")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.usefixtures("traffic")
def test_metrics_are_flat_counters(control: ControlClient) -> None:
    counters = control.put(RETRIEVE, type="METRICS").json()
    assert counters["REQUESTS_RECEIVED_COUNT"] == 3
    assert counters["EXPECTATIONS_NOT_MATCHED_COUNT"] == counters["RESPONSE_EXPECTATIONS_MATCHED_COUNT"] == 1


CLEARED = [
    ({"type": "log"}, b"", [], 2),
    ({"type": "LOG"}, {"path": "/answered"}, ["/forwarded", "/unmatched"], 2),
    ({"type": "expectations"}, {"path": "/answered"}, ["/forwarded", "/answered", "/unmatched"], 1),
    ({}, {"id": "mine"}, ["/forwarded", "/unmatched"], 1),
    ({"type": "all"}, {"path": "/forwarded"}, ["/answered", "/unmatched"], 1),
    ({}, b"{}", [], 0),
]


@pytest.mark.parametrize(("parameters", "body", "left", "active"), CLEARED)
@pytest.mark.usefixtures("traffic")
def test_log_and_expectations_are_cleared(
    control: ControlClient, recorder: Recorder, parameters: dict[str, str], body: Any, left: list[str], active: int
) -> None:
    assert control.put(CLEAR, body, **parameters).status == 200
    assert targets(control) == left
    assert len(recorder.expectations) == active


@pytest.mark.usefixtures("traffic")
def test_reset_forgets_the_log(control: ControlClient) -> None:
    control.put("/mockserver/reset", b'""')
    assert control.put(RETRIEVE).body == b"[]"
    assert control.put(RETRIEVE, type="RECORDED_EXPECTATIONS").body == b"[]"


def test_a_secret_is_not_shown_but_may_be_asked_for(control: ControlClient, recorder: Recorder) -> None:
    ask(recorder, request("GET", "/me", None, ("Authorization", "Bearer 0123456789abcdef")))
    assert "0123456789abcdef" not in control.put(RETRIEVE).text
    matcher = {"headers": {"Authorization": ["Bearer 0123456789abcdef"]}}
    assert targets(control, matcher) == ["/me"]
    assert control.put(CLEAR, matcher, type="log").status == 200
    assert targets(control) == []


def recording(folder: Path, most: int) -> Recorder:
    store = SessionStore(folder, "session")
    recorder = Recorder(store, Redactor(RedactionRules.default()), clock=lambda: 1000.0, log=TrafficLog(most))
    recorder.open_session()
    return recorder


def seen(number: int, path: str = "") -> Exchange:
    return Exchange(request("GET", path or f"/{number}"), response(b'"%d"' % number), started=float(number))


@pytest.fixture
def small(tmp_path: Path) -> Any:
    """A recorder whose log holds three requests, and its control API."""
    recorder = recording(tmp_path, 3)
    yield recorder, ControlClient(ControlApi(recorder, "1"))
    recorder.close()


def test_what_memory_lets_go_of_is_read_from_the_journal(small: tuple[Recorder, ControlClient]) -> None:
    recorder, control = small
    for number in range(10):
        recorder.record(seen(number))
    recorder.record(Exchange(seen(0).request, seen(0).response, started=10.0))
    for number in range(11, 14):
        recorder.record(seen(number))
    everything = [f"/{number}" for number in (*range(10), 0, *range(11, 14))]
    assert len(recorder.log) == 3
    shown = control.put(RETRIEVE)
    assert [each["path"] for each in shown.json()] == everything
    assert "x-pact-recorder-evicted" not in shown.headers
    pairs = control.put(RETRIEVE, type="REQUEST_RESPONSES").json()
    assert [each["timestamp"][-6:] for each in pairs[9:11]] == ["09.000", "10.000"]
    assert len({each["id"] for each in control.put(RETRIEVE, type="RECORDED_EXPECTATIONS").json()}) == 14
    page = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS", offset="4", limit="2").json()
    assert [each["httpRequest"]["path"] for each in page] == ["/4", "/5"]
    assert len(control.put(RETRIEVE, type="RECORDED_EXPECTATIONS", consolidate="true").json()) == 13


def test_what_is_cleared_stays_cleared_in_the_journal(small: tuple[Recorder, ControlClient]) -> None:
    recorder, control = small
    for number in range(6):
        recorder.record(seen(number))
    assert control.put(CLEAR, {"path": "/[1-4]"}, type="log").status == 200
    recorder.record(seen(6, "/1"))
    for number in range(7, 10):
        recorder.record(seen(number))
    assert targets(control) == ["/0", "/5", "/1", "/7", "/8", "/9"]
    control.put(CLEAR, type="log")
    recorder.record(seen(10))
    assert targets(control) == ["/10"]
    assert targets(control, type="RECORDED_EXPECTATIONS", limit="0") == []


def test_what_is_lost_is_said(small: tuple[Recorder, ControlClient], caplog: pytest.LogCaptureFixture) -> None:
    recorder, control = small
    for number in range(5):
        ask(recorder, request("GET", f"/{number}"))
    shown = control.put(RETRIEVE)
    assert [each["path"] for each in shown.json()] == ["/2", "/3", "/4"]
    assert shown.headers["x-pact-recorder-evicted"] == "2"
    assert "lost 2 requests" in caplog.text
    assert "x-pact-recorder-evicted" not in control.put(RETRIEVE, type="RECORDED_EXPECTATIONS").headers
    control.put(CLEAR, type="log")
    assert "x-pact-recorder-evicted" not in control.put(RETRIEVE).headers


def test_of_an_imported_recording_what_is_lost_is_said_too(small: tuple[Recorder, ControlClient]) -> None:
    _, control = small
    pairs = [{"httpRequest": {"path": f"/{number}"}, "httpResponse": {}} for number in range(5)]
    assert control.put("/mockserver/import", pairs, format="recording").status == 201
    recorded = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS")
    assert [each["httpRequest"]["path"] for each in recorded.json()] == ["/2", "/3", "/4"]
    assert recorded.headers["x-pact-recorder-evicted"] == "2"


def test_a_loaded_session_is_recorded_too_but_was_not_asked_for(tmp_path: Path) -> None:
    before = recording(tmp_path, 10)
    before.record(seen(1))
    before.record(seen(2))
    before.close()
    recorder = recording(tmp_path, 10)
    control = ControlClient(ControlApi(recorder, "1"))
    recorder.record(seen(2))
    recorder.record(seen(3))

    def recorded() -> list[str]:
        shown = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS").json()
        return [each["httpRequest"]["path"] for each in shown]

    assert recorded() == ["/1", "/2", "/2", "/3"]
    assert targets(control) == ["/2", "/3"]
    control.put(CLEAR, {"path": "/2"})
    assert recorded() == ["/1", "/3"]
    control.put("/mockserver/reset")
    assert recorded() == []
    recorder.close()


def test_recordings_are_parameterized(control: ControlClient, recorder: Recorder) -> None:
    for number in (1, 2):
        recorder.record(exchange(request("GET", f"/v1.0/users/{number}?at=2024-01-0{number}"), b'{"n":%d}' % number))
    recorder.record(exchange(request("GET", "/v1.0/users")))
    documents = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS", parameterize="true").json()
    assert [each["httpRequest"]["path"] for each in documents] == [r"/\Qv1.0\E/users/\d+", "/v1.0/users"]
    assert len(documents[0]["httpResponses"]) == 2
    control.put("/mockserver/reset")
    assert control.put(EXPECTATION, documents).status == 201
    found = recorder.answer(request("GET", "/v1.0/users/99?at=2025-12-31", None, ("Host", "api.example")), None)
    assert isinstance(found, Response)


def test_only_some_headers_of_recordings_are_kept(control: ControlClient, recorder: Recorder) -> None:
    recorder.record(exchange(request("GET", "/a", None, ("X-Keep", "1"), ("X-Drop", "2"))))
    (kept,) = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS", captureHeaders="x-keep").json()
    assert kept["httpRequest"]["headers"] == {"X-Keep": ["1"]}
    (none,) = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS", captureHeaders="").json()
    assert "headers" not in none["httpRequest"]


def test_a_recording_that_was_retrieved_can_be_set_again(control: ControlClient, recorder: Recorder) -> None:
    recorder.record(exchange(json_request("POST", "/a?x=%21", {"n": 1.50}, ("X-Flag", "?1")), b'{"n":1.50}'))
    text = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS").text
    control.put("/mockserver/reset")
    assert control.put(EXPECTATION, text).json() == json.loads(text)
    asked = json_request("POST", "/a?x=%21", {"n": 1.5}, ("X-Flag", "?1"), ("Host", "api.example"))
    found = recorder.answer(asked, None)
    assert isinstance(found, Response)
    assert found.body is not None
    assert found.body.content == b'{"n":1.50}'
