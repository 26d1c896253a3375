import asyncio
import json
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from builders import exchange, json_request, request, response
from hypothesis import given, settings

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings import SessionStore
from pact_recorder.server import ControlApi, ControlSettings
from tests.server.control_client import ControlClient
from tests.verification.strategies import exchange_lists

PACT = "/mockserver/pact"
VERIFY = "/mockserver/pact/verify"


def record(recorder: Recorder, *exchanges: Exchange) -> None:
    for each in exchanges:
        recorder.record(each)


def test_the_export_is_laid_out_as_mockserver_does(control: ControlClient, recorder: Recorder) -> None:
    record(recorder, exchange(json_request("POST", "/a?x=1", {"n": 1}), b'{"price":1.50,"tags":[]}'))
    answer = control.put(PACT, b"ignored", consumer="web", provider=" shop ", style="literal")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert answer.text == EXPORTED


EXPORTED = """\
{
  "consumer" : {
    "name" : "web"
  },
  "provider" : {
    "name" : "shop"
  },
  "interactions" : [ {
    "description" : "POST /a",
    "request" : {
      "method" : "POST",
      "path" : "/a",
      "query" : {
        "x" : [ "1" ]
      },
      "headers" : {
        "Content-Type" : [ "application/json" ]
      },
      "body" : {
        "n" : 1
      }
    },
    "response" : {
      "status" : 200,
      "headers" : {
        "Content-Type" : [ "application/json" ]
      },
      "body" : {
        "price" : 1.50,
        "tags" : [ ]
      }
    }
  } ],
  "metadata" : {
    "pactSpecification" : {
      "version" : "3.0.0"
    }
  }
}"""


@pytest.mark.parametrize("parameters", [{}, {"consumer": " ", "provider": ""}])
def test_names_have_defaults(control: ControlClient, recorder: Recorder, parameters: dict[str, str]) -> None:
    document = control.put(PACT, **parameters).json()
    assert (document["consumer"], document["provider"]) == ({"name": "consumer"}, {"name": "provider"})
    assert document["interactions"] == []
    settings = ControlSettings(consumer="mine", provider="yours")
    document = ControlClient(ControlApi(recorder, "1", settings)).put(PACT, **parameters).json()
    assert (document["consumer"], document["provider"]) == ({"name": "mine"}, {"name": "yours"})


LITERAL = [
    ("200 OK", None),
    ("true story", None),
    ("'x' y", None),
    ('{"a": 1}', None),
    ("1.2", None),
    ("a,b", "text/csv"),
]


@pytest.mark.parametrize(("text", "content_type"), LITERAL)
def test_text_stays_text(control: ControlClient, text: str, content_type: str | None) -> None:
    headers = {"Content-Type": content_type or "text/plain"}
    set_ = {"httpRequest": {"path": "/a", "body": text, "headers": headers}}
    control.put("/mockserver/expectation", set_ | {"httpResponse": {"body": text, "headers": headers}})
    contract = control.put(PACT).text
    (interaction,) = json.loads(contract)["interactions"]
    assert (interaction["request"]["body"], interaction["response"]["body"]) == (text, text)
    assert control.put(VERIFY, contract).status == 202


def test_there_are_no_accidental_rules(control: ControlClient) -> None:
    control.put(
        "/mockserver/expectation",
        {
            "httpRequest": {"path": "/v1.2/a+b", "headers": {"Accept": "application/vnd.api+json"}},
            "httpResponse": {
                "headers": {"X-Version": "1.2.3", "Content-Type": "application/vnd.api+json"},
                "body": "{}",
            },
        },
    )
    contract = control.put(PACT).text
    (interaction,) = json.loads(contract)["interactions"]
    assert "matchingRules" not in interaction["request"]
    assert "matchingRules" not in interaction["response"]
    assert control.put(VERIFY, contract).status == 202


def test_a_pattern_becomes_a_rule_with_a_matching_example(control: ControlClient) -> None:
    control.put("/mockserver/expectation", {"httpRequest": {"path": r"/users/\d+"}, "httpResponse": {}})
    contract = control.put(PACT).text
    (interaction,) = json.loads(contract)["interactions"]
    assert interaction["request"]["path"] == "/users/1"
    assert interaction["request"]["matchingRules"]["path"]["matchers"] == [{"match": "regex", "regex": r"/users/\d+"}]
    assert control.put(VERIFY, contract).status == 202


def test_descriptions_are_unique_and_chosen_ones_kept(control: ControlClient, recorder: Recorder) -> None:
    control.put("/mockserver/expectation", {"id": "get a user", "httpRequest": {"path": "/u"}, "httpResponse": {}})
    for status in (200, 404):
        control.put("/mockserver/expectation", {"httpRequest": {"path": "/a"}, "httpResponse": {"statusCode": status}})
    record(recorder, exchange(request("GET", "/a?x=1")), exchange(request("GET", "/a?x=2")))
    descriptions = [each["description"] for each in control.put(PACT, style="literal").json()["interactions"]]
    assert descriptions[0] == "get a user"
    # A contract has one answer to a request: of the two to /a the one that is no error.
    assert sorted(descriptions) == ["GET /a", "GET /a?x=1", "GET /a?x=2", "get a user"]
    inferred = control.put(PACT)
    assert [each["description"] for each in inferred.json()["interactions"]] == ["GET /a", "get a user", "GET /a #2"]
    assert control.put(VERIFY, inferred.body).status == 202


def test_what_has_no_equivalent_is_left_out_and_told(control: ControlClient, caplog: pytest.LogCaptureFixture) -> None:
    control.put("/mockserver/expectation", {"id": "not a", "httpRequest": {"path": "!/a"}, "httpResponse": {}})
    control.put("/mockserver/expectation", {"id": "b", "httpRequest": {"path": "/b"}, "httpResponse": {}})
    with caplog.at_level(logging.WARNING):
        answer = control.put(PACT)
    assert [each["description"] for each in answer.json()["interactions"]] == ["b"]
    assert answer.headers["x-pact-recorder-left-out"] == "1"
    assert "not a" in caplog.text
    assert json.loads(answer.headers["x-pact-recorder-skipped"]) == [
        "not a: has no equivalent in a Pact contract for the path '!/a'"
    ]
    assert "x-pact-recorder-left-out" not in control.put("/mockserver/reset").headers


EQUIVALENT = [
    {"path": "/users/{id}", "pathParameters": {"id": "[0-9]+"}},
    {"path": "/a", "headers": {"X-Id": "[a-f0-9]{8}"}, "queryStringParameters": {"page": r"\d+"}},
    {"path": "/a", "cookies": {"session": "abc"}},
    {"path": "/a", "method": "POST", "body": {"a": 1, "b": [{"c": None}]}},
    {"path": "/a", "method": "POST", "body": {"json": {"a": 1.50}, "matchType": "STRICT"}},
    {"path": "/a", "method": "POST", "body": "plain"},
    {"path": "/a", "method": "POST", "body": {"string": "part", "subString": True}},
    {"path": "/a", "method": "POST", "body": {"regex": "[a-z]{3,5}"}},
    {"path": "/a", "method": "POST", "body": {"xml": "<a b='1'><c>d</c></a>"}},
    {"path": "/a", "method": "POST", "body": {"parameters": {"a": "[0-9]+", "b": "x y"}}},
    {"path": "/a", "method": "POST", "body": {"type": "GRAPHQL", "query": "{ a { b } }", "operationName": "x"}},
    {"path": "/a", "method": "POST", "body": {"json": {"a": 1}, "optional": True}},
]


@pytest.mark.parametrize("document", EQUIVALENT)
def test_what_pact_can_say_is_exported_and_verifies(control: ControlClient, document: Any) -> None:
    assert control.put("/mockserver/expectation", {"httpRequest": document, "httpResponse": {}}).status == 201
    exported = control.put(PACT)
    assert "x-pact-recorder-skipped" not in exported.headers
    assert len(exported.json()["interactions"]) == 1
    report = control.put(VERIFY, exported.body)
    assert report.status == 202, report.text


SKIPPED = [
    ({"method": "!GET"}, "the method '!GET'"),
    ({"method": "GET|PUT"}, "the method 'GET|PUT'"),
    ({"headers": {"X-.*": "1"}}, "a header with a pattern for a name or a schema for a value"),
    ({"queryStringParameters": {"q": {"schema": {}}}}, "a query with a pattern for a name or a schema for a value"),
    ({"headers": {"Authorization": "!Bearer secret"}}, "the header, as it is expected"),
    ({"headers": {"Authorization": "Bearer (?=secret)x"}}, "the pattern of the header 'Authorization', of which"),
    ({"cookies": {"a": "[0-9]+"}}, "a cookie that is no plain text"),
    ({"body": {"jsonPath": "$.a"}}, "a body matcher of this kind (JsonPath)"),
    ({"body": {"jsonSchema": {}}}, "a body matcher of this kind (Schema)"),
    ({"body": {"xpath": "/a"}}, "a body matcher of this kind (XPath)"),
    ({"body": {"string": "a", "not": True}}, "a body matcher of this kind (Not)"),
    ({"secure": True}, "what is said of the connection"),
    ({"not": True, "path": "/a"}, "the negation of the whole request"),
]


@pytest.mark.parametrize(("document", "part"), SKIPPED)
def test_what_pact_cannot_say_is_skipped_with_the_reason(control: ControlClient, document: Any, part: str) -> None:
    control.put("/mockserver/expectation", {"id": "a", "httpRequest": document, "httpResponse": {}})
    exported = control.put(PACT)
    assert exported.json()["interactions"] == []
    (sentence,) = json.loads(exported.headers["x-pact-recorder-skipped"])
    assert sentence.startswith(f"a: has no equivalent in a Pact contract for {part}")
    assert "secret" not in sentence


def test_an_action_without_a_response_is_skipped_and_unverifiable(control: ControlClient) -> None:
    for action in ({"httpForward": {"host": "b"}}, {"httpError": {"dropConnection": True}}):
        control.put("/mockserver/expectation", {"id": "a", "httpRequest": {"path": "/a"}, **action})
        exported = control.put(PACT)
        assert json.loads(exported.headers["x-pact-recorder-skipped"]) == [
            "a: has no equivalent in a Pact contract for an action that gives no response of its own"
        ]
        contract = {"interactions": [{"request": {"path": "/a"}, "response": {}}]}
        (report,) = control.put(VERIFY, contract).json()["interactions"]
        assert report["reason"].startswith("unverifiable (non-static action) — only response expectations")


def test_the_list_of_what_is_skipped_fits_a_header(control: ControlClient) -> None:
    many = [{"id": f"ä{number}" * 50, "httpRequest": {"not": True}, "httpResponse": {}} for number in range(100)]
    control.put("/mockserver/expectation", many)
    exported = control.put(PACT)
    assert exported.headers["x-pact-recorder-left-out"] == "100"
    assert len(exported.headers["x-pact-recorder-skipped"]) < 3_100
    listed = json.loads(exported.headers["x-pact-recorder-skipped"])
    assert listed[-1] == f"and {100 - len(listed) + 1} more, which the log has"


def test_a_gating_scenario_is_a_provider_state(control: ControlClient) -> None:
    gate = {"scenarioName": "pact-provider-state", "scenarioState": "a user exists"}
    control.put("/mockserver/expectation", {"httpRequest": {"path": "/a"}, "httpResponse": {}} | gate)
    control.put("/mockserver/expectation", {"httpRequest": {"path": "/b"}, "httpResponse": {}, "scenarioName": "other"})
    exported = control.put(PACT)
    gated, free = exported.json()["interactions"]
    assert gated["providerStates"] == [{"name": "a user exists"}]
    assert "providerStates" not in free
    assert control.put(VERIFY, exported.body).status == 202


GATED = [
    ({"providerStates": [{"name": "a user exists"}]}, None),
    ({"providerStates": [{"name": "other"}, {"name": "a user exists"}]}, None),
    ({"providerState": "other"}, "no matching expectation found for provider state 'other'"),
    ({}, "matching expectation found but it requires a provider state not declared by this interaction"),
]


@pytest.mark.parametrize(("states", "reason"), GATED)
def test_what_waits_for_a_provider_state_verifies_in_it_only(
    control: ControlClient, states: Any, reason: str | None
) -> None:
    gate = {"scenarioName": "pact-provider-state", "scenarioState": "a user exists"}
    control.put("/mockserver/expectation", {"httpRequest": {"path": "/a"}, "httpResponse": {}} | gate)
    interaction = {"request": {"path": "/a"}, "response": {"status": 200}} | states
    (entry,) = control.put(VERIFY, {"interactions": [interaction]}).json()["interactions"]
    assert (entry["verified"], entry.get("reason")) == (reason is None, reason)


def test_what_is_active_is_exported_in_mockservers_order(control: ControlClient, recorder: Recorder) -> None:
    life = [
        {"id": "old"},
        {"id": "used up", "times": {"remainingTimes": 1}},
        {"id": "over", "timeToLive": {"timeUnit": "SECONDS", "timeToLive": 5}},
        {"id": "new"},
        {"id": "first", "priority": 1},
    ]
    for each in life:
        path = "/" + each["id"].replace(" ", "-")
        control.put("/mockserver/expectation", each | {"httpRequest": {"path": path}, "httpResponse": {}})
    # An update keeps the place.
    control.put("/mockserver/expectation", {"id": "old", "httpRequest": {"path": "/old"}, "httpResponse": {}})
    recorder.answer(request("GET", "/used-up"), None)
    recorder.clock = lambda: 1005.0
    contract = control.put(PACT, consumer="a%20b", provider=" ").json()
    assert list(contract) == ["consumer", "provider", "interactions", "metadata"]
    assert contract["provider"] == {"name": "provider"}
    assert contract["metadata"] == {"pactSpecification": {"version": "3.0.0"}}
    assert [each["description"] for each in contract["interactions"]] == ["first", "old", "new"]


def test_an_interaction_has_mockservers_defaults(control: ControlClient) -> None:
    control.put("/mockserver/expectation", {"httpRequest": {"body": " "}, "httpResponse": {"body": "", "headers": {}}})
    (interaction,) = control.put(PACT).json()["interactions"]
    assert interaction == {
        "description": "GET /",
        "request": {"method": "GET", "path": "/"},
        "response": {"status": 200},
    }


def test_a_host_narrows(control: ControlClient, recorder: Recorder) -> None:
    record(recorder, exchange(request("GET", "/a")), exchange(Request("GET", "/b", host="other.example")))
    paths = [each["request"]["path"] for each in control.put(PACT, host="Other.example").json()["interactions"]]
    assert paths == ["/b"]
    answer = control.put(PACT, host="nobody.example")
    assert answer.status == 400
    assert "api.example, other.example" in answer.text


@pytest.mark.parametrize(("style", "status"), [("literal", 200), ("Literal", 200), ("inferred", 200), ("poetic", 400)])
def test_the_style_is_checked(control: ControlClient, style: str, status: int) -> None:
    answer = control.put(PACT, style=style)
    assert answer.status == status
    assert status == 200 or answer.text == "unknown style 'poetic' (expected one of inferred, literal)"


def contract(*interactions: Any) -> dict[str, Any]:
    return {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": list(interactions)}


ASKED = {"method": "GET", "path": "/a"}
REPORTS = [
    (
        {"description": "it", "request": ASKED, "response": {"status": 200}},
        202,
        {"description": "it", "verified": True},
    ),
    (
        {"description": "it", "request": ASKED, "response": {"status": 404}},
        406,
        {"description": "it", "verified": False, "reason": "status code mismatch: expected 404 but was 200"},
    ),
    (
        {"request": {"path": "/b"}, "response": {}},
        406,
        {"description": "(unnamed interaction)", "verified": False, "reason": "no matching expectation found"},
    ),
    (
        {"description": "it", "response": {}},
        406,
        {"description": "it", "verified": False, "reason": "interaction has no request definition"},
    ),
    (
        {"description": "it", "request": ASKED},
        406,
        {"description": "it", "verified": False, "reason": "interaction has no response definition"},
    ),
    (
        {"description": "it", "request": {"path": "/b"}},
        406,
        {"description": "it", "verified": False, "reason": "no matching expectation found"},
    ),
]


@pytest.mark.parametrize(("interaction", "status", "entry"), REPORTS)
def test_the_report(control: ControlClient, recorder: Recorder, interaction: Any, status: int, entry: Any) -> None:
    record(recorder, exchange(request("GET", "/a")))
    answer = control.put(VERIFY, contract(interaction))
    assert (answer.status, answer.headers["content-type"]) == (status, "application/json; charset=utf-8")
    assert answer.json() == {"verified": status == 202, "interactions": [entry]}
    assert answer.text.startswith('{\n  "verified" : ')


def test_every_interaction_is_reported_in_order(control: ControlClient, recorder: Recorder) -> None:
    record(recorder, exchange(request("GET", "/a")))
    entries = [entry for entry, _, _ in REPORTS]
    answer = control.put(VERIFY, contract(*entries))
    assert answer.status == 406
    assert answer.json()["interactions"] == [entry for _, _, entry in REPORTS]


NO_CONTRACTS = [
    (b"", "Pact contract JSON must not be empty"),
    (b" \n", "Pact contract JSON must not be empty"),
    (b'{"interactions": [', "Pact contract JSON is malformed: "),
    (b"{'interactions': []}", "Pact contract JSON is malformed: "),
    (b"{}", "Pact contract must contain at least one interaction"),
    (b"[]", "Pact contract must contain at least one interaction"),
    (b'"text"', "Pact contract must contain at least one interaction"),
    (b'{"interactions": []}', "Pact contract must contain at least one interaction"),
    (b'{"interactions": {}}', "Pact contract must contain at least one interaction"),
    (b'{"interactions": [1]}', "failed to verify Pact contract: "),
    (b'{"interactions": [{"request": {"headers": []}}]}', "failed to verify Pact contract: "),
    (b'{"interactions": [' + b"[" * 300 + b"]" * 300 + b"]}", "Pact contract JSON is malformed: "),
    (b"\xff", "failed to verify Pact contract: "),
]


@pytest.mark.parametrize(("body", "sentence"), NO_CONTRACTS)
def test_what_is_no_contract_is_a_json_error(control: ControlClient, body: bytes, sentence: str) -> None:
    answer = control.put(VERIFY, body)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/json; charset=utf-8")
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].startswith(sentence)
    assert answer.text.startswith('{"error":"')
    assert '"' not in answer.json()["error"]


def test_query_strings_of_version_2_are_read(control: ControlClient, recorder: Recorder) -> None:
    record(recorder, exchange(request("GET", "/a?x=1&y=a+b")))
    asked = ASKED | {"query": "y=a%20b&x=1"}
    assert control.put(VERIFY, contract({"request": asked, "response": {}})).status == 202


def test_a_contract_with_other_secrets_finds_the_recording(control: ControlClient, recorder: Recorder) -> None:
    record(recorder, exchange(json_request("POST", "/login?api_key=s3cr3t-one", {"password": "s3cr3t-two"})))
    asked = {
        "method": "POST",
        "path": "/login",
        "query": {"api_key": ["another-one"]},
        "headers": {"Content-Type": "application/json"},
        "body": {"password": "another-two"},
    }
    assert control.put(VERIFY, contract({"request": asked, "response": {}})).status == 202
    assert "s3cr3t" not in control.put(PACT).text


@pytest.mark.parametrize("style", ["inferred", "literal"])
@settings(max_examples=40, deadline=None)
@given(exchange_lists())
def test_an_export_always_verifies(style: str, exchanges: list[Exchange]) -> None:
    with TemporaryDirectory() as folder:
        recorder = Recorder(SessionStore(Path(folder), "session"), Redactor(RedactionRules.default()))
        recorder.open_session()
        record(recorder, *exchanges)
        control = ControlClient(ControlApi(recorder, "1"))
        exported = control.put(PACT, style=style)
        document = exported.json()
        answer = control.put(VERIFY, exported.body)
        recorder.close()
    if document["interactions"]:
        assert answer.status == 202, answer.text
        descriptions = [each["description"] for each in document["interactions"]]
        assert len(set(descriptions)) == len(descriptions)
    else:
        assert "x-pact-recorder-left-out" in exported.headers


def test_the_deepest_body_that_is_exported_verifies(control: ControlClient, recorder: Recorder) -> None:
    deep = b'{"a":' * 150 + b"1" + b"}" * 150
    record(recorder, exchange(request("GET", "/a"), deep), exchange(json_request("PUT", "/b", deep.decode())))
    for style in ("inferred", "literal"):
        assert control.put(VERIFY, control.put(PACT, style=style).text).status == 202


def test_a_binary_body_is_promised_as_it_is(control: ControlClient, recorder: Recorder) -> None:
    png = Response(200, "", Headers([("Content-Type", "image/png")]), Body(b"\x89PNG\r\n\x1a\n\x00\xff"))
    record(recorder, exchange(request("GET", "/logo"), png))
    contract_text = control.put(PACT).text
    assert json.loads(contract_text)["interactions"][0]["response"]["body"] == "iVBORw0KGgoA/w=="
    assert control.put(VERIFY, contract_text).status == 202


def test_traffic_goes_on_while_a_contract_is_verified(control: ControlClient, recorder: Recorder) -> None:
    record(recorder, *(exchange(request("GET", f"/a/{n}"), response(b'{"n":%d}' % n)) for n in range(300)))
    document = control.put(PACT, style="literal").body

    async def verify() -> tuple[int, int]:
        verifying = asyncio.create_task(control.exchange("PUT", VERIFY, [document]))
        turns = 0
        while not verifying.done():
            await asyncio.sleep(0)
            turns += 1
        return (await verifying).status, turns

    status, turns = asyncio.run(verify())
    assert status == 202
    assert turns > 20
