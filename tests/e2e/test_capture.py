"""What is recorded of real traffic: bodies of every kind, whole or marked as cut, and what is left out."""

import gzip
import http.client
import signal
import socket
import threading
import time
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from proxy import Proxy, running, wait_for
from upstream import Handler, Upstream

from pact_recorder.http import Exchange
from pact_recorder.recordings import load_session

TEXT = "Grüße, 世界 " * 50


def recorded(proxy: Proxy, recordings: Path, name: str = "test") -> list[Exchange]:
    proxy.stop()
    return [entry.exchange for entry in load_session(recordings / f"{name}.yaml").entries]


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
    ],
)
def test_compressed_bodies_are_recorded_decoded_and_replayed_as_they_were(
    proxy: Proxy, upstream: Upstream, recordings: Path, coding: str, encode: object
) -> None:
    assert callable(encode)
    wire = encode(TEXT.encode())
    upstream.says("GET /text", body=wire, content_type="text/plain; charset=utf-8", Content_Encoding=coding)
    with proxy.client() as client:
        accepting = {"Accept-Encoding": "gzip, deflate, br, zstd"}
        with client.stream("GET", f"{upstream.url}/text", headers=accepting) as answer:
            assert b"".join(answer.iter_raw()) == wire
        proxy.switch("mock")
        with client.stream("GET", f"{upstream.url}/text", headers=accepting) as answer:
            assert b"".join(answer.iter_raw()) == wire
            assert answer.headers["content-encoding"] == coding
        plain = client.get(f"{upstream.url}/text", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == TEXT.encode()
    (exchange,) = recorded(proxy, recordings)
    assert exchange.response.body is not None
    assert exchange.response.body.content == TEXT.encode()
    assert TEXT.strip()[:40] in (recordings / "test.yaml").read_text()


def test_charsets_binary_and_large_bodies(proxy: Proxy, upstream: Upstream, recordings: Path) -> None:
    latin, image, large = "café".encode("latin-1"), bytes(range(256)) * 20, b'"' + b"x" * 300_000 + b'"'
    upstream.says("GET /latin", body=latin, content_type="text/plain; charset=iso-8859-1")
    upstream.says("GET /image", body=image, content_type="image/png")
    upstream.says("GET /large", body=large)
    with proxy.client() as client:
        for path in ("latin", "image", "large"):
            client.get(f"{upstream.url}/{path}")
    exchanges = {exchange.request.path: exchange for exchange in recorded(proxy, recordings)}
    bodies = {path: exchange.response.body.content for path, exchange in exchanges.items() if exchange.response.body}
    assert bodies == {"/latin": latin, "/image": image, "/large": large}
    assert "café" in (recordings / "test.yaml").read_text()
    files = sorted((recordings / "test.bodies").iterdir())
    assert sorted(path.stat().st_size for path in files) == [len(image), len(large)]
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}


def test_empty_and_absent_bodies_are_kept_apart(proxy: Proxy, upstream: Upstream, recordings: Path) -> None:
    upstream.says("HEAD /a", body=b"12345")
    upstream.says("DELETE /a", 204)
    upstream.says("GET /cached", 304)
    upstream.says("GET /empty", body=b"")
    upstream.says("GET /moved", 302, b"", Location="/empty")
    upstream.says("POST /empty", body=b"")
    with proxy.client() as client:
        client.head(f"{upstream.url}/a")
        client.delete(f"{upstream.url}/a")
        client.get(f"{upstream.url}/cached", headers={"If-None-Match": '"1"'})
        client.get(f"{upstream.url}/empty")
        client.get(f"{upstream.url}/moved")
        client.post(f"{upstream.url}/empty", content=b"")
    exchanges = recorded(proxy, recordings)
    found = {
        f"{of.request.method} {of.request.path}": (of.request.body is None, of.response.body is None)
        for of in exchanges
    }
    assert found == {
        "HEAD /a": (True, True),
        "DELETE /a": (True, True),
        "GET /cached": (True, True),
        "GET /empty": (True, False),
        "GET /moved": (True, False),
        "POST /empty": (False, False),
    }
    head = next(of for of in exchanges if of.request.method == "HEAD")
    assert head.response.headers.get("content-length") == "5"


def test_repeated_headers_keep_order_and_spelling(proxy: Proxy, upstream: Upstream, recordings: Path) -> None:
    def answer(handler: Handler) -> None:
        handler.send_response(200, "Fine")
        for name, value in (("X-ThInG", "b"), ("x-thing", "a"), ("Content-Length", "0"), ("Link", "<x>; rel=a")):
            handler.send_header(name, value)
        handler.end_headers()

    upstream.answers["GET /h"] = answer
    with proxy.client() as client:
        client.get(f"{upstream.url}/h", headers=[("X-B", "1"), ("X-A", "2"), ("X-B", "3")])
    (exchange,) = recorded(proxy, recordings)
    assert [field for field in exchange.response.headers if field[0].lower() == "x-thing"] == [
        ("X-ThInG", "b"),
        ("x-thing", "a"),
    ]
    assert [field for field in exchange.request.headers if field[0].startswith("X-")] == [
        ("X-B", "1"),
        ("X-A", "2"),
        ("X-B", "3"),
    ]
    assert exchange.response.reason == "Fine"
    assert abs(exchange.started - time.time()) < 60
    assert 0 <= exchange.duration < 60


def chunked(handler: Handler, *chunks: bytes, pause: threading.Event | None = None) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream" if pause else "application/json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for number, chunk in enumerate(chunks):
        if number and pause is not None:
            pause.wait(20)
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    handler.wfile.write(b"0\r\n\r\n")


def test_events_are_passed_on_without_delay_and_recorded(proxy: Proxy, upstream: Upstream, recordings: Path) -> None:
    go_on = threading.Event()
    upstream.answers["GET /events"] = lambda handler: chunked(handler, b"data: one\n\n", b"data: two\n\n", pause=go_on)
    with proxy.client() as client, client.stream("GET", f"{upstream.url}/events") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "data: one"
        go_on.set()
        assert [line for line in lines if line] == ["data: two"]
    (exchange,) = recorded(proxy, recordings)
    assert exchange.response.body is not None
    assert exchange.response.body.content == b"data: one\n\ndata: two\n\n"
    assert not exchange.cut


def test_events_that_a_client_leaves_are_kept_as_far_as_they_came_and_replayed(
    proxy: Proxy, upstream: Upstream, recordings: Path
) -> None:
    never = threading.Event()
    upstream.answers["GET /events"] = lambda handler: chunked(handler, b"data: one\n\n", b"data: two\n\n", pause=never)
    with proxy.client() as client, client.stream("GET", f"{upstream.url}/events") as answer:
        assert next(answer.iter_lines()) == "data: one"
    wait_for(lambda: proxy.status()["recorder"]["recorded"] == 1)
    proxy.switch("mock")
    with proxy.client() as client:
        assert client.get(f"{upstream.url}/events").content == b"data: one\n\n"
    never.set()
    (exchange,) = recorded(proxy, recordings)
    assert exchange.response.body is not None
    assert exchange.response.body.cut
    assert "event streams without their end: 1 (replayed as far as they came)" in proxy.output
    assert "cut at pact_max_body" not in proxy.output


def test_what_is_under_way_at_the_end_is_kept_as_far_as_it_came_or_counted(
    proxy: Proxy, upstream: Upstream, recordings: Path
) -> None:
    never, asked = threading.Event(), threading.Event()

    def silent(_: Handler) -> None:
        asked.set()
        never.wait(20)

    upstream.answers["GET /events"] = lambda handler: chunked(handler, b"data: one\n\n", b"data: two\n\n", pause=never)
    upstream.answers["GET /silent"] = silent
    with proxy.client() as client, client.stream("GET", f"{upstream.url}/events") as answer:
        assert next(answer.iter_lines()) == "data: one"
        with socket.create_connection(("127.0.0.1", proxy.port)) as waiting:
            waiting.sendall(b"GET %s/silent HTTP/1.1\r\nHost: x\r\n\r\n" % upstream.url.encode())
            assert asked.wait(20)
            proxy.stop(signal.SIGINT)
    never.set()
    (exchange,) = recorded(proxy, recordings)
    assert exchange.response.body is not None
    assert (exchange.response.body.content, exchange.cut) == (b"data: one\n\n", True)
    assert "event streams without their end: 1 (replayed as far as they came)" in proxy.output
    assert "not recorded: 1 (broken off when the recording ended)" in proxy.output
    assert "not recording" not in proxy.output
    assert "hook failed" not in proxy.output


def test_a_body_above_the_limit_is_passed_on_whole_and_recorded_as_cut(
    confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    upstream.says("GET /big", body=b"x" * 5000, content_type="text/plain")
    upstream.answers["POST /big"] = lambda handler: handler.reply(200, str(len(handler.body)).encode())
    upstream.answers["GET /chunks"] = lambda handler: chunked(handler, b"y" * 900, b"z" * 900)
    settings = (f"pact_recordings={recordings}", "pact_session=test", "pact_max_body=1k")
    with running(*settings, confdir=confdir) as proxy:
        with proxy.client() as client:
            assert client.get(f"{upstream.url}/big").content == b"x" * 5000
            assert client.post(f"{upstream.url}/big", content=b"q" * 4000).text == "4000"
            assert client.get(f"{upstream.url}/chunks").content == b"y" * 900 + b"z" * 900
            proxy.switch("mock")
            missed = client.get(f"{upstream.url}/big")
        assert missed.json()["reason"] == "cut"
        assert "pact_max_body" in missed.json()["advice"]
        exchanges = recorded(proxy, recordings)
    kept = [(of.request.method, of.request.body, of.response.body) for of in exchanges]
    assert [of.cut for of in exchanges] == [True] * 3
    assert [len(answer.content) for _, _, answer in kept if answer] == [1024, 4, 1024]
    assert [len(sent.content) for _, sent, _ in kept if sent] == [1024]
    assert "cut at pact_max_body: 3" in proxy.output


def test_what_breaks_off_is_passed_through_and_counted(proxy: Proxy, upstream: Upstream, recordings: Path) -> None:
    def breaks_off(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")
        handler.close_connection = True

    upstream.answers["GET /half"] = breaks_off
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with proxy.client() as client:
            assert client.get(f"{upstream.url}/half").status_code == 502
            assert client.get(closed).status_code == 502
    output = proxy.stop()
    assert output.count("not recorded: 1 (failed:") == 2
    assert not (recordings / "test.yaml").exists()


def test_upgrades_and_grpc_are_passed_through_and_counted(proxy: Proxy, upstream: Upstream) -> None:
    def upgrades(handler: Handler) -> None:
        handler.send_response(101)
        for name, value in (
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b"\x81\x05hello")
        handler.rfile.read(1)
        handler.close_connection = True

    upstream.answers["GET /socket"] = upgrades
    upstream.says("POST /svc/Call", body=b"\0\0\0\0\0", content_type="application/grpc")
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=20)
    connection.putrequest("GET", f"{upstream.url}/socket")
    for name, value in (
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    answer = b""
    while b"hello" not in answer:
        piece = connection.sock.recv(1000)
        assert piece, answer
        answer += piece
    assert b" 101 " in answer
    connection.close()
    with proxy.client() as client:
        client.post(f"{upstream.url}/svc/Call", headers={"Content-Type": "application/grpc"}, content=b"\0" * 5)
    output = proxy.stop()
    assert "not recorded: 1 (WebSocket or other upgrade)" in output
    assert "not recorded: 1 (gRPC)" in output


def test_filters_choose_what_is_recorded(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    for path in ("api", "assets", "private"):
        upstream.says(f"GET /{path}", body=f'"{path}"'.encode())
    settings = (
        f"pact_recordings={recordings}",
        "pact_session=test",
        "pact_filter=~u /(api|private)",
        "pact_ignore=~u private",
    )
    with running(*settings, confdir=confdir) as proxy:
        with proxy.client() as client:
            assert [client.get(f"{upstream.url}/{path}").json() for path in ("api", "assets", "private")] == [
                "api",
                "assets",
                "private",
            ]
        exchanges = recorded(proxy, recordings)
    assert [of.request.path for of in exchanges] == ["/api"]
    assert "not recorded: 1 (not selected by pact_filter)" in proxy.output
    assert "not recorded: 1 (pact_ignore)" in proxy.output


def test_streaming_by_mitmproxy_itself_is_recorded_too(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    body = b'"' + b"s" * 9000 + b'"'
    upstream.says("GET /streamed", body=body)
    settings = (f"pact_recordings={recordings}", "pact_session=test", "stream_large_bodies=1k")
    with running(*settings, confdir=confdir) as proxy:
        with proxy.client() as client:
            assert client.get(f"{upstream.url}/streamed").content == body
        (exchange,) = recorded(proxy, recordings)
    assert exchange.response.body is not None
    assert exchange.response.body.content == body


def test_two_processes_on_one_session_get_a_clear_error(
    proxy: Proxy, confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    second = Proxy(f"pact_recordings={recordings}", "pact_session=test", confdir=confdir)
    assert second.process.wait(60) == 1
    output = second.stop()
    assert "test" in output
    assert "another" in output.lower()
    assert "Traceback" not in output


def test_a_killed_recording_is_recovered_at_the_next_start(
    proxy: Proxy, confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    upstream.says("GET /kept", body=b'"kept"')
    with proxy.client() as client:
        client.get(f"{upstream.url}/kept")
    proxy.process.kill()
    proxy.process.wait()
    assert not (recordings / "test.yaml").exists()
    journal = recordings / "test.journal"
    journal.write_bytes(journal.read_bytes() + b'deadbeef {"torn')
    settings = (f"pact_recordings={recordings}", "pact_session=test", "pact_mode=mock")
    with running(*settings, confdir=confdir) as mocking, mocking.client() as client:
        assert client.get(f"{upstream.url}/kept").json() == "kept"
        output = mocking.stop()
    assert "journal" in output
    assert len(load_session(recordings / "test.yaml").entries) == 1
