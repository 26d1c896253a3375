"""A real Chromium behind the proxy: its page works the same from the recording, with the application stopped."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from proxy import Proxy, running
from upstream import serving
from web_shop import offer

CHROMIUM = which("chromium") or which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    # Chromium leaves a proxy out for loopback unless told otherwise, and asks its maker things on its own account.
    "--proxy-bypass-list=<-loopback>;*.google.com;*.googleapis.com;*.gstatic.com;*.gvt1.com",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


@contextmanager
def browsing(proxy: Proxy) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, f"--proxy-server={proxy.url}"])
        try:
            yield browser
        finally:
            browser.close()


def visit(proxy: Proxy, url: str) -> tuple[str, list[str]]:
    """What the page shows after its start and after a click, and what it requested, in a fresh profile."""
    requested: list[str] = []
    with browsing(proxy) as browser:
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.on("request", lambda request: requested.append(f"{request.method} {request.url}"))
        page.goto(url)
        started = text_at(page, "ready")
        page.fill("#name", "Earl Grey")
        page.click("#create")
        created = text_at(page, "created")
    return f"{started}\n----\n{created}", requested


def text_at(page: Page, state: str) -> str:
    page.wait_for_function("document.getElementById('state').textContent != 'loading'", timeout=20_000)
    page.wait_for_function(
        f"['{state}', 'failed'].includes(document.getElementById('state').textContent.split(':')[0])", timeout=20_000
    )
    text = page.inner_text("body")
    assert page.inner_text("#state") == state, text
    return text


@contextmanager
def guarded(*ports: int) -> Iterator[list[int]]:
    """Listeners where the application was; the list holds the ports at which something knocked, after the block."""
    knocked: list[int] = []
    listeners = []
    for port in ports:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        listener.setblocking(False)
        listeners.append(listener)
    try:
        yield knocked
    finally:
        for port, listener in zip(ports, listeners, strict=True):
            try:
                listener.accept()[0].close()
                knocked.append(port)
            except BlockingIOError:
                pass
            listener.close()


@pytest.mark.parametrize("redaction", ["default", "none"])
def test_a_page_works_the_same_from_its_recording(
    redaction: str, confdir: Path, recordings: Path, upstream_tls: ssl.SSLContext
) -> None:
    settings = (f"pact_recordings={recordings}", "pact_session=shop", "ssl_insecure=true", f"pact_redact={redaction}")
    with serving(upstream_tls) as page, serving(upstream_tls) as api:
        offer(page, api)
        url = f"https://localhost:{page.port}/"
        with running(*settings, confdir=confdir) as proxy:
            shown, requested = visit(proxy, url)
            status = counts(proxy)
            assert "not recorded" not in proxy.stop()
        seen = [*page.requests, *api.requests]
        ports = (page.port, api.port)
    assert "Earl Grey x 3" in shown
    assert f"OPTIONS {api_path(requested)}" in seen, "no preflight went through the proxy"
    assert status["recorded"] == len(seen)
    with guarded(*ports) as knocked, running(*settings, "pact_mode=mock", confdir=confdir) as proxy:
        replayed, requested_again = visit(proxy, url)
        status = counts(proxy)
        output = proxy.stop()
    assert replayed == shown
    assert sorted(requested_again) == sorted(requested)
    assert "misses: 0" in output, output
    assert status["refusedConnections"] == 0, output
    assert knocked == []


def counts(proxy: Proxy) -> dict[str, Any]:
    status = proxy.status()
    found: dict[str, Any] = status.get("recorder", status)
    return found


def api_path(requested: list[str]) -> str:
    (url,) = (line.partition(" ")[2] for line in requested if line.startswith("PUT "))
    return url[url.index("/stock/") :]
