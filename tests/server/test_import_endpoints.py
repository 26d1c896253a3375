"""Documents of other tools become expectations that answer."""

import json
from typing import Any

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.capture.recorder import Recorder
from pact_recorder.http import Request, Response
from pact_recorder.recordings.har_writing import har_document
from tests.server.control_client import ControlClient

IMPORT = "/mockserver/import"
PACT = "/mockserver/pact/import"
PROMOTE = "/mockserver/recordings/promote"
SECRET = "0123456789abcdef0123"


def answered(recorder: Recorder, asked: Request) -> tuple[int, bytes] | None:
    found = recorder.answer(asked, None)
    return (found.status, found.body.content if found.body else b"") if isinstance(found, Response) else None


def har() -> Any:
    exchanges = [
        exchange(request("GET", "/users/1", None, ("Authorization", f"Bearer {SECRET}")), b'{"id": 1}'),
        exchange(request("GET", "/users/1", None, ("Authorization", f"Bearer {SECRET}")), b'{"id": 2}'),
        exchange(json_request("POST", "/users", {"name": "Ada"}), response(b'{"token": "%s"}' % SECRET.encode(), 201)),
    ]
    return har_document(exchanges, "1")


@pytest.mark.parametrize("parameters", [{}, {"format": "har"}, {"format": "HAR"}])
def test_har(control: ControlClient, recorder: Recorder, parameters: dict[str, str]) -> None:
    made = control.put(IMPORT, har(), **parameters)
    assert made.status == 201, made.text
    users, posted = made.json()
    assert users["id"].startswith("har-")
    assert users["httpRequest"] == {"method": "GET", "path": "/users/1"}
    assert len(users["httpResponses"]) == 2
    assert SECRET not in made.text
    assert posted["httpRequest"]["body"]["json"] == {"name": "Ada"}
    asked = request("GET", "/users/1", None, ("Authorization", "Bearer another"))
    assert answered(recorder, asked) == (200, b'{"id": 1}')
    again = control.put(IMPORT, har(), **parameters).json()
    assert [each["id"] for each in again] == [users["id"], posted["id"]]
    assert len(recorder.expectations) == 2


def test_secrets_stay_when_they_are_wanted(control: ControlClient) -> None:
    made = control.put(IMPORT, har(), redactSensitiveData="false")
    assert SECRET in made.json()[1]["httpResponse"]["body"]["json"]["token"]


def test_of_several_hosts_the_host_tells_which(control: ControlClient) -> None:
    document = har()
    document["log"]["entries"][0]["request"]["url"] = "http://other.example/users/1"
    hosts = [each["httpRequest"]["headers"]["Host"] for each in control.put(IMPORT, document).json()]
    assert hosts == [["other.example"], ["api.example"], ["api.example"]]


POSTMAN = {
    "info": {"name": "shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [
        {
            "name": "folder",
            "item": [
                {
                    "name": "get",
                    "request": {
                        "method": "GET",
                        "header": [{"key": "Authorization", "value": f"Bearer {SECRET}"}],
                        "url": {
                            "raw": "{{base}}/users/:id?full=1&off=2",
                            "host": ["{{base}}"],
                            "path": ["users", ":id"],
                            "query": [{"key": "full", "value": "1"}, {"key": "off", "value": "2", "disabled": True}],
                        },
                    },
                    "response": [
                        {
                            "name": "ok",
                            "code": 200,
                            "header": [{"key": "Content-Type", "value": "application/json"}],
                            "body": f'{{"password": "{SECRET}", "n": 1.50}}',
                        },
                        {"name": "gone", "code": 410, "body": "gone"},
                    ],
                }
            ],
        },
        {
            "name": "post",
            "request": {
                "method": "POST",
                "url": "https://api.example/v1.0/users",
                "body": {"mode": "raw", "raw": '{"a": 1}'},
            },
        },
    ],
}


def test_postman(control: ControlClient, recorder: Recorder) -> None:
    made = control.put(IMPORT, POSTMAN)
    assert made.status == 201, made.text
    got, posted = made.json()
    assert got["id"].startswith("postman-")
    assert got["httpRequest"] == {
        "method": "GET", "path": "/users/[^/]+", "queryStringParameters": {"full": ["1"]},
    }  # fmt: skip
    assert posted["httpRequest"]["path"] == "/v1.0/users"
    assert SECRET not in made.text
    first = answered(recorder, request("GET", "/users/17?full=1"))
    assert first is not None
    assert first[1].startswith(b'{"password": "')
    assert answered(recorder, request("GET", "/users/17?full=1")) == (410, b"gone")
    assert answered(recorder, json_request("POST", "/v1.0/users", {"a": 1})) == (200, b"")
    control.put(IMPORT, POSTMAN)
    assert len(recorder.expectations) == 2


WIREMOCK = {
    "mappings": [
        {
            "id": "a",
            "priority": 1,
            "request": {
                "method": "GET",
                "urlPath": "/v1.0/a",
                "queryParameters": {"q": {"equalTo": "a+b"}, "none": {"absent": True}},
                "headers": {"Accept": {"contains": "json"}},
            },
            "response": {"status": 202, "jsonBody": {"ok": True}, "headers": {"X-A": "1"}},
        },
        {
            "request": {"method": "ANY", "url": "/b?x=1", "bodyPatterns": [{"equalToJson": '{"n": 1}'}]},
            "response": {"body": "B", "fixedDelayMilliseconds": 5},
        },
        {"name": "odd", "request": {"urlPathPattern": "/c/.*", "cookies": {"s": {"equalTo": "1"}}}, "response": {}},
        {"name": "proxy", "request": {"url": "/d"}, "response": {"proxyBaseUrl": "http://e.example"}},
    ]
}


@pytest.mark.parametrize("parameters", [{}, {"format": "wiremock"}])
def test_wiremock(control: ControlClient, recorder: Recorder, parameters: dict[str, str]) -> None:
    made = control.put(IMPORT, WIREMOCK, **parameters)
    assert made.status == 201, made.text
    document = made.json()
    assert [each["id"] for each in document["expectations"]] == ["a", "wiremock-1"]
    assert [each["priority"] for each in document["expectations"]] == [4, 0]
    assert {(each["item"], each["construct"]) for each in document["warnings"]} == {
        ("mapping 1", "response.fixedDelayMilliseconds"),
        ("odd", "request.cookies"),
        ("odd", "request"),
        ("proxy", "proxyBaseUrl"),
    }
    accepting = ("Accept", "application/json")
    assert answered(recorder, request("GET", "/v1.0/a?q=a%2Bb", None, accepting)) == (202, b'{\n  "ok" : true\n}')
    assert answered(recorder, request("GET", "/v1.0/a?q=a%2Bb&none=1", None, accepting)) is None
    assert answered(recorder, request("GET", "/v1x0/a?q=a%2Bb", None, accepting)) is None
    assert answered(recorder, json_request("PATCH", "/b?x=1", {"n": 1})) == (200, b"B")


CONTRACT: dict[str, Any] = {
    "consumer": {"name": "web"},
    "provider": {"name": "users"},
    "interactions": [
        {
            "description": "a user",
            "providerStates": [{"name": "a user exists"}],
            "request": {"method": "get", "path": "/users/1", "headers": {"Authorization": f"Bearer {SECRET}"}},
            "response": {"status": 200, "body": {"token": SECRET}},
        },
        {
            "description": "",
            "request": {"method": "POST", "path": "/users", "body": {"n": 1}},
            "response": {"status": 201},
            "matchingRules": {"request": {"body": {"$.n": {"matchers": [{"match": "integer"}]}}}},
        },
        {"description": "without a request"},
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}


@pytest.mark.parametrize(("path", "parameters"), [(PACT, {}), (IMPORT, {}), (IMPORT, {"format": "pact"})])
def test_a_contract(control: ControlClient, recorder: Recorder, path: str, parameters: dict[str, str]) -> None:
    made = control.put(path, CONTRACT, **parameters)
    assert made.status == 201, made.text
    assert [each["id"] for each in made.json()] == ["a user", "pact-1"]
    assert SECRET not in made.text
    assert answered(recorder, request("GET", "/users/1", None, ("Authorization", "Bearer other"))) is not None
    assert answered(recorder, json_request("POST", "/users", {"n": 99})) == (201, b"")
    assert answered(recorder, json_request("POST", "/users", {"n": "x"})) is None
    control.put(path, CONTRACT, **parameters)
    assert len(recorder.expectations) == 2
    second = CONTRACT | {"interactions": CONTRACT["interactions"][1:2]}
    assert control.put("/mockserver/pact/verify", second).status == 202


def test_rules_are_read_where_mockserver_and_where_pact_write_them(control: ControlClient, recorder: Recorder) -> None:
    number = {"matchers": [{"match": "regex", "regex": "\\d+"}]}
    theirs = {
        "description": "theirs",
        "request": {"path": "/a", "query": {"n": ["1"]}, "headers": {"X-N": ["1"]}},
        "matchingRules": {"request": {"query": {"$.n[0]": number}, "header": {"$['X-N'][0]": number}}},
    }
    pacts = {
        "description": "pact's",
        "request": {"path": "/b", "query": {"n": ["1"]}, "matchingRules": {"query": {"n": number}}},
    }
    assert control.put(PACT, {"interactions": [theirs, pacts]}).status == 201
    assert answered(recorder, request("GET", "/a?n=22", None, ("X-N", "33"))) is not None
    assert answered(recorder, request("GET", "/a?n=x", None, ("X-N", "33"))) is None
    assert answered(recorder, request("GET", "/b?n=22")) is not None


@pytest.mark.parametrize("place", ["Authorization", "$.authorization[0]"])
def test_a_rule_of_a_header_that_is_taken_out_goes_with_it(control: ControlClient, place: str) -> None:
    rules = {"header": {place: {"matchers": [{"match": "regex", "regex": f"Bearer {SECRET}"}]}}}
    asked = {"path": "/a", "headers": {"Authorization": f"Bearer {SECRET}"}, "matchingRules": rules}
    assert control.put(PACT, {"interactions": [{"description": "a", "request": asked}]}).status == 201
    written = control.put("/mockserver/pact", consumer="c", provider="p").text
    assert json.loads(written)["interactions"]
    assert SECRET not in written


def test_the_scenario_of_provider_states_chooses(control: ControlClient, recorder: Recorder) -> None:
    control.put(PACT, CONTRACT, redactSensitiveData="false")
    control.put("/mockserver/scenario/pact-provider-state", {"state": "nobody is there"})
    asked = request("GET", "/users/1", None, ("Authorization", f"Bearer {SECRET}"))
    assert answered(recorder, asked) is None
    control.put("/mockserver/scenario/pact-provider-state", {"state": "a user exists"})
    assert answered(recorder, asked) is not None


PAIRS = [
    {"httpRequest": {"path": "/a b", "headers": {"Host": ["h.example:81"]}}, "httpResponse": {"body": "A"}},
    {"nonsense": 1},
    {"httpRequest": {"path": "/c", "headers": {"Authorization": f"Bearer {SECRET}"}}, "httpResponse": {}},
]
LINES = [json.dumps(each) for each in PAIRS]
RECORDINGS = [json.dumps(PAIRS), "\n".join(LINES), f"{LINES[0]}\n{{broken\n{LINES[2]}"]


@pytest.mark.parametrize("text", RECORDINGS, ids=["list", "lines", "broken"])
@pytest.mark.parametrize("parameters", [{}, {"format": "recording"}])
def test_a_recording_goes_into_the_log(control: ControlClient, recorder: Recorder, text: str, parameters: Any) -> None:
    made = control.put(IMPORT, text, **parameters)
    assert made.status == 201, made.text
    assert made.headers["x-mockserver-recorded-requests-skipped"] == "1"
    assert len(recorder.expectations) == 0
    log = control.put("/mockserver/retrieve").json()
    assert [each["path"] for each in log] == ["/a%20b", "/c"]
    assert SECRET not in json.dumps(log)
    recorded = control.put("/mockserver/retrieve", type="RECORDED_EXPECTATIONS").json()
    assert recorded == made.json()
    assert control.put("/mockserver/verify", {"httpRequest": {"path": "/c"}}).status == 202


def test_recordings_are_promoted(control: ControlClient, recorder: Recorder) -> None:
    for number in (1, 1, 2):
        recorder.record(exchange(request("GET", f"/users/{number}"), b'{"n":%d}' % number))
    each = control.put(PROMOTE)
    assert each.status == 201
    assert [made["times"] for made in each.json()] == [{"remainingTimes": 1}] * 3
    control.put("/mockserver/clear", type="expectations")
    consolidated = control.put(PROMOTE, {"path": "/users/1"}, consolidate="true").json()
    assert [made["httpRequest"]["path"] for made in consolidated] == ["/users/1"]
    widened = control.put(PROMOTE, b'""', parameterize="true").json()
    assert [made["httpRequest"]["path"] for made in widened] == [r"/users/\d+"]
    control.put("/mockserver/reset")
    assert control.put(PROMOTE).json() == []


REFUSED = [
    (IMPORT, {}, b"", "an import document is required"),
    (IMPORT, {}, b"{", "failed to parse import JSON"),
    (IMPORT, {}, b"{}", "the format of the document is not recognised"),
    (IMPORT, {"format": "mockoon"}, b"{}", '"mockoon" is not supported, only the following values are supported [har,'),
    (IMPORT, {"format": "xls"}, b"{}", '"xls" is not a valid value for "format" parameter'),
    (IMPORT, {"format": "har"}, b"{}", "not a valid HAR document: it has no log.entries"),
    (IMPORT, {"format": "har"}, {"log": {"entries": [{"request": {}}]}}, "entry 1, request.method"),
    (IMPORT, {"format": "postman"}, b"{}", "not a valid Postman collection"),
    (IMPORT, {"format": "wiremock"}, {"mappings": 1}, "not a valid WireMock document"),
    (IMPORT, {"redactSensitiveData": "no"}, b'{"log":{"entries":[]}}', '"redactSensitiveData" must be true or false'),
    (PACT, {}, b"", "a Pact contract is required"),
    (PACT, {}, b"{", "failed to parse Pact JSON: "),
    (PACT, {}, b"[]", "not a valid Pact contract — missing or empty 'interactions' array"),
    (PACT, {}, {"interactions": []}, "not a valid Pact contract — missing or empty 'interactions' array"),
]


@pytest.mark.parametrize(("path", "parameters", "body", "reason"), REFUSED)
def test_what_cannot_be_imported_is_refused_as_text(
    control: ControlClient, path: str, parameters: dict[str, str], body: Any, reason: str
) -> None:
    answer = control.put(path, body, **parameters)
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert reason in answer.text


ODD = [b"[1]", b'{"log": 1}', b'{"mappings": [1]}', b'{"info": 1, "item": [1]}', b"null", b"[" * 5000]


@pytest.mark.parametrize("body", ODD)
def test_odd_documents_are_refused(control: ControlClient, body: bytes) -> None:
    assert control.put(IMPORT, body).status == 400
