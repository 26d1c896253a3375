"""Providers that are not there, or answer otherwise than they should, and TLS."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from provider_contracts import free_port, interaction
from upstream import Upstream, self_signed, serving


def test_a_provider_that_is_not_there(verify) -> None:
    port = free_port()
    ran = verify(f"http://127.0.0.1:{port}", interaction("one"), interaction("two"))
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.count(f"GET /a: nothing listens at 127.0.0.1, port {port}\n") == 2


@contextmanager
def rude(act: Callable[[socket.socket], None]) -> Iterator[str]:
    """The URL of a server that does something else than HTTP with each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    channel, _ = listener.accept()
                except OSError:
                    return
                with channel:
                    try:
                        act(channel)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def says(content: bytes) -> Callable[[socket.socket], None]:
    def act(channel: socket.socket) -> None:
        channel.recv(65_536)
        channel.sendall(content)

    return act


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the connection was closed without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-", "the connection was closed before the answer was complete"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123",
            "the connection was closed before the answer was complete",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12", "before the answer was complete"),
        (b"220 mail.test ESMTP\r\n\r\n", "what came is no HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", "what came is no HTTP answer"),
    ],
)
def test_a_provider_whose_answer_is_none(verify, content: bytes, sentence: str) -> None:
    with rude(says(content)) as url:
        ran = verify(url, interaction())
    assert ran.status == 1
    assert "Request to the provider failed" in ran.out
    assert sentence in ran.out


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200\r\n\r\nto the end",
        b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nto the end",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nto the end",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nto \r\n7\r\nthe end\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(500)) + b"\r\nto the end",
    ],
)
def test_answers_in_other_forms(verify, content: bytes) -> None:
    body = {"content": "to the end", "contentType": "text/plain", "encoded": False}
    with rude(says(content)) as url:
        ran = verify(url, interaction(response={"body": body}))
    assert ran.status == 0, ran.out


def test_an_answer_to_a_body_that_is_not_read(verify) -> None:
    def refuse(channel: socket.socket) -> None:
        channel.recv(1_000)
        channel.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        channel.shutdown(socket.SHUT_WR)
        # Closing with unread data would reset the connection, and with it the answer.
        while channel.recv(1 << 20):
            pass

    body = {"content": "x" * 4_000_000, "contentType": "text/plain", "encoded": False}
    with rude(refuse) as url:
        ran = verify(url, interaction(request={"method": "POST", "body": body}, response={"status": 413}))
    assert ran.status == 0, ran.out


def drip(channel: socket.socket) -> None:
    channel.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        channel.sendall(b"x")
        time.sleep(0.05)


def wait(channel: socket.socket) -> None:
    while channel.recv(65_536):
        pass


@pytest.mark.parametrize(("act", "scheme"), [(drip, "http"), (wait, "http"), (wait, "https")])
def test_a_provider_that_takes_too_long(verify, act: Callable[[socket.socket], None], scheme: str) -> None:
    with rude(act) as url:
        ran = verify(url.replace("http", scheme), interaction(), options=("--timeout", "0.5"))
    assert ran.status == 1
    assert "GET /a: there was no whole answer within 0.5 s" in ran.out


def test_an_answer_without_end(verify) -> None:
    def pour(channel: socket.socket) -> None:
        channel.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            channel.sendall(bytes(1 << 20))

    with rude(pour) as url:
        ran = verify(url, interaction())
    assert "the answer is larger than 64 MiB" in ran.out


def test_tls(verify, tmp_path: Path, environment: dict[str, str]) -> None:
    context = self_signed(tmp_path)
    with serving(context) as provider:
        provider.says("*")
        assert verify(provider.url, interaction(), options=("--ca", "upstream.pem")).status == 0
        local = provider.url.replace("127.0.0.1", "localhost")
        assert verify(local, interaction(), options=("--ca", "upstream.pem")).status == 0
        ran = verify(provider.url, interaction())
        assert ran.status == 1
        assert "is not trusted (self-signed certificate); name the authority that signed it with --ca FILE" in ran.out
        environment["SSL_CERT_FILE"] = str(tmp_path / "upstream.pem")
        assert verify(provider.url, interaction()).status == 0


def test_tls_with_whom_does_not_speak_it(verify, provider: Upstream) -> None:
    ran = verify(provider.url.replace("http", "https"), interaction(), options=("--timeout", "20"))
    assert ran.status == 1
    assert "does not speak TLS with this program" in ran.out
