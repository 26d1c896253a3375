"""MockServer's control plane, statement by statement: what is not checked beside the endpoints' own tests."""

import json
from typing import Any

import pytest
from builders import json_request, request

from pact_recorder.capture.recorder import Recorder
from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.content_coding import decode_content
from pact_recorder.mock import replayable
from pact_recorder.server import ROUTES
from pact_recorder.server.routes import BARE_PATHS, PREFIX
from tests.server.control_client import HOST, ControlClient
from tests.server.test_log_endpoints import ask

EXPECTATION = "/mockserver/expectation"
RETRIEVE = "/mockserver/retrieve"
CLEAR = "/mockserver/clear"
VERIFY = "/mockserver/verify"
SEQUENCE = "/mockserver/verifySequence"


@pytest.mark.parametrize("path", sorted(BARE_PATHS - {"/stop"}))
def test_a_bare_path_answers_as_the_whole_one_and_says_so(control: ControlClient, path: str) -> None:
    bare, whole = control.put(path), control.put(PREFIX + path)
    assert (bare.status, bare.headers.get("content-type")) == (whole.status, whole.headers.get("content-type"))
    assert bare.headers["deprecated"] == f'"{path}" is deprecated use "{PREFIX}{path}" instead'
    assert "deprecated" not in whole.headers


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_every_answer_has_the_version(control: ControlClient, path: str) -> None:
    for method in ROUTES[path]:
        answer = control.send(method, path)
        assert answer.headers["version"] == "1.2.3"
        assert answer.headers["content-length"] == str(len(answer.body))


CONTENT_TYPES = [
    "", "application/json", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "application/octet-stream", "nonsense", "*/*",
]  # fmt: skip


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_the_content_type_of_a_request_does_not_matter(control: ControlClient, content_type: str) -> None:
    control.fields = [("Content-Type", content_type)] if content_type else []
    assert control.put(EXPECTATION, {"id": "ä", "httpResponse": {"body": "ü"}}).json()[0]["id"] == "ä"
    assert control.put(VERIFY, {"httpRequest": {"path": "/a"}}).status == 406
    assert control.put(CLEAR, {"id": "ä"}).status == 200


TEXT_ERRORS = [
    (EXPECTATION, b"{", {}),
    (CLEAR, b"{", {}),
    (RETRIEVE, b"{", {}),
    (RETRIEVE, b"", {"type": "x"}),
    (RETRIEVE, b"", {"format": "x"}),
    (VERIFY, b"", {}),
    (SEQUENCE, b"", {}),
    ("/mockserver/mode", b"", {}),
    ("/mockserver/pact", b"", {"style": "x"}),
    ("/mockserver/pact/import", b"", {}),
    ("/mockserver/import", b"", {}),
    ("/mockserver/recordings/promote", b"{", {}),
]


@pytest.mark.parametrize(("path", "body", "parameters"), TEXT_ERRORS)
def test_an_error_is_a_400_with_its_message_as_text(
    control: ControlClient, path: str, body: bytes, parameters: dict[str, str]
) -> None:
    answer = control.put(path, body, **parameters)
    assert (answer.status, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert answer.text


JSON_ERRORS = [
    ("/mockserver/pact/verify", b"{"),
    ("/mockserver/debugMismatch", b"{"),
    ("/mockserver/explainUnmatched", b"{"),
    ("/mockserver/scenario/a", b"{"),
    ("/mockserver/scenario/a/trigger", b"{"),
]


@pytest.mark.parametrize(("path", "body"), JSON_ERRORS)
def test_some_errors_are_json(control: ControlClient, path: str, body: bytes) -> None:
    answer = control.put(path, body)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/json; charset=utf-8")
    assert isinstance(answer.json()["error"], str)


def test_a_recorder_starts_in_capture_mode_and_a_wrong_mode_is_told_as_it_was_sent(control: ControlClient) -> None:
    assert control.get("/mockserver/mode").body == b'{"mode":"CAPTURE","proxyUnmatchedRequests":true}'
    answer = control.put("/mockserver/mode", mode=" Record ")
    assert (answer.status, answer.text) == (400, "unknown mode ' Record ' (expected one of SIMULATE, SPY, CAPTURE)")


NO_MATCHER = "incorrect request matcher json format for:\n\n  {0}\n\n schema validation errors:\n\n  1 error:\n   - {1}"


@pytest.mark.parametrize("path", [CLEAR, RETRIEVE])
@pytest.mark.parametrize(
    ("body", "reason"),
    [('{"paht": "/a"}', "paht: is not supported in a request"), ("[]", "must be an object"), ("{", "is not JSON")],
)
def test_a_wrong_matcher_is_refused_in_mockservers_words(
    control: ControlClient, path: str, body: str, reason: str
) -> None:
    answer = control.put(path, body)
    assert answer.status == 400
    assert answer.text.startswith(NO_MATCHER.format(body, reason))


@pytest.mark.parametrize("path", [CLEAR, RETRIEVE])
@pytest.mark.parametrize("name", ["metadataKey", "metadataValue", "metadataJsonPath", "unmatched", "namespace"])
def test_a_parameter_that_would_choose_is_refused(control: ControlClient, path: str, name: str) -> None:
    control.put(EXPECTATION, {"httpResponse": {}})
    answer = control.put(path, **{name: "true"})
    assert (answer.status, answer.text) == (400, f'the parameter "{name}" is not supported')
    assert len(control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").json()) == 1


def test_requests_in_json_are_what_is_retrieved_when_nothing_else_is_said(
    control: ControlClient, recorder: Recorder
) -> None:
    ask(recorder, request("GET", "/a"))
    asked = control.put(RETRIEVE)
    for parameters in ({"type": "REQUESTS"}, {"format": "JSON"}, {"type": "requests", "format": "json"}, {"type": ""}):
        assert control.put(RETRIEVE, **parameters).body == asked.body
    for kind in ("REQUESTS", "REQUEST_RESPONSES", "RECORDED_EXPECTATIONS", "ACTIVE_EXPECTATIONS", "LOGS"):
        unknown = control.put(RETRIEVE, {"id": "nobody"}, type=kind)
        assert (unknown.status, unknown.text) == (400, "No expectation found with id nobody")


VERIFIED = [
    ({"httpRequest": {"path": "/a"}}, True),
    ({"httpRequest": {"path": "/a"}, "times": None}, True),
    ({"httpRequest": {"path": "/none"}, "times": None}, False),
    ({"httpRequest": {"path": "/a"}, "times": {"atLeast": 1}}, True),
    ({"httpRequest": {"path": "/a"}, "times": {"atLeast": -1, "atMost": 1}}, True),
    ({"httpRequest": {"path": "/a"}, "times": {"atLeast": 2, "atMost": -1}}, False),
    ({"httpRequest": {"path": "/none"}, "times": {"atMost": 3}}, True),
    # In both directions, and what is expected but absent does not pass.
    ({"httpRequest": {"path": "/A"}}, True),
    ({"httpRequest": {"path": "/a", "headers": {"X-P": "abc"}}}, True),
    ({"httpRequest": {"path": "/a", "headers": {"X-Q": ".*"}}}, False),
    ({"httpRequest": {"path": "/a", "cookies": {"c": "k3ks-2-0f-them"}}}, True),
    ({"httpRequest": {"path": "/a", "cookies": {"d": "1"}}}, False),
    ({"httpRequest": {"path": "/a", "queryStringParameters": {"n": ["1"]}}}, True),
    ({"httpRequest": {"path": "/a", "queryStringParameters": {"m": ["1"]}}}, False),
]


@pytest.mark.parametrize(("body", "verified"), VERIFIED)
def test_a_verification_counts_by_a_matcher_of_the_control_plane(
    control: ControlClient, recorder: Recorder, body: Any, verified: bool
) -> None:
    ask(recorder, request("GET", "/a?n=1", None, ("X-P", "a.+"), ("Cookie", "c=k3ks-2-0f-them")))
    answer = control.put(VERIFY, body)
    assert (answer.status, answer.body == b"") == ((202, True) if verified else (406, False))


FILTERED = [
    ({"path": "/none"}, ["all"]),
    ({"path": "/a"}, ["all", "a"]),
    ({"path": "/a1"}, ["all", "pattern"]),
    ({"path": "/a", "method": "PUT"}, ["all", "a"]),
    ({"headers": {"X": "1"}}, ["a"]),
    ({"cookies": {"c": "1"}}, ["a"]),
    ({"queryStringParameters": {"q": "1"}}, ["a"]),
    ({"body": "text"}, ["a"]),
]


@pytest.mark.parametrize(("matcher", "chosen"), FILTERED)
def test_expectations_without_method_or_path_pass_a_filter_on_them(
    control: ControlClient, matcher: Any, chosen: list[str]
) -> None:
    one = {"path": "/a", "headers": {"X": "1"}, "cookies": {"c": "1"}, "queryStringParameters": {"q": "1"}}
    control.put(EXPECTATION, {"id": "all", "httpResponse": {}})
    control.put(EXPECTATION, {"id": "a", "httpRequest": one | {"body": "text"}, "httpResponse": {}})
    control.put(EXPECTATION, {"id": "pattern", "httpRequest": {"path": "/a[0-9]"}, "httpResponse": {}})
    found = control.put(RETRIEVE, matcher, type="ACTIVE_EXPECTATIONS").json()
    assert [each["id"] for each in found] == chosen
    assert control.put(CLEAR, matcher, type="expectations").status == 200
    left = control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").json()
    assert [each["id"] for each in left] == [name for name in ("all", "a", "pattern") if name not in chosen]


MATCHED = [
    ({"path": "/a%20b"}, Request("GET", "/a%20b"), True),
    ({"path": "/a b"}, Request("GET", "/a%20b"), False),
    ({"queryStringParameters": {"é x": "ü y"}}, Request("GET", "/", "%C3%A9+x=%C3%BC%20y"), True),
    ({"queryStringParameters": {"%C3%A9": "1"}}, Request("GET", "/", "%C3%A9=1"), False),
    ({"queryStringParameters": {"[a-c]+": "x|y"}}, Request("GET", "/", "ABC=Y"), True),
    ({"headers": {"X-[A-B]": "É.*"}}, Request("GET", "/", None, Headers([("x-b", "éa")])), True),
    ({"headers": {"X": "a.b"}}, Request("GET", "/", None, Headers([("X", "a\nb")])), True),
    ({"headers": {"X": "a"}}, Request("GET", "/", None, Headers([("X", "ab")])), False),
    ({"method": "[GP].*"}, Request("PUT", "/"), True),
    ({"headers": {"X": ["!a"]}}, Request("GET", "/"), False),
    ({"headers": {"X": ["!a"]}}, Request("GET", "/", None, Headers([("X", "b")])), True),
    ({"headers": {"X": ["1", "1"]}}, Request("GET", "/", None, Headers([("X", "1")])), False),
    ({"body": "a.c"}, Request("POST", "/", None, Headers(), Body(b"abc")), False),
    ({"body": "ABC"}, Request("POST", "/", None, Headers(), Body(b"abc")), False),
    ({"body": {"regex": "A.C"}}, Request("POST", "/", None, Headers(), Body(b"abc")), True),
    ({"body": {"a": [1, 2]}}, json_request("POST", "/", {"b": 0, "a": [3, 2, 1]}), True),
    ({"body": {"json": {"a": [1, 2]}, "matchType": "STRICT"}}, json_request("POST", "/", {"a": [2, 1]}), False),
    ({"body": ["x"]}, json_request("POST", "/", ["y", "x"]), True),
    ({"path": "/{a}/x", "pathParameters": {"a": "1|2"}}, Request("GET", "/2/x"), True),
    ({"path": "/{a}/x", "pathParameters": {"a": "1|2"}}, Request("GET", "/2/y/x"), False),
    ({"method": "", "path": "", "body": "", "headers": {}}, json_request("POST", "/any?q=1", {}), True),
]


@pytest.mark.parametrize(("document", "asked", "answered"), MATCHED)
def test_the_whole_way_from_the_api_to_an_answer(
    control: ControlClient, recorder: Recorder, document: Any, asked: Request, answered: bool
) -> None:
    assert control.put(EXPECTATION, {"httpRequest": document, "httpResponse": {}}).status == 201
    assert isinstance(recorder.answer(asked, None), Response) is answered


FRAMED = [
    ({"headers": {"x-a": ["1", "2"], "X-B": "c"}, "body": "ab"}, "", [("x-a", "1"), ("x-a", "2"), ("X-B", "c")], b"ab"),
    ({"headers": {"Content-Length": "2", "Connection": "keep-alive", "Date": "never"}, "body": "ab"}, "", [], b"ab"),
    ({"headers": {"Content-Encoding": "gzip"}, "body": "ab"}, "br", [("Content-Encoding", "gzip")], None),
    ({"headers": {"Content-Encoding": "gzip"}, "body": "ab"}, "", [("Content-Encoding", "gzip")], None),
    ({"headers": {"Content-Encoding": "gzip"}, "body": "ab"}, "gzip", [("Content-Encoding", "gzip")], None),
    ({"cookies": {"a": "b"}, "body": ""}, "", [("Set-Cookie", "a=b")], b""),
    ({"body": {"a": 1.50}}, "", [("Content-Type", "application/json")], b'{\n  "a" : 1.5\n}'),
]


@pytest.mark.parametrize(("answer", "accepted", "fields", "content"), FRAMED)
def test_an_answer_is_sent_as_given_but_for_its_framing(
    control: ControlClient, recorder: Recorder, answer: Any, accepted: str, fields: Any, content: bytes | None
) -> None:
    control.put(EXPECTATION, {"httpResponse": answer})
    asked = request("GET", "/", None, *([("Accept-Encoding", accepted)] if accepted else []))
    found = recorder.answer(asked, None)
    assert isinstance(found, Response)
    sent = replayable(found, asked, "now")
    assert sent.body is not None
    framing = [("Date", "now"), ("Content-Length", str(len(sent.body.content)))]
    assert sorted(sent.headers.fields) == sorted([*fields, *framing])
    plain = decode_content(sent.body.content, "gzip", 100) if content is None else sent.body.content
    assert plain == (content or answer["body"].encode())


def test_a_timestamp_is_taken_and_nothing_else_that_is_not_known(control: ControlClient) -> None:
    (stored,) = control.put(EXPECTATION, {"timestamp": "2026-01-01", "httpResponse": {}}).json()
    assert list(stored) == ["httpResponse", "id", "priority", "timeToLive", "times"]
    for name in ("metadata", "namespace", "capture", "percentage", "rateLimit", "steps", "chaos", "weights"):
        answer = control.put(EXPECTATION, {name: {}, "httpResponse": {}})
        assert (answer.status, f'"/{name}" is not supported' in answer.text) == (400, True)
        assert answer.text.startswith("incorrect expectation json format for:")


def test_an_object_of_another_kind_in_an_array_takes_all_with_it(control: ControlClient) -> None:
    mixed = [{"id": "a", "httpResponse": {}}, {"specUrlOrPayload": "https://a.example/openapi.json"}]
    assert control.put(EXPECTATION, mixed).status == 400
    assert control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").body == b"[]"


def test_used_up_and_expired_expectations_are_active_no_more_but_known(
    control: ControlClient, recorder: Recorder
) -> None:
    once = {"id": "once", "httpRequest": {"path": "/a"}, "httpResponse": {}, "times": {"remainingTimes": 1}}
    short = {"id": "short", "httpResponse": {}, "timeToLive": {"timeUnit": "MILLISECONDS", "timeToLive": 500}}
    control.put(EXPECTATION, [once, short])
    ask(recorder, request("GET", "/a"))
    recorder.clock = lambda: 1000.5
    assert control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").body == b"[]"
    assert control.put(VERIFY, {"expectationId": {"id": "once"}, "times": {"atLeast": 1, "atMost": 1}}).status == 202
    assert control.put(CLEAR, {"id": "short"}).status == 200


@pytest.mark.parametrize("body", [b"", b'""', b"{}"])
def test_nothing_and_an_empty_matcher_mean_everything(control: ControlClient, recorder: Recorder, body: bytes) -> None:
    ask(recorder, request("GET", "/a"))
    assert len(control.put(RETRIEVE, body).json()) == 1
    assert control.put(CLEAR, body).status == 200
    assert control.put(RETRIEVE, body).body == b"[]"


def test_a_name_in_host_that_is_the_programs_own_is_enough_without_anything_else(control: ControlClient) -> None:
    # As the real clients send it: no body, no length, no `Accept`.
    assert [name for name, _ in control.scope("PUT", "/mockserver/reset")["headers"]] == [HOST[0].lower().encode()]
    assert control.put("/mockserver/reset").status == 200


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": 1}'])
@pytest.mark.parametrize(
    ("path", "parameters"),
    [("/mockserver/pact", {}), ("/mockserver/mode", {"mode": " spy "}), ("/mockserver/status", {}),
     ("/mockserver/reset", {})],
)  # fmt: skip
def test_a_body_where_none_is_asked_for_is_ignored(
    control: ControlClient, path: str, parameters: dict[str, str], body: bytes
) -> None:
    assert control.put(path, body, **parameters).status == 200


def test_a_path_or_verb_that_is_nearly_right_is_none(control: ControlClient) -> None:
    for path in sorted(ROUTES):
        assert control.put(f"{path}/").status == 404
        assert control.put(path.upper()).status == 404
    assert control.send("POST", EXPECTATION, {"httpResponse": {}}).status == 405


def test_an_expression_that_is_very_long_takes_nothing(control: ControlClient, recorder: Recorder) -> None:
    long = "(a|" + "b" * 8190 + ")"
    control.put(EXPECTATION, {"httpRequest": {"headers": {"X": long}}, "httpResponse": {}})
    assert not isinstance(recorder.answer(request("GET", "/", None, ("X", "a")), None), Response)
    control.put(EXPECTATION, {"httpRequest": {"headers": {"X": long[:8000] + ")"}}, "httpResponse": {}})
    assert isinstance(recorder.answer(request("GET", "/", None, ("X", "a")), None), Response)


def test_responses_come_in_turn_and_again_from_the_first(control: ControlClient, recorder: Recorder) -> None:
    control.put(EXPECTATION, {"httpResponses": [{"statusCode": 201}, {"statusCode": 202}]})
    found = [recorder.answer(request("GET", "/"), None) for _ in range(5)]
    assert [each.status for each in found if isinstance(each, Response)] == [201, 202, 201, 202, 201]


def test_status_has_what_the_clients_read(control: ControlClient) -> None:
    status = control.put("/mockserver/status")
    assert (status.status, status.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert list(json.loads(status.text))[:5] == ["ports", "version", "artifactId", "groupId", "gitHash"]
    assert control.get("/mockserver/status").status == 405
    assert control.get("/mockserver/ready").body == status.body
