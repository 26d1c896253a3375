"""Whatever a body is, the control API answers it, and never by failing."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from builders import exchange, json_request, request
from hypothesis import given, settings
from hypothesis import strategies as st

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.recordings import SessionStore
from pact_recorder.server import ROUTES, ControlApi
from tests.server.control_client import ControlClient
from tests.server.test_import_endpoints import CONTRACT, PAIRS, POSTMAN, WIREMOCK, har
from tests.server.test_log_endpoints import ask

EXPECTATION = {
    "httpRequest": {"path": "/a", "body": {"n": [1]}},
    "httpResponse": {"body": {"x": 1}, "headers": {"a": ["b"]}},
}
DOCUMENTS: dict[str, Any] = {
    "/mockserver/expectation": EXPECTATION,
    "/mockserver/clear": {"path": "/a", "headers": [{"name": "a", "values": ["b"]}]},
    "/mockserver/retrieve": {"path": "/.*", "queryStringParameters": {"a": ["b"]}},
    "/mockserver/verify": {"httpRequest": {"path": "/a"}, "times": {"atLeast": 1, "atMost": 2}},
    "/mockserver/verifySequence": {"httpRequests": [{"path": "/a"}], "httpResponses": [{"statusCode": 200}]},
    "/mockserver/debugMismatch": {
        "path": "/a",
        "method": "GET",
        "headers": {"a": ["b"]},
        "body": {"type": "JSON", "json": 1},
    },
    "/mockserver/explainUnmatched": {"limit": 3},
    "/mockserver/scenario/a": {"state": "b", "nextState": "c", "transitionAfterMs": 86400000},
    "/mockserver/pact/import": CONTRACT,
    "/mockserver/pact/verify": CONTRACT,
    "/mockserver/import?har": har(),
    "/mockserver/import?postman": POSTMAN,
    "/mockserver/import?wiremock": WIREMOCK,
    "/mockserver/import?recording": PAIRS,
    "/mockserver/recordings/promote": {"path": "/a"},
}
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=5),
    st.sampled_from(["\ud800", "!", "?!", "(", "{{", "\0", "a" * 9000, "/\r\nX: y", "%zz", "[::1", "http://"]),
    st.sampled_from([[], {}, [None], {"": None}, {"id": 1}, [[]]]),
)  # fmt: skip


def places(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    parts = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for name, part in parts:
        yield from places(part, (*place, name))


def changed(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    document = deepcopy(document)
    at = document
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value
    return document


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlClient]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    recorder = Recorder(SessionStore(folder, "session"), Redactor(RedactionRules.default()), clock=lambda: 1000.0)
    recorder.open_session()
    recorder.record(exchange(json_request("POST", "/a", {"n": 1})))
    ask(recorder, request("GET", "/none"))
    yield ControlClient(ControlApi(recorder, "1"))
    recorder.close()


@pytest.mark.parametrize("where", sorted(DOCUMENTS))
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_document_is_answered(client: ControlClient, where: str, data: st.DataObject) -> None:
    document = DOCUMENTS[where]
    place = data.draw(st.sampled_from(list(places(document))))
    body = json.dumps(changed(document, place, data.draw(VALUES))).encode()
    path, _, form = where.partition("?")
    answer = client.put(path, body, **({"format": form} if form else {}))
    assert answer.status in (200, 201, 202, 400, 406), (place, body, answer.text)
    client.put("/mockserver/clear", type="expectations")


@pytest.mark.parametrize("where", sorted(where for where in DOCUMENTS if "import" in where))
@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "9" * 400, "9" * 5_000, "-0.5"])
def test_an_odd_number_at_any_place_of_an_import_is_answered(client: ControlClient, where: str, number: str) -> None:
    path, _, form = where.partition("?")
    for place in places(DOCUMENTS[where]):
        body = json.dumps(changed(DOCUMENTS[where], place, "@")).replace('"@"', number).encode()
        answer = client.put(path, body, **({"format": form} if form else {}))
        assert answer.status in (201, 400), (place, answer.text)
    client.put("/mockserver/clear", type="expectations")


@pytest.mark.parametrize("path", sorted(path for path, endpoints in ROUTES.items() if "PUT" in endpoints))
@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"null", b"0", b'"x"', b"1e999999", b'{"id": ""}', b"NaN"]
)
@pytest.mark.parametrize("kind", ["text/xml", "application/json; charset=utf-16", "nonsense"])
def test_an_odd_body_is_answered_whatever_its_type(client: ControlClient, path: str, body: bytes, kind: str) -> None:
    odd = ControlClient(client.api, fields=[("Content-Type", kind)])
    assert odd.put(path, body).status < 500


@pytest.mark.parametrize("query", ["type", "format", "limit", "offset", "consolidate", "correlationId", "mode", "host"])
@pytest.mark.parametrize("value", ["", " ", "\udcff", "9" * 5000, "-1", "true", "a\r\nb: c"])
def test_an_odd_parameter_is_answered(client: ControlClient, query: str, value: str) -> None:
    for path, endpoints in ROUTES.items():
        for method in endpoints:
            scope_value = value.encode("utf-8", "surrogateescape").decode("latin-1")
            assert client.send(method, path, b"", {query: scope_value}).status < 500
