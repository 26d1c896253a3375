"""In mock mode nothing leaves the machine: the upstream's listener notes every connection attempt."""

import socket
from pathlib import Path

import httpx
import pytest
from proxy import Proxy, client_tls, running
from upstream import Upstream


def mocking(confdir: Path, recordings: Path, *more: str, mode: str = "regular") -> Proxy:
    settings = (f"pact_recordings={recordings}", "pact_mode=mock", *more)
    return Proxy(*settings, mode=mode, confdir=confdir).wait_until_listening()


def test_a_miss_opens_no_connection(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    proxy = mocking(confdir, recordings)
    with proxy.client() as client:
        assert client.get(f"{upstream.url}/x").status_code == 404
    proxy.stop()
    assert upstream.connections == 0


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
def test_https_opens_no_connection(confdir: Path, recordings: Path, tls_upstream: Upstream, http2: bool) -> None:
    proxy = mocking(confdir, recordings)
    with proxy.client(http2=http2, verify=client_tls(http2)) as client:
        answer = client.get(f"{tls_upstream.url}/x")
    assert answer.status_code == 404
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    proxy.stop()
    assert tls_upstream.connections == 0


@pytest.mark.parametrize("tls", [False, True], ids=["ws", "wss"])
def test_a_websocket_upgrade_opens_no_connection(
    confdir: Path, recordings: Path, upstream: Upstream, tls_upstream: Upstream, tls: bool
) -> None:
    target = tls_upstream if tls else upstream
    proxy = mocking(confdir, recordings)
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with proxy.client() as client:
        assert client.get(f"{target.url}/socket", headers=upgrade).status_code == 404
    proxy.stop()
    assert target.connections == 0


def test_an_exhausted_sequence_opens_no_connection(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    upstream.says("GET /once", body=b'"once"')
    settings = (f"pact_recordings={recordings}", "pact_session=once")
    with running(*settings, confdir=confdir) as capturing, capturing.client() as client:
        client.get(f"{upstream.url}/once")
    seen = upstream.connections
    proxy = mocking(confdir, recordings, "pact_session=once", "pact_sequence=miss")
    with proxy.client() as client:
        answers = [client.get(f"{upstream.url}/once") for _ in range(3)]
    proxy.stop()
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert answers[1].json()["reason"] == "exhausted"
    assert upstream.connections == seen


def test_a_raw_tunnel_is_refused_and_counted(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    proxy = mocking(confdir, recordings)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as tunnel:
        tunnel.sendall(f"CONNECT 127.0.0.1:{upstream.port} HTTP/1.1\r\n\r\n".encode())
        assert b" 200 " in tunnel.recv(1000)
        # Neither TLS nor HTTP: mitmproxy would relay it as raw TCP.
        tunnel.sendall(b"\x00\x01\x02\x03 some protocol of its own\r\n")
        tunnel.settimeout(10)
        assert tunnel.recv(1000) == b""
    refused = proxy.status()["recorder"]["refusedConnections"]
    output = proxy.stop()
    assert refused >= 1
    assert upstream.connections == 0
    assert f"connections refused in mock mode: {refused}" in output


@pytest.mark.parametrize("kind", ["upstream", "reverse", "socks5"])
def test_no_proxy_mode_opens_a_connection(confdir: Path, recordings: Path, upstream: Upstream, kind: str) -> None:
    mode = "socks5" if kind == "socks5" else f"{kind}:{upstream.url}"
    proxy = mocking(confdir, recordings, mode=mode)
    if kind == "reverse":
        answer = httpx.get(f"{proxy.url}/x", trust_env=False)
    else:
        via = f"socks5://127.0.0.1:{proxy.port}" if kind == "socks5" else proxy.url
        with proxy.client(proxy=via) as client:
            answer = client.get(f"{upstream.url}/x")
    assert answer.status_code == 404
    proxy.stop()
    assert upstream.connections == 0


def test_connections_that_were_open_before_are_not_used(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("GET /a", body=b'"a"')
    with proxy.client() as client:
        client.get(f"{upstream.url}/a")
        seen = upstream.connections
        proxy.switch("mock")
        assert client.get(f"{upstream.url}/b").status_code == 404
    assert upstream.connections == seen
    assert upstream.requests == ["GET /a"]


def test_the_clients_tls_is_answered_with_a_certificate_of_the_ca(
    confdir: Path, recordings: Path, tls_upstream: Upstream
) -> None:
    proxy = mocking(confdir, recordings)
    trust = client_tls(False, confdir / "mitmproxy-ca-cert.pem")
    with proxy.client(verify=trust) as client:
        assert client.get(f"https://localhost:{tls_upstream.port}/x").status_code == 404
    proxy.stop()
    assert tls_upstream.connections == 0
