"""`verify` and `verifySequence` by their statuses and texts."""

import json
import time
from typing import Any

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.traffic_log import TrafficLog
from pact_recorder.server import ControlApi, ControlSettings
from tests.server.control_client import Answer, ControlClient
from tests.server.test_log_endpoints import ask

VERIFY = "/mockserver/verify"
SEQUENCE = "/mockserver/verifySequence"


@pytest.fixture(autouse=True)
def traffic(control: ControlClient, recorder: Recorder) -> None:
    control.put("/mockserver/expectation", {"id": "mine", "httpRequest": {"path": "/b"}, "httpResponse": {"body": "B"}})
    recorder.record(exchange(json_request("POST", "/a?n=1", {"n": 1}), response(b'{"ok":1}', 201)))
    ask(recorder, request("GET", "/b"))
    ask(recorder, request("GET", "/c", None, ("X-A", "1")))
    ask(recorder, request("GET", "/b"))


VERIFIED = [
    {"httpRequest": {"path": "/a"}},
    {"httpRequest": {"path": "/b"}, "times": {"atLeast": 2, "atMost": 2}},
    {"httpRequest": {"path": "/[a-c]"}, "times": {"atLeast": 4, "atMost": -1}},
    {"httpRequest": {}, "times": {"atLeast": 1, "atMost": 4}},
    {"httpRequest": {"path": "/none"}, "times": {"atMost": 0}},
    {"httpRequest": {"path": "/none"}, "times": {"atLeast": 0, "atMost": 0}},
    {"httpRequest": {"path": "/none"}, "times": {}},
    {"httpRequest": {"path": "/c", "headers": {"X-A": ["1"]}}},
    {"expectationId": {"id": "mine"}, "times": {"atLeast": 2}},
    {"expectationId": "mine"},
    {"httpResponse": {"statusCode": 404}, "times": {"atLeast": 1, "atMost": 1}},
    {"httpResponse": {"body": "B"}, "times": {"atLeast": 2}},
    {"httpRequest": {"path": "/a"}, "httpResponse": {"statusCode": 201, "headers": {"content-type": ".*json"}}},
    {},
]


@pytest.mark.parametrize("body", VERIFIED)
def test_what_was_seen_is_verified(control: ControlClient, body: dict[str, Any]) -> None:
    answer = control.put(VERIFY, body)
    assert (answer.status, answer.body) == (202, b"")


FAILED = [
    ({"httpRequest": {"path": "/none"}}, 'Request not found at least once, expected:<{\n  "path" : "/none"\n}> but'),
    ({"httpRequest": {"path": "/b"}, "times": {"atLeast": 3}}, "Request not found at least 3 times, expected:<"),
    ({"httpRequest": {"path": "/b"}, "times": {"atMost": 0}}, "Request not found at most 0 times, expected:<"),
    (
        {"httpRequest": {}, "times": {"atLeast": 0, "atMost": 0}},
        "Request not found exactly 0 times, expected:<{ }> but",
    ),
    ({"httpRequest": {"path": "/b"}, "times": {"atLeast": 1, "atMost": 1}}, "Request not found exactly once, expected"),
    ({"httpRequest": {"path": "/a"}, "times": {"atLeast": 2, "atMost": 3}}, "Request not found between 2 and 3 times,"),
    (
        {"expectationId": {"id": "mine"}, "times": {"atMost": 1}},
        'Request not found at most once, expected:<{\n  "path"',
    ),
    (
        {"httpResponse": {"statusCode": 500}},
        'Response not found at least once, expected:<{\n  "statusCode" : 500\n}> but',
    ),
]


@pytest.mark.parametrize(("body", "beginning"), FAILED)
def test_what_was_not_seen_is_said(control: ControlClient, body: dict[str, Any], beginning: str) -> None:
    answer = control.put(VERIFY, body)
    assert answer.status == 406
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith(beginning)


def actual(answer: Answer) -> Any:
    return json.loads(answer.text.partition("> but was:<")[2].removesuffix(">"))


def test_a_failure_shows_the_log_as_one_request_or_several_or_only_their_count(
    control: ControlClient, recorder: Recorder
) -> None:
    missing = {"httpRequest": {"path": "/none", "method": "GET", "body": "x", "headers": {"a": "b"}}}
    failed = control.put(VERIFY, missing)
    assert 'expected:<{\n  "method" : "GET",\n  "path" : "/none",\n  "headers" : {' in failed.text
    assert [each["path"] for each in actual(failed)] == ["/a", "/b", "/c", "/b"]
    few = control.put(VERIFY, missing | {"maximumNumberOfRequestToReturnInVerificationFailure": 4})
    assert few.text.endswith("> but was found 0 times among 4 total requests")
    control.put("/mockserver/clear", type="log")
    assert control.put(VERIFY, missing).text.endswith("> but was:<[]>")
    ask(recorder, request("GET", "/alone"))
    assert actual(control.put(VERIFY, missing))["path"] == "/alone"


SEEN_IN_ORDER = [
    {"httpRequests": [{"path": "/a"}, {"path": "/b"}, {"path": "/c"}, {"path": "/b"}]},
    {"httpRequests": [{"path": "/a"}, {"path": "/c"}]},
    {"httpRequests": [{"path": "/b"}, {"path": "/b"}]},
    {"httpRequests": []},
    {"expectationIds": [{"id": "mine"}, {"id": "mine"}]},
    {"httpRequests": [{"path": "/a"}, {"path": "/c"}], "httpResponses": [{"statusCode": 201}, {"statusCode": 404}]},
    {"httpResponses": [{"statusCode": 201}, {"body": "B"}]},
]


@pytest.mark.parametrize("body", SEEN_IN_ORDER)
def test_an_order_is_verified(control: ControlClient, body: dict[str, Any]) -> None:
    answer = control.put(SEQUENCE, body)
    assert (answer.status, answer.body) == (202, b"")


NOT_IN_ORDER = [
    {"httpRequests": [{"path": "/b"}, {"path": "/a"}]},
    {"httpRequests": [{"path": "/b"}] * 3},
    {"expectationIds": ["mine", "mine", "mine"]},
    {"httpRequests": [{"path": "/a"}], "httpResponses": [{"statusCode": 200}]},
]


@pytest.mark.parametrize("body", NOT_IN_ORDER)
def test_another_order_is_said(control: ControlClient, body: dict[str, Any]) -> None:
    answer = control.put(SEQUENCE, body)
    assert answer.status == 406
    assert answer.text.startswith('Request sequence not found, expected:<[ {\n  "path" : "/')
    assert len(actual(answer)) == 4


REFUSED = [
    (VERIFY, b"", '1 error:\n - a verification is required but value was ""'),
    (SEQUENCE, b'""', '1 error:\n - a verification sequence is required but value was """"'),
    (
        VERIFY,
        b"{",
        "incorrect verification json format for:\n\n  {\n\n schema validation errors:\n\n  1 error:\n   - is not",
    ),
    (VERIFY, {"httpRequests": []}, "httpRequests"),
    (VERIFY, {"times": {"atLeast": "1"}}, "times/atLeast"),
    (VERIFY, {"timeout": 5}, "timeout: is not supported in a verification (supported: maximumNumberOf"),
    (VERIFY, {"httpReqest": {}}, 'expectationId, times), did you mean "httpRequest"?'),
    (VERIFY, {"times": {"atLest": 1}}, "times/atLest: is not supported in times (supported: atLeast, atMost), did you"),
    (SEQUENCE, {"httpRequest": {}}, "in a verification sequence (supported: maximumNumberOfRequestToReturnInVerificat"),
    (VERIFY, {"httpRequest": {"nonsense": 1}}, "httpRequest/nonsense: is not supported"),
    (VERIFY, {"httpResponse": {"cookies": {"a": "b"}}}, "httpResponse/cookies: is not supported"),
    (VERIFY, {"expectationId": {"id": "nobody"}}, "No expectation found with id nobody"),
    (SEQUENCE, {"httpRequests": [{}], "httpResponses": [{}, {}]}, "there are 2 of them for 1 requests"),
    (SEQUENCE, {"expectationIds": [1]}, "expectationIds/an expectation id must be"),
]


@pytest.mark.parametrize(("path", "body", "named"), REFUSED)
def test_what_is_no_verification_is_refused(control: ControlClient, path: str, body: Any, named: str) -> None:
    answer = control.put(path, body)
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert named in answer.text


def test_verifying_changes_nothing(control: ControlClient, recorder: Recorder) -> None:
    before = control.put("/mockserver/retrieve").body
    for _ in range(3):
        control.put(VERIFY, {"httpRequest": {"path": "/b"}})
    assert control.put("/mockserver/retrieve").body == before


def test_what_the_log_has_lost_proves_nothing(control: ControlClient, recorder: Recorder) -> None:
    recorder.log = TrafficLog(most=2)
    for path in ("/x", "/y", "/z"):
        ask(recorder, request("GET", path))
    never = control.put(VERIFY, {"httpRequest": {"path": "/x"}, "times": {"atMost": 0}})
    assert never.status == 406
    assert "the log is not complete: 1 requests were evicted" in never.text
    assert control.put(VERIFY, {"httpRequest": {"path": "/z"}}).status == 202


def test_recorded_requests_count_after_memory_let_go_of_them(control: ControlClient, recorder: Recorder) -> None:
    recorder.log = TrafficLog(most=2)
    recorder.clear_log()
    for number in range(5):
        recorder.record(exchange(request("GET", f"/{number}")))
    exact = {"httpRequest": {"path": "/[0-9]"}, "times": {"atLeast": 5, "atMost": 5}}
    assert control.put(VERIFY, exact).status == 202
    assert control.put(SEQUENCE, {"httpRequests": [{"path": "/0"}, {"path": "/4"}]}).status == 202


HOSTILE = {"path": "/c", "headers": {"X-A": [r"(a|a)+[!?]"]}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (VERIFY, {"httpRequest": HOSTILE}),
        (SEQUENCE, {"httpRequests": [HOSTILE] * 3}),
        ("/mockserver/retrieve", HOSTILE),
        ("/mockserver/clear", HOSTILE),
    ],
)
def test_what_takes_too_long_for_many_requests_is_an_error_and_ends(
    recorder: Recorder, path: str, body: dict[str, Any]
) -> None:
    for number in range(300):
        ask(recorder, request("GET", "/c", None, ("X-A", "a" * 60 + str(number))))
    control = ControlClient(ControlApi(recorder, "1", ControlSettings(max_seconds=1.5)))
    began = time.process_time()
    answer = control.put(path, body)
    assert time.process_time() - began < 4
    assert answer.status == 400
    assert answer.text.startswith("Regular expressions, paths, schemas and bodies took longer than 1.5 seconds in all")


def test_expectations_that_take_too_long_to_choose_from_are_an_error(recorder: Recorder) -> None:
    control = ControlClient(ControlApi(recorder, "1", ControlSettings(max_seconds=0.2)))
    crowd = [{"httpRequest": {"path": "/c", "headers": {"X-A": ["a" * 60 + str(number)]}}} for number in range(100)]
    answers = [{**each, "httpResponse": {}} for each in crowd]
    assert control.put("/mockserver/expectation", answers).status == 201
    active = len(recorder.expectations)
    assert control.put("/mockserver/clear", HOSTILE, type="expectations").status == 400
    assert len(recorder.expectations) == active


def test_what_is_not_slow_takes_no_seconds(recorder: Recorder) -> None:
    ask(recorder, request("GET", "/c", None, ("X-A", "b")))
    control = ControlClient(ControlApi(recorder, "1", ControlSettings(max_seconds=1e-9)))
    assert control.put(VERIFY, {"httpRequest": {"path": "/c", "headers": {"X-A": ["b"]}}}).status == 202
