"""The log of requests in a real mitmdump: what is in it, what is not, and the control API's bare paths."""

import json
import socket
from pathlib import Path
from typing import Any

import httpx
from proxy import Proxy, running, wait_for
from upstream import Upstream


def log(proxy: Proxy, kind: str = "REQUEST_RESPONSES") -> list[Any]:
    answer = proxy.control("PUT", f"retrieve?type={kind}")
    assert answer.status_code == 200, answer.text
    found: list[Any] = json.loads(answer.text)
    return found


def shown(proxy: Proxy) -> list[tuple[str, int | None]]:
    return [(each["httpRequest"]["path"], each.get("httpResponse", {}).get("statusCode")) for each in log(proxy)]


def test_every_mode_logs_what_became_of_a_request(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("GET /known", body=b'"known"')
    with proxy.client() as client:
        client.get(f"{upstream.url}/known")
        proxy.switch("spy")
        client.get(f"{upstream.url}/known")
        client.get(f"{upstream.url}/unknown")
        proxy.switch("mock")
        client.get(f"{upstream.url}/missing")
    assert shown(proxy) == [("/known", 200), ("/known", 200), ("/unknown", 404), ("/missing", 404)]
    recorded = log(proxy, "RECORDED_EXPECTATIONS")
    assert [each["httpRequest"]["path"] for each in recorded] == ["/known", "/unknown"]
    entries = json.loads(proxy.control("PUT", "retrieve?type=LOGS&format=LOG_ENTRIES").text)
    assert [each["type"] for each in entries] == [
        "FORWARDED_REQUEST", "EXPECTATION_RESPONSE", "FORWARDED_REQUEST", "NO_MATCH_RESPONSE",
    ]  # fmt: skip
    metrics = proxy.control("GET", "metrics").text
    assert 'pact_recorder_requests_total{outcome="forwarded"} 2' in metrics


def test_what_is_not_selected_is_logged_and_what_is_ignored_is_not(
    confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    upstream.says("GET /api", body=b'{"token": "0123456789abcdef0123"}')
    upstream.says("GET /other", body=b'{"token": "0123456789abcdef0123"}')
    upstream.says("GET /secret", body=b"{}")
    options = (f"pact_recordings={recordings}", "pact_session=test", "pact_filter=~u /api", "pact_ignore=~u /secret")
    with running(*options, confdir=confdir) as proxy, proxy.client() as client:
        for path in ("/api", "/other", "/secret"):
            client.get(upstream.url + path)
        assert shown(proxy) == [("/api", 200), ("/other", 200)]
        assert "0123456789abcdef0123" not in json.dumps(log(proxy))
        assert len(log(proxy, "RECORDED_EXPECTATIONS")) == 1


def test_a_request_that_fails_is_logged_without_an_answer(proxy: Proxy) -> None:
    with socket.socket() as unheard, proxy.client() as client:
        unheard.bind(("127.0.0.1", 0))
        client.get(f"http://127.0.0.1:{unheard.getsockname()[1]}/gone")
    wait_for(lambda: log(proxy))
    assert shown(proxy) == [("/gone", None)]


def test_streamed_answers_are_logged_whole(proxy: Proxy, upstream: Upstream) -> None:
    def stream(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in (b"ab", b"cd"):
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    upstream.answers["GET /stream"] = stream
    with proxy.client() as client:
        assert client.get(f"{upstream.url}/stream").text == "abcd"
    assert log(proxy)[0]["httpResponse"]["body"]["string"] == "abcd"


def test_bare_paths_are_for_requests_to_the_proxy_itself_only(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("PUT /reset", body=b'"theirs"')
    with proxy.client() as client:
        assert client.put(f"{upstream.url}/reset").json() == "theirs"
        through = client.put("http://pact.recorder/retrieve?type=ACTIVE_EXPECTATIONS")
        assert through.headers["deprecated"]
    with proxy.direct() as direct:
        answer = direct.put("/expectation", json={"httpRequest": {"path": "/clear"}, "httpResponse": {"body": "mine"}})
        assert answer.status_code == 201
        assert answer.headers["deprecated"] == '"/expectation" is deprecated use "/mockserver/expectation" instead'
        assert direct.put("/clear").text == "mine"
        assert direct.get("/mode").status_code == 404
        # What was recorded is active, and goes first.
        assert direct.put("/reset").json() == "theirs"
        assert direct.put("/retrieve?type=LOGS").status_code == 200
    assert [path for path, _ in shown(proxy)] == ["/reset", "/clear", "/mode", "/reset"]


def test_behind_a_reverse_proxy_a_bare_path_is_the_providers(
    confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    upstream.says("PUT /reset", body=b'"theirs"')
    options = (f"pact_recordings={recordings}", "pact_session=test")
    with running(*options, mode=f"reverse:{upstream.url}", confdir=confdir) as proxy:
        assert httpx.put(f"{proxy.url}/reset", trust_env=False).json() == "theirs"
        assert [each["httpRequest"]["path"] for each in log(proxy, "RECORDED_EXPECTATIONS")] == ["/reset"]


def test_stopping_writes_the_session(proxy: Proxy, upstream: Upstream, recordings: Path) -> None:
    upstream.says("GET /a", body=b"1")
    with proxy.client() as client:
        client.get(f"{upstream.url}/a")
    assert proxy.control("PUT", "stop").status_code == 200
    assert proxy.process.wait(30) == 0
    assert (recordings / "test.yaml").is_file()
