"""The three modes, each with a real mitmdump, a real service and a real client."""

import http.client
import json
import os
import signal
import socket
import threading
from pathlib import Path

import httpx
import pytest
from proxy import Proxy, running
from upstream import Handler, Upstream


def test_capture_forwards_and_records_everything(proxy: Proxy, upstream: Upstream, recordings: Path) -> None:
    upstream.says("GET /users", body=b'[{"id": 1}]')
    with proxy.client() as client:
        answers = [client.get(f"{upstream.url}/users") for _ in range(3)]
    assert [answer.json() for answer in answers] == [[{"id": 1}]] * 3
    assert upstream.requests == ["GET /users"] * 3
    output = proxy.stop()
    assert "recorded: 3 exchanges, 2 of them repeats" in output
    session = (recordings / "test.yaml").read_text()
    assert session.count("url:") == 1
    assert "count: 3" in session
    assert oct((recordings / "test.yaml").stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in recordings.iterdir()] == ["test.yaml"]


def test_mock_answers_offline_after_a_restart(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    upstream.says("GET /users/1", body=b'{"name":"Ada","ratio":1.0}', ETag='"v1"')
    settings = (f"pact_recordings={recordings}", "pact_session=shop")
    url = f"{upstream.url}/users/1"
    with running(*settings, confdir=confdir) as capturing, capturing.client() as client:
        recorded = client.get(url)
    seen = upstream.connections
    with running(*settings, "pact_mode=mock", confdir=confdir) as mocking, mocking.client() as client:
        replayed = client.get(url)
        missed = client.get(f"{upstream.url}/users/2")
    assert replayed.content == recorded.content == b'{"name":"Ada","ratio":1.0}'
    assert replayed.headers["etag"] == '"v1"'
    assert replayed.headers["content-length"] == str(len(recorded.content))
    assert missed.status_code == 404
    assert upstream.connections == seen


def test_spy_answers_what_is_known_and_records_the_rest(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    upstream.says("GET /known", body=b'"first"')
    settings = (f"pact_recordings={recordings}", "pact_session=spied", "pact_mode=spy")
    with running(*settings, confdir=confdir) as spy, spy.client() as client:
        first = client.get(f"{upstream.url}/known")
        upstream.says("GET /known", body=b'"changed"')
        second = client.get(f"{upstream.url}/known")
        assert spy.status()["recorder"]["recorded"] == 1
    assert (first.text, second.text) == ('"first"', '"first"')
    assert upstream.requests == ["GET /known"]


def test_modes_are_switched_while_running(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("GET /a", body=b'"a"')
    assert proxy.control("GET", "mode").json()["mode"] == "CAPTURE"
    with proxy.client() as client:
        client.get(f"{upstream.url}/a")
        proxy.switch("simulate")
        assert proxy.control("GET", "mode").json()["mode"] == "SIMULATE"
        assert client.get(f"{upstream.url}/a").text == '"a"'
        assert client.get(f"{upstream.url}/b").status_code == 404
        proxy.switch("SPY")
        assert client.get(f"{upstream.url}/b").status_code == 404
    assert upstream.requests == ["GET /a", "GET /b"]
    refused = proxy.control("PUT", "mode?mode=nonsense")
    assert (refused.status_code, refused.text) == (
        400,
        "unknown mode 'nonsense' (expected one of SIMULATE, SPY, CAPTURE)",
    )


def test_what_is_addressed_to_the_proxy_itself_goes_nowhere_in_any_mode(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("GET /known", body=b'"theirs"')
    answer = {"httpRequest": {"path": "/known"}, "httpResponse": {"body": "mine"}}
    assert proxy.control("PUT", "expectation", content=json.dumps(answer)).status_code == 201
    through: dict[str, str] = {}
    with proxy.direct() as direct, proxy.client() as client:
        for mode in ("CAPTURE", "SPY", "SIMULATE"):
            proxy.switch(mode)
            assert direct.get("/unknown").status_code == 404
            assert direct.get("/known").text == "mine"
            through[mode] = client.get(f"{upstream.url}/known").text
    # MockServer's CAPTURE is its SPY; here everything that goes to others is forwarded in it.
    assert through == {"CAPTURE": '"theirs"', "SPY": "mine", "SIMULATE": "mine"}
    assert upstream.requests == ["GET /known"]


def test_a_miss_names_the_nearest_expectation_and_why(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("POST /orders", 201, b'{"ok":true}')
    with proxy.client() as client:
        client.post(f"{upstream.url}/orders", json={"item": "tea", "count": 1})
        proxy.switch("mock")
        missed = client.post(f"{upstream.url}/orders", json={"item": "tea", "count": 2})
    assert missed.status_code == 404
    document = missed.json()
    assert document["reason"] == "no-match"
    assert document["nearest"]["method"] == "POST"
    assert document["nearest"]["path"] == "/orders"
    assert [(each["path"], each["expected"], each["actual"]) for each in document["nearest"]["mismatches"]] == [
        ("$.count", "1", "2")
    ]
    assert "Expected 2" in document["advice"]
    assert any("no answer for POST" in line and "Expected 2" in line for line in proxy.stop().splitlines())


def test_the_status_of_a_miss_is_an_option(confdir: Path, recordings: Path) -> None:
    settings = (f"pact_recordings={recordings}", "pact_mode=mock", "pact_unmatched=501")
    with running(*settings, confdir=confdir) as mocking, mocking.client() as client:
        missed = client.get("http://nowhere.invalid/")
    assert missed.status_code == 501
    assert missed.json()["reason"] == "nothing-active"


def replays(proxy: Proxy, url: str, times: int) -> list[str | int]:
    with proxy.client() as client:
        answers = [client.get(url) for _ in range(times)]
    return [answer.json() if answer.status_code == 200 else answer.status_code for answer in answers]


def test_different_answers_keep_their_order(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    upstream.says_in_turn("GET /job", b'"queued"', b'"queued"', b'"running"', b'"done"')
    settings = (f"pact_recordings={recordings}", "pact_session=job")
    url = f"{upstream.url}/job"
    with running(*settings, confdir=confdir) as capturing:
        assert replays(capturing, url, 4) == ["queued", "queued", "running", "done"]
    expected: dict[str, list[str | int]] = {
        "repeat-last": ["queued", "queued", "running", "done", "done", "done"],
        "cycle": ["queued", "queued", "running", "done", "queued", "queued"],
        "miss": ["queued", "queued", "running", "done", 404, 404],
    }
    for policy, answers in expected.items():
        mock = (*settings, "pact_mode=mock", f"pact_sequence={policy}")
        with running(*mock, confdir=confdir) as mocking:
            assert replays(mocking, url, 6) == answers, policy


def test_contracts_and_sessions_are_active_from_the_start(confdir: Path, recordings: Path, tmp_path: Path) -> None:
    contract = {
        "consumer": {"name": "web"},
        "provider": {"name": "users"},
        "interactions": [
            {
                "description": "a user",
                "request": {
                    "method": "GET",
                    "path": "/users/7",
                    "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": r"/users/\d+"}]}},
                },
                "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"id": 7}},
            }
        ],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }
    path = tmp_path / "web-users.json"
    path.write_text(json.dumps(contract))
    settings = (f"pact_recordings={recordings}", "pact_mode=mock", f"pact_load={path}")
    with running(*settings, confdir=confdir) as mocking:
        with mocking.client() as client:
            through_proxy = client.get("http://users.example/users/123")
        direct = httpx.get(f"{mocking.url}/users/9", trust_env=False)
        missed = httpx.get(f"{mocking.url}/users/x", trust_env=False)
    assert through_proxy.json() == direct.json() == {"id": 7}
    assert missed.status_code == 404


def test_settings_that_change_in_flight_lose_nothing(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    go_on = threading.Event()

    def slowly(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b'4\r\n["a"\r\n')
        go_on.wait(20)
        handler.wfile.write(b"5\r\n,1.0]\r\n0\r\n\r\n")

    upstream.answers["GET /slow"] = slowly
    settings = (f"pact_recordings={recordings}", "pact_session=test")
    with running(*settings, confdir=confdir) as proxy, proxy.client() as client:
        with client.stream("GET", f"{upstream.url}/slow") as answer:
            pieces = answer.iter_raw()
            got = next(pieces)
            proxy.switch("spy")
            proxy.switch("mock")
            go_on.set()
            got += b"".join(pieces)
        assert got == b'["a",1.0]'
        assert client.get(f"{upstream.url}/slow").content == b'["a",1.0]'
        assert proxy.status()["recorder"]["recorded"] == 1


def test_who_is_authenticated_gets_the_answer_of_one_who_is(
    confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    def items(handler: Handler) -> None:
        if handler.headers.get("Authorization") is None:
            handler.reply(401, b'"who?"')
        else:
            handler.reply(201, b'"made"')

    def login(handler: Handler) -> None:
        right = b"open sesame" in handler.body
        handler.reply(200 if right else 401, b'"welcome"' if right else b'"no"')

    upstream.answers["POST /items"] = items
    upstream.answers["POST /login"] = login
    token = {"Authorization": "Bearer abcdefghijklmnopqrst"}
    settings = (f"pact_recordings={recordings}", "pact_session=test")
    with running(*settings, confdir=confdir) as proxy, proxy.client() as client:
        assert client.post(f"{upstream.url}/items", json={}).status_code == 401
        assert client.post(f"{upstream.url}/items", json={}, headers=token).status_code == 201
        assert client.post(f"{upstream.url}/login", json={"password": "guess number 1"}).status_code == 401
        assert client.post(f"{upstream.url}/login", json={"password": "open sesame"}).status_code == 200
        exported = proxy.control("PUT", "pact?consumer=c&provider=p&style=literal").json()["interactions"]
        assert [(each["description"], each["response"]["status"]) for each in exported] == [
            ("POST /items (401)", 401),
            ("POST /items (201)", 201),
            ("POST /login", 200),
        ]
        assert exported[1]["request"]["matchingRules"]["header"]["Authorization"]["matchers"] == [
            {"match": "regex", "regex": "Bearer\\s.+"}
        ]
    with running(*settings, "pact_mode=mock", confdir=confdir) as proxy, proxy.client() as client:
        other = {"Authorization": "Bearer another-token-altogether"}
        assert client.post(f"{upstream.url}/items", json={}, headers=other).status_code == 201
        assert client.post(f"{upstream.url}/items", json={}).status_code == 401
        logins = ["another one", "guess number 1", "open sesame", "another one"]
        answers = [client.post(f"{upstream.url}/login", json={"password": word}).status_code for word in logins]
        # What was recorded is known again; what was not is taken for right.
        assert answers == [200, 401, 200, 200]


def test_an_answer_without_a_body_leaves_nothing_for_the_next_one(confdir: Path, recordings: Path) -> None:
    with running(f"pact_recordings={recordings}", "pact_mode=mock", confdir=confdir) as proxy:
        expected = [
            {"httpRequest": {"path": "/deleted"}, "httpResponse": {"statusCode": 204, "body": "abc"}},
            {"httpRequest": {"path": "/same"}, "httpResponse": {"statusCode": 304, "body": "HTTP/1.1 200 OK\r\n\r\n"}},
            {"httpRequest": {"path": "/here"}, "httpResponse": {"body": "here"}},
        ]
        assert proxy.control("PUT", "expectation", json=expected).status_code == 201
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=20)
        for method, path, status in (
            ("GET", "/deleted", 204),
            ("GET", "/same", 304),
            ("HEAD", "/here", 200),
            ("HEAD", "/missing", 404),
            ("HEAD", "/mockserver/nothing", 404),
            ("GET", "/here", 200),
        ):
            connection.request(method, path)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (status, b"here" if method == "GET" and path == "/here" else b"")
        connection.close()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_end_shows_no_stack_while_clients_hold_their_connections(
    proxy: Proxy, upstream: Upstream, recordings: Path, how: int
) -> None:
    asked, release = threading.Event(), threading.Event()

    def hang(handler: Handler) -> None:
        asked.set()
        release.wait(20)

    upstream.says("GET /a")
    upstream.answers["GET /hang"] = hang
    with proxy.client() as held, socket.create_connection(("127.0.0.1", proxy.port)) as waiting:
        assert held.get(f"{upstream.url}/a").status_code == 200
        waiting.sendall(f"GET {upstream.url}/hang HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert asked.wait(20)
        with socket.create_connection(("127.0.0.1", proxy.port)):
            output = proxy.stop(how)
        release.set()
        assert waiting.recv(1) == b""
    assert proxy.process.returncode == 0
    assert "recorded: 1 exchange" in output
    assert "Traceback" not in output
    assert "Exception" not in output
    assert (recordings / "test.yaml").exists()
