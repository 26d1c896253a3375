"""The plugin as its users see it: tests written with its fixtures, run by pytest in a process of their own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pact_recorder.http import Exchange, Request, Response
from pact_recorder.recordings import SessionStore, load_session

pytest_plugins = ["pytester"]

CONTRACT = {
    "consumer": {"name": "web"},
    "provider": {"name": "users"},
    "interactions": [
        {
            "description": "a user",
            "request": {"method": "GET", "path": "/users/1"},
            "response": {"status": 200, "body": {"name": "Al"}},
        }
    ],
}


class Service:
    """A real service, which counts how often it was asked."""

    def __init__(self) -> None:
        service = self
        self.asked = 0

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked += 1
                content = json.dumps({"path": self.path, "asked": service.asked}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


@pytest.fixture
def user(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A user's folder, with a contract in it."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makefile(".json", **{"web-users": json.dumps(CONTRACT)})
    pytester.makeini("[pytest]\naddopts = --strict-markers -p no:randomly\nfilterwarnings = error\n")
    return pytester


def run(user: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return user.runpytest_subprocess("-q", *arguments, timeout=120)


def test_a_contract_that_is_kept_is_written(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import httpx

        def test_profile(pact_mock_server):
            server = pact_mock_server("web-users.json", write_to="pacts")
            assert httpx.get(f"{server.url}/users/1").json() == {"name": "Al"}
        """
    )
    run(user).assert_outcomes(passed=1)
    assert (user.path / "pacts" / "web-users.json").is_file()


def test_a_contract_that_is_not_kept_fails_the_test(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import httpx

        def test_profile(pact_mock_server):
            server = pact_mock_server("web-users.json", write_to="pacts")
            httpx.get(f"{server.url}/users/1?full=true")

        def test_nothing(pact_mock_server):
            pact_mock_server("web-users.json")

        def test_error(pact_mock_server):
            httpx.get(f"{pact_mock_server('web-users.json').url}/other")
            assert 1 == 2
        """
    )
    result = run(user)
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            "The contract web → users was not kept, at http://127.0.0.1:*:",
            'mismatch with "a user" (GET /users/1):',
            "    Unexpected query parameter 'full' received",
            'missing request: "a user" (GET /users/1)',
            "*assert 1 == 2*",
            "unexpected request: GET /other",
        ]
    )
    assert not (user.path / "pacts").exists()


def test_a_contract_is_written_only_when_the_test_passed(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import httpx
        import pytest

        def ask(factory, folder):
            assert httpx.get(f"{factory('web-users.json', write_to=folder).url}/users/1").is_success

        def test_fails(pact_mock_server):
            ask(pact_mock_server, "failed")
            assert 1 == 2

        def test_skips(pact_mock_server):
            ask(pact_mock_server, "skipped")
            pytest.skip("for some reason")

        @pytest.mark.xfail
        def test_fails_as_it_should(pact_mock_server):
            ask(pact_mock_server, "xfailed")
            assert 1 == 2

        @pytest.mark.xfail(strict=True)
        def test_does_not_fail_as_it_should(pact_mock_server):
            ask(pact_mock_server, "xpassed")

        def test_one_of_two_is_not_kept(pact_mock_server):
            pact_mock_server("web-users.json")
            ask(pact_mock_server, "one")

        def test_cannot_be_written(pact_mock_server):
            ask(pact_mock_server, "web-users.json/pacts")

        def test_passes(pact_mock_server):
            ask(pact_mock_server, "passed")
        """
    )
    result = run(user)
    result.assert_outcomes(passed=1, failed=4, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["*web-users.json/pacts*"])
    assert [path.parent.name for path in user.path.glob("*/web-users.json")] == ["passed"]


def test_several_servers_and_options(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import ssl
        import httpx

        def test_two(pact_mock_server):
            one = pact_mock_server("web-users.json", tls=True)
            other = pact_mock_server({"interactions": []})
            trust = ssl.create_default_context(cadata=one.certificate)
            assert httpx.get(f"{one.url}/users/1", verify=trust).status_code == 200
            assert one.port != other.port
        """
    )
    run(user).assert_outcomes(passed=1)


CLIENTS = """
    import asyncio, os
    import aiohttp, httpx, pytest, requests, urllib3

    URL = {url!r}

    def test_requests(pact_recording):
        assert requests.get(URL + "/requests").json()["path"] == "/requests"

    def test_httpx(pact_recording):
        assert httpx.get(URL + "/httpx").json()["path"] == "/httpx"

    def test_urllib3(pact_recording):
        with urllib3.ProxyManager(pact_recording.url) as manager:
            assert manager.request("GET", URL + "/urllib3").json()["path"] == "/urllib3"

    def test_aiohttp(pact_recording):
        async def ask():
            async with aiohttp.ClientSession(trust_env=True) as session, session.get(URL + "/aiohttp") as answer:
                return await answer.json()
        assert asyncio.run(ask())["path"] == "/aiohttp"
"""


def test_every_client_is_recorded_once_and_replayed_from_then_on(user: pytest.Pytester, service: Service) -> None:
    user.makepyfile(test_clients=CLIENTS.format(url=service.url))
    run(user, "--pact-record=once").assert_outcomes(passed=4)
    assert service.asked == 4
    folder = user.path / "recordings" / "test_clients"
    names = ["test_aiohttp.yaml", "test_httpx.yaml", "test_requests.yaml", "test_urllib3.yaml"]
    assert sorted(path.name for path in folder.glob("*.yaml")) == names
    run(user, "--pact-record=once").assert_outcomes(passed=4)
    service.stop()
    run(user).assert_outcomes(passed=4)
    assert service.asked == 4


def test_the_modes(user: pytest.Pytester, service: Service) -> None:
    source = f"""
        import os
        import requests

        def test_it(pact_recording):
            for path in os.environ["PATHS"].split():
                print(requests.get({service.url!r} + path).json()["asked"], end=" ")
        """
    user.makepyfile(test_modes=source)
    session = user.path / "recordings" / "test_modes" / "test_it.yaml"

    def recorded() -> list[str]:
        return [entry.exchange.request.path for entry in load_session(session).entries]

    def step(mode: str, paths: str, shown: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATHS", paths)
            result = run(user, f"--pact-record={mode}", "-s")
        result.assert_outcomes(passed=1)
        assert shown in result.stdout.str()

    step("all", "/a", "1 ")
    step("new_episodes", "/a /b", "1 2 ")
    assert sorted(recorded()) == ["/a", "/b"]
    step("once", "/a /b", "1 2 ")
    step("none", "/b /a", "2 1 ")
    step("all", "/a", "3 ")
    assert recorded() == ["/a"]


def test_a_request_that_was_not_recorded_fails_the_test(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import requests

        def test_it(pact_recording):
            requests.get("http://api.example/users")
        """
    )
    result = run(user)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "Requests were made and there is no recording yet (*test_it.yaml):",
            "  GET http://api.example/users",
            "Record them: run with --pact-record=once.",
        ]
    )
    result.stdout.no_fnmatch_line("*No expectation is active*")


@pytest.mark.parametrize(
    ("mark", "mode", "advice"),
    [
        ("", "once", "Record them with --pact-record=new_episodes, or everything anew with --pact-record=all."),
        ("mode='once'", "none", "Record them: the mark says mode='once'; change it there, or delete *test_it.yaml."),
        ("mode='none'", "once", "Record them: the mark says mode='none'; change it there."),
    ],
)
def test_what_is_advised_works_also_where_the_mark_sets_the_mode(
    user: pytest.Pytester, service: Service, mark: str, mode: str, advice: str
) -> None:
    source = """
        import pytest
        import requests

        @pytest.mark.pact_recording({mark})
        def test_it(pact_recording):
            requests.get({url!r})
        """
    user.makepyfile(test_advice=source.format(mark="mode='all'", url=service.url + "/a"))
    run(user).assert_outcomes(passed=1)
    user.makepyfile(test_advice=source.format(mark=mark, url=service.url + "/b"))
    result = run(user, f"--pact-record={mode}")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["Requests were made that *test_it.yaml does not hold:", f"  GET {service.url}/b: *", advice]
    )


def test_the_network_is_blocked_in_replay(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import socket
        import pytest
        from pact_recorder.pytest_plugin.network import NetworkBlockedError

        def connect(host):
            with socket.socket() as it:
                it.settimeout(0.05)
                it.connect((host, 9))

        def test_blocked(pact_recording):
            with pytest.raises(NetworkBlockedError, match="192.0.2.1:9 was refused"):
                connect("192.0.2.1")
            with socket.socket() as it, pytest.raises(NetworkBlockedError):
                it.connect_ex(("example.com", 80))
            with pytest.raises(ConnectionRefusedError):
                connect("127.0.0.1")

        @pytest.mark.allowed_hosts(["192.0.2.1"])
        def test_allowed(pact_recording):
            with pytest.raises(OSError) as raised:
                connect("192.0.2.1")
            assert not isinstance(raised.value, NetworkBlockedError)

        @pytest.mark.pact_recording(mode="all")
        def test_recording(pact_recording):
            with pytest.raises(OSError) as raised:
                connect("192.0.2.1")
            assert not isinstance(raised.value, NetworkBlockedError)

        def test_without():
            with pytest.raises(OSError) as raised:
                connect("192.0.2.1")
            assert not isinstance(raised.value, NetworkBlockedError)
        """
    )
    run(user).assert_outcomes(passed=4)


SAME = """
    import requests

    def test_same(pact_recording):
        assert requests.get({url!r} + "/{path}").json()["path"] == "/{path}"
"""


def test_modules_of_the_same_name_do_not_share_a_recording(user: pytest.Pytester, service: Service) -> None:
    user.makeini("[pytest]\naddopts = --import-mode=importlib\npact_recordings = kept\n")
    user.makepyfile(**{f"{each}/test_same": SAME.format(url=service.url, path=each) for each in ("a", "b")})
    run(user, "--pact-record=once").assert_outcomes(passed=2)
    assert service.asked == 2
    service.stop()
    run(user).assert_outcomes(passed=2)
    kept = sorted(path.relative_to(user.path / "kept").as_posix() for path in (user.path / "kept").rglob("*.yaml"))
    assert kept == ["a/test_same/test_same.yaml", "b/test_same/test_same.yaml"]


def test_recordings_of_earlier_versions_are_found(user: pytest.Pytester, service: Service) -> None:
    user.makeini("[pytest]\npact_recordings = kept\n")
    user.makepyfile(**{"a/test_same": SAME.format(url=service.url, path="a")})
    run(user, "--pact-record=once").assert_outcomes(passed=1)
    (user.path / "kept/a/test_same").rename(user.path / "kept/test_same")
    run(user).assert_outcomes(passed=1)
    assert service.asked == 1


def test_parameters_and_classes_do_not_share_a_recording(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import pytest

        def kept(recording):
            with open("kept", "a") as file:
                print(recording.session, file=file)

        @pytest.mark.parametrize("word", ["a", "a.", "a-", "", "-"])
        def test_it(word, pact_recording):
            kept(pact_recording)

        class TestOne:
            class TestInner:
                def test_it(self, pact_recording):
                    kept(pact_recording)

        class TestOther:
            class TestInner:
                def test_it(self, pact_recording):
                    kept(pact_recording)
        """
    )
    run(user).assert_outcomes(passed=7)
    assert len(set((user.path / "kept").read_text().splitlines())) == 7


def test_recording_anew_leaves_nothing_of_a_run_that_was_killed(user: pytest.Pytester, service: Service) -> None:
    user.makepyfile(test_anew=SAME.format(url=service.url, path="new"))
    folder = user.path / "recordings" / "test_anew"
    killed = SessionStore(folder, "test_same")
    killed.open()
    killed.append(Exchange(Request("GET", "/old", host="old.example"), Response(200)))
    journal = folder / "test_same.journal"
    content = journal.read_bytes()
    killed.close()
    journal.write_bytes(content)
    run(user, "--pact-record=all").assert_outcomes(passed=1)
    entries = load_session(folder / "test_same.yaml").entries
    assert [entry.exchange.request.path for entry in entries] == ["/new"]


def test_marks_name_sessions_modes_and_the_service_behind(user: pytest.Pytester, service: Service) -> None:
    source = f"""
        import os
        import pytest
        import requests

        @pytest.mark.pact_recording("shared", mode="all", upstream={service.url!r})
        def test_records(pact_recording):
            assert "HTTP_PROXY" not in os.environ
            assert requests.get(pact_recording.url + "/a").json()["asked"] == 1

        @pytest.mark.pact_recording(name="shared", mode="none", upstream={service.url!r})
        def test_replays(pact_recording):
            assert requests.get(pact_recording.url + "/a").json()["asked"] == 1

        class TestClass:
            @pytest.mark.pact_recording(mode="once")
            @pytest.mark.parametrize("word", ["a", "b/c"])
            def test_mark_alone(self, word):
                assert requests.get({service.url!r} + "/" + word).ok
        """
    user.makepyfile(test_marks=source)
    user.makeini("[pytest]\naddopts = --strict-markers\npact_recordings = kept\n")
    run(user).assert_outcomes(passed=4)
    kept = sorted(path.relative_to(user.path / "kept").as_posix() for path in (user.path / "kept").rglob("*.yaml"))
    assert kept[0] == "shared.yaml"
    assert kept[1] == "test_marks/TestClass.test_mark_alone-a.yaml"
    assert kept[2].startswith("test_marks/TestClass.test_mark_alone-b-c-")
    assert service.asked == 3


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ('mode="sometimes"', "*pact_recording has no mode 'sometimes'*"),
        ("upstraem='http://x'", "*pact_recording has no argument 'upstraem'*"),
        ('"shared", "x"', "*pact_recording takes only its name without a keyword, not 'x' too*"),
    ],
)
def test_wrong_marks_are_said(user: pytest.Pytester, mark: str, sentence: str) -> None:
    user.makepyfile(
        f"""
        import pytest

        @pytest.mark.pact_recording({mark})
        def test_it(pact_recording):
            pass
        """
    )
    result = run(user)
    result.stdout.fnmatch_lines([sentence])
    result.stdout.no_fnmatch_line("*pact_recorder/pytest_plugin/*")
    assert result.ret != 0


def test_a_run_that_uses_nothing_of_it_imports_nothing_of_it(user: pytest.Pytester) -> None:
    user.makepyfile(
        """
        import sys

        def test_it():
            assert "pact_recorder.server" not in sys.modules
            assert "uvicorn" not in sys.modules
        """
    )
    run(user).assert_outcomes(passed=1)


def test_the_configured_mode(user: pytest.Pytester, service: Service) -> None:
    user.makepyfile(
        f"""
        import requests

        def test_it(pact_recording):
            assert pact_recording.mode == "new_episodes"
            assert requests.get({service.url!r}).ok
        """
    )
    user.makeini("[pytest]\npact_record = new_episodes\n")
    run(user).assert_outcomes(passed=1)
    assert Path(user.path, "recordings").is_dir()
