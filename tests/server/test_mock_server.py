"""Mock servers in this process, over real sockets."""

import asyncio
import gc
import json
import os
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from pact_recorder import Certificate, MockServer
from pact_recorder.errors import MergeError, PactDocumentError, UsageError
from pact_recorder.pact import load_contract, read_contract
from pact_recorder.server import mock_server as mock_server_module
from pact_recorder.server.certificates import self_signed
from tests.server.mock_contracts import USERS, contract, interaction, is_listening


@pytest.fixture
def users() -> Iterator[MockServer]:
    with MockServer(USERS) as server:
        yield server


def test_a_matching_request_gets_its_response(users: MockServer) -> None:
    answer = httpx.get(f"{users.url}/users")
    assert (answer.status_code, answer.json()) == (200, {"path": "/users"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "date" in answer.headers
    assert users.matched
    assert (users.mismatches(), users.report()) == ([], "")
    assert users.requests_by_path == {"/users": 1}


def test_a_request_that_comes_again_is_answered_and_counted_as_before(users: MockServer) -> None:
    with httpx.Client(base_url=users.url) as client:
        answers = [client.get("/users") for _ in range(3)]
        allowed = [client.get("/users", headers={"Origin": "http://b"}) for _ in range(2)]
        refused = [client.get("/users?page=2") for _ in range(2)]
    assert [(each.status_code, each.content) for each in answers] == [(200, answers[0].content)] * 3
    assert [each.headers["access-control-allow-origin"] for each in allowed] == ["http://b"] * 2
    assert [each.status_code for each in refused] == [500, 500]
    assert (users.requests, users.requests_by_path) == (7, {"/users": 7})
    assert [each["type"] for each in users.mismatches()] == ["request-mismatch"] * 2


def test_a_request_is_answered_within_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"header": {"X": {"matchers": [{"match": "regex", "regex": "(a|a)+[!?]"}]}}}
    with MockServer(contract(interaction("GET", "/", headers={"X": "a!"}, matchingRules=rule))) as server:
        with monkeypatch.context() as patch:
            patch.setattr(mock_server_module, "REQUEST_SECONDS", 0.0)
            assert httpx.get(server.url, headers={"X": "aa!"}).status_code == 500
        assert httpx.get(server.url, headers={"X": "aa!"}).status_code == 200


def test_long_values_that_differ_each_time_are_not_held(users: MockServer) -> None:
    with httpx.Client(base_url=users.url) as client:
        client.get("/users", headers={"Origin": "http://a"})
        tracemalloc.start()
        try:
            for number in range(100):
                origin = f"http://{number}." + "x" * 50_000
                assert client.get("/users", headers={"Origin": origin}).headers["access-control-allow-origin"] == origin
            gc.collect()
            held, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert held < 2_000_000


def test_no_more_than_a_thousand_paths_are_counted(users: MockServer) -> None:
    with httpx.Client(base_url=users.url) as client:
        for number in (*range(1_002), 0, 1_001):
            client.get(f"/{number}")
    assert users.requests == 1_004
    assert len(users.requests_by_path) == 1_000
    assert (users.requests_by_path["/0"], users.requests_by_path["/1001"]) == (2, 0)


def test_what_goes_wrong_is_told(users: MockServer) -> None:
    assert httpx.get(f"{users.url}/nope").status_code == 500
    assert httpx.get(f"{users.url}/users?page=2").headers["x-pact"] == "Request-Mismatch"
    assert not users.matched
    assert [each["type"] for each in users.mismatches()] == ["request-not-found", "request-mismatch"]
    assert users.report() == (
        "unexpected request: GET /nope\n"
        'mismatch with "1" (GET /users):\n'
        "    Unexpected query parameter 'page' received"
    )


def test_interactions_that_are_slow_to_compare_have_two_seconds_for_a_request() -> None:
    asked = [
        interaction(
            headers={"X": "b"}, matchingRules={"$.headers.X": {"match": "regex", "regex": f"(a|a)+[!?]{number}"}}
        )
        for number in range(20)
    ]
    with MockServer(contract(*asked)) as server:
        began = time.process_time()
        answer = httpx.get(f"{server.url}/", headers={"X": "a" * 60}, timeout=120)
        assert time.process_time() - began < 6
    assert "not everything could be compared" in answer.json()["error"]


def test_a_request_that_never_came_is_told(users: MockServer) -> None:
    assert users.report() == 'missing request: "1" (GET /users)'


@pytest.mark.parametrize("form", ["text", "bytes", "mapping", "path", "path text", "document"])
def test_a_contract_may_be_given_in_many_ways(form: str, tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    file.write_text(json.dumps(USERS))
    pact: Any = {
        "text": json.dumps(USERS),
        "bytes": json.dumps(USERS).encode(),
        "mapping": USERS,
        "path": file,
        "path text": str(file),
        "document": read_contract(USERS, "x"),
    }[form]
    with MockServer(pact) as server:
        assert httpx.get(f"{server.url}/users").status_code == 200


@pytest.mark.parametrize("pact", ["{", "[]", "{}", "no/such/file.json", b"\xff", {"interactions": 1}])
def test_what_is_no_contract_is_refused(pact: Any) -> None:
    with pytest.raises(PactDocumentError):
        MockServer(pact)


def test_a_contract_without_interactions_matches_when_nothing_is_asked() -> None:
    with MockServer(contract()) as server:
        assert server.matched
        assert httpx.get(server.url).status_code == 500
        assert not server.matched


def test_the_listener_is_closed_when_it_ends() -> None:
    with MockServer(USERS) as server:
        assert is_listening(server.port)
    assert not is_listening(server.port)
    server.stop()


def test_connections_are_ended_with_the_server() -> None:
    with httpx.Client() as client:
        with MockServer(USERS) as server:
            client.get(f"{server.url}/users")
        with pytest.raises(httpx.TransportError):
            client.get(f"{server.url}/users")


def test_a_server_may_be_started_again_but_not_twice() -> None:
    server = MockServer(USERS)
    with server:
        port = server.port
        with pytest.raises(UsageError, match="listens already"):
            server.start()
    with server:
        assert server.port == port
        assert httpx.get(f"{server.url}/users").status_code == 200


def test_a_port_in_use_is_said(users: MockServer) -> None:
    before = threading.active_count()
    with pytest.raises(UsageError, match=rf"Cannot listen on 127\.0\.0\.1:{users.port}: Address already in use"):
        MockServer(USERS, port=users.port).start()
    assert threading.active_count() == before


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 99_999), ("192.0.2.1", 0)])
def test_an_address_that_is_none_of_this_machine_is_said(host: str, port: int) -> None:
    with pytest.raises(UsageError):
        MockServer(USERS, host=host, port=port).start()
    assert "pact-recorder-serving" not in {thread.name for thread in threading.enumerate()}


def test_ipv6() -> None:
    with MockServer(USERS, host="::1") as server:
        assert httpx.get(f"{server.url}/users").status_code == 200


def test_it_works_from_an_event_loop() -> None:
    async def session() -> int:
        async with MockServer(USERS) as server, httpx.AsyncClient() as client:
            answers = await asyncio.gather(*(client.get(f"{server.url}/users") for _ in range(20)))
            assert server.matched
            return sum(answer.status_code == 200 for answer in answers)

    assert asyncio.run(session()) == 20


def test_many_threads_may_use_many_servers() -> None:
    def use(number: int) -> bool:
        with MockServer(contract(interaction("GET", f"/{number}"))) as server:
            return httpx.get(f"{server.url}/{number}").status_code == 200 and server.matched

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(40)))


def test_threads_may_ask_one_server(users: MockServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: httpx.get(f"{users.url}/users").status_code, range(40))) == {200}
    assert users.requests == 40


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_hundreds_of_servers_share_one_thread_and_leave_nothing() -> None:
    gc.collect()
    threads, files = threading.active_count(), open_files()
    servers = [MockServer(USERS).start() for _ in range(300)]
    assert threading.active_count() == threads + 1
    assert all(httpx.get(f"{server.url}/users").status_code == 200 for server in servers[::50])
    for server in servers:
        server.stop()
    assert threading.active_count() == threads
    assert open_files() == files


def test_tls_with_a_certificate_that_signs_itself() -> None:
    with MockServer(USERS, tls=True) as server:
        assert server.url.startswith("https://")
        trust = ssl.create_default_context(cadata=server.certificate)
        for host in ("127.0.0.1", "localhost"):
            assert httpx.get(f"https://{host}:{server.port}/users", verify=trust).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/users")
        # A client that does not speak TLS does no harm.
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{server.port}/users")
        assert httpx.get(f"{server.url}/users", verify=trust).status_code == 200


def test_tls_with_a_given_certificate(tmp_path: Path) -> None:
    given = self_signed("mock.example")
    (tmp_path / "cert.pem").write_text(given.pem)
    (tmp_path / "key.pem").write_text(given.private_key)
    certificate = Certificate(tmp_path / "cert.pem", tmp_path / "key.pem")
    with MockServer(USERS, tls=certificate) as server:
        assert server.certificate is None
        trust = ssl.create_default_context(cadata=given.pem)
        assert httpx.get(f"{server.url}/users", verify=trust).status_code == 200


def test_a_certificate_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("none")
    for path in (tmp_path / "cert.pem", tmp_path / "missing.pem"):
        with pytest.raises(UsageError, match="cannot be used"):
            MockServer(USERS, tls=Certificate(path))


@pytest.mark.parametrize(("preflight", "status"), [(True, 204), (False, 500)])
def test_preflights(preflight: bool, status: int) -> None:
    with MockServer(USERS, cors_preflight=preflight) as server:
        asked = {"Origin": "http://app.example", "Access-Control-Request-Headers": "x-a"}
        answer = httpx.options(f"{server.url}/users", headers=asked)
        assert answer.status_code == status
        if preflight:
            assert answer.headers["access-control-allow-headers"] == "x-a, *"
            assert "content-length" not in answer.headers
        assert [each["type"] for each in server.mismatches()] == ["missing-request"]


def test_generators_run_in_consumer_mode_for_each_answer() -> None:
    generated = interaction("GET", "/a")
    generated["response"] |= {
        "body": {"id": "x", "link": "http://localhost/orders/1"},
        "generators": {
            "body": {
                "$.id": {"type": "Uuid"},
                "$.link": {"type": "MockServerURL", "regex": ".*(/orders/\\d+)$", "example": "http://x/orders/1"},
            }
        },
    }
    with MockServer(contract(generated)) as server:
        one, other = (httpx.get(f"{server.url}/a").json() for _ in range(2))
        assert one["id"] != other["id"] != "x"
        assert one["link"] == f"{server.url}/orders/1"


@pytest.mark.parametrize(
    ("wanted", "own", "written"),
    [
        (None, "3.0.0", "3.0.0"),
        (None, "2.0.0", "2.0.0"),
        (None, "4.0", "4.0"),
        (None, "1.0.0", "2.0.0"),
        (4, "3.0.0", "4.0"),
        ("V2", "3.0.0", "2.0.0"),
        ("4.0", "2.0.0", "4.0"),
        (3, "9.9", "3.0.0"),
    ],
)
def test_the_version_that_is_written(wanted: Any, own: str, written: str, tmp_path: Path) -> None:
    server = MockServer(contract(interaction(), version=own), specification=wanted)
    path = server.write(tmp_path / "new" / "folder")
    assert path.name == "c-p.json"
    assert load_contract(path).specification == written


@pytest.mark.parametrize(("own", "written"), [("9.9", "4.0"), (5, "4.0"), ("0.1", "2.0.0")])
def test_a_contract_of_a_version_that_is_not_known_is_taken_as_the_nearest(
    own: Any, written: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = MockServer(contract(interaction(), version=own)).write(tmp_path)
    assert load_contract(path).specification == written
    assert f"names the Pact version {own}, which is not known" in caplog.text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"port": 1.5}, "The port is 1.5: give a whole number"),
        ({"port": "x"}, "The port is 'x'"),
        ({"port": True}, "The port is True"),
        ({"port": -1}, "The port is -1"),
        ({"host": None}, "The host is None"),
        ({"tls": "x"}, "tls is 'x': give True, False or a Certificate"),
        ({"tls": 1}, "tls is 1"),
    ],
)
def test_what_is_no_place_to_listen_at(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        MockServer(USERS, **given)


@pytest.mark.parametrize("pact", [5, None, 1.5, ("a",)])
def test_what_is_no_contract_at_all(pact: Any) -> None:
    with pytest.raises(PactDocumentError, match="is no contract: give JSON text, a mapping, the path of a file"):
        MockServer(pact)


@pytest.mark.parametrize("wanted", [0, 5, "V9", "latest", ""])
def test_a_version_that_there_is_not(wanted: Any) -> None:
    with pytest.raises(UsageError, match="choose one of 1, 2, 3, 4"):
        MockServer(USERS, specification=wanted)


def test_writing_merges_into_the_file_unless_told_otherwise(tmp_path: Path) -> None:
    MockServer(contract({"description": "first", "request": {"path": "/1"}})).write(tmp_path)
    second = MockServer(contract({"description": "second", "request": {"path": "/2"}}))
    assert len(load_contract(second.write(tmp_path)).interactions) == 2
    assert len(load_contract(second.write(tmp_path, overwrite=True)).interactions) == 1


def test_another_consumers_file_is_not_written_over(tmp_path: Path) -> None:
    MockServer(contract(interaction(), consumer="a-b", provider="c")).write(tmp_path)
    with pytest.raises(MergeError):
        MockServer(contract(interaction(), consumer="a", provider="b-c")).write(tmp_path)


def test_a_status_that_cannot_be_sent_is_said() -> None:
    with MockServer(contract({"request": {}, "response": {"status": 99}})) as server:
        answer = httpx.get(server.url)
        assert (answer.status_code, answer.text) == (
            500,
            "The status 99 of the interaction cannot be sent as an answer.\n",
        )


def test_headers_that_cannot_be_sent_do_no_harm() -> None:
    fields = {"X-Line": "a\r\nX-Evil: 1", "Bad Name": "1", "Content-Length": "7", "Connection": "close", "X-Ü": "1"}
    with MockServer(contract({"request": {}, "response": {"status": 200, "headers": fields, "body": "äö"}})) as server:
        answer = httpx.get(server.url)
        assert answer.headers["x-line"] == "a  X-Evil: 1"
        assert answer.headers["content-length"] == "4"
        assert not {"x-evil", "bad name", "connection", "x-ü"} & set(answer.headers)


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_content(status: int) -> None:
    with MockServer(contract({"request": {}, "response": {"status": status, "body": "x"}})) as server:
        answer = httpx.get(server.url)
        assert (answer.status_code, answer.content) == (status, b"")


def test_head() -> None:
    with MockServer(contract(interaction("HEAD", "/a"))) as server, httpx.Client() as client:
        answers = [client.head(f"{server.url}/a") for _ in range(2)]
        assert [(answer.status_code, answer.headers["content-length"]) for answer in answers] == [(200, "13")] * 2


def test_a_forked_child_has_servers_of_its_own(users: MockServer) -> None:
    """In a process of its own, since pytest's has threads that a fork would lose."""
    program = (
        "import os, sys, httpx\n"
        "from pact_recorder import MockServer\n"
        f"pact = {USERS!r}\n"
        "with MockServer(pact):\n"
        "    child = os.fork()\n"
        "    with MockServer(pact) as server:\n"
        "        ok = httpx.get(server.url + '/users').status_code == 200\n"
        "    if not child:\n"
        "        os._exit(0 if ok else 1)\n"
        "    status = os.waitpid(child, 0)[1]\n"
        "    sys.exit(0 if ok and status == 0 else 1)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


def resident() -> int:
    """Resident memory of this process in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_ten_thousand_servers_in_a_row_leave_nothing() -> None:
    document = read_contract(USERS, "x")

    def use(count: int) -> None:
        for number in range(count):
            with MockServer(document) as server:
                if number % 100 == 0:
                    assert httpx.get(f"{server.url}/users").status_code == 200

    use(500)
    gc.collect()
    threads, files, memory = threading.active_count(), open_files(), resident()
    use(10_000)
    gc.collect()
    assert (threading.active_count(), open_files()) == (threads, files)
    assert resident() < memory + 8_000
