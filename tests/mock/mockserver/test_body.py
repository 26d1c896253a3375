from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, MediaType
from pact_recorder.matching import ExpectedRequest, match_request
from pact_recorder.mock.contracts import example_request
from pact_recorder.mock.mockserver.body import read_body_pattern, recorded_body
from pact_recorder.pact import parse_json

MATCHING = [
    ("a", b"a", True),
    ("a", b"A", False),
    (".*", b"a", False),
    ({"type": "STRING", "string": "ü"}, "ü".encode(), True),
    ({"string": "a"}, b"a", True),
    ({"type": "STRING", "string": "a", "subString": False, "contentType": "text/plain"}, b"b", False),
    ({"regex": "a+"}, b"AAA", True),
    ({"type": "REGEX", "regex": "a+"}, b"aab", False),
    ({"regex": "["}, b"[", False),
    ({"a": 1}, b'{"b": 2, "a": 1}', True),
    ({"a": 1}, b'{"a": 1.0}', False),
    ({"a": 1}, b"not json", False),
    ({"a": 1}, None, False),
    ([1, 2], b"[2, 1]", True),
    ({"type": "dog", "name": "Rex"}, b'{"name":"Rex","type":"dog"}', True),
    ({"json": {"a": 1}, "matchType": "STRICT"}, b'{ "a" : 1 }', True),
    ({"json": {"a": 1}, "matchType": "STRICT"}, b'{"a":1,"b":2}', False),
    ({"json": [1, 2], "matchType": "STRICT"}, b"[2,1]", False),
    ({"type": "JSON", "json": '{"a":1}'}, b'{"a":1,"b":2}', True),
    ({"type": "JSON", "json": "not json"}, b'"not json"', True),
    ({"type": "JSON", "json": {}, "matchType": "ONLY_MATCHING_FIELDS"}, b'{"a":1}', True),
    ({"base64Bytes": "AAE="}, b"\x00\x01", True),
    ({"type": "BINARY", "base64Bytes": "AAE="}, b"\x00", False),
    ({"type": "BINARY", "base64Bytes": "AAE="}, None, False),
    ({"type": "STRING", "string": "b", "subString": True}, b"abc", True),
    ({"type": "STRING", "string": "B", "subString": True}, b"abc", False),
    ({"type": "XML", "xml": "<a x='1'><b/></a>"}, b"<a x='1'> <b></b> </a>", True),
    ({"xml": "<a/>"}, b"<b/>", False),
    ({"xml": "<a/>"}, b"no xml", False),
    ({"xml": "<a/>"}, None, False),
    ({"type": "PARAMETERS", "parameters": {"a": ["1"], "b": "x y"}}, b"b=x+y&a=1&c=2", True),
    ({"parameters": [{"name": "a", "values": ["[0-9]+"]}]}, b"a=12", True),
    ({"parameters": {"a": "1"}}, b"a=2", False),
    ({"parameters": {"a": "1"}}, None, False),
    ({"type": "GRAPHQL", "query": "{ a(b: 1) { c, d } }"}, b'{"query":"{a(b:1){c d}} # x"}', True),
    ({"type": "GRAPHQL", "query": "{ab}"}, b'{"query":"{a b}"}', False),
    ({"type": "GRAPHQL", "query": "{a}", "operationName": "x"}, b'{"query":"{a}","operationName":"x"}', True),
    ({"type": "GRAPHQL", "query": "{a}", "operationName": "x"}, b'{"query":"{a}"}', False),
]

WITHOUT_EQUIVALENT = [
    ({"jsonSchema": {"type": "object", "required": ["a"]}}, b'{"a":1}', True),
    ({"type": "JSON_SCHEMA", "jsonSchema": '{"type":"array"}'}, b"[]", True),
    ({"jsonSchema": {"type": "array"}}, b"{}", False),
    ({"jsonSchema": {"type": "array"}}, b"no json", False),
    ({"jsonSchema": {"type": "array"}}, None, False),
    ({"jsonPath": "$.store.book[?(@.price < 10)]"}, b'{"store":{"book":[{"price":9}]}}', True),
    ({"jsonPath": "$.store.book[?(@.price < 10)]"}, b'{"store":{"book":[{"price":10}]}}', False),
    ({"jsonPath": "$..price"}, b"no json", False),
    ({"jsonPath": "$..price"}, b"5", False),
    ({"type": "XPATH", "xpath": "/store/book[price < 10]"}, b"<store><book><price>9</price></book></store>", True),
    ({"xpath": "/store/book[price < 10]"}, b"<store><book><price>10</price></book></store>", False),
    ({"xpath": "/store"}, b"no xml", False),
    ({"xpath": "count(//b) = 2"}, b"<a><b/><x:b xmlns:x='u'/></a>", True),
    ({"not": True, "string": "a"}, b"b", True),
    ({"not": True, "string": "a"}, b"a", False),
    ({"not": True, "jsonPath": "$.a"}, b'{"b":1}', True),
    ({"not": True, "json": {"a": 1}}, b'{"a":1,"b":2}', False),
    ({"a": "${json-unit.any-string}"}, b'{"a":"x","b":1}', True),
    ({"a": "${json-unit.any-string}"}, b'{"a":1}', False),
    ({"a": "${json-unit.any-number}", "b": "${json-unit.any-boolean}"}, b'{"a":1,"b":true}', True),
    ({"a": "${json-unit.any-number}"}, b'{"a":"1"}', False),
    ({"a": "${json-unit.ignore}"}, b'{"a":[1]}', True),
    ({"a": "${json-unit.ignore}"}, b"{}", False),
    ({"a": "${json-unit.regex}[a-z]+"}, b'{"a":"abc"}', True),
    ({"a": "${json-unit.regex}[a-z]+"}, b'{"a":"123"}', False),
    ({"json": ["${json-unit.any-number}"], "matchType": "STRICT"}, b"[1]", True),
    ({"json": ["${json-unit.any-number}"], "matchType": "STRICT"}, b"[1,2]", False),
    ({"json": {"a": 1}, "matchNumbersAsStrings": True}, b'{"a":"1"}', True),
    ({"json": {"a": "1"}, "matchNumbersAsStrings": True}, b'{"a":2}', False),
    ({"type": "GRAPHQL", "query": "{a}", "variablesSchema": {"required": ["n"]}}, b'{"query":"{a}"}', False),
    (
        {"type": "GRAPHQL", "query": "{a}", "variablesSchema": '{"required": ["n"]}'},
        b'{"query":"{a}","variables":{"n":1}}',
        True,
    ),
]


@pytest.mark.parametrize(("document", "content", "matches"), WITHOUT_EQUIVALENT)
def test_a_body_that_no_contract_can_say_is_compared_by_its_form(
    document: Any, content: bytes | None, matches: bool
) -> None:
    pattern = read_body_pattern(document)
    assert pattern is not None
    difference = pattern.difference(None if content is None else Body(content), None)
    assert (difference is None) is matches
    assert pattern.example is None


@pytest.mark.parametrize("content", [None, b"", b"a"])
def test_an_optional_body_may_be_missing(content: bytes | None) -> None:
    pattern = read_body_pattern({"string": "a", "optional": True})
    assert pattern is not None
    assert pattern.difference(None if content is None else Body(content), None) is None
    assert pattern.difference(Body(b"b"), None) is not None
    assert pattern.example == Body(b"a")


@pytest.mark.parametrize(("document", "content", "matches"), MATCHING)
def test_a_body_is_compared_by_its_form(document: Any, content: bytes | None, matches: bool) -> None:
    pattern = read_body_pattern(document)
    assert pattern is not None
    difference = pattern.difference(None if content is None else Body(content), None)
    assert (difference is None) is matches


@pytest.mark.parametrize("document", [None, "", "  ", {"string": ""}])
def test_a_blank_body_takes_any(document: Any) -> None:
    assert read_body_pattern(document) is None


WRONG = [
    ({"type": "FILE", "filePath": "/etc/passwd"}, "FILE"),
    ({"type": "XML_SCHEMA", "xmlSchema": "<a/>"}, "XML_SCHEMA"),
    ({"type": "JSON_RPC", "method": "a"}, "JSON_RPC"),
    ({"type": "WASM"}, "WASM"),
    ({"type": "ALL_OF", "bodyAllOf": []}, "ALL_OF"),
    ({"regex": "a", "flags": "i"}, "flags"),
    ({"regex": 1}, "regex"),
    ({"string": "a", "not": "yes"}, "not"),
    ({"base64Bytes": "%%"}, "base64"),
    ({"json": {}, "matchType": "LOOSE"}, "matchType"),
    ({"a": "${json-unit.ignore-element}"}, "json-unit"),
    ({"a": "${json-unit.regex}["}, "json-unit"),
    ({"jsonSchema": {"type": "objekt"}}, "the schema is not valid"),
    ({"jsonSchema": "{"}, "Expecting"),
    ({"jsonSchema": 5}, "a schema must be an object"),
    ({"jsonPath": "$["}, "no JSON path"),
    ({"jsonPath": "$.a.length()"}, "no JSON path"),
    ({"jsonPath": 1}, "jsonPath"),
    ({"jsonPath": "$" + ".a" * 5_000}, "longer"),
    ({"xpath": "/a["}, "no XPath"),
    ({"xpath": "/p:a"}, "prefix"),
    ({"xpath": "$x"}, "unknown variable"),
    ({"xpath": "foo()"}, "unknown function"),
    ({"xml": "<a>"}, "no XML"),
    ({"xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "document type"),
    ({"xml": "<a>${xmlunit.ignore}</a>"}, "xmlunit"),
    ({"parameters": "a"}, "must be an object"),
    ({"type": "GRAPHQL"}, "query"),
    ({"type": "GRAPHQL", "query": "{a}", "operationName": 1}, "operationName"),
    ({"type": "GRAPHQL", "query": "{a}", "variablesSchema": {"type": 1}}, "the schema is not valid"),
]


@pytest.mark.parametrize(("document", "named"), WRONG)
def test_what_is_wrong_or_not_supported_is_named(document: Any, named: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_body_pattern(document)
    assert named in str(caught.value)


@pytest.mark.parametrize("document", [row[0] for row in MATCHING if row[0] != {"regex": "["}])
def test_the_example_satisfies_pattern_and_rules(document: Any) -> None:
    pattern = read_body_pattern(document)
    assert pattern is not None
    example = pattern.example
    assert example is not None
    assert pattern.difference(example, None) is None
    expected = ExpectedRequest(body=example, rules=pattern.rules)
    assert match_request(expected, example_request(expected)) == []


RECORDED = [
    (b'{"a": 1.50}', "application/json", {"type": "JSON", "json": {"a": 1.5}, "rawBytes": "eyJhIjogMS41MH0="}),
    (b'"5"', "application/json", {"type": "JSON", "json": '"5"', "rawBytes": "IjUi"}),
    (b"{bad", "application/json", {"type": "STRING", "string": "{bad", "rawBytes": "e2JhZA=="}),
    (b"200 OK", "text/plain", {"type": "STRING", "string": "200 OK", "rawBytes": "MjAwIE9L"}),
    (b"\xff", "text/plain", {"type": "BINARY", "base64Bytes": "/w=="}),
    (b"PNG", "image/png", {"type": "BINARY", "base64Bytes": "UE5H"}),
    (b"a", None, {"type": "STRING", "string": "a", "rawBytes": "YQ=="}),
]


@pytest.mark.parametrize(("content", "media_type", "document"), RECORDED)
def test_a_recorded_body_has_the_long_form(content: bytes, media_type: str | None, document: Any) -> None:
    typed = {} if media_type is None else {"contentType": media_type}
    assert recorded_body(Body(content), MediaType.parse(media_type)) == document | typed


json_documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.one_of(json_documents.map(lambda value: __import__("json").dumps(value).encode()), st.binary(max_size=9)))
def test_a_recorded_body_takes_itself_when_it_is_set_again(content: bytes) -> None:
    media_type = MediaType.parse("application/json")
    document = recorded_body(Body(content), media_type)
    if "${json-unit." in str(document):
        return
    pattern = read_body_pattern(document | ({"matchType": "STRICT"} if document["type"] == "JSON" else {}))
    assert pattern is None or pattern.difference(Body(content), media_type) is None


def test_numbers_keep_their_spelling() -> None:
    pattern = read_body_pattern(parse_json('{"a":1.50}'))
    assert pattern is not None
    assert pattern.example is not None
    assert pattern.example.content == b'{"a":1.50}'
