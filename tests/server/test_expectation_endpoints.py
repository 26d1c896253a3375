import json
from pathlib import Path
from typing import Any

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.capture.recorder import Recorder
from pact_recorder.http import Response
from pact_recorder.pact import read_contract
from pact_recorder.server import ControlApi, ControlSettings
from tests.server.control_client import ControlClient

PUT = "/mockserver/expectation"
RETRIEVE = "/mockserver/retrieve"
CLEAR = "/mockserver/clear"
NOTHING: dict[str, Any] = {"httpResponse": {}}


def active(control: ControlClient, body: Any = b"") -> list[Any]:
    answer = control.put(RETRIEVE, body, type="active_expectations", format="json")
    assert answer.status == 200, answer.text
    return answer.json()


def identifiers(control: ControlClient) -> list[str]:
    return [each["id"] for each in active(control)]


def test_an_expectation_is_set_and_answers(control: ControlClient, recorder: Recorder) -> None:
    answer = control.put(PUT, {"httpRequest": {"path": "/a"}, "httpResponse": {"statusCode": 201, "body": "made"}})
    assert answer.status == 201
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    (stored,) = answer.json()
    assert stored.keys() == {"id", "priority", "httpRequest", "httpResponse", "times", "timeToLive"}
    assert answer.text.startswith('[ {\n  "httpRequest" : {\n    "path" : "/a"\n  },\n')
    found = recorder.answer(request("GET", "/a"), None)
    assert isinstance(found, Response)
    assert (found.status, found.body and found.body.content) == (201, b"made")


def test_what_is_answered_otherwise_is_told(control: ControlClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = control.put(PUT, {"httpResponse": {"headers": {"Date": "x", "transfer-encoding": "chunked"}}})
    told = [
        "/httpResponse/headers/Date is of the moment when it is sent",
        "/httpResponse/headers/transfer-encoding is not sent, since an answer is sent with its length",
    ]
    assert (answer.status, json.loads(answer.headers["x-pact-recorder-remade"])) == (201, told)
    assert caplog.messages == [f"An expectation is not answered quite as it was set: {each}" for each in told]
    assert "x-pact-recorder-remade" not in control.put(PUT, NOTHING).headers


def test_all_are_set_or_none(control: ControlClient) -> None:
    answer = control.put(PUT, [NOTHING, {"httpTemplate": {"template": "a"}}])
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "/1/httpTemplate" in answer.text
    assert active(control) == []
    assert len(control.put(PUT, [NOTHING, NOTHING]).json()) == 2


@pytest.mark.parametrize("body", [b"", b"  ", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_expectation_is_refused_as_text(control: ControlClient, body: bytes) -> None:
    answer = control.put(PUT, body)
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert len(answer.body) < 10_000


def test_an_update_keeps_the_age(control: ControlClient) -> None:
    for name in ("a", "b"):
        control.put(PUT, NOTHING | {"id": name})
    control.put(PUT, NOTHING | {"id": "c", "priority": 1})
    control.put(PUT, {"id": "a", "httpResponse": {"statusCode": 500}})
    assert identifiers(control) == ["c", "a", "b"]
    assert active(control)[1]["httpResponse"] == {"statusCode": 500}


def test_times_and_time_to_live_run_out(control: ControlClient, recorder: Recorder) -> None:
    control.put(PUT, NOTHING | {"id": "twice", "times": {"remainingTimes": 2}})
    recorder.answer(request("GET", "/a"), None)
    assert active(control)[0]["times"] == {"remainingTimes": 1}
    recorder.answer(request("GET", "/a"), None)
    assert active(control) == []
    control.put(PUT, NOTHING | {"timeToLive": {"timeUnit": "SECONDS", "timeToLive": 5}})
    recorder.clock = lambda: 1004.0
    assert len(active(control)) == 1
    recorder.clock = lambda: 1005.0
    assert active(control) == []


def test_an_empty_list_has_no_space(control: ControlClient) -> None:
    assert control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").body == b"[]"


def test_recorded_exchanges_are_active(control: ControlClient, recorder: Recorder) -> None:
    recorder.record(exchange(json_request("POST", "/a", {"n": 1}, ("User-Agent", "curl")), b'{"ok":1}'))
    control.put(PUT, NOTHING | {"id": "mine"})
    recorder.record(exchange(request("GET", "/b")))
    shown = active(control)
    assert [each["httpRequest"]["path"] if "httpRequest" in each else each["id"] for each in shown] == [
        "/a", "mine", "/b",
    ]  # fmt: skip
    assert "User-Agent" not in shown[0]["httpRequest"]["headers"]
    recorded = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS").json()
    assert [each["httpRequest"]["path"] for each in recorded] == ["/a", "/b"]
    assert recorded[0]["httpRequest"]["headers"]["User-Agent"] == ["curl"]
    assert all(each["times"] == {"remainingTimes": 1} for each in recorded)
    consolidated = control.put(RETRIEVE, type="RECORDED_EXPECTATIONS", consolidate="true").json()
    assert consolidated == [shown[0], shown[2]]


def test_a_matcher_narrows(control: ControlClient, recorder: Recorder) -> None:
    recorder.record(exchange(request("GET", "/a")))
    recorder.record(exchange(request("GET", "/b")))
    assert [each["httpRequest"]["path"] for each in active(control, {"path": "/b"})] == ["/b"]
    (chosen,) = active(control, {"id": active(control)[0]["id"]})
    assert chosen["httpRequest"]["path"] == "/a"


REFUSED = [
    (
        {"type": "nonsense"},
        "",
        '"nonsense" is not a valid value for "type" parameter, only the following values are supported '
        "[logs, requests, request_responses, recorded_expectations, active_expectations, metrics]",
    ),
    (
        {"format": "XLS"},
        "",
        'for "format" parameter, only the following values are supported [json, log_entries, har, curl]',
    ),
    ({"type": "ACTIVE_EXPECTATIONS", "unmatched": "true"}, "", '"unmatched" is not supported'),
    ({"limit": "-1"}, "", '"limit" must be a whole number'),
    ({"type": "RECORDED_EXPECTATIONS", "consolidate": "yes"}, "", '"consolidate" must be true or false'),
    ({"type": "ACTIVE_EXPECTATIONS"}, '{"jwt":{"a":"b"}}', "jwt"),
    ({"type": "ACTIVE_EXPECTATIONS"}, '{"id":"nobody"}', "No expectation found with id nobody"),
]


@pytest.mark.parametrize(("parameters", "body", "named"), REFUSED)
def test_what_cannot_be_retrieved_is_named(
    control: ControlClient, parameters: dict[str, str], body: str, named: str
) -> None:
    answer = control.put(RETRIEVE, body, **parameters)
    assert answer.status == 400
    assert named in answer.text


@pytest.mark.parametrize("body", [b"", b'""', b"{}"])
@pytest.mark.parametrize("kind", ["", "all", "ALL", "Expectations"])
def test_everything_is_cleared(control: ControlClient, recorder: Recorder, kind: str, body: bytes) -> None:
    recorder.record(exchange(request()))
    control.put(PUT, NOTHING)
    answer = control.put(CLEAR, body, **({"type": kind} if kind else {}))
    assert (answer.status, answer.body) == (200, b"")
    assert active(control) == []


def test_clearing_the_log_leaves_the_expectations(control: ControlClient, recorder: Recorder) -> None:
    recorder.record(exchange(request()))
    assert control.put(CLEAR, type="log").status == 200
    assert len(active(control)) == 1


def test_a_matcher_or_an_identifier_clears_some(control: ControlClient, recorder: Recorder) -> None:
    recorder.record(exchange(request("GET", "/a")))
    recorder.record(exchange(request("GET", "/b")))
    control.put(PUT, NOTHING | {"id": "mine", "httpRequest": {"path": "/c"}})
    assert control.put(CLEAR, {"path": "/a"}).status == 200
    assert control.put(CLEAR, {"id": "mine"}).status == 200
    assert [each["httpRequest"]["path"] for each in active(control)] == ["/b"]
    assert not isinstance(recorder.answer(request("GET", "/a"), None), Response)


def test_an_identifier_is_known_until_reset(control: ControlClient) -> None:
    control.put(PUT, NOTHING | {"id": "mine"})
    assert control.put(CLEAR, {"id": "mine"}).status == 200
    assert control.put(CLEAR, {"id": "mine"}).status == 200
    answer = control.put(CLEAR, {"id": "other"})
    assert (answer.status, answer.text) == (400, "No expectation found with id other")
    control.put("/mockserver/reset")
    assert control.put(CLEAR, {"id": "mine"}).status == 400


def test_a_wrong_type_is_refused_in_mockservers_words(control: ControlClient) -> None:
    answer = control.put(CLEAR, type="Everything")
    assert (answer.status, answer.text) == (
        400,
        '"Everything" is not a valid value for "type" parameter, '
        "only the following values are supported [log, expectations, all]",
    )


def test_what_was_retrieved_can_be_set_again(control: ControlClient, recorder: Recorder) -> None:
    recorder.record(exchange(request("GET", "/a?x=1"), response(b'{"n":1.50}', 200, ("X-Flag", "?1"))))
    text = control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").text
    control.put("/mockserver/reset")
    stored = control.put(PUT, text)
    assert stored.status == 201
    assert stored.json() == json.loads(text)
    found = recorder.answer(request("GET", "/a?x=1", None, ("Host", "api.example")), None)
    assert isinstance(found, Response)
    assert found.body is not None
    assert found.body.content == b'{"n":1.50}'


def test_of_equal_priority_the_older_answers_however_special_the_newer_is(
    control: ControlClient, recorder: Recorder
) -> None:
    general = {"httpRequest": {"path": "/.*"}, "httpResponse": {"statusCode": 201}}
    special = {"httpRequest": {"path": "/a", "method": "GET"}, "httpResponse": {"statusCode": 202}}
    control.put(PUT, [general, special])
    assert status_of(recorder) == 201
    control.put(PUT, special | {"id": "first", "priority": 1})
    assert status_of(recorder) == 202


def status_of(recorder: Recorder) -> int:
    found = recorder.answer(request("GET", "/a"), None)
    assert isinstance(found, Response)
    return found.status


def test_a_blank_request_takes_everything(control: ControlClient, recorder: Recorder) -> None:
    control.put(PUT, {"httpRequest": {"method": "", "body": "", "headers": []}, "httpResponse": {"statusCode": 203}})
    assert status_of(recorder) == 203


def test_scenarios_begin_anew_with_a_reset_only(control: ControlClient, recorder: Recorder) -> None:
    moving = {"scenarioName": "s", "scenarioState": "Started", "newScenarioState": "b", "httpResponse": {}}
    control.put(PUT, moving)
    assert status_of(recorder) == 200
    control.put(CLEAR)
    control.put(PUT, moving)
    assert not isinstance(recorder.answer(request("GET", "/a"), None), Response)
    control.put("/mockserver/reset")
    control.put(PUT, moving)
    assert status_of(recorder) == 200


def test_what_is_stored_can_be_set_again(control: ControlClient) -> None:
    documents = [
        {
            "httpRequest": {
                "path": "/{id}",
                "pathParameters": {"id": "1"},
                "cookies": [{"name": "c", "value": "1"}],
                "headers": {"keyMatchStyle": "MATCHING_KEY", "a": {"schema": {"type": "integer"}}},
                "body": {"type": "JSON_PATH", "jsonPath": "$.a", "not": True},
            },
            "httpResponses": [{"delay": {"timeUnit": "SECONDS", "value": 1}}, {"body": {"a": 1}}],
            "responseMode": "RANDOM",
            "times": {"remainingTimes": 3},
            "timeToLive": {"timeUnit": "HOURS", "timeToLive": 1},
        },
        {"httpOverrideForwardedRequest": {"requestOverride": {"headers": {"a": "1"}, "path": "/b"}}},
        {"httpError": {"dropConnection": True}, "scenarioName": "s", "scenarioState": "a", "newScenarioState": "b"},
    ]
    stored = control.put(PUT, documents).json()
    assert all(list(each) == sorted(each) for each in stored)
    assert control.put(PUT, stored).json() == stored
    assert active(control) == stored


def few(recorder: Recorder, most: int) -> ControlClient:
    return ControlClient(ControlApi(recorder, "1", ControlSettings(max_expectations=most)))


def test_more_expectations_than_allowed_are_refused_all_or_none(recorder: Recorder) -> None:
    control = few(recorder, 3)
    assert control.put(PUT, [NOTHING | {"id": name} for name in "ab"]).status == 201
    answer = control.put(PUT, [NOTHING | {"id": "a", "priority": 9}, NOTHING, NOTHING])
    assert (answer.status, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert answer.text == (
        "the control API holds 2 of at most 3 expectations, and what was sent is 1 too many: "
        "clear some, or allow more (pact_max_expectations, --max-expectations)"
    )
    assert identifiers(control) == ["a", "b"]
    assert control.put(CLEAR, {"id": "nobody"}).status == 400
    assert control.put(PUT, [NOTHING, NOTHING | {"id": "a"}, NOTHING | {"id": "a"}]).status == 201
    assert control.put(PUT, NOTHING).status == 400
    assert control.put(PUT, [NOTHING | {"id": name} for name in "ba"]).status == 201
    assert control.put(CLEAR, {"id": "a"}).status == 200
    assert control.put(PUT, NOTHING).status == 201


def test_what_may_no_longer_answer_makes_room(recorder: Recorder) -> None:
    control = few(recorder, 2)
    short = {"timeToLive": {"timeUnit": "SECONDS", "timeToLive": 5}}
    once = {"httpRequest": {"path": "/a"}, "times": {"remainingTimes": 1}}
    assert control.put(PUT, [NOTHING | {"id": "short"} | short, NOTHING | {"id": "once"} | once]).status == 201
    assert control.put(PUT, NOTHING).status == 400
    recorder.clock = lambda: 1005.0
    recorder.answer(request("GET", "/a"), None)
    # The one to be replaced is gone, so that this is a new one too.
    assert control.put(PUT, [NOTHING | {"id": "short"}, NOTHING, NOTHING]).status == 400
    assert control.put(PUT, [NOTHING, NOTHING]).status == 201


def test_what_was_recorded_or_loaded_does_not_count(recorder: Recorder) -> None:
    interactions = [{"description": str(n), "request": {"path": f"/{n}"}, "response": {}} for n in range(3)]
    contract = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": interactions}
    recorder.activate(read_contract(contract, "test"), Path("test.json"))
    recorder.record(exchange(request()))
    control = few(recorder, 1)
    assert control.put(PUT, NOTHING).status == 201
    assert control.put(PUT, NOTHING).status == 400


TOO_MANY: list[tuple[str, Any, dict[str, str]]] = [
    ("/mockserver/pact/import", {"interactions": [{"description": n, "request": {}} for n in "ab"]}, {}),
    ("/mockserver/import", {"mappings": [{"request": {"urlPath": f"/{n}"}, "response": {}} for n in "ab"]}, {}),
    ("/mockserver/recordings/promote", b"", {}),
]


@pytest.mark.parametrize(("path", "body", "parameters"), TOO_MANY)
def test_imports_keep_to_the_same_limit(recorder: Recorder, path: str, body: Any, parameters: dict[str, str]) -> None:
    for each in "ab":
        recorder.record(exchange(request("GET", f"/{each}")))
    answer = few(recorder, 1).put(path, body, **parameters)
    assert (answer.status, "is 1 too many" in answer.text) == (400, True)
    assert len(recorder.expectations.ruled) == 0
    assert few(recorder, 2).put(path, body, **parameters).status == 201
