"""A served contract asked directly: an equal request gets the answer of before only while that is the right one."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from pact_recorder.capture import recorder as recorder_module
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.server.listener import listen
from pact_recorder.server.standalone import ServeSettings, Standalone
from pact_recorder.server.wire import Asked
from tests.server.mock_contracts import contract, interaction

HOST = (b"host", b"a")
STATED = interaction("GET", "/b") | {"providerStates": [{"name": "there are some"}]}


def served(folder: Path, *interactions: dict[str, Any], **options: Any) -> Standalone:
    path = folder / "contract.json"
    path.write_text(json.dumps(contract(*interactions)))
    return Standalone(ServeSettings((str(path),), folder, RedactionRules.default(), **options))


def answer(app: Standalone, target: bytes = b"/a", *fields: tuple[bytes, bytes]) -> tuple[int, bytes]:
    head, _, content = app.respond(Asked(b"GET", target, [HOST, *fields], b"")).message(False).partition(b"\r\n\r\n")
    return int(head.split()[1]), content


def put(app: Standalone, **document: Any) -> None:
    document = {"httpRequest": {"path": "/a"}, "httpResponse": {"body": "new"}, **document}
    document = {name: value for name, value in document.items() if value is not None}
    app.recorder.expectations.put(read_expectations(json.dumps(document), app.recorder.clock())[0])


OLD = (200, b'{"path":"/a"}')
NEW = (200, b"new")


@pytest.fixture
def app(tmp_path: Path) -> Standalone:
    return served(tmp_path, interaction("GET", "/a"), STATED)


def test_every_request_is_counted_and_logged(app: Standalone) -> None:
    assert [answer(app) for _ in range(3)] == [OLD] * 3
    assert [answer(app, b"/a", (b"x-a", str(each).encode())) for each in (1, 2, 1)] == [OLD] * 3
    assert app.recorder.tally.answered == 6
    logged = [entry.request for entry in app.recorder.log.view().entries]
    assert [each.headers.get("x-a") for each in logged if each] == [None, None, None, "1", "2", "1"]


def test_what_is_set_later_answers_from_then_on(app: Standalone) -> None:
    assert [answer(app), answer(app)] == [OLD, OLD]
    put(app, id="x", priority=1)
    assert [answer(app), answer(app)] == [NEW, NEW]
    app.recorder.expectations.remove([app.recorder.expectations.ruled.get("x")])  # type: ignore[list-item]
    assert [answer(app), answer(app)] == [OLD, OLD]
    app.recorder.reset()
    assert answer(app)[0] == 404


@pytest.mark.parametrize(
    ("options", "answers"),
    [
        ({"times": {"remainingTimes": 2}}, [NEW, NEW, OLD, OLD]),
        ({"httpResponse": None, "httpResponses": [{"body": "1"}, {"body": "2"}]}, [(200, b"1"), (200, b"2")] * 2),
        ({"scenarioName": "s", "scenarioState": "Started", "newScenarioState": "over"}, [NEW, OLD, OLD, OLD]),
    ],
)
def test_what_does_not_last_is_asked_for_each_time(
    app: Standalone, options: dict[str, Any], answers: list[tuple[int, bytes]]
) -> None:
    assert [answer(app), answer(app)] == [OLD, OLD]
    put(app, priority=1, **options)
    assert [answer(app) for _ in range(4)] == answers


def test_what_expires_answers_no_longer(app: Standalone) -> None:
    put(app, priority=1, timeToLive={"timeUnit": "SECONDS", "timeToLive": 5})
    assert [answer(app), answer(app)] == [NEW, NEW]
    moment = app.recorder.clock() + 10
    app.recorder.clock = lambda: moment
    assert [answer(app), answer(app)] == [OLD, OLD]


def test_provider_states_count(tmp_path: Path) -> None:
    app = served(tmp_path, STATED, states=True)
    named = (b"x-pact-provider-state", b"there are some")
    assert [answer(app, b"/b")[0] for _ in range(2)] == [404, 404]
    assert [answer(app, b"/b", named)[0] for _ in range(2)] == [200, 200]
    app.recorder.states = frozenset(("there are some",))
    assert [answer(app, b"/b")[0] for _ in range(2)] == [200, 200]
    app.recorder.states = frozenset()
    assert [answer(app, b"/b")[0] for _ in range(2)] == [404, 404]


def test_what_is_loaded_again_answers(app: Standalone, tmp_path: Path) -> None:
    assert [answer(app), answer(app)] == [OLD, OLD]
    (tmp_path / "contract.json").write_text(json.dumps(contract(interaction("GET", "/other"))))
    app.replace(*app.loaded())
    assert answer(app)[0] == 404


def test_generated_values_are_new_each_time(tmp_path: Path) -> None:
    generated = interaction("GET", "/a")
    generated["response"] |= {"body": "x", "generators": {"body": {"$": {"type": "Uuid"}}}}
    app = served(tmp_path, generated)
    assert len({answer(app) for _ in range(3)}) == 3


def test_without_a_control_api_no_request_is_held(tmp_path: Path) -> None:
    app = served(tmp_path, interaction("GET", "/a"), control=None)
    assert [answer(app), answer(app)] == [OLD, OLD]
    assert (app.recorder.tally.answered, len(app.recorder.log)) == (2, 0)


def test_an_answer_found_in_haste_is_not_given_again(app: Standalone, monkeypatch: pytest.MonkeyPatch) -> None:
    put(app, id="rule", priority=2, httpRequest={"path": "/a.*"})
    put(app, id="plain", priority=1, httpRequest={"path": "/a"}, httpResponse={"body": "plain"})
    with monkeypatch.context() as patch:
        patch.setattr(recorder_module, "REQUEST_SECONDS", 0.0)
        assert answer(app) == (200, b"plain")
    assert [answer(app), answer(app)] == [NEW, NEW]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"httpError": {"dropConnection": True}, "httpResponse": None}, b""),
        ({"httpResponse": {"body": "late", "delay": {"timeUnit": "MILLISECONDS", "value": 1}}}, b"late"),
    ],
    ids=["fault", "delay"],
)
def test_what_is_set_between_head_and_body_counts(app: Standalone, document: dict[str, Any], expected: bytes) -> None:
    async def asked() -> bytes:
        listener = await listen(app, "127.0.0.1", 0, None, direct=app)
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(0.2)
        put(app, priority=9, **document)
        writer.write(b"ab")
        received = await reader.read()
        writer.close()
        await listener.close()
        return received

    received = asyncio.run(asked())
    assert received.endswith(expected)
    assert bool(received) is bool(expected)
