"""`pact-recorder serve` as real processes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mockserver_matchers import MATCHED

LISTENS = re.compile(r"listens on (https?://127\.0\.0\.1:\d+)")


class Serving:
    """A serving process: its base URL and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.url = ""
        self.said: list[str] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._ready.wait(40), "".join(self.said)
        assert self.url, "".join(self.said)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := LISTENS.search(line):
                self.url = found[1]
            if line.startswith("  stop "):
                self._ready.set()
        self._ready.set()

    @property
    def text(self) -> str:
        return "".join(self.said)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=20, **options)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        status = self.process.wait(30)
        self._reader.join(10)
        return status


Start = Callable[..., Any]


@pytest.fixture
def serve(tmp_path: Path, environment: dict[str, str]) -> Start:
    @contextmanager
    def start_serving(*arguments: object) -> Iterator[Serving]:
        command = [sys.executable, "-m", "pact_recorder.cli", "serve", "--listen", "127.0.0.1:0", *map(str, arguments)]
        options: dict[str, Any] = {"cwd": tmp_path, "env": environment, "encoding": "utf-8"}
        # Whoever runs the tests with nohup has made its children deaf to SIGHUP.
        options["preexec_fn"] = lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as process:
            try:
                yield Serving(process)
            finally:
                process.kill()

    return start_serving


def contract(folder: Path, name: str, *requests: dict[str, Any], **parts: Any) -> Path:
    """A contract file whose interactions answer with the path that they are for, or as `parts` say."""
    interactions = [
        {
            "description": f"{name} {number}",
            "request": request,
            "response": {"status": 200, "body": {"path": request.get("path", "/"), "of": name}},
            **parts,
        }
        for number, request in enumerate(requests, start=1)
    ]
    document = {"consumer": {"name": "web"}, "provider": {"name": name}, "interactions": interactions}
    path = folder / f"{name}.json"
    path.write_text(json.dumps(document))
    return path


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_contracts_and_sessions(serve: Start, tmp_path: Path, pets: Path) -> None:
    users = contract(tmp_path, "users", {"path": "/users"}, {"path": "/users/2"})
    orders = contract(
        tmp_path,
        "orders",
        {"path": "/x", "matchingRules": {"path": {"matchers": [{"match": "regex", "regex": ".*\\.txt"}]}}},
    )
    with serve(users, orders, "pets") as serving:
        assert "serves 7 expectations" in serving.text
        for row in (
            r"users\.json +contract +web → users +2\n",
            r"orders\.json +contract +web → orders +1\n",
            r"pets\.yaml +session +pets\.test +4\n",
            r"unindexed +1 expectation with an open path",
        ):
            assert re.search(row, serving.text), serving.text
        assert serving.get("/users/2").json() == {"path": "/users/2", "of": "users"}
        assert serving.get("/any/file.txt").json()["of"] == "orders"
        assert serving.get("/pets").json() == [{"id": 1, "name": "Rex"}]
        # Recorded answers are given in their order.
        assert [serving.get("/pets/1").status_code for _ in range(3)] == [200, 404, 404]
        miss = serving.get("/users/3")
        assert (miss.status_code, miss.json()["reason"]) == (404, "no-match")
        assert serving.stop(signal.SIGHUP) == 0


def test_each_client_of_a_session_gets_its_own_answers(serve: Start, tmp_path: Path, run: Any) -> None:
    users = [f"Bearer tok-{name}-8f3kd93kfl20dk" for name in ("ada", "bob")]
    entries = [
        {
            "request": {
                "method": "GET",
                "url": "http://a.test/me",
                "headers": [{"name": "Authorization", "value": user}],
            },
            "response": {"status": 200, "headers": [], "content": {"text": user[11:14], "mimeType": "text/plain"}},
        }
        for user in users
    ]
    har = tmp_path / "me.har"
    har.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": entries}}))
    assert run("import", har, "--session", "me").status == 0
    with serve("me") as serving:
        asked = [*reversed(users), *users, "Bearer unknown", "Bearer REDACTED-authorization-2"]
        answers = [serving.get("/me", headers={"Authorization": user}).text for user in asked]
        assert answers == ["bob", "ada", "ada", "bob", "ada", "bob"]


def test_contracts_of_one_file_name_are_all_served(serve: Start, tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        contract(tmp_path / folder, "users", {"path": f"/{folder}"})
    with serve("one/users.json", "other/users.json") as serving:
        assert {serving.get(f"/{folder}").status_code for folder in ("one", "other")} == {200}


def test_generators_answer_with_new_values(serve: Start, tmp_path: Path) -> None:
    response = {"status": 200, "body": {"id": "x"}, "generators": {"body": {"$.id": {"type": "Uuid"}}}}
    with serve(contract(tmp_path, "users", {"path": "/users"}, response=response)) as serving:
        assert len({serving.get("/users").text for _ in range(3)}) == 3


def test_the_control_api(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"path": "/users"}), "--max-expectations", 1) as serving:
        expectation = {"httpRequest": {"path": "/new/.*"}, "httpResponse": {"statusCode": 202}}
        assert httpx.put(f"{serving.url}/mockserver/expectation", json=expectation).status_code == 201
        assert httpx.put(f"{serving.url}/mockserver/expectation", json=expectation).status_code == 400
        assert serving.get("/new/thing").status_code == 202
        assert httpx.put(f"{serving.url}/mockserver/status").json()["recorder"]["unindexed"] == 0
        exported = httpx.put(f"{serving.url}/mockserver/pact?consumer=web&provider=users").json()
        assert "/users" in {each["request"]["path"] for each in exported["interactions"]}
        refused = httpx.put(f"{serving.url}/mockserver/mode?mode=capture")
        assert (refused.status_code, "no upstream" in refused.text) == (400, True)


def put(serving: Serving, *documents: Any) -> httpx.Response:
    return httpx.put(f"{serving.url}/mockserver/expectation", content=json.dumps(documents))


def told(serving: Serving, path: str) -> bytes:
    """Everything that a plain client gets until the connection ends."""
    host, port = serving.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    return received


def test_every_matcher_of_the_control_api(serve: Start, tmp_path: Path) -> None:
    answer = {"httpResponse": {"body": "yes"}}
    with serve(contract(tmp_path, "users", {"path": "/users"})) as serving:
        rows = (answer | {"httpRequest": {"path": f"/{at}", **row[0]}} for at, row in enumerate(MATCHED))
        assert put(serving, *rows).status_code == 201
        with httpx.Client(base_url=serving.url, timeout=20) as client:
            for at, (document, taken, refused) in enumerate(MATCHED):
                assert client.post(f"/{at}", **taken).text == "yes", document
                assert client.post(f"/{at}", **refused).status_code == 404, document


def test_actions_of_the_control_api(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"path": "/users"})) as serving:
        for action in ("httpForward", "httpOverrideForwardedRequest"):
            refused = put(serving, {action: {"host": "127.0.0.1"} if action == "httpForward" else {}})
            assert refused.status_code == 400
            assert f'"/0/{action}" is not supported by this server, which sends no requests' in refused.text
        end = {"closeSocket": True}
        set_ = put(
            serving,
            {"httpRequest": {"path": "/drop"}, "httpError": {"dropConnection": True}},
            {"httpRequest": {"path": "/bytes"}, "httpError": {"responseBytes": "bm8gaHR0cA=="}},
            {"httpRequest": {"path": "/slow"}, "httpResponse": {"delay": {"value": 300}, "connectionOptions": end}},
            {"httpRequest": {"path": "/steps"}, "httpResponse": {"body": "1"}, "scenarioName": "s",
             "scenarioState": "Started", "newScenarioState": "2"},
            {"httpRequest": {"path": "/steps"}, "httpResponse": {"body": "2"}, "scenarioName": "s"},
        )  # fmt: skip
        assert set_.status_code == 201, set_.text
        assert told(serving, "/drop") == b""
        assert told(serving, "/bytes") == b"no http"
        began = time.monotonic()
        slow = told(serving, "/slow")
        assert time.monotonic() - began >= 0.3
        assert b"\r\nconnection: close\r\n" in slow
        assert [serving.get("/steps").text for _ in range(2)] == ["1", "2"]
        assert serving.get("/users").json()["path"] == "/users"
        httpx.put(f"{serving.url}/mockserver/reset")
        serving.stop()
    assert "Traceback" not in serving.text
    assert "ERROR" not in serving.text


def test_a_request_that_takes_long_to_compare_lets_others_wait_for_seconds_only(serve: Start, tmp_path: Path) -> None:
    names = [f"q{number}.*" for number in range(20)]
    crowd = [
        {"httpRequest": {"path": "/a", "queryStringParameters": {name: [f"v{number}"] for name in names}}}
        for number in range(150)
    ]
    long = "/a?" + "&".join(f"q{number}=x" for number in range(3_000))
    with serve(contract(tmp_path, "a", {"method": "GET", "path": "/b"})) as server, ThreadPoolExecutor() as pool:
        answers = [{**each, "httpResponse": {"body": "a"}} for each in crowd]
        assert httpx.put(f"{server.url}/mockserver/expectation", json=answers, timeout=60).status_code == 201
        began = time.monotonic()
        slow = pool.submit(httpx.get, server.url + long, timeout=120)
        time.sleep(0.3)
        assert httpx.get(f"{server.url}/b", timeout=120).json() == {"path": "/b", "of": "a"}
        assert "Not everything active could be compared" in slow.result().text
        assert time.monotonic() - began < 15


def test_provider_states(serve: Start, tmp_path: Path) -> None:
    answers: list[tuple[str, list[str]]] = [("none", []), ("full", ["a cart", "a user"]), ("some", ["a user"])]
    interactions = [
        {
            "description": name,
            "providerStates": [{"name": state} for state in states],
            "request": {"path": "/cart"},
            "response": {"status": 200, "body": name},
        }
        for name, states in answers
    ]
    stateful = {
        "description": "stateful only",
        "providerStates": [{"name": "a user"}],
        "request": {"path": "/me"},
        "response": {"status": 200},
    }
    document = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [*interactions, stateful]}
    (tmp_path / "cart.json").write_text(json.dumps(document))
    with serve("cart.json", "--state") as serving:
        assert '"a cart", "a user"' in serving.text

        def asked(*states: str) -> str:
            return serving.get("/cart", headers=[("X-Pact-Provider-State", each) for each in states]).text

        assert asked() == "none"
        assert asked("a user") == "some"
        assert asked("a user;a cart") == asked("a user", "a cart") == "full"
        assert asked("something else") == "none"
        miss = serving.get("/me").json()
        assert (miss["reason"], '"a user"' in miss["advice"]) == ("other-state", True)
        chosen = httpx.put(f"{serving.url}/mockserver/states", json={"states": ["a user"]})
        assert chosen.json() == {"states": ["a user"]}
        assert (asked(), serving.get("/me").status_code) == ("some", 200)
        assert asked("something else") == "none"
        for wrong in (b"{", b"[]", b'{"states": "a user"}', b"{}"):
            assert httpx.put(f"{serving.url}/mockserver/states", content=wrong).status_code == 400
        assert httpx.put(f"{serving.url}/mockserver/states", json={"states": None}).status_code == 200
        assert serving.get("/me").status_code == 200
        # A request that names its own is answered in these, also where none were chosen.
        assert (asked("a user"), asked("something else")) == ("some", "none")
        assert serving.get("/me", headers={"X-Pact-Provider-State": "another"}).json()["reason"] == "other-state"


def test_what_clients_send_cannot_steer_a_terminal_or_forge_a_line(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"path": "/users", "query": {"page": ["1"]}}), "-v") as serving:
        for query in ("page=%1b%5b31mred", "page=1&%0aforged%00=x", "page=1&%C2%9B31m=x"):
            miss = serving.get(f"/users?{query}")
            assert (miss.status_code, len(miss.json()["nearest"]["mismatches"])) == (404, 1)
        serving.stop()
        misses = [line.rstrip("\n") for line in serving.said if line.startswith("no answer for GET")]
        assert len(misses) == 3
        assert all(line.isprintable() for line in serving.text.splitlines()), serving.said
        assert not any(line.startswith("forged") for line in serving.said)


def test_files_that_change_are_loaded_again(serve: Start, tmp_path: Path) -> None:
    path = contract(tmp_path, "users", {"path": "/one"})
    with serve(path, "--watch") as serving:
        httpx.put(f"{serving.url}/mockserver/expectation", json={"httpRequest": {"path": "/mine"}, "httpResponse": {}})
        contract(tmp_path, "users", {"path": "/two"})
        wait_until(lambda: serving.get("/two").status_code == 200)
        assert serving.get("/one").status_code == 404
        assert serving.get("/mine").status_code == 200
        path.write_text("{")
        wait_until(lambda: "Not loaded again" in serving.text)
        assert serving.get("/two").status_code == 200
        contract(tmp_path, "users", {"path": "/three"})
        wait_until(lambda: serving.get("/three").status_code == 200)


def children(process: int) -> list[int]:
    found = subprocess.run(["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True)
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line]


def test_workers_share_the_port_and_are_replaced(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"path": "/users"}), "--workers", 2) as serving:
        wait_until(lambda: len(children(serving.process.pid)) == 2)
        with ThreadPoolExecutor(8) as pool:
            statuses = Counter(pool.map(lambda _: serving.get("/users").status_code, range(60)))
        assert statuses == {200: 60}
        assert serving.get("/mockserver/mode").status_code == 409
        first = children(serving.process.pid)
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: len(set(children(serving.process.pid)) - set(first)) == 1)
        assert serving.get("/users").status_code == 200
        assert serving.stop(signal.SIGHUP) == 0
    assert "another takes its place" in serving.text
    assert not children(serving.process.pid)


def test_workers_end_with_the_process_that_started_them(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"path": "/users"}), "--workers", 2) as serving:
        wait_until(lambda: len(children(serving.process.pid)) == 2)
        assert serving.get("/users").status_code == 200
        workers = children(serving.process.pid)
        assert serving.stop(signal.SIGKILL) == -signal.SIGKILL
        wait_until(lambda: not any(running(each) for each in workers))
        assert not listening(int(serving.url.rpartition(":")[2]))


def test_an_interrupt_while_workers_start_ends_them_without_a_word(tmp_path: Path, environment: dict[str, str]) -> None:
    users = contract(tmp_path, "users", {"path": "/users"})
    command = [sys.executable, "-m", "pact_recorder.cli", "serve", "--listen", "127.0.0.1:0", "--workers", "2", users]
    # As a terminal does, to all processes at once.
    options: dict[str, Any] = {"cwd": tmp_path, "env": environment, "encoding": "utf-8", "start_new_session": True}
    with subprocess.Popen(command, stderr=subprocess.PIPE, **options) as process:
        try:
            wait_until(lambda: len(children(process.pid)) == 2, 40)
            time.sleep(0.1)
            os.killpg(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, said) == (0, "")


def running(process: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


def test_requests_under_way_are_answered_before_it_ends(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"method": "POST", "path": "/users", "body": "ab"})) as serving:
        port = int(serving.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as waiting:
            waiting.sendall(
                b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\na"
            )
            time.sleep(0.3)
            serving.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not listening(port))
            waiting.sendall(b"b")
            assert waiting.recv(100).startswith(b"HTTP/1.1 200")
        assert serving.process.wait(20) == 0


def listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_a_server_that_other_machines_reach_says_so(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"path": "/users"}), "--listen", "0.0.0.0:0") as serving:
        assert "careful      other machines can use this server too" in serving.text
        assert serving.get("/users").status_code == 200


def test_tls_and_web_pages(serve: Start, tmp_path: Path) -> None:
    with serve(contract(tmp_path, "users", {"path": "/users"}), "--tls", "--cors") as serving:
        assert serving.url.startswith("https://")
        answer = serving.get("/users", verify=False, headers={"Origin": "https://app.example"})
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT"}
        assert httpx.options(f"{serving.url}/anything", verify=False, headers=asked).status_code == 204
        assert serving.get("/nope", verify=False).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Nothing to serve: name contracts or sessions, or give --manager."),
        (("missing",), "There is no session 'missing' in recordings"),
        (("./missing",), "There is no file ./missing."),
        (("user.json",), "There is no file user.json: did you mean users.json?"),
        (("pacts/missing.json",), "There is no file pacts/missing.json."),
        (("broken.json",), "broken.json, line 1, column 2: is not JSON"),
        (("--workers", "0", "users.json"), "'0' is no number of processes from 1 to 256"),
        (("--max-expectations", "0", "users.json"), "'0' is no limit: give a whole number from 1"),
        (("--unmatched", "99", "users.json"), "'99' is no status from 200 to 599"),
        (("--manager", "users.json"), "--manager takes neither PACT nor SESSION"),
        (("-o", "pacts", "users.json"), "--output is where the manager writes contracts"),
        (("--key", "x.pem", "users.json"), "--key goes with --certificate"),
        (("--certificate", "none.pem", "users.json"), "The certificate none.pem"),
        (
            ("--listen", "192.0.2.1:0", "users.json"),
            "Cannot listen on 192.0.2.1:0: 192.0.2.1 is no address of this machine.",
        ),
        (("--listen", "IN-USE", "users.json"), "Address already in use; choose another port, or 0 for any"),
    ],
)
def test_what_cannot_be_served(run: Any, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    contract(tmp_path, "users", {"path": "/users"})
    (tmp_path / "broken.json").write_text("{")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        in_use = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("serve", *(each.replace("IN-USE", in_use) for each in arguments))
    assert done.status == 2
    assert sentence in done.err


def test_the_manager(serve: Start, tmp_path: Path) -> None:
    document = json.loads(contract(tmp_path, "users", {"path": "/users"}).read_text())
    (tmp_path / "token").write_text("secret")
    with serve("--manager", "-o", "written", "--control-token-file", "token") as serving:
        created = httpx.post(serving.url, json=document).json()["mockServer"]
        assert httpx.get(f"http://127.0.0.1:{created['port']}/users").status_code == 200
        assert httpx.post(f"{serving.url}/mockserver/{created['id']}/verify").status_code == 204
        assert (tmp_path / "written" / "web-users.json").is_file()
        key = {"Authorization": "Bearer secret"}
        assert httpx.post(f"{serving.url}/shutdown", json={"period": 50}, headers=key).status_code == 204
        assert serving.process.wait(20) == 0
        assert not listening(created["port"])
