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
]


@pytest.mark.parametrize(("schema", "value"), HOSTILE)
def test_a_hostile_schema_or_value_says_no_in_time(schema: Any, value: Any) -> None:
    made = Schema(schema)
    began = time.process_time()
    wrong = made.wrong(value)
    assert wrong is not None
    assert len(wrong) < 500
    assert time.process_time() - began < 5


D2020 = "https://json-schema.org/draft/2020-12/schema"
NAMED = {"$id": "https://e.example/s", "$defs": {"a": {"$id": "b", "type": "null"}, "c": {"$anchor": "c", "const": 1}}}
LOCAL = [
    ({"$defs": {"a": {"type": "null"}}, "items": {"$ref": "#/$defs/a"}}, [None], [1]),
    ({"definitions": {"a": {"items": {"$ref": "#/definitions/a"}, "type": "array"}}, "$ref": "#/definitions/a"},
     [[]], [1]),
    ({"parts": {"a b": {"type": "null"}}, "items": {"$ref": "#/parts/a%20b"}}, [None], [1]),
    ({"definitions": {"a": {"$id": "#a", "type": "null"}}, "items": {"$ref": "#a"}}, [None], [1]),
    ({"$schema": D2020, "items": {"$ref": "b"}, **NAMED}, [None], [1]),
    ({"$schema": D2020, "items": {"$ref": "#c"}, **NAMED}, [1], [2]),
    ({"$schema": D2020, "items": {"$ref": "https://e.example/s#/$defs/c"}, **NAMED}, [1], [2]),
    ({"$schema": D2020, "items": {"$dynamicRef": "#c"}, "$defs": {"c": {"$dynamicAnchor": "c", "const": 1}}}, [1], [2]),
    ({"dependencies": {"a": {"$ref": "#/definitions/b"}, "b": ["c"]}, "definitions": {"b": {"required": ["d"]}}},
     {"a": 1, "d": 1}, {"a": 1}),
    ({"properties": {"$ref": {"type": "string"}}}, {"$ref": "http://a.example"}, {"$ref": 1}),
    ({"const": {"$ref": "http://a.example"}}, {"$ref": "http://a.example"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "taken", "refused"), LOCAL)
def test_references_within_a_schema_are_followed(schema: Any, taken: Any, refused: Any) -> None:
    made = Schema(schema)
    assert made.wrong(taken) is None
    assert made.wrong(refused) is not None


REMOTE = [
    {"$ref": "http://127.0.0.1:9/schema"},
    {"$ref": "file:///etc/passwd"},
    {"$ref": "other.json#/definitions/a"},
    {"$ref": "http://["},
    {"$ref": "http://json-schema.org/draft-07/schema#"},
    {"$schema": D2020, "items": {"$dynamicRef": "https://a.example#b"}},
    {"properties": {"a": {"anyOf": [True, {"items": {"$ref": "https://a.example/b"}}]}}},
    {"$ref": "#/parts/a", "parts": {"a": {"not": {"$ref": "https://a.example/b"}}}},
    {"$id": "https://a.example/s", "$ref": "t"},
]


@pytest.mark.parametrize("schema", REMOTE)
def test_a_reference_out_of_a_schema_is_refused_when_it_is_set(schema: Any) -> None:
    with pytest.raises(ValueError, match=r'the reference ".+" leads out of the schema, and nothing is fetched: put'):
        Schema(schema)


BROKEN = [
    ({"$ref": "#/nowhere"}, 'the reference "#/nowhere" leads to no place in the schema'),
    ({"$ref": "#nobody"}, 'the reference "#nobody" leads to no place in the schema'),
    ({"allOf": [{}], "$ref": "#/allOf/x"}, "leads to no place"),
    ({"$ref": "#/x", "x": {"properties": 3}}, "refers to what is not a valid schema: 3 is not of type 'object'"),
    ({"$ref": "#/x", "x": "text"}, "refers to what is not a valid schema"),
    ({"allOf": [{"$ref": f"#/x/{at}"} for at in range(1_001)], "x": [{} for _ in range(1_001)]}, "more than 1,000"),
]


@pytest.mark.parametrize(("schema", "sentence"), BROKEN)
def test_a_reference_to_nothing_is_refused(schema: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Schema(schema)


LARGE = [
    {"definitions": {"a": True}, "allOf": [{"$ref": "#/definitions/a"}] * 5_000},
    {"$schema": D2020, "$defs": {"a": {"$anchor": "a"}}, "allOf": [{"$ref": "#a"}] * 5_000},
    {"x": {str(at): {"$ref": f"#/x/{at + 1}"} for at in range(900)} | {"900": True}, "$ref": "#/x/0"},
]


@pytest.mark.parametrize("schema", LARGE)
def test_many_references_are_looked_up_in_time(schema: Any) -> None:
    began = time.process_time()
    Schema(schema)
    assert time.process_time() - began < 30


@pytest.mark.parametrize("text", ["", "{", "NaN", "[" * 100_000])
def test_only_json_is_plain_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain_json(text)
