"""An expected answer."""

from typing import Any

import pytest
from builders import response

from pact_recorder.mock.mockserver.answer import read_answer_pattern

ANSWER = response(b'{"n": 1, "m": 2}', 201, ("X-A", "1"))


@pytest.mark.parametrize(
    ("document", "is_taken"),
    [
        ({}, True),
        ({"statusCode": 201}, True),
        ({"statusCode": 200}, False),
        ({"headers": {"x-a": ["[0-9]"]}}, True),
        ({"headers": {"x-a": ["2"]}}, False),
        ({"body": {"n": 1}}, True),
        ({"body": {"type": "JSON", "json": {"n": 1}, "matchType": "STRICT"}}, False),
        ({"body": '{"n": 1, "m": 2}'}, True),
        ({"reasonPhrase": "!Created"}, True),
        ({"delay": {}, "cookies": []}, True),
    ],
)
def test_an_answer_is_taken(document: dict[str, Any], is_taken: bool) -> None:
    assert read_answer_pattern(document).takes(ANSWER) is is_taken


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"cookies": {"a": "b"}}, "cookies: is not supported"),
        ({"statusCode": "200"}, "statusCode: must be"),
        ({"statusCode": True}, "statusCode: must be"),
        ({"reasonPhrase": 1}, "reasonPhrase: must be"),
        ({"headers": 1}, "headers: "),
        ({"body": {"type": "WASM"}}, "body: "),
    ],
)
def test_what_is_not_supported_is_named(document: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_answer_pattern(document)
