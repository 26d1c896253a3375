import asyncio
import logging

import pytest

from pact_recorder.capture.recorder import Recorder
from pact_recorder.server import ROUTES, ControlApi, ControlSettings, is_control_path
from tests.server.control_client import ControlClient


def test_every_answer_carries_the_version_and_no_cors(control: ControlClient) -> None:
    for method, path in [("GET", "/mockserver/mode"), ("PUT", "/mockserver/nothing"), ("GET", "/mockserver/reset")]:
        headers = control.send(method, path).headers
        assert headers["version"] == "1.2.3"
        assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path", ["/mockserver/nothing", "/mockserver", "/mockserver/mode/", "/pacts", "/Mockserver/mode"]
)
def test_an_unknown_path_gets_the_valid_ones(control: ControlClient, path: str) -> None:
    answer = control.put(path)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert all(route in answer.json()["error"] for route in ROUTES)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/mockserver/pact", "PUT"),
        ("POST", "/mockserver/mode", "GET, PUT"),
        ("OPTIONS", "/mockserver/reset", "PUT"),
    ],
)
def test_a_wrong_verb_gets_the_right_ones(control: ControlClient, method: str, path: str, allow: str) -> None:
    answer = control.send(method, path)
    assert answer.status == 405
    assert answer.headers["allow"] == allow
    assert allow in answer.json()["error"]


def test_strangers_are_refused_before_anything_else(recorder: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    stranger = ControlClient(ControlApi(recorder, "1"), peer=("192.168.0.7", 1))
    for path in ("/mockserver/mode", "/mockserver/nothing"):
        answer = stranger.put(path, mode="mock")
        assert answer.status == 403
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "pact_control_token" in answer.text
    assert recorder.mode.value == "capture"
    assert "192.168.0.7" in caplog.text


def test_the_token_lets_in_from_anywhere(recorder: Recorder) -> None:
    api = ControlApi(recorder, "1", ControlSettings(token="t0ken"))
    client = ControlClient(api, peer=None, fields=[("Authorization", "Bearer t0ken"), ("Origin", "http://a.example")])
    assert client.get("/mockserver/mode").status == 200
    api.settings = ControlSettings(token="other")
    assert client.get("/mockserver/mode").status == 403


@pytest.mark.parametrize("path", ["/mockserver/pact/verify", "/mockserver/expectation", "/mockserver/reset"])
def test_a_body_beyond_the_limit_is_refused(recorder: Recorder, path: str) -> None:
    api = ControlApi(recorder, "1", ControlSettings(max_body=100))
    answer = ControlClient(api).put(path, b"x" * 101)
    assert answer.status == 413
    assert "100 bytes" in answer.json()["error"]
    declared = ControlClient(api, fields=[("Content-Length", "101")])
    assert asyncio.run(declared.exchange("PUT", path, [])).status == 413


def test_a_body_may_come_in_pieces(control: ControlClient) -> None:
    pieces = [b'{"httpResponse": ', b"", b'{"statusCode": 201}}']
    answer = asyncio.run(control.exchange("PUT", "/mockserver/expectation", pieces))
    assert answer.status == 201


def test_a_client_that_goes_away_gets_nothing(recorder: Recorder) -> None:
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    api = ControlApi(recorder, "1")
    scope = ControlClient(api).scope("PUT", "/mockserver/reset")
    asyncio.run(api(scope, receive, send))
    assert sent == []


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_only_http_is_spoken(recorder: Recorder, kind: str) -> None:
    async def nothing(*_: object) -> dict[str, object]:
        return {}

    with pytest.raises(ValueError, match=kind):
        asyncio.run(ControlApi(recorder, "1")({"type": kind}, nothing, nothing))


def test_a_failure_is_logged_and_answered(
    control: ControlClient, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    recorder.expectations = None  # type: ignore[assignment]
    with caplog.at_level(logging.ERROR):
        answer = control.put("/mockserver/clear")
    recorder.expectations = type(recorder)(recorder.store, recorder.redactor).expectations
    assert answer.status == 500
    assert "/mockserver/clear" in caplog.text


@pytest.mark.parametrize(
    ("path", "is_control"),
    [
        ("/mockserver", True),
        ("/mockserver/x", True),
        ("/mockserverx", False),
        ("/", False),
        ("/a/mockserver/mode", False),
    ],
)
def test_the_paths_of_the_control_api(path: str, is_control: bool) -> None:
    assert is_control_path(path) is is_control
