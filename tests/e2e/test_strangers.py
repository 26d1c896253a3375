"""Who may not use the control API, and how one might try."""

import socket
from pathlib import Path

import pytest
from proxy import Proxy, running

ORIGIN = {"Origin": "http://page.example"}


def test_a_web_page_needs_the_token(confdir: Path, recordings: Path) -> None:
    settings = (f"pact_recordings={recordings}", "pact_control_token=let me in")
    with running(*settings, confdir=confdir) as proxy:
        assert proxy.control("GET", "mode").status_code == 200
        refused = proxy.control("PUT", "reset", headers=ORIGIN)
        assert refused.status_code == 403
        assert "pact_control_token" in refused.text
        wrong = proxy.control("PUT", "reset", headers={**ORIGIN, "Authorization": "Bearer wrong"})
        right = proxy.control("PUT", "reset", headers={**ORIGIN, "Authorization": "Bearer let me in"})
        assert (wrong.status_code, right.status_code) == (403, 200)
        assert "let me in" not in proxy.stop()


@pytest.mark.parametrize("host", ["127.0.0.2", "LOCALHOST", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"])
def test_a_request_does_not_come_back_through_the_proxy_to_look_local(proxy: Proxy, host: str) -> None:
    """Where the name is not seen to be the proxy itself, the proxy does not connect to itself either."""
    with proxy.client() as client:
        answer = client.put(f"http://{host}:{proxy.port}/mockserver/reset", headers=ORIGIN)
    assert answer.status_code in (400, 403, 502)
    output = proxy.stop()
    assert output.count("client connect") <= 2


def test_odd_addresses_of_the_control_api_are_answered(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as connection:
        host = f"Host: 127.0.0.1:{proxy.port}".encode()
        connection.sendall(b"PUT /mockserver/mode?mode=\xc3\xa9 HTTP/1.1\r\n" + host + b"\r\nContent-Length: 0\r\n\r\n")
        assert b" 400 " in connection.recv(1000).partition(b"\r\n")[0]
    assert "hook failed" not in proxy.stop()
