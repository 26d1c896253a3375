"""A matcher may name the values of cookies, of which the log holds placeholders."""

import json
from typing import Any

import pytest
from builders import request

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.server.matcher_secrets import without_secrets
from tests.server.control_client import ControlClient
from tests.server.test_log_endpoints import ask


@pytest.fixture(autouse=True)
def traffic(recorder: Recorder) -> None:
    ask(recorder, request("GET", "/dark", None, ("Cookie", "theme=dark; n=1; name=dark; type=string")))


MATCHERS = [
    ({"cookies": {"theme": "dark"}}, True),
    ({"cookies": {"theme": ["dark"], "n": "1"}}, True),
    ({"cookies": [{"name": "theme", "value": "dark"}]}, True),
    ({"cookies": [{"name": "theme", "values": ["dark"]}], "path": "/dark"}, True),
    ({"cookies": {"theme": "?dark", "other": "?dark"}}, True),
    ({"cookies": {"theme": "!dark"}}, False),
    ({"cookies": {"theme": "!light"}}, True),
    ({"cookies": {"theme": "light"}}, False),
    ({"cookies": {"n": "dark"}}, False),
    ({"cookies": {"theme": {"value": "dark", "not": True}}}, False),
    ({"cookies": {"theme": ".*"}}, True),
    ({"cookies": {"name": "dark"}}, True),
    ({"cookies": {"n": "1", "theme": {"schema": {"type": "string", "minLength": 1}}}}, True),
    ({"cookies": {"type": "string"}}, True),
]


@pytest.mark.parametrize(("matcher", "taken"), MATCHERS)
def test_the_value_of_a_cookie_chooses_among_requests(control: ControlClient, matcher: Any, taken: bool) -> None:
    shown = control.put("/mockserver/retrieve", matcher)
    assert (len(shown.json()), "theme=dark" in shown.text) == (int(taken), False)
    status = 202 if taken else 406
    assert control.put("/mockserver/verify", {"httpRequest": matcher}).status == status
    assert control.put("/mockserver/verifySequence", {"httpRequests": [{"path": "/dark"}]}).status == 202
    assert control.put("/mockserver/verifySequence", {"httpRequests": [matcher]}).status == status
    assert control.put("/mockserver/clear", matcher, type="log").status == 200
    assert len(control.put("/mockserver/retrieve").json()) == int(not taken)


UNCHANGED = [
    "", "{", '"cookies"', '["cookies"]', '{"cookies": 1}', '{"cookies": null}', '{ "path": "/dark" }',
    '{ "cookies": {"theme": "light"} }', '{ "headers": {"X": "dark"}, "body": {"cookies": {"theme": "dark"}} }',
]  # fmt: skip


@pytest.mark.parametrize("text", UNCHANGED)
def test_everything_else_stays_as_it_is(recorder: Recorder, text: str) -> None:
    assert without_secrets(text, recorder.redactor) == text


def test_where_nothing_is_redacted_nothing_is_replaced() -> None:
    text = json.dumps({"cookies": {"theme": "dark"}})
    assert without_secrets(text, Redactor(RedactionRules.none())) == text
