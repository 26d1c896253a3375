"""MockServer's Pact endpoints, statement by statement: what is not checked beside the endpoint's own tests."""

import json
from typing import Any

import pytest
from builders import json_request, request

from pact_recorder.capture.recorder import Recorder
from pact_recorder.http import Response
from tests.server.control_client import ControlClient

EXPECTATION = "/mockserver/expectation"
PACT = "/mockserver/pact"
VERIFY = "/mockserver/pact/verify"
IMPORT = "/mockserver/pact/import"


def exported(control: ControlClient, *expectations: Any) -> list[Any]:
    assert control.put(EXPECTATION, list(expectations)).status == 201
    contract = control.put(PACT)
    assert contract.headers["content-type"] == "application/json; charset=utf-8"
    assert control.put(VERIFY, contract.body).status == 202, contract.text
    return contract.json()["interactions"]  # type: ignore[no-any-return]


DESCRIPTIONS = [
    ("a user", "a user"),
    ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "PUT /u"),
    ("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "PUT /u"),
    ("00000000-0000-0000-0000-000000000000", "PUT /u"),
    ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1"),
    ("a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0eebc999c0b4ef8bb6d6bb9bd380a11"),
]


@pytest.mark.parametrize(("identifier", "description"), DESCRIPTIONS)
def test_an_identifier_is_the_description_unless_it_is_a_uuid(
    control: ControlClient, identifier: str, description: str
) -> None:
    asked = {"method": "put", "path": "/u"}
    (interaction,) = exported(control, {"id": identifier, "httpRequest": asked, "httpResponse": {}})
    assert list(interaction) == ["description", "request", "response"]
    assert (interaction["description"], interaction["request"]["method"]) == (description, "PUT")


def test_of_several_answers_the_first_is_exported(control: ControlClient) -> None:
    (interaction,) = exported(control, {"httpResponses": [{"statusCode": 201}, {"statusCode": 500}]})
    assert interaction["response"] == {"status": 201}


def test_optional_values_lose_their_mark_and_forbidden_names_go(control: ControlClient) -> None:
    headers = {"X-A": ["?1"], "?X-B": "2", "!X-C": []}
    asked = {"path": "/a", "headers": headers, "queryStringParameters": [{"name": "q", "values": ["?x", "?y"]}]}
    (interaction,) = exported(control, {"httpRequest": asked, "httpResponse": {}})
    assert interaction["request"] == {
        "method": "GET",
        "path": "/a",
        "query": {"q": ["x", "y"]},
        "headers": {"X-A": ["1"], "X-B": ["2"]},
    }


def test_what_pact_has_no_place_for_is_not_in_an_answer(control: ControlClient) -> None:
    answer = {
        "reasonPhrase": "Odd",
        "cookies": {"a": "b"},
        "delay": {"timeUnit": "MILLISECONDS", "value": 1},
        "connectionOptions": {"closeSocket": True},
        "headers": {"X-A": ["1", "2"]},
        "body": "é",
    }
    (interaction,) = exported(control, {"httpResponse": answer})
    assert interaction["response"] == {"status": 200, "headers": {"X-A": ["1", "2"]}, "body": "é"}


BODIES = [
    ({"base64Bytes": "iVBORw0KGgoA/w==", "contentType": "image/png"}, "iVBORw0KGgoA/w=="),
    ({"type": "STRING", "string": "a"}, "a"),
    ({"type": "JSON", "json": '{"a": [1.50]}'}, {"a": [1.5]}),
    ({"a": None}, {"a": None}),
    ([], []),
    ({"type": "XML", "xml": "<a/>"}, "<a/>"),
]


@pytest.mark.parametrize(("body", "shown"), BODIES)
def test_the_body_of_an_answer_is_json_or_text(control: ControlClient, body: Any, shown: Any) -> None:
    (interaction,) = exported(control, {"httpResponse": {"body": body}})
    assert interaction["response"]["body"] == shown


@pytest.mark.parametrize("body", ["", " \n", None, {"string": ""}])
def test_a_blank_body_is_no_body(control: ControlClient, body: Any) -> None:
    (interaction,) = exported(control, {"httpResponse": {"body": body}})
    assert "body" not in interaction["response"]


ANSWER = {
    "statusCode": 201,
    "headers": {"X-A": ["One", "two"], "Content-Type": "application/json"},
    "body": {"a": 1, "b": [1, 2], "c": True},
}
OTHER = "header mismatch: Mismatch with header 'X-A':"
COMPARED = [
    ({"status": 201}, None),
    ({"status": 201, "headers": {"x-a": ["One", "two"]}, "body": {"c": True, "b": [1, 2], "a": 1}}, None),
    ({"status": 201, "headers": None}, None),
    # Where the interaction says nothing or less than all, Pact's meaning counts and not MockServer's.
    ({}, "status code mismatch: expected 200 but was 201"),
    ({"status": 201, "headers": {"X-A": "One"}}, f"{OTHER} Expected 'two' to be equal to '' for value at index 1"),
    (
        {"status": 201, "headers": {"X-A": ["two", "One"]}},
        f"{OTHER} Expected 'One' to be equal to 'two' for value at index 0",
    ),
    (
        {"status": 201, "body": None},
        "body mismatch: Expected empty body but received Present(45 bytes, application/json)",
    ),
    ({"status": 200, "headers": {"X-B": "1"}, "body": {}}, "status code mismatch: expected 200 but was 201"),
    (
        {"status": 201, "headers": {"X-B": "1"}, "body": {}},
        "header mismatch: expected header 'X-B' not found in response",
    ),
    (
        {"status": 201, "headers": {"x-a": "one"}, "body": {}},
        "header mismatch: header 'x-a' expected value 'one' not found (actual values: [One, two])",
    ),
    ({"status": 201, "body": {"a": 1, "b": [2, 1], "c": True}}, "body mismatch: JSON bodies are not equal"),
    ({"status": 201, "body": {"a": 1, "b": [1, 2], "c": 1}}, "body mismatch: JSON bodies are not equal"),
    ({"status": 201, "body": {"a": 1.0, "b": [1, 2], "c": True}}, "body mismatch: JSON bodies are not equal"),
    ({"status": 201, "body": {"a": 1, "b": [1, 2], "c": True, "d": 1}}, "body mismatch: JSON bodies are not equal"),
    ({"status": 201, "body": [1]}, "body mismatch: JSON bodies are not equal"),
]


@pytest.mark.parametrize(("expected", "reason"), COMPARED)
def test_status_then_headers_then_body_are_compared(control: ControlClient, expected: Any, reason: str | None) -> None:
    control.put(EXPECTATION, {"httpRequest": {"path": "/a"}, "httpResponse": ANSWER})
    answer = control.put(VERIFY, {"interactions": [{"request": {"path": "/a"}, "response": expected}]})
    (entry,) = answer.json()["interactions"]
    assert (answer.status, entry.get("reason")) == (202 if reason is None else 406, reason)


ASKED = [
    ({"query": {"x": "1"}}, True),
    ({"query": {"x": ["1"]}}, True),
    ({"query": "x=1"}, True),
    ({"query": {"x": ["1"]}, "headers": {"X-A": "b"}}, True),
    ({"query": {"x": ["1"]}, "headers": {"x-a": ["b"]}}, True),
    ({"query": {"x": "?1"}}, False),
    ({"query": {"x": "!2"}}, False),
    ({"query": {}}, False),
]


@pytest.mark.parametrize(("part", "verified"), ASKED)
def test_the_request_of_an_interaction_is_made_of_its_members(
    control: ControlClient, part: Any, verified: bool
) -> None:
    asked = {"method": "POST", "path": "/a", "queryStringParameters": {"x": "1"}}
    control.put(EXPECTATION, {"httpRequest": asked, "httpResponse": {}})
    interaction = {"request": {"method": "POST", "path": "/a"} | part, "response": {"status": 200}}
    (entry,) = control.put(VERIFY, {"interactions": [interaction]}).json()["interactions"]
    assert entry["verified"] is verified


def test_verifying_a_contract_changes_nothing(control: ControlClient, recorder: Recorder) -> None:
    gate = {"scenarioName": "pact-provider-state", "scenarioState": "a user exists"}
    moving = {"scenarioName": "s", "scenarioState": "Started", "newScenarioState": "b"}
    once = {"times": {"remainingTimes": 1}, "httpRequest": {"path": "/once"}, "httpResponse": {}}
    control.put(EXPECTATION, [once, moving | {"httpRequest": {"path": "/moving"}, "httpResponse": {}}])
    control.put(EXPECTATION, gate | {"httpRequest": {"path": "/gated"}, "httpResponse": {}})
    interactions = [{"request": {"path": path}, "response": {}} for path in ("/once", "/moving")]
    gated = {"request": {"path": "/gated"}, "response": {}, "providerState": "a user exists"}

    def seen() -> list[bytes]:
        kinds = ("ACTIVE_EXPECTATIONS", "REQUESTS", "LOGS", "METRICS")
        return [control.put("/mockserver/retrieve", type=kind).body for kind in kinds]

    before = (seen(), control.get("/mockserver/scenario").body, control.get("/mockserver/states").body)
    for _ in range(2):
        assert control.put(VERIFY, {"interactions": [*interactions, gated]}).status == 202
    assert (seen(), control.get("/mockserver/scenario").body, control.get("/mockserver/states").body) == before
    assert isinstance(recorder.answer(request("GET", "/once"), None), Response)


def test_importing_gives_mockservers_defaults_and_equal_descriptions_replace(
    control: ControlClient, recorder: Recorder
) -> None:
    interactions = [
        {"description": "d", "request": {"method": "post", "path": "/a"}, "response": {"body": {"x": [True, None]}}},
        {"request": {"path": "/b"}},
        {"description": "d", "request": {"method": "put", "path": "/c"}, "response": {"status": 204}},
    ]
    made = control.put(IMPORT, {"interactions": interactions})
    assert (made.status, made.headers["content-type"]) == (201, "application/json; charset=utf-8")
    assert made.text.startswith('[ {\n  "httpRequest" : {')
    first, second, third = made.json()
    assert [each["id"] for each in (first, second, third)] == ["d", "pact-1", "d"]
    assert [each["httpRequest"]["method"] for each in (first, second, third)] == ["POST", "GET", "PUT"]
    assert [each["httpResponse"]["statusCode"] for each in (first, second, third)] == [200, 200, 204]
    assert "headers" not in first["httpResponse"]
    assert text_of(first) == '{"x":[true,null]}'
    active = control.put("/mockserver/retrieve", type="ACTIVE_EXPECTATIONS").json()
    assert active == [third, second]
    assert not isinstance(recorder.answer(request("POST", "/a"), None), Response)


def text_of(expectation: Any) -> str:
    return str(expectation["httpResponse"]["body"]["string"])


STATES: list[tuple[dict[str, Any], str | None]] = [
    ({}, None),
    ({"providerState": "a"}, "a"),
    ({"providerStates": ["a", "b"]}, "a"),
    ({"providerStates": [{"name": "a", "params": {"id": 1}}, {"name": "b"}]}, "a"),
    ({"providerStates": [" ", {"name": "b"}]}, "b"),
    ({"providerStates": []}, None),
]


@pytest.mark.parametrize(("member", "state"), STATES)
def test_the_first_provider_state_is_shown_as_a_scenario(
    control: ControlClient, member: Any, state: str | None
) -> None:
    interaction = {"description": "d", "request": {"path": "/a"}, "response": {}} | member
    (made,) = control.put(IMPORT, {"interactions": [interaction]}).json()
    named = "pact-provider-state" if state is not None else None
    assert (made.get("scenarioName"), made.get("scenarioState")) == (named, state)
    assert list(made) == sorted(made)
    # What was retrieved and is set again still waits for the state, and is exported with it.
    assert control.put(EXPECTATION, [made]).json() == [made]
    (again,) = control.put(PACT).json()["interactions"]
    assert again.get("providerStates") == (None if state is None else [{"name": state}])


MEMBERS = [(b'{"a":1}', True), (b'{ "a" : 1 }', True), (b'{"a":1,"b":2}', False), (b'{"a":2}', False)]


@pytest.mark.parametrize(("body", "answered"), MEMBERS)
def test_a_body_of_a_contract_is_matched_as_pact_does(
    control: ControlClient, recorder: Recorder, body: bytes, answered: bool
) -> None:
    asked = {"method": "POST", "path": "/a", "headers": {"Content-Type": "application/json"}, "body": {"a": 1}}
    control.put(IMPORT, {"interactions": [{"description": "d", "request": asked, "response": {}}]})
    found = recorder.answer(json_request("POST", "/a", body.decode()), None)
    assert isinstance(found, Response) is answered


DIGITS = '{"a":1.50,"b":1e2,"c":12345678901234567890.10,"d":-0,"e":1.0,"f":0.1e-7}'
SPELLED = ("1.50", "1e2", "12345678901234567890.10", "-0", "1.0", "0.1e-7")
JSON = '"headers":{"Content-Type":"application/json"}'
NUMBERED = [
    (EXPECTATION, f'{{"httpRequest":{{"body":{DIGITS}}},"httpResponse":{{"body":{DIGITS}}}}}'),
    (EXPECTATION, f'{{"httpResponses":[{{"body":{{"type":"JSON","json":{DIGITS}}}}},{{}}]}}'),
    (IMPORT, f'{{"interactions":[{{"request":{{{JSON},"body":{DIGITS}}},"response":{{{JSON},"body":{DIGITS}}}}}]}}'),
    ("/mockserver/import", f'{{"mappings":[{{"request":{{"url":"/a"}},"response":{{"jsonBody":{DIGITS}}}}}]}}'),
]


@pytest.mark.parametrize(("path", "text"), NUMBERED)
def test_numbers_keep_their_digits_wherever_they_go(
    control: ControlClient, recorder: Recorder, path: str, text: str
) -> None:
    made = control.put(path, text)
    assert made.status == 201
    contract = control.put(PACT)
    for shown in (made.text, control.put("/mockserver/retrieve", type="ACTIVE_EXPECTATIONS").text, contract.text):
        assert [each for each in SPELLED if each not in shown] == []
    assert control.put(VERIFY, contract.body).status == 202
    found = recorder.answer(json_request("GET", "/a" if "mappings" in text else "/", DIGITS), None)
    assert isinstance(found, Response)
    assert found.body is not None
    assert [each for each in SPELLED if each not in found.body.content.decode()] == []


@pytest.mark.parametrize("kind", ["REQUESTS", "REQUEST_RESPONSES", "RECORDED_EXPECTATIONS", "ACTIVE_EXPECTATIONS"])
def test_recorded_numbers_keep_their_digits(control: ControlClient, kind: str) -> None:
    pair = f'[{{"httpRequest":{{"body":{DIGITS}}},"httpResponse":{{"body":{DIGITS}}}}}]'
    assert control.put("/mockserver/import", pair, format="recording").status == 201
    control.put("/mockserver/recordings/promote")
    shown = control.put("/mockserver/retrieve", type=kind).text
    assert [each for each in SPELLED if each not in shown] == []
    assert json.loads(shown)
