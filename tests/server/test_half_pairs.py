"""Half of a surrogate pair, which JSON can write and no encoding has: refused where it is set, or carried."""

import json
from typing import Any

import pytest
from builders import json_request, request

from pact_recorder.addon.answers import recorded_response
from pact_recorder.capture.recorder import Recorder
from pact_recorder.http import Request, Response
from pact_recorder.mock import Miss, replayable
from pact_recorder.server.retrieving import FORMATS, TYPES
from pact_recorder.server.wire import written
from tests.server.control_client import ControlClient
from tests.server.test_log_endpoints import ask

EXPECTATION = "/mockserver/expectation"
RETRIEVE = "/mockserver/retrieve"
HALF = "a\ud800b"
BYTE = "a\udcffb"
ANSWER: dict[str, Any] = {"httpResponse": {}}


def assert_every_format_is_there(control: ControlClient) -> None:
    for kind in TYPES:
        for form in FORMATS:
            answer = control.put(RETRIEVE, type=kind, format=form)
            assert answer.status == 200, (kind, form, answer.text)
            if answer.headers["content-type"].startswith("application/json"):
                json.loads(answer.body)
    assert control.put("/mockserver/pact").status == 200


def sent(found: Response | Any, asked: Request) -> bytes:
    """The answer as both hosts write it."""
    assert isinstance(found, Response)
    by_proxy = recorded_response(found, asked, 0.0)
    assert by_proxy.raw_content is not None
    return written(replayable(found, asked, "now"), asked.method).message(last=False)


PLACES = [
    ({"id": HALF, **ANSWER}, "/id", "holds"),
    ({"scenarioName": HALF, **ANSWER}, "/scenarioName", "holds"),
    ({"httpRequest": {"method": HALF}, **ANSWER}, "/httpRequest/method", "holds"),
    ({"httpRequest": {"method": BYTE}, **ANSWER}, "/httpRequest/method", "holds"),
    ({"httpRequest": {"path": HALF}, **ANSWER}, "/httpRequest/path", "holds"),
    ({"httpRequest": {"headers": {"X": [HALF]}}, **ANSWER}, "/httpRequest/headers/X/0", "holds"),
    ({"httpRequest": {"headers": {HALF: ["1"]}}, **ANSWER}, "/httpRequest/headers", "has a name with"),
    ({"httpRequest": {"cookies": {"c": HALF}}, **ANSWER}, "/httpRequest/cookies/c", "holds"),
    (
        {"httpRequest": {"queryStringParameters": [{"name": HALF, "values": []}]}, **ANSWER},
        "/httpRequest/queryStringParameters/0/name",
        "holds",
    ),
    ({"httpRequest": {"body": HALF}, **ANSWER}, "/httpRequest/body", "holds"),
    ({"httpRequest": {"body": BYTE}, **ANSWER}, "/httpRequest/body", "holds"),
    ({"httpRequest": {"body": {"regex": HALF}}, **ANSWER}, "/httpRequest/body/regex", "holds"),
    (
        {"httpRequest": {"body": {"jsonSchema": {"const": HALF}}}, **ANSWER},
        "/httpRequest/body/jsonSchema/const",
        "holds",
    ),
    ({"httpRequest": {"body": {"xpath": HALF}}, **ANSWER}, "/httpRequest/body/xpath", "holds"),
    ({"httpRequest": {"body": {"json": f'"{HALF}"'}}, **ANSWER}, "/httpRequest/body/json", "holds"),
    ({"httpResponse": {"reasonPhrase": HALF}}, "/httpResponse/reasonPhrase", "holds"),
    ({"httpResponse": {"headers": {"X": HALF}}}, "/httpResponse/headers/X", "holds"),
    ({"httpResponse": {"cookies": {HALF: "1"}}}, "/httpResponse/cookies", "has a name with"),
    ({"httpResponse": {"body": HALF}}, "/httpResponse/body", "holds"),
    ({"httpResponse": {"body": {"string": HALF}}}, "/httpResponse/body/string", "holds"),
    ({"httpResponse": {"body": {"string": "a", "contentType": HALF}}}, "/httpResponse/body/contentType", "holds"),
    ({"httpResponses": [{}, {"body": HALF}]}, "/httpResponses/1/body", "holds"),
    ({"httpForward": {"host": HALF}}, "/httpForward/host", "holds"),
]


@pytest.mark.parametrize(("document", "place", "verb"), PLACES)
def test_half_a_pair_is_refused_by_its_place(control: ControlClient, document: Any, place: str, verb: str) -> None:
    for sent_document, shown in ((document, place), ([ANSWER, document], f"/1{place}")):
        answer = control.put(EXPECTATION, json.dumps(sent_document))
        half = "\\ud800" if HALF in json.dumps(document, ensure_ascii=False) else "\\udcff"
        assert answer.status == 400
        assert f'   - "{shown}" {verb} {half}, half of a surrogate pair, which is no text' in answer.text
    assert control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").json() == []


JSON_BODIES = [{"k": HALF, HALF: [HALF]}, {"type": "JSON", "json": {"k": HALF, HALF: [HALF]}}, [HALF]]


@pytest.mark.parametrize("body", JSON_BODIES)
def test_a_json_body_carries_it_as_the_escape_that_it_was(
    control: ControlClient, recorder: Recorder, body: Any
) -> None:
    value = body.get("json", body) if isinstance(body, dict) else body
    made = control.put(EXPECTATION, json.dumps({"httpRequest": {"body": body}, "httpResponse": {"body": body}}))
    assert made.status == 201
    asked = json_request("POST", "/", json.dumps(value))
    content = sent(recorder.answer(asked, None), asked).partition(b"\r\n\r\n")[2]
    assert content.isascii()
    assert json.loads(content) == value
    assert json.loads(made.body)[0]["httpResponse"]["body"] == body
    assert isinstance(recorder.answer(json_request("POST", "/", '{"k":"a"}'), None), Miss)
    assert_every_format_is_there(control)


def test_bytes_that_are_not_utf_8_are_carried_as_recordings_show_them(
    control: ControlClient, recorder: Recorder
) -> None:
    fields = {"headers": {"X": [BYTE]}, "cookies": {"c": BYTE}, "queryStringParameters": {"q": [BYTE]}}
    document = {"httpRequest": {"path": f"/{BYTE}", **fields}, "httpResponse": {"headers": {"X": [BYTE]}}}
    assert control.put(EXPECTATION, json.dumps(document)).status == 201
    asked = Request(
        "GET", f"/{BYTE}", "q=a%FFb", request("GET", "/", None, ("X", BYTE), ("Cookie", f"c={BYTE}")).headers
    )
    assert b"x: a\xffb\r\n" in sent(recorder.answer(asked, None), asked)
    ask(recorder, asked)
    assert_every_format_is_there(control)


def test_a_contract_with_halves_breaks_neither_answers_nor_what_is_retrieved(
    control: ControlClient, recorder: Recorder
) -> None:
    interaction = {
        "description": HALF,
        "request": {"method": "GET", "path": "/a", "headers": {"X-A": HALF}, "query": {"q": [HALF]}},
        "response": {"headers": {"X-A": HALF, "Content-Type": HALF}, "body": HALF},
    }
    plain = {"description": "plain", "request": {"path": "/b"}, "response": {"headers": {"X-A": HALF}, "body": HALF}}
    contract = json.dumps({"interactions": [interaction, plain]})
    assert control.put("/mockserver/pact/import", contract).status == 201
    asked = request("GET", "/b")
    assert "x-a: a\ufffdb\r\n".encode() in sent(recorder.answer(asked, None), asked)
    ask(recorder, asked)
    assert_every_format_is_there(control)


OTHERS = [
    ("/mockserver/verify", {"httpRequest": {"path": HALF, "body": HALF}}),
    ("/mockserver/verify", {"expectationId": {"id": HALF}}),
    ("/mockserver/verifySequence", {"httpRequests": [{"path": HALF}]}),
    ("/mockserver/debugMismatch", {"path": HALF, "headers": {HALF: HALF}}),
    (RETRIEVE, {"path": HALF}),
    ("/mockserver/clear", {"id": HALF}),
    ("/mockserver/scenario/a", {"state": HALF}),
    ("/mockserver/states", {"states": [HALF]}),
    ("/mockserver/pact/verify", {"interactions": [{"description": HALF, "request": {"path": HALF}, "response": {}}]}),
]


@pytest.mark.parametrize(("path", "body"), OTHERS)
def test_no_endpoint_fails_at_it(control: ControlClient, recorder: Recorder, path: str, body: Any) -> None:
    control.put(EXPECTATION, ANSWER)
    ask(recorder, request("GET", "/a"))
    assert control.put(path, json.dumps(body)).status in (200, 202, 400, 406)
    assert_every_format_is_there(control)
