"""Who may not use the control API, and how one might try: each way in, against each kind of proxy and `serve`."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from proxy import Proxy, client_tls, running
from upstream import Upstream

TOKEN = "let me in, 42"
ORIGIN = {"Origin": "http://page.example"}
RESET = "PUT /mockserver/reset HTTP/1.1"
LOCAL = "Host: 127.0.0.1:{port}"
BEARER = f"Authorization: Bearer {TOKEN}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way in: the head of a request, `{port}` being the proxy's."""

    name: str
    line: str
    fields: tuple[str, ...]

    def head(self, port: int) -> bytes:
        lines = (self.line, *self.fields, "Content-Length: 0", "Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").replace("{port}", str(port)).encode("utf-8", "surrogateescape")


# What proxies, balancers and networks in front of a server write, each by a name of its own.
PASSED_ON = (
    "Forwarded", "Forwarded-For", "Via", "CDN-Loop", "Client-IP", "Remote-Addr", "Proxy-Client-IP",
    "WL-Proxy-Client-IP", "Proxy-Connection", "X-Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Forwarded-Ssl",
    "X-Forwarded-Scheme", "X-Forwarded-Uri", "X-Forwarded-Client-Cert", "X-Forward-For", "X_Forwarded_For",
    "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Remote-IP", "X-Remote-Addr", "X-ProxyUser-Ip",
    "X-Proxied-By", "True-Client-IP", "X-Original-URL", "X-Original-Host", "X-Original-For",
    "X-Original-Forwarded-For", "X-Rewrite-URL", "CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Ray",
    "CF-Visitor", "CF-IPCountry", "Fastly-Client-IP", "Fastly-FF", "Fly-Client-IP", "Fly-Forwarded-Port",
    "Fly-Region", "X-Envoy-External-Address", "X-Envoy-Original-Path", "X-Vercel-Forwarded-For", "X-Vercel-Id",
    "X-NF-Client-Connection-IP", "X-AppEngine-User-IP", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Azure-Ref",
    "X-ARR-SSL", "X-ARR-LOG-ID", "X-Akamai-Edgescape", "Akamai-Origin-Hop", "X-Amz-Cf-Id",
    "CloudFront-Viewer-Address", "Incap-Client-IP", "X-Sucuri-ClientIP", "X-Varnish", "X-SSL-Client-Cert",
    "DO-Connecting-IP", "Tailscale-User-Login",
)  # fmt: skip
# What a server is asked: these reach the control API of every kind of proxy, and are refused there.
DIRECT = (
    Attempt("DNS rebinding", RESET, ("Host: evil.example:{port}",)),
    Attempt("DNS rebinding, no port", RESET, ("Host: evil.example",)),
    Attempt("a name below ours", RESET, ("Host: 127.0.0.1.evil.example:{port}",)),
    Attempt("another port", RESET, ("Host: 127.0.0.1:1",)),
    Attempt("no port", RESET, ("Host: 127.0.0.1",)),
    Attempt("two Hosts", RESET, (LOCAL, "Host: evil.example")),
    Attempt("two Hosts, the other way", RESET, ("Host: evil.example", LOCAL)),
    Attempt("a user in Host", RESET, ("Host: evil@127.0.0.1:{port}",)),
    Attempt("the address of any", RESET, ("Host: 0.0.0.0:{port}",)),
    Attempt("IPv6 of any", RESET, ("Host: [::]:{port}",)),
    Attempt("a page", RESET, (LOCAL, "Origin: http://page.example")),
    Attempt("a page, our own origin", RESET, (LOCAL, "Origin: http://127.0.0.1:{port}")),
    Attempt("a page without an origin", RESET, (LOCAL, "ORIGIN: null")),
    Attempt("an image", "GET /mockserver/mode HTTP/1.1", (LOCAL, "Sec-Fetch-Site: cross-site")),
    *(Attempt(f"another proxy's {name}", RESET, (LOCAL, f"{name}: 127.0.0.1")) for name in PASSED_ON),
    Attempt("another proxy's empty word", RESET, (LOCAL, "x-real-ip:")),
    Attempt("a page with a wrong token", RESET, (LOCAL, "Origin: null", "Authorization: Bearer let me in")),
    Attempt("a page with two tokens", RESET, (LOCAL, "Origin: null", BEARER, "Authorization: Bearer x")),
    Attempt("a page, token as Basic", RESET, (LOCAL, "Origin: null", f"Authorization: Basic {TOKEN}")),
    Attempt("a page, token in a cookie", RESET, (LOCAL, "Origin: null", f"Cookie: Authorization=Bearer {TOKEN}")),
    Attempt("a page, token in the query", f"PUT /mockserver/reset?token={TOKEN.replace(' ', '+')} HTTP/1.1",
            (LOCAL, "Origin: null")),
    Attempt("the absolute target of our own", "PUT http://127.0.0.1:{port}/mockserver/reset HTTP/1.1", (LOCAL,)),
    Attempt("an absolute target, another Host", "PUT http://127.0.0.1:{port}/mockserver/reset HTTP/1.1",
            ("Host: evil.example",)),
    Attempt("an absolute target by name", "PUT http://localhost:{port}/mockserver/reset HTTP/1.1",
            ("Host: localhost:{port}",)),
    Attempt("an absolute target, a user in it", "PUT http://u:p@127.0.0.1:{port}/mockserver/reset HTTP/1.1", (LOCAL,)),
    Attempt("no Host", "PUT /mockserver/reset HTTP/1.0", ()),
)  # fmt: skip
# What a proxy is asked: the magic host, by every spelling.
MAGIC = (
    Attempt("the magic host", "PUT http://pact.recorder/mockserver/reset HTTP/1.1", ("Host: pact.recorder",)),
    Attempt("a page at it", "PUT http://pact.recorder/mockserver/reset HTTP/1.1",
            ("Host: pact.recorder", "Origin: http://pact.recorder")),
    Attempt("in capitals", "PUT http://PACT.Recorder/mockserver/reset HTTP/1.1", ("Host: PACT.Recorder",)),
    Attempt("in Host alone", RESET, ("Host: pact.recorder",)),
    Attempt("in Host, local target", "PUT http://127.0.0.1:{port}/mockserver/reset HTTP/1.1",
            ("Host: pact.recorder",)),
    Attempt("in the target, local Host", "PUT http://pact.recorder/mockserver/reset HTTP/1.1", (LOCAL,)),
)  # fmt: skip


def ask(port: int, attempt: Attempt, host: str = "127.0.0.1") -> bytes:
    """The whole answer to an attempt."""
    with socket.create_connection((host, port), timeout=20) as connection:
        connection.sendall(attempt.head(port))
        return answer_on(connection)


def answer_on(connection: socket.socket) -> bytes:
    answer = b""
    while piece := connection.recv(65_536):
        answer += piece
    return answer


def ask_by_socks(port: int, attempt: Attempt) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"\x05\x01\x00")
        assert connection.recv(2) == b"\x05\x00"
        connection.sendall(b"\x05\x01\x00\x01\x7f\x00\x00\x01" + port.to_bytes(2, "big"))
        assert connection.recv(10)[:2] == b"\x05\x00"
        connection.sendall(attempt.head(port))
        return answer_on(connection)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def is_refused(answer: bytes) -> bool:
    """Not answered by the control API: refused by it, or not taken for a request to it, or for HTTP."""
    body = answer.partition(b"\r\n\r\n")[2]
    # An upstream proxy has no such thing.
    return (status(answer), body) == (404, b"no such thing") or (
        status(answer) in (400, 403, 502) and not body.startswith(b"{")
    )


@contextmanager
def serving(*options: str, contract: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`pact-recorder serve` on a port of its own."""
    command = [sys.executable, "-m", "pact_recorder.cli", "serve", "--listen", "127.0.0.1:0", *options, str(contract)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            yield int(line.rpartition(":")[2]), process
        finally:
            process.terminate()


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    return path


RIGHT = Attempt("directly", RESET, (LOCAL,))
RIGHT_BY_TOKEN = Attempt("a page with the token", RESET, ("Host: evil.example", "Origin: null", BEARER))


@pytest.mark.parametrize("mode", ["regular", "upstream", "reverse", "socks5"])
def test_every_way_in(mode: str, confdir: Path, recordings: Path, upstream: Upstream, token_file: Path) -> None:
    full = mode if mode in ("regular", "socks5") else f"{mode}:{upstream.url}"
    settings = (f"pact_recordings={recordings}", f"pact_control_token_file={token_file}")
    with running(*settings, mode=full, confdir=confdir) as proxy:
        knock = ask_by_socks if mode == "socks5" else ask
        attempts = DIRECT if mode == "reverse" else DIRECT + MAGIC
        answers = {attempt.name: knock(proxy.port, attempt) for attempt in attempts}
        assert [name for name, answer in answers.items() if not is_refused(answer)] == []
        assert status(knock(proxy.port, RIGHT)) == 200
        if mode == "reverse":
            assert status(knock(proxy.port, RIGHT_BY_TOKEN)) == 200
        output = proxy.stop()
    # An origin-form request for another name is a proxy's to pass on; the upstream proxy got those, and no more.
    assert all(mode == "upstream" for _ in upstream.requests)
    assert TOKEN not in output
    assert "hook failed" not in output
    assert "requests to the control API refused:" in output
    # One line for each reason, however often.
    assert 1 <= output.count("(told once)") <= 5


def test_every_way_into_serve(tmp_path: Path, token_file: Path) -> None:
    contract = tmp_path / "c.json"
    contract.write_text('{"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": []}')
    with serving("--control-token-file", str(token_file), contract=contract) as (port, process):
        answers = {attempt.name: ask(port, attempt) for attempt in DIRECT}
        assert [name for name, answer in answers.items() if not is_refused(answer)] == []
        assert status(ask(port, RIGHT)) == 200
        assert status(ask(port, RIGHT_BY_TOKEN)) == 200
        process.terminate()
        assert process.stderr is not None
        assert TOKEN not in process.stderr.read()


def test_the_managers_rule_is_the_same(tmp_path: Path, token_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACT_RECORDER_TOKEN", TOKEN)
    command = [sys.executable, "-m", "pact_recorder.cli", "serve", "--manager", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr is not None
        port = int(process.stderr.readline().rpartition(":")[2])
        for attempt in DIRECT:
            line = attempt.line.replace("PUT", "GET").replace("/mockserver/reset", "/")
            asked = Attempt(attempt.name, line, attempt.fields)
            assert status(ask(port, asked)) in (400, 403), attempt.name
        assert status(ask(port, Attempt("", "GET / HTTP/1.1", (LOCAL,)))) == 200
        assert status(ask(port, Attempt("", "GET / HTTP/1.1", ("Host: evil.example", "Origin: null", BEARER)))) == 200
        process.terminate()
        assert TOKEN not in process.stderr.read()


def test_a_tunnel_to_our_own_address_is_the_proxys_too(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as connection:
        connection.sendall(f"CONNECT 127.0.0.1:{proxy.port} HTTP/1.1\r\n\r\n".encode())
        assert b" 200 " in connection.recv(1000)
        connection.sendall(RIGHT.head(proxy.port))
        assert status(answer_on(connection)) == 403


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
@pytest.mark.parametrize("host", ["pact.recorder", "127.0.0.1:{port}"])
def test_tls_is_no_way_around(proxy: Proxy, http2: bool, host: str) -> None:
    with proxy.client(http2=http2, verify=client_tls(http2)) as client:
        answer = client.put(f"https://{host.format(port=proxy.port)}/mockserver/reset")
    assert answer.status_code in (403, 502)


def test_a_reverse_proxy_with_tls_is_asked_directly(confdir: Path, recordings: Path, tls_upstream: Upstream) -> None:
    with running(f"pact_recordings={recordings}", mode=f"reverse:{tls_upstream.url}", confdir=confdir) as proxy:
        for http2 in (False, True):
            with httpx.Client(http2=http2, verify=client_tls(http2), trust_env=False, timeout=30) as client:
                url = f"https://127.0.0.1:{proxy.port}/mockserver/reset"
                assert client.put(url).status_code == 200
                assert client.put(url, headers={"Host": f"evil.example:{proxy.port}"}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.2", "LOCALHOST", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"])
def test_a_request_does_not_come_back_through_the_proxy_to_look_local(proxy: Proxy, host: str) -> None:
    """Where the name is not seen to be the proxy itself, the proxy does not connect to itself either."""
    with proxy.client() as client:
        answer = client.put(f"http://{host}:{proxy.port}/mockserver/reset")
    assert answer.status_code in (400, 403, 502)
    output = proxy.stop()
    assert output.count("client connect") <= 2


def test_odd_addresses_of_the_control_api_are_answered(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as connection:
        host = f"Host: 127.0.0.1:{proxy.port}".encode()
        connection.sendall(b"PUT /mockserver/mode?mode=\xc3\xa9 HTTP/1.1\r\n" + host + b"\r\nContent-Length: 0\r\n\r\n")
        assert b" 400 " in connection.recv(1000).partition(b"\r\n")[0]
    assert "hook failed" not in proxy.stop()
