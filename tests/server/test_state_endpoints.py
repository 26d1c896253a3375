import pytest
from builders import exchange, request

from pact_recorder.capture.modes import Mode
from pact_recorder.capture.recorder import Recorder
from pact_recorder.server import ControlApi, ControlSettings
from tests.server.control_client import ControlClient

MODES = [
    ("mock", Mode.MOCK, b'{"mode":"SIMULATE","proxyUnmatchedRequests":false}'),
    ("SIMULATE", Mode.MOCK, b'{"mode":"SIMULATE","proxyUnmatchedRequests":false}'),
    (" Spy ", Mode.SPY, b'{"mode":"SPY","proxyUnmatchedRequests":true}'),
    ("CAPTURE", Mode.CAPTURE, b'{"mode":"CAPTURE","proxyUnmatchedRequests":true}'),
]


@pytest.mark.parametrize(("name", "mode", "body"), MODES)
def test_the_mode_is_set_and_shown(
    control: ControlClient, recorder: Recorder, name: str, mode: Mode, body: bytes
) -> None:
    answer = control.put("/mockserver/mode", b"ignored", mode=name)
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert recorder.mode is mode
    assert control.get("/mockserver/mode").body == body


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "mode is required (one of SIMULATE, SPY, CAPTURE)"),
        ({"mode": " "}, "mode is required (one of SIMULATE, SPY, CAPTURE)"),
        ({"mode": "Record"}, "unknown mode 'Record' (expected one of SIMULATE, SPY, CAPTURE)"),
    ],
)
def test_a_wrong_mode_is_refused(
    control: ControlClient, recorder: Recorder, parameters: dict[str, str], sentence: str
) -> None:
    answer = control.put("/mockserver/mode", **parameters)
    assert (answer.status, answer.text) == (400, sentence)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert recorder.mode is Mode.CAPTURE


def test_the_host_may_have_a_say_in_the_mode(recorder: Recorder) -> None:
    asked: list[Mode] = []
    api = ControlApi(recorder, "1", ControlSettings(switch=asked.append))
    ControlClient(api).put("/mockserver/mode", mode="spy")
    assert asked == [Mode.SPY]


@pytest.mark.parametrize("body", ['""', "", "anything"])
def test_reset_forgets_everything_but_the_mode(control: ControlClient, recorder: Recorder, body: str) -> None:
    recorder.record(exchange(request()))
    control.put("/mockserver/expectation", {"httpResponse": {}})
    control.put("/mockserver/mode", mode="spy")
    answer = control.put("/mockserver/reset", body)
    assert (answer.status, answer.body) == (200, b"")
    assert len(recorder.expectations) == 0
    assert recorder.mode is Mode.SPY


@pytest.mark.parametrize(("method", "path"), [("PUT", "/mockserver/status"), ("GET", "/mockserver/ready")])
def test_the_status_says_where_and_what(control: ControlClient, recorder: Recorder, method: str, path: str) -> None:
    recorder.record(exchange(request()))
    status = control.send(method, path).json()
    assert status["ports"] == [8080]
    assert status["version"] == "1.2.3"
    assert {"artifactId", "groupId", "gitHash"} <= status.keys()
    assert status["recorder"]["mode"] == "capture"
    assert status["recorder"]["activeExpectations"] == status["recorder"]["recorded"] == 1


def test_the_ports_are_the_hosts(recorder: Recorder) -> None:
    api = ControlApi(recorder, "1", ControlSettings(ports=lambda: (1, 2)))
    assert ControlClient(api).put("/mockserver/status").json()["ports"] == [1, 2]


def test_the_program_is_stopped_by_whoever_hosts_it(recorder: Recorder) -> None:
    stopped: list[bool] = []
    api = ControlApi(recorder, "1", ControlSettings(stop=lambda: stopped.append(True)))
    answer = ControlClient(api).put("/mockserver/stop")
    assert (answer.status, answer.body, stopped) == (200, b"", [True])
    assert ControlClient(ControlApi(recorder, "1")).put("/mockserver/stop").status == 400
