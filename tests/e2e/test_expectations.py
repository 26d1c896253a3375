"""Expectations as MockServer means them, with a real mitmdump, a real service and real clients."""

import base64
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mockserver_matchers import MATCHED
from proxy import Proxy, client_tls, running
from upstream import Handler, Upstream


@pytest.fixture(scope="module")
def shared(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    settings = (f"pact_recordings={tmp_path_factory.mktemp('shared')}", "pact_session=test", "ssl_insecure=true")
    with running(*settings, confdir=confdir) as started:
        yield started
        assert "hook failed" not in started.output


@pytest.fixture
def spy(shared: Proxy) -> Proxy:
    """A proxy in spy mode without expectations; the process is shared."""
    shared.switch("spy")
    shared.control("PUT", "reset")
    return shared


def put(proxy: Proxy, *documents: Any) -> Any:
    answer = proxy.control("PUT", "expectation", content=json.dumps(documents))
    assert answer.status_code == 201, answer.text
    return answer.json()


def echo(handler: Handler) -> None:
    """Answer with what came."""
    fields = {name.lower(): value for name, value in handler.headers.items()}
    seen = {"line": f"{handler.command} {handler.path}", "headers": fields, "body": handler.body.decode()}
    handler.reply(200, json.dumps(seen).encode(), Set_Cookie="s=1")


def test_every_matcher_decides_over_real_traffic(spy: Proxy) -> None:
    answer = {"httpResponse": {"body": "yes"}}
    put(spy, *(answer | {"httpRequest": {"path": f"/{at}", **row[0]}} for at, row in enumerate(MATCHED)))
    with spy.direct() as client:
        for at, (document, taken, refused) in enumerate(MATCHED):
            assert client.post(f"/{at}", **taken).text == "yes", document
            assert client.post(f"/{at}", **refused).status_code == 404, document


def test_path_parameters_and_a_negated_request(spy: Proxy) -> None:
    put(
        spy,
        {
            "httpRequest": {"path": "/users/{id}", "pathParameters": {"id": ["[0-9]+"]}},
            "httpResponse": {"body": "user"},
            "priority": 1,
        },
        {"httpRequest": {"not": True, "path": "/users/.*"}, "httpResponse": {"body": "no user"}},
    )
    with spy.direct() as client:
        assert client.get("/users/12").text == "user"
        assert client.get("/users/x").status_code == 404
        assert client.get("/other").text == "no user"


def test_a_forward_goes_elsewhere_and_is_recorded(spy: Proxy, upstream: Upstream, tls_upstream: Upstream) -> None:
    upstream.answers["*"] = tls_upstream.answers["*"] = echo
    before = spy.status()["recorder"]["recorded"]
    put(
        spy,
        {"httpRequest": {"path": "/plain"}, "httpForward": {"host": "127.0.0.1", "port": upstream.port}},
        {
            "httpRequest": {"path": "/secure"},
            "httpForward": {"host": "127.0.0.1", "port": tls_upstream.port, "scheme": "HTTPS"},
        },
    )
    with spy.direct() as direct, spy.client() as proxied:
        plain = direct.post("/plain?x=1", content="asked").json()
        secure = proxied.get("http://nowhere.example/secure").json()
    assert (plain["line"], plain["body"]) == ("POST /plain?x=1", "asked")
    assert plain["headers"]["host"] == f"127.0.0.1:{upstream.port}"
    assert secure["headers"]["host"] == f"127.0.0.1:{tls_upstream.port}"
    assert spy.status()["recorder"]["recorded"] == before + 2
    recorded = spy.control("PUT", "retrieve?type=RECORDED_EXPECTATIONS").json()
    assert [each["httpRequest"]["path"] for each in recorded] == ["/plain", "/secure"]


def test_a_forward_is_a_miss_in_mock_mode(spy: Proxy, upstream: Upstream) -> None:
    put(spy, {"httpForward": {"host": "127.0.0.1", "port": upstream.port}})
    spy.switch("mock")
    with spy.direct() as client:
        missed = client.get("/a")
    assert (missed.status_code, missed.json()["reason"]) == (404, "not-forwarded")
    assert "nothing leaves this machine" in missed.json()["advice"]
    assert upstream.connections == 0


def test_a_forwarded_request_and_its_answer_are_overridden(spy: Proxy, upstream: Upstream) -> None:
    upstream.answers["*"] = echo
    put(
        spy,
        {
            "httpRequest": {"path": "/old/.*"},
            "httpOverrideForwardedRequest": {
                "requestOverride": {
                    "method": "PUT",
                    "headers": {"Host": f"127.0.0.1:{upstream.port}", "X-New": "1"},
                    "cookies": {"c": "2"},
                    "body": {"type": "STRING", "string": "changed"},
                },
                "requestModifier": {
                    "path": {"regex": "^/old/(.*)$", "substitution": "/new/$1"},
                    "queryStringParameters": {"add": {"added": "x y"}, "remove": ["gone"]},
                    "headers": {"remove": ["X-Secret"]},
                },
                "responseOverride": {"statusCode": 203, "headers": {"X-Answer": "changed"}},
                "responseModifier": {"cookies": {"remove": ["s"]}},
            },
        },
    )
    with spy.direct() as client:
        answer = client.get("/old/a?gone=1&kept=2", headers={"X-Secret": "s", "Cookie": "a=1"})
    seen = answer.json()
    assert (seen["line"], seen["body"]) == ("PUT /new/a?kept=2&added=x+y", "changed")
    assert seen["headers"]["x-new"] == "1"
    assert "x-secret" not in seen["headers"]
    assert seen["headers"]["cookie"] == "a=1; c=2"
    assert (answer.status_code, answer.headers["x-answer"]) == (203, "changed")
    assert "set-cookie" not in answer.headers
    (recorded,) = spy.control("PUT", "retrieve?type=RECORDED_EXPECTATIONS").json()
    assert recorded["httpRequest"]["path"] == "/new/a"
    assert recorded["httpResponse"]["statusCode"] == 200


def test_an_answers_body_is_overridden_however_it_comes(spy: Proxy, upstream: Upstream) -> None:
    def in_pieces(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"3\r\nold\r\n0\r\n\r\n")

    upstream.answers["*"] = in_pieces
    address = {"host": "127.0.0.1", "port": upstream.port}
    put(
        spy,
        {
            "httpOverrideForwardedRequest": {
                "httpRequest": {"socketAddress": address},
                "httpResponse": {"body": {"new": True}},
            }
        },
    )
    with spy.direct() as client:
        answer = client.get("/a")
    assert answer.json() == {"new": True}
    assert answer.headers["content-type"] == "application/json"


def raw(proxy_port: int, path: str = "/a") -> bytes:
    """Everything that a plain client gets until the connection ends."""
    with socket.create_connection(("127.0.0.1", proxy_port), timeout=20) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{proxy_port}\r\n\r\n".encode())
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    return received


FAULTS = [
    ({"dropConnection": True}, b""),
    ({"dropConnection": True, "responseBytes": base64.b64encode(b"no http").decode()}, b"no http"),
    ({"responseBytes": base64.b64encode(b"HTTP/1.1 299 Odd\r\n\r\n").decode()}, b"HTTP/1.1 299 Odd\r\n\r\n"),
]


def test_an_error_breaks_the_connection_off(spy: Proxy) -> None:
    for fault, received in FAULTS:
        put(spy, {"id": "only", "httpError": fault})
        assert raw(spy.port) == received
    put(spy, {"id": "only", "httpError": {"dropConnection": True}})
    with spy.client(verify=client_tls(http2=False)) as client, pytest.raises(httpx.HTTPError):
        client.get("https://nowhere.example/a")


def test_an_answer_waits_and_ends_its_connection(spy: Proxy) -> None:
    put(
        spy,
        {
            "httpRequest": {"path": "/slow"},
            "httpResponse": {
                "delay": {"timeUnit": "MILLISECONDS", "value": 300},
                "connectionOptions": {"closeSocket": True},
            },
        },
        {"httpRequest": {"path": "/fast"}, "httpResponse": {}},
    )
    began = time.monotonic()
    answer = raw(spy.port, "/slow")
    assert time.monotonic() - began >= 0.3
    assert b"\r\nConnection: close\r\n" in answer
    with spy.direct() as client:
        assert client.get("/fast").elapsed.total_seconds() < 0.3


def test_a_scenario_moves_on(spy: Proxy) -> None:
    put(
        spy,
        {"scenarioName": "s", "scenarioState": "Started", "newScenarioState": "b", "httpResponse": {"body": "first"}},
        {"scenarioName": "s", "scenarioState": "b", "httpResponse": {"body": "then"}},
    )
    with spy.direct() as client:
        assert [client.get("/a").text for _ in range(3)] == ["first", "then", "then"]
        spy.control("PUT", "reset")
        assert client.get("/a").status_code == 404


def test_one_of_several_responses_is_given_at_random(spy: Proxy) -> None:
    bodies = [{"body": str(number)} for number in range(4)]
    put(spy, {"httpResponses": bodies, "responseMode": "RANDOM"})
    with spy.direct() as client:
        assert {client.get("/a").text for _ in range(100)} == {"0", "1", "2", "3"}
