"""What the recorder does to a request before it looks for an answer."""

import shutil
from pathlib import Path

import pytest

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.mock import Miss
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.recordings import SessionStore, load_session


def asking(token: str, query: str = "") -> Request:
    return Request(
        "GET", "/me", query or None, Headers([("Authorization", f"Bearer {token}")]), host="api.example", port=443
    )


def recorder(folder: Path, rules: RedactionRules) -> Recorder:
    opened = Recorder(SessionStore(folder, "session"), Redactor(rules))
    opened.open_session()
    return opened


@pytest.mark.parametrize("query", ["", "api_key=0123456789abcdef"])
@pytest.mark.parametrize("rules", [RedactionRules.default(), RedactionRules.none()], ids=["default", "none"])
def test_a_session_is_replayed_with_redaction_whether_it_was_recorded_with_it(
    tmp_path: Path, rules: RedactionRules, query: str
) -> None:
    recording = recorder(tmp_path, rules)
    recording.record(Exchange(asking("0123456789abcdef", query), Response(200, "", Headers(), Body(b"ada"))))
    recording.close()
    replaying = recorder(tmp_path, RedactionRules.default())
    found = replaying.answer(asking("0123456789abcdef", query), "api.example")
    replaying.close()
    assert not isinstance(found, Miss)
    assert found.body == Body(b"ada")


@pytest.mark.parametrize("rules", [RedactionRules.default(), RedactionRules.none()], ids=["default", "none"])
def test_nothing_is_logged_again_as_it_came_where_secrets_are_redacted(tmp_path: Path, rules: RedactionRules) -> None:
    asked = recorder(tmp_path, rules)
    (always,) = read_expectations('{"httpRequest": {"path": "/me"}, "httpResponse": {}}', 0.0)
    asked.expectations.put(always)
    assert not isinstance(asked.answer(asking("0123456789abcdef"), None), Miss)
    assert asked.steady is not rules.enabled
    (logged,) = asked.log.view().entries
    assert logged.request is not None
    assert (logged.request.headers.get("authorization") == "Bearer 0123456789abcdef") is asked.steady
    asked.close()


def test_answers_to_one_request_in_several_spellings_keep_their_order_in_the_session(tmp_path: Path) -> None:
    spellings = [b'{"a":1,"b":2}', b'{"b":2,"a":1}', b'{ "a": 1, "b": 2 }']
    kind = Headers([("Content-Type", "application/json")])
    recording = recorder(tmp_path, RedactionRules.default())
    questions = [Request("POST", "/q", None, kind, Body(text), host="api.example") for text in spellings]
    answers = [b"first", b"second", b"first", b"third", b"second", b"last"]
    for number, answer in enumerate(answers):
        recording.record(Exchange(questions[number % 3], Response(200, "", Headers(), Body(answer))))
    recording.close()
    replaying = recorder(tmp_path, RedactionRules.default())
    found = [replaying.answer(questions[0], "api.example") for _ in answers]
    replaying.close()
    assert [each.body for each in found if not isinstance(each, Miss)] == [Body(answer) for answer in answers]


def test_what_was_seen_again_of_a_session_that_is_removed_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    answered = Exchange(asking("0123456789abcdef"), Response(200, "", Headers(), Body(b"ada")))
    earlier = recorder(folder, RedactionRules.default())
    earlier.record(answered)
    earlier.close()
    later = recorder(folder, RedactionRules.default())
    for _ in range(3):
        later.record(answered)
    assert later.tally.repeated == 3
    shutil.rmtree(folder)
    session = later.close()
    assert session is not None
    assert [entry.count for entry in load_session(session).entries] == [3]
