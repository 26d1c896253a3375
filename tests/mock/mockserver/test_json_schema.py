import time
from typing import Any

import pytest

from pact_recorder.mock.mockserver.json_schema import Schema, plain_json

TAKEN = [
    ({"type": "object", "required": ["a"]}, {"a": 1}, True),
    ({"type": "object", "required": ["a"]}, {"b": 1}, False),
    ('{"type":"integer"}', 5, True),
    ({"$schema": "https://json-schema.org/draft/2020-12/schema", "prefixItems": [{"const": 1}]}, [2], False),
    ({"items": [{"const": 1}]}, [2], False),
    ({"pattern": "^a"}, "ba", False),
    ({"pattern": "a"}, "ba", True),
    ({"patternProperties": {"^x": {"type": "integer"}}}, {"xa": "1"}, False),
    ({"patternProperties": {"^x": {"type": "integer"}}}, {"ya": "1"}, True),
    ({"definitions": {"a": {"type": "null"}}, "$ref": "#/definitions/a"}, None, True),
    (True, 5, True),
    (False, 5, False),
]


@pytest.mark.parametrize(("schema", "value", "taken"), TAKEN)
def test_a_schema_judges(schema: Any, value: Any, taken: bool) -> None:
    assert (Schema(schema).wrong(value) is None) is taken


TEXTS = [
    ({"type": "integer"}, "5", True),
    ({"type": "integer"}, "5.5", False),
    ({"type": "integer"}, "five", False),
    ({"type": "boolean"}, "true", True),
    ({"type": "string"}, "5", True),
    ({"type": "string", "maxLength": 2}, "five", False),
    ({"type": "object"}, "{}", False),
    ({"type": "string", "format": "date"}, "x", True),
]


@pytest.mark.parametrize(("schema", "text", "taken"), TEXTS)
def test_a_text_is_taken_as_text_or_as_a_scalar(schema: Any, text: str, taken: bool) -> None:
    assert Schema(schema).accepts_text(text) is taken


@pytest.mark.parametrize(
    "document",
    [5, None, "x", '"x"', {"type": 1}, {"pattern": "("}, {"enum": {}}, {"minimum": "1"}, {"a": "x" * 1_000_001}],
)
def test_what_is_no_schema_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        Schema(document)


CHAIN = {f"d{at}": {"allOf": [{"$ref": f"#/definitions/d{at + 1}"}] * 2} for at in range(40)} | {"d40": True}
HOSTILE = [
    ({"pattern": "^(a|a)+[bc]$"}, "a" * 60),
    ({"items": {"pattern": "^(a|a)+[bc]$"}, "maxItems": 2}, ["a" * 60] * 1_000),
    ({"patternProperties": {"^(a|a)+[bc]$": False}, "required": ["b"]}, {"a" * 60 + str(at): 1 for at in range(1_000)}),
    ({"anyOf": [{"$ref": "#"}]}, 1),
    ({"definitions": CHAIN, "$ref": "#/definitions/d0"}, 1),
    ({"uniqueItems": True}, [{"a": at} for at in range(50_000)]),
    ({"$ref": "http://127.0.0.1:9/schema"}, 1),
    ({"$ref": "file:///etc/passwd"}, 1),
    ({"$ref": "#/nowhere"}, 1),
]


@pytest.mark.parametrize(("schema", "value"), HOSTILE)
def test_a_hostile_schema_or_value_says_no_in_time(schema: Any, value: Any) -> None:
    made = Schema(schema)
    began = time.process_time()
    wrong = made.wrong(value)
    assert wrong is not None
    assert len(wrong) < 500
    assert time.process_time() - began < 5


@pytest.mark.parametrize("text", ["", "{", "NaN", "[" * 100_000])
def test_only_json_is_plain_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain_json(text)
