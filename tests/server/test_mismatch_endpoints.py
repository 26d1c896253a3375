"""`debugMismatch` and `explainUnmatched`."""

from typing import Any

import pytest
from builders import exchange, json_request, request

from pact_recorder.capture.recorder import Recorder
from tests.server.control_client import ControlClient
from tests.server.test_log_endpoints import ask

DEBUG = "/mockserver/debugMismatch"
EXPLAIN = "/mockserver/explainUnmatched"


def expect(control: ControlClient, identifier: str, **wanted: Any) -> None:
    control.put("/mockserver/expectation", {"id": identifier, "httpRequest": wanted, "httpResponse": {}})


def test_a_request_is_compared_with_every_expectation(control: ControlClient, recorder: Recorder) -> None:
    expect(control, "near", method="POST", path="/a", body={"n": 2})
    expect(control, "far", method="GET", path="/z", headers={"X-A": "1"})
    recorder.record(exchange(json_request("POST", "/a", {"n": 1})))
    told = control.put(DEBUG, {"method": "POST", "path": "/a", "body": {"n": 1}})
    assert told.headers["content-type"] == "application/json; charset=utf-8"
    document = told.json()
    assert {"correlationId", "timestamp"} <= document.keys()
    assert (document["totalExpectations"], document["evaluatedExpectations"]) == (3, 3)
    near, far, recorded = document["results"]
    assert (near["expectationId"], near["expectationPath"], near["expectationMethod"]) == ("near", "/a", "POST")
    assert (near["matches"], near["matchedFieldCount"], near["totalFieldCount"]) == (False, 4, 5)
    assert list(near["differences"]) == ["body"]
    assert far["differences"]["path"] == ["Expected path '/z' but was '/a'"]
    assert far["matchedFieldCount"] == 2
    assert recorded["matches"] is True
    assert "differences" not in recorded
    assert document["closestMatch"] == {"expectationId": "near", "matchedFields": 4, "totalFields": 5}


def test_when_all_match_there_is_no_closest(control: ControlClient) -> None:
    expect(control, "any")
    assert "closestMatch" not in control.put(DEBUG, b"").json()


def test_of_many_expectations_those_at_the_path_are_compared(control: ControlClient) -> None:
    for number in range(120):
        expect(control, str(number), path=f"/{number}", headers={"X-A": "1"})
    told = control.put(DEBUG, {"path": "/119"}).json()
    assert (told["totalExpectations"], told["evaluatedExpectations"], told["truncated"]) == (120, 100, True)
    assert told["maxExpectationsEvaluated"] == 100
    assert told["closestMatch"]["expectationId"] == "119"


@pytest.mark.parametrize("body", [b"[]", b"{", {"method": 1}, {"body": {"type": "JSON_RPC"}}])
def test_what_describes_no_request_is_a_json_error(control: ControlClient, body: Any) -> None:
    answer = control.put(DEBUG, body)
    assert answer.status == 400
    assert answer.json()["error"].startswith("failed to debug request mismatch: ")


def test_the_latest_unmatched_requests_are_explained(control: ControlClient, recorder: Recorder) -> None:
    expect(control, "b", method="GET", path="/b")
    expect(control, "c", method="POST", path="/c")
    for path in ("/x", "/b", "/d", "/c"):
        ask(recorder, request("GET", path))
    document = control.put(EXPLAIN).json()
    assert document["unmatchedRequestCount"] == 3
    assert document["truncated"] is False
    assert [each["path"] for each in document["unmatchedRequests"]] == ["/c", "/d", "/x"]
    first = document["unmatchedRequests"][0]
    assert (first["method"], first["totalExpectationsEvaluated"]) == ("GET", 2)
    assert [each["differingFieldCount"] for each in first["closestExpectations"]] == [1, 1]
    assert set(first["closestExpectations"][1]["remediation"]) == {"method"}
    limited = control.put(EXPLAIN, {"limit": 1}).json()
    assert [each["path"] for each in limited["unmatchedRequests"]] == ["/c"]


def test_the_work_of_explaining_is_bounded(control: ControlClient, recorder: Recorder) -> None:
    for number in range(60):
        expect(control, str(number), path=f"/{number}")
    for number in range(20):
        ask(recorder, request("GET", f"/x{number}"))
    document = control.put(EXPLAIN, {"limit": 15}).json()
    assert document["truncated"] is True
    evaluated = [each["totalExpectationsEvaluated"] for each in document["unmatchedRequests"]]
    assert evaluated == [50] * 10


@pytest.mark.parametrize("body", [b"[]", b"{", {"limit": "x"}, {"suggestFixes": True}])
def test_an_unknown_wish_is_a_json_error(control: ControlClient, body: Any) -> None:
    answer = control.put(EXPLAIN, body)
    assert answer.status == 400
    assert answer.json()["error"].startswith("failed to explain unmatched requests: ")
