"""Regular, upstream, reverse and SOCKS5 proxies, HTTP/1.1 and HTTP/2, plain and through mitmproxy's CA."""

import socket
from pathlib import Path

import httpx
import pytest
from proxy import Proxy, client_tls, running
from upstream import Upstream, serving

from pact_recorder.recordings import load_session

MODES = ("regular", "upstream", "reverse", "socks5")


def start(mode: str, upstream: Upstream, confdir: Path, recordings: Path, *more: str) -> Proxy:
    full = mode if mode in ("regular", "socks5") else f"{mode}:{upstream.url}"
    settings = (f"pact_recordings={recordings}", "pact_session=modes", *more)
    return Proxy(*settings, mode=full, confdir=confdir).wait_until_listening()


def get(proxy: Proxy, mode: str, url: str, **headers: str) -> httpx.Response:
    if mode == "reverse":
        return httpx.get(proxy.url + httpx.URL(url).path, headers=headers, trust_env=False)
    via = f"socks5://127.0.0.1:{proxy.port}" if mode == "socks5" else proxy.url
    with proxy.client(proxy=via) as client:
        return client.get(url, headers=headers)


@pytest.mark.parametrize("mode", MODES)
def test_record_and_replay(mode: str, confdir: Path, recordings: Path, upstream: Upstream) -> None:
    upstream.says("GET /users", body=b'[{"id":1}]')
    # An upstream proxy is asked for the absolute URL; this one answers for any host.
    upstream.answers["*"] = lambda handler: handler.reply(200, b'[{"id":1}]')
    url = "http://api.example/users" if mode == "upstream" else f"{upstream.url}/users"
    capturing = start(mode, upstream, confdir, recordings)
    assert get(capturing, mode, url).json() == [{"id": 1}]
    capturing.stop()
    (entry,) = load_session(recordings / "modes.yaml").entries
    provider = "api.example" if mode == "upstream" else f"127.0.0.1:{upstream.port}"
    assert entry.exchange.request.authority == provider
    seen = upstream.connections
    mocking = start(mode, upstream, confdir, recordings, "pact_mode=mock")
    assert get(mocking, mode, url).json() == [{"id": 1}]
    assert get(mocking, mode, url + "/2").status_code == 404
    mocking.stop()
    assert upstream.connections == seen


@pytest.mark.parametrize("mode", MODES)
def test_the_control_api_is_reachable_in_every_mode(
    mode: str, confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    proxy = start(mode, upstream, confdir, recordings, "pact_control_token=let me in")
    if mode == "socks5":
        with proxy.client(proxy=f"socks5://127.0.0.1:{proxy.port}") as client:
            own = client.get(f"{proxy.url}/mockserver/mode")
    else:
        own = proxy.control("GET", "mode")
    assert (own.status_code, own.json()["mode"]) == (200, "CAPTURE")
    if mode != "reverse":
        magic = "http://pact.recorder/mockserver/mode"
        assert get(proxy, mode, magic).status_code == 403
        assert get(proxy, mode, magic, Authorization="Bearer let me in").json()["mode"] == "CAPTURE"
    proxy.stop()
    assert upstream.requests == []
    assert not (recordings / "modes.yaml").exists()


def test_another_hosts_control_path_is_ordinary_traffic(proxy: Proxy, upstream: Upstream) -> None:
    upstream.says("GET /mockserver/mode", body=b'{"mode":"of another"}')
    with proxy.client() as client:
        assert client.get(f"{upstream.url}/mockserver/mode").json() == {"mode": "of another"}
    assert proxy.status()["recorder"]["recorded"] == 1


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
def test_https_is_intercepted_with_mitmproxys_ca(
    confdir: Path, recordings: Path, tls_upstream: Upstream, http2: bool
) -> None:
    tls_upstream.says("GET /secure", body=b'{"secure":true}')
    url = f"https://localhost:{tls_upstream.port}/secure"
    settings = (f"pact_recordings={recordings}", "pact_session=tls", "ssl_insecure=true")
    with running(*settings, confdir=confdir) as capturing:
        trust = client_tls(http2, confdir / "mitmproxy-ca-cert.pem")
        with capturing.client(http2=http2, verify=trust) as client:
            first = client.get(url)
        assert first.json() == {"secure": True}
        assert first.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    seen = tls_upstream.connections
    mock = (*settings, "pact_mode=mock")
    with running(*mock, confdir=confdir) as mocking, mocking.client(http2=http2, verify=trust) as client:
        replayed = client.get(url)
    assert replayed.json() == {"secure": True}
    assert tls_upstream.connections == seen


def test_many_hosts_over_one_proxy_connection(proxy: Proxy) -> None:
    with proxy.client(limits=httpx.Limits(max_connections=1)) as client:
        services = [serving() for _ in range(12)]
        upstreams = [service.__enter__() for service in services]
        for upstream in upstreams:
            upstream.says("GET /x")
        assert [client.get(f"{upstream.url}/x").status_code for upstream in upstreams] == [200] * 12
        for service in services:
            service.__exit__(None, None, None)
    assert proxy.status()["recorder"]["recorded"] == 12


def own_address() -> str:
    """An address of this machine that other machines would use."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but the loopback ones")
        return str(probe.getsockname()[0])


def test_other_machines_are_turned_away_by_default(proxy: Proxy) -> None:
    try:
        with socket.create_connection((own_address(), proxy.port), timeout=10) as connection:
            connection.sendall(f"GET {proxy.url}/mockserver/mode HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(1000) == b""
    except ConnectionError:
        pass  # not even listening there
    assert proxy.control("GET", "mode").status_code == 200


def test_other_machines_get_in_when_told_so_but_not_to_the_control_api(
    confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    upstream.says("GET /x", body=b'"x"')
    settings = (f"pact_recordings={recordings}", "pact_session=open", "listen_host=0.0.0.0")
    with running(*settings, confdir=confdir) as proxy:
        via = f"http://{own_address()}:{proxy.port}"
        with proxy.client(proxy=via) as client:
            assert client.get(f"{upstream.url}/x").json() == "x"
        refused = httpx.get(f"{via}/mockserver/mode", trust_env=False)
    assert refused.status_code == 403
    assert "pact_control_token" in refused.text
