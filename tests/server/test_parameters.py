"""A query parameter that an endpoint does not have is refused by name, at every endpoint."""

import pytest
from builders import request

from pact_recorder.capture.recorder import Recorder
from pact_recorder.server import ROUTES
from tests.server.control_client import ControlClient
from tests.server.test_log_endpoints import ask

SERVED = [(path, method) for path, routes in ROUTES.items() for method in routes]
RETRIEVE = "/mockserver/retrieve"
MISSPELT = [
    ("/mockserver/clear", "typ", "type"),
    ("/mockserver/clear", "Type", "type"),
    (RETRIEVE, "fromat", "format"),
    (RETRIEVE, "consolidated", "consolidate"),
    (RETRIEVE, "parameterise", "parameterize"),
    (RETRIEVE, "capture_headers", "captureHeaders"),
    (RETRIEVE, "correlationid", "correlationId"),
    ("/mockserver/pact", "consumr", "consumer"),
    ("/mockserver/pact", "CONSUMER", "consumer"),
    ("/mockserver/pact/import", "redactSensitive", "redactSensitiveData"),
    ("/mockserver/import", "formt", "format"),
    ("/mockserver/recordings/promote", "consolidate ", "consolidate"),
    ("/mockserver/mode", "moed", "mode"),
]


@pytest.mark.parametrize(("path", "given", "meant"), MISSPELT)
def test_a_misspelt_parameter_is_told_how_it_is_spelt(
    control: ControlClient, path: str, given: str, meant: str
) -> None:
    answer = control.put(path, **{given: "x"})
    assert (answer.status, answer.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    takes = ", ".join(ROUTES[path]["PUT"].parameters.takes)
    assert answer.text == f'unknown parameter "{given}": did you mean "{meant}"? This endpoint takes {takes}'


def test_a_misspelt_parameter_changes_nothing(control: ControlClient, recorder: Recorder) -> None:
    control.put("/mockserver/expectation", {"httpResponse": {}})
    ask(recorder, request("GET", "/a"))
    assert control.put("/mockserver/clear", typ="log").status == 400
    assert len(control.put(RETRIEVE).json()) == 1
    assert len(control.put(RETRIEVE, type="ACTIVE_EXPECTATIONS").json()) == 1


@pytest.mark.parametrize(("path", "method"), SERVED)
def test_every_endpoint_refuses_what_it_does_not_have(control: ControlClient, path: str, method: str) -> None:
    route = ROUTES[path][method]
    answer = control.send(method, path, b"", {"zzzzzzzz": ""})
    takes = ", ".join(route.parameters.takes)
    sentence = 'unknown parameter "zzzzzzzz": ' + (
        f"This endpoint takes {takes}" if takes else "this endpoint takes none"
    )
    is_json = answer.headers["content-type"].startswith("application/json")
    assert answer.status == 400
    assert (answer.json()["error"] if is_json else answer.text) == (sentence.replace('"', "'") if is_json else sentence)


@pytest.mark.parametrize(("path", "method"), SERVED)
def test_every_endpoint_takes_what_it_has(control: ControlClient, path: str, method: str) -> None:
    parameters = ROUTES[path][method].parameters
    for name in parameters.takes:
        assert "unknown parameter" not in control.send(method, path, b"", {name: ""}).text
    for name in parameters.lacks:
        for harmless in ("", " ", "false", "False"):
            assert "parameter" not in control.send(method, path, b"", {name: harmless}).text
        answer = control.send(method, path, b"", {name: "1"})
        assert (answer.status, answer.text) == (400, f'the parameter "{name}" is not supported')


@pytest.mark.parametrize("name", ["x" * 10_000, "a\nb", "\udcff", ""])
def test_a_hostile_name_is_refused_in_a_short_sentence(control: ControlClient, name: str) -> None:
    answer = control.send("PUT", RETRIEVE, b"", {name.encode("utf-8", "surrogateescape").decode("latin-1"): "1"})
    assert (answer.status, len(answer.text) < 400) == (400, True)
