"""MockServer's Python client, unmodified, in both its forms, against both hosts."""

import asyncio
import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hosts import Host, hosted
from mockserver import (
    AsyncMockServerClient,
    Expectation,
    HttpRequest,
    HttpResponse,
    MockServerClient,
    MockServerError,
    MockServerVerificationError,
    Times,
    VerificationTimes,
)
from mockserver.models import ExpectationFilter, RecordedExpectationsOptions
from upstream import Upstream


class Blocking:
    """The asynchronous client called like the other one: each call runs to its end."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._called(found) if callable(found) else found

    def _called(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            result = function(*arguments, **options)
            if inspect.iscoroutine(result):
                return asyncio.run(result)
            # Expectations and scenarios are built step by step.
            return Blocking(result) if hasattr(result, "respond") or hasattr(result, "trigger") else result

        return call


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest, host: Host) -> Iterator[Any]:
    if request.param == "async":
        yield Blocking(AsyncMockServerClient("127.0.0.1", host.port))
    else:
        with blocking(host) as client:
            yield client


@contextmanager
def blocking(host: Host) -> Iterator[MockServerClient]:
    """The client; it leaves its event loop open."""
    with MockServerClient("127.0.0.1", host.port) as client:
        yield client
    client._loop.close()


def path_of(expectation: Any) -> str:
    return str(expectation.http_request.path)


def test_an_expectation_is_set_answers_and_is_retrieved(client: Any, host: Host) -> None:
    (stored,) = (
        client.when(HttpRequest(path="/a", method="GET"))
        .with_id("mine")
        .with_priority(3)
        .respond(HttpResponse(status_code=201, body="made", headers={"X-A": ["1"]}))
    )
    assert (stored.id, stored.priority, stored.http_response.status_code) == ("mine", 3, 201)
    answer = host.get("/a")
    assert (answer.status_code, answer.text, answer.headers["x-a"]) == (201, "made", "1")
    client.upsert(
        Expectation(http_request=HttpRequest(path="/b"), http_response=HttpResponse(), times=Times(1, False)),
        Expectation(http_request=HttpRequest(path="/c"), http_response=HttpResponse()),
    )
    assert [path_of(each) for each in client.retrieve_active_expectations()] == ["/a", "/b", "/c"]
    assert [path_of(each) for each in client.retrieve_active_expectations(HttpRequest(path="/b"))] == ["/b"]
    assert [path_of(each) for each in client.retrieve_active_expectations_by_id("mine")] == ["/a"]
    page = client.retrieve_active_expectations(None, ExpectationFilter().with_offset(1).with_limit(1))
    assert [path_of(each) for each in page] == ["/b"]
    assert host.get("/b").status_code == 200
    assert host.get("/b").status_code == 404
    assert [path_of(each) for each in client.retrieve_active_expectations()] == ["/a", "/c"]


def test_what_is_no_expectation_is_an_error(client: Any) -> None:
    with pytest.raises(MockServerError, match="Invalid expectation: incorrect expectation json format"):
        client.upsert(Expectation(http_request=HttpRequest(path="/a")))


def test_requests_are_verified(client: Any, host: Host) -> None:
    client.when(HttpRequest(path="/a")).with_id("mine").respond(HttpResponse(body="A"))
    client.verify_zero_interactions()
    host.get("/a?n=1")
    host.send("POST", "/b", json={"n": 1})
    host.get("/a?n=2")
    client.verify(HttpRequest(path="/a"))
    client.verify(HttpRequest(path="/a"), VerificationTimes.exactly(2))
    client.verify(HttpRequest(path="/[ab]"), VerificationTimes.between(3, 3))
    client.verify(HttpRequest(path="/a", query_string_parameters={"n": ["2"]}), VerificationTimes.once())
    client.verify(HttpRequest(path="/none"), VerificationTimes.at_most(0))
    client.verify(HttpRequest(method="POST", body={"type": "JSON", "json": {"n": 1}}))
    client.verify(response=HttpResponse(status_code=404))
    client.verify(HttpRequest(path="/a"), VerificationTimes.at_least(2), response=HttpResponse(body="A"))
    with pytest.raises(MockServerVerificationError) as failed:
        client.verify(HttpRequest(path="/a"), VerificationTimes.at_most(1))
    assert str(failed.value).startswith('Request not found at most once, expected:<{\n  "path" : "/a"\n}> but was:<[ {')
    with pytest.raises(MockServerVerificationError, match="Request not found at most 0 times"):
        client.verify_zero_interactions()


def test_the_order_of_requests_is_verified(client: Any, host: Host) -> None:
    for path in ("/a", "/b", "/c"):
        host.get(path)
    client.verify_sequence(HttpRequest(path="/a"), HttpRequest(path="/c"))
    client.verify_sequence(HttpRequest(path="/b"), responses=[HttpResponse(status_code=404)])
    with pytest.raises(MockServerVerificationError, match="Request sequence not found, expected:<"):
        client.verify_sequence(HttpRequest(path="/c"), HttpRequest(path="/a"))


def test_the_log_is_retrieved(client: Any, host: Host) -> None:
    client.when(HttpRequest(path="/a")).with_id("mine").respond(HttpResponse(body="A"))
    host.get("/a", headers={"X-A": "1"})
    host.get("/b")
    requests = client.retrieve_recorded_requests()
    assert [each.path for each in requests] == ["/a", "/b"]
    assert [each.path for each in client.retrieve_recorded_requests(HttpRequest(path="/b"))] == ["/b"]
    assert [each.path for each in client.retrieve_recorded_requests_by_id("mine")] == ["/a"]
    pairs = client.retrieve_recorded_requests_and_responses()
    assert [each.http_response.status_code for each in pairs] == [200, 404]
    assert len(client.retrieve_recorded_requests_and_responses_by_id("mine")) == 1
    messages = client.retrieve_log_messages()
    assert len(messages) == 2
    assert "/b" in messages[1]
    assert len(client.retrieve_log_messages_by_id("mine")) == 1
    with pytest.raises(MockServerError, match="No expectation found with id nobody"):
        client.retrieve_recorded_requests_by_id("nobody")


def test_what_is_held_is_cleared(client: Any, host: Host) -> None:
    def held() -> tuple[list[str], list[str]]:
        expectations, requests = client.retrieve_active_expectations(), client.retrieve_recorded_requests()
        return [path_of(each) for each in expectations], [each.path for each in requests]

    for name in ("a", "b", "c"):
        client.when(HttpRequest(path=f"/{name}")).with_id(name).respond(HttpResponse())
        host.get(f"/{name}")
    client.clear(HttpRequest(path="/a"), "log")
    assert held() == (["/a", "/b", "/c"], ["/b", "/c"])
    client.clear(HttpRequest(path="/b"))
    assert held() == (["/a", "/c"], ["/c"])
    client.clear_by_id("c", "expectations")
    assert held() == (["/a"], ["/c"])
    client.clear()
    assert held() == ([], [])
    client.when(HttpRequest(path="/d")).respond(HttpResponse())
    client.reset()
    assert held() == ([], [])
    with pytest.raises(MockServerError, match='"unmatched" is not supported'):
        client.clear_unmatched_expectations()


def test_recordings_are_retrieved(client: Any, host: Host, upstream: Upstream) -> None:
    if host.proxy is None:
        assert client.retrieve_recorded_expectations() == []
        return
    upstream.says("GET /users/1", body=b'{"id": 1}')
    upstream.says("GET /users/2", body=b'{"id": 2}')
    client.set_mode("CAPTURE")
    with host.proxy.client() as browser:
        for number in (1, 2, 1):
            browser.get(f"{upstream.url}/users/{number}")
    recorded = client.retrieve_recorded_expectations()
    assert [path_of(each) for each in recorded] == ["/users/1", "/users/2", "/users/1"]
    assert [each.times.remaining_times for each in recorded] == [1, 1, 1]
    assert [path_of(each) for each in client.retrieve_recorded_expectations(offset=1, limit=1)] == ["/users/2"]
    consolidated = client.retrieve_recorded_expectations(options=RecordedExpectationsOptions().with_consolidate())
    assert [path_of(each) for each in consolidated] == ["/users/1", "/users/2"]
    widened = RecordedExpectationsOptions().with_parameterize().with_capture_headers()
    (one,) = client.retrieve_recorded_expectations(options=widened)
    assert path_of(one) == r"/users/\d+"
    client.verify(HttpRequest(path="/users/1"), VerificationTimes.exactly(2))
    (active, *_) = client.retrieve_active_expectations(HttpRequest(path="/users/1"))
    assert len(client.retrieve_recorded_expectations_by_id(active.id)) == 2
    client.reset()
    client.upsert(*recorded[:2])
    answer = host.get("/users/2", headers={"Host": upstream.url.partition("://")[2], **_headers(recorded[1])})
    assert answer.json() == {"id": 2}


def _headers(expectation: Any) -> dict[str, str]:
    return {each.name: each.values[0] for each in expectation.http_request.headers if each.name.lower() != "host"}


CONTRACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "users"},
    "interactions": [
        {"description": "a", "request": {"method": "GET", "path": "/a"}, "response": {"status": 200, "body": {"n": 1}}}
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}


def test_contracts_are_imported_exported_and_verified(client: Any, host: Host) -> None:
    (stored,) = json.loads(client.pact_import(json.dumps(CONTRACT)))
    assert stored["id"] == "a"
    assert host.get("/a").json() == {"n": 1}
    exported = json.loads(client.pact_export("web", "users"))
    assert [each["description"] for each in exported["interactions"]] == ["a"]
    assert json.loads(client.pact_verify(json.dumps(exported)))["verified"] is True
    client.reset()
    assert json.loads(client.pact_verify(json.dumps(CONTRACT)))["verified"] is False
    with pytest.raises(MockServerError, match="Pact contract must contain at least one interaction"):
        client.pact_verify("{}")
    with pytest.raises(MockServerError, match="not a valid Pact contract"):
        client.pact_import("{}")


HAR = {
    "log": {
        "entries": [
            {
                "request": {"method": "GET", "url": "http://api.example/a"},
                "response": {"status": 200, "content": {"text": "A"}},
            }
        ]
    }
}
POSTMAN = {"info": {"name": "a"}, "item": [{"request": {"method": "GET", "url": "{{base}}/p"}, "response": []}]}
WIREMOCK = {"request": {"url": "/w"}, "response": {"body": "W", "fixedDelayMilliseconds": 1}}


def test_documents_are_imported(client: Any, host: Host) -> None:
    assert [path_of(each) for each in client.import_har(json.dumps(HAR))] == ["/a"]
    assert [path_of(each) for each in client.import_postman_collection(json.dumps(POSTMAN))] == ["/p"]
    assert [path_of(each) for each in client.import_document(json.dumps(WIREMOCK), "wiremock")] == ["/w"]
    assert [path_of(each) for each in client.import_document(json.dumps(HAR))] == ["/a"]
    assert (host.get("/a").text, host.get("/p").status_code, host.get("/w").text) == ("A", 200, "W")
    with pytest.raises(MockServerError, match='"mockoon" is not supported'):
        client.import_document("{}", "mockoon")


def test_the_mode_is_changed(client: Any, host: Host) -> None:
    assert client.set_mode("SIMULATE") == {"mode": "SIMULATE", "proxyUnmatchedRequests": False}
    assert client.retrieve_mode()["mode"] == "SIMULATE"
    if host.proxy is not None:
        assert client.set_mode("spy") == {"mode": "SPY", "proxyUnmatchedRequests": True}
    with pytest.raises(MockServerError, match="unknown mode 'nonsense'"):
        client.set_mode("nonsense")


def test_scenarios_are_moved(client: Any) -> None:
    scenario = client.scenario("my order")
    assert scenario.state() == "Started"
    assert scenario.set("paid") == {"scenarioName": "my order", "currentState": "paid"}
    assert scenario.trigger("sent")["currentState"] == "sent"
    assert client.scenarios() == [{"scenarioName": "my order", "currentState": "sent"}]


def test_mismatches_are_explained(client: Any, host: Host) -> None:
    client.when(HttpRequest(path="/a", method="POST")).with_id("mine").respond(HttpResponse())
    host.get("/a")
    told = client.debug_mismatch(HttpRequest(path="/a", method="GET"))
    assert (told.closest_match.expectation_id, told.closest_match.matched_fields) == ("mine", 4)
    assert list(told.results[0].differences) == ["method"]
    explained = client.explain_unmatched(5)
    assert explained.unmatched_request_count == 1
    assert explained.unmatched_requests[0].closest_expectations[0].expectation_id == "mine"
    with pytest.raises(MockServerError, match='"suggestFixes" is not supported'):
        client.explain_unmatched(suggest_fixes=True)


def test_metrics_are_retrieved(client: Any, host: Host) -> None:
    host.get("/a")
    assert client.retrieve_metrics()["REQUESTS_RECEIVED_COUNT"] >= 1
    assert "# TYPE pact_recorder_requests_total counter" in client.scrape_metrics()


def test_code_is_not_written(client: Any) -> None:
    assert client.retrieve_expectations_as_code("java") == "JAVA not supported for ACTIVE_EXPECTATIONS"
    assert client.retrieve_recorded_expectations_as_code("go") == "GO not supported for RECORDED_EXPECTATIONS"


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.freeze_clock(),
        lambda client: client.bind(0),
        lambda client: client.store_file("a", "b"),
        lambda client: client.retrieve_configuration(),
        lambda client: client.explain("x"),
    ],
    ids=["clock", "bind", "files", "configuration", "explain"],
)
def test_what_is_not_supported_is_an_error_that_says_so(client: Any, call: Callable[[Any], Any]) -> None:
    with pytest.raises(MockServerError, match="There is no /mockserver/"):
        call(client)


@pytest.mark.parametrize("kind", ["proxy", "serve"])
def test_the_program_is_stopped(kind: str, tmp_path: Path, confdir: Path) -> None:
    with hosted(kind, tmp_path / "recordings", confdir) as host, blocking(host) as client:
        assert client.has_started()
        client.stop()
        assert host.process.wait(30) == 0
        assert not client.has_started(attempts=1)
