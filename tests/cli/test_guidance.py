from pathlib import Path

import pytest

from pact_recorder.cli.arguments import Address
from pact_recorder.cli.guidance import Running, guidance

HERE = Address("127.0.0.1", 8080)


def running(mode: str = "capture", address: Address = HERE, upstream: str | None = None, session: str = "") -> str:
    return guidance(Running(mode, (address,), upstream, session, Path("/home/ada/.mitmproxy")))


@pytest.mark.parametrize(
    "text",
    [
        "capture mode, listens on http://127.0.0.1:8080",
        "http_proxy=http://127.0.0.1:8080 https_proxy=http://127.0.0.1:8080",
        "curl -x http://127.0.0.1:8080 http://example.com/",
        "HTTP and HTTPS proxy 127.0.0.1, port 8080",
        "trust /home/ada/.mitmproxy/mitmproxy-ca-cert.pem",
        "http://127.0.0.1:8080/mockserver/",
        "Ctrl-C; the session is written then",
        "named after the date and time",
    ],
)
def test_a_proxy_says_how_to_use_it(text: str) -> None:
    assert text in running()


def test_in_front_of_a_service_nobody_needs_a_proxy_setting() -> None:
    text = running(upstream="http://localhost:3000")
    assert "use http://127.0.0.1:8080 in place of http://localhost:3000" in text
    assert "http_proxy" not in text


def test_mock_mode_writes_nothing() -> None:
    text = running("mock", session="shop")
    assert "nothing is written in mock mode" in text
    assert "session      shop" in text


def test_an_open_listener_is_told_as_such() -> None:
    text = running(address=Address("0.0.0.0", 8080))
    assert "other machines can use this proxy" in text
    assert "http_proxy=http://127.0.0.1:8080" in text
    assert "other machines" not in running()


def test_an_ipv6_listener_is_spelled_as_a_url_needs_it() -> None:
    assert "curl -x http://[::1]:8080 " in running(address=Address("::1", 8080))
