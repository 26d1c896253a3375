"""Upstreams and clients that reset, hang, send too much or too little: traffic is that of bare mitmdump, and only
what was whole is recorded; the rest is counted by reason.
"""

import asyncio
import re
import resource
import select
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from proxy import Proxy, running, wait_for
from rude_upstream import BEHAVIOURS, ODD_STATUSES, PIECE, WHOLE, RudeUpstream, rude

from pact_recorder.recordings import load_session

MAX_BODY = 100_000
CLIENTS = 1_000
REQUESTS_A_CLIENT = 3
HANGS_SECONDS = 1.0
# Whatever pieces the chunks come in.
CHUNK = re.compile(rb"[1-9a-f][0-9a-f]*\r\n(x+)")


@pytest.fixture
def upstream() -> Iterator[RudeUpstream]:
    with rude() as server:
        yield server


@pytest.fixture
def proxy(confdir: Path, recordings: Path) -> Iterator[Proxy]:
    settings = (f"pact_recordings={recordings}", "pact_session=test", f"pact_max_body={MAX_BODY}", "flow_detail=0")
    with running(*settings, confdir=confdir) as started:
        yield started


def taken(port: int, url: str, host: str = "x") -> tuple[bytes, bytes]:
    """The status line of an answer and what came of its body, until it ends or hangs."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=HANGS_SECONDS if "hang" in url else 20) as connection:
        connection.sendall(f"GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except TimeoutError:
            return b"hangs", answer
        except ConnectionError:
            pass
    top, _, body = answer.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" in top.lower():
        body = b"".join(CHUNK.findall(body))
    # The text of an error names ports.
    return top.partition(b"\r\n")[0], body if b" 200 " in top else b""


def recorded(recordings: Path) -> Counter[str]:
    entries = load_session(recordings / "test.yaml").entries
    assert not any(entry.exchange.response.body and entry.exchange.response.body.cut for entry in entries)
    return Counter(entry.exchange.request.path.strip("/") for entry in entries)


def test_upstreams_that_misbehave(
    proxy: Proxy, upstream: RudeUpstream, confdir: Path, recordings: Path, tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing.py"
    nothing.write_text("")
    with running("connection_strategy=lazy", "flow_detail=0", confdir=confdir, script=nothing) as bare:
        for name in BEHAVIOURS:
            url = f"http://127.0.0.1:{upstream.port}/{name}"
            answer = taken(proxy.port, url)
            # What streams because its length is not known breaks off as it does without any proxy.
            assert answer in (taken(bare.port, url), taken(upstream.port, url)), name
    wait_for(lambda: sum(proxy.status()["recorder"]["notRecorded"].values()) >= len(BEHAVIOURS) - len(WHOLE))
    reasons = proxy.status()["recorder"]["notRecorded"]
    assert reasons["response: the status is not one of 100 to 999"] == len(ODD_STATUSES)
    output = proxy.stop()
    assert set(recorded(recordings)) == set(WHOLE)
    assert "hook failed" not in output
    lost = [int(line.split()[2]) for line in output.splitlines() if line.strip().startswith("not recorded: ")]
    assert sum(lost) == len(BEHAVIOURS) - len(WHOLE)


@pytest.mark.parametrize("host", ["a:99999", "a:65536", "a:123456789"])
def test_clients_that_ask_for_a_port_that_no_machine_has(
    proxy: Proxy, upstream: RudeUpstream, recordings: Path, host: str
) -> None:
    assert taken(proxy.port, f"http://127.0.0.1:{upstream.port}/whole", host)[1] == PIECE
    proxy.stop()
    [entry] = load_session(recordings / "test.yaml").entries
    assert entry.exchange.request.authority == f"127.0.0.1:{upstream.port}"
    assert entry.exchange.request.headers.get("host") == host


def memory(proxy: Proxy) -> int:
    """Resident bytes of a process."""
    pages = int(Path(f"/proc/{proxy.process.pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def test_clients_that_vanish_or_never_read(proxy: Proxy, upstream: RudeUpstream, recordings: Path) -> None:
    base = f"http://127.0.0.1:{upstream.port}"
    assert taken(proxy.port, f"{base}/many/0")[1] == b"/many/0"
    before = memory(proxy)
    silent = []
    for number in range(20):
        connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=20)
        if number % 2:
            # It announces a body that never comes whole.
            connection.sendall(f"POST {base}/whole HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n".encode())
            connection.sendall(b"y" * 10_000)
        else:
            connection.sendall(f"GET {base}/flood HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(5) == b"HTTP/"
        silent.append(connection)
    for number in range(1, 50):
        assert taken(proxy.port, f"{base}/many/{number}")[1] == f"/many/{number}".encode()
    grown = memory(proxy) - before
    assert grown < 60_000_000, f"{grown:,} bytes for clients that do not read"
    for connection in silent:
        connection.close()
    wait_for(lambda: sum(proxy.status()["recorder"]["notRecorded"].values()) == 20)
    output = proxy.stop()
    assert recorded(recordings) == Counter(f"many/{number}" for number in range(50))
    assert "hook failed" not in output


async def one_client(port: int, base: str, number: int, ready: asyncio.Barrier) -> list[str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await ready.wait()
    answered = []
    for turn in range(REQUESTS_A_CLIENT):
        path = f"/many/{number}/{turn}"
        writer.write(f"GET {base}{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        top = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in top, top
        body = await reader.readexactly(len(path))
        assert body.decode() == path
        answered.append(path.strip("/"))
    writer.close()
    return answered


async def all_clients(port: int, base: str) -> list[str]:
    ready = asyncio.Barrier(CLIENTS)
    clients = [one_client(port, base, number, ready) for number in range(CLIENTS)]
    return [path for answered in await asyncio.gather(*clients) for path in answered]


def test_a_thousand_clients_at_once(proxy: Proxy, upstream: RudeUpstream, recordings: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4 * CLIENTS:
        pytest.skip(f"a process may have {hard} open files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4 * CLIENTS), hard))
    resource.prlimit(proxy.process.pid, resource.RLIMIT_NOFILE, (max(soft, 4 * CLIENTS), hard))
    try:
        answered = asyncio.run(all_clients(proxy.port, f"http://127.0.0.1:{upstream.port}"))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    output = proxy.stop()
    assert len(answered) == CLIENTS * REQUESTS_A_CLIENT
    assert recorded(recordings) == Counter(answered)
    assert "hook failed" not in output
    assert "not recorded" not in output


def endless_upload(port: int, url: str) -> int:
    """Send a body in chunks until it is refused, or no more of it is taken; how many megabytes were sent by then."""
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection, suppress(OSError):
        connection.sendall(f"POST {url} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        while sent < 400 and not select.select([connection], [], [], 0)[0]:
            connection.sendall(chunk)
            sent += 1
        # Cut off with what is still on its way, an answer may not arrive; one that does says why.
        assert b" 413 " in (connection.recv(1000) or b" 413 ")
    return sent


@pytest.mark.parametrize(("given", "limit"), [((), 256), (("body_size_limit=3m",), 3)])
def test_an_upload_without_an_end_is_refused_in_mock_mode(
    confdir: Path, recordings: Path, given: tuple[str, ...], limit: int
) -> None:
    settings = (f"pact_recordings={recordings}", "pact_mode=mock", "flow_detail=0", *given)
    with running(*settings, confdir=confdir) as mocking:
        sent = endless_upload(mocking.port, "http://api.example/upload")
        # Buffers of the system take a few beyond.
        assert limit - 1 <= sent <= limit + 30
        for mode in ("capture", "mock"):
            mocking.switch(mode)
        assert "hook failed" not in mocking.stop()
