"""Keys of queries and bodies: equal whenever the matching engine calls the two equal."""

import json
from typing import Any

import pytest
from expecting import rules
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, Headers, Request
from pact_recorder.matching import ExpectedRequest, match_request
from pact_recorder.mock.discriminant import OPEN, BodyForm, Discriminant, RequestKeys, Spellings, discriminant_of

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def expected(content: bytes | None = None, media_type: str = "", query: Any = None, **options: Any) -> ExpectedRequest:
    headers = {"Content-Type": (media_type,)} if media_type else {}
    return ExpectedRequest("POST", "/", query, headers, None if content is None else Body(content), **options)


def asked(content: bytes, media_type: str = "", query: str | None = None) -> Request:
    headers = Headers([("Content-Type", media_type)] if media_type else [])
    return Request("POST", "/", query, headers, Body(content))


def may_match(wanted: Discriminant, request: Request) -> bool:
    keys = RequestKeys(request)
    return (wanted.query is None or wanted.query == keys.query(Spellings())) and (
        wanted.form is None or wanted.body == keys.body(wanted.form, Spellings())
    )


@pytest.mark.parametrize(
    ("request_", "form"),
    [
        (expected(b"{}", JSON), "json"),
        (expected(b"{}"), "json"),
        (expected(b"{}", "application/graphql"), "json"),
        (expected(b"{bad", JSON), "bytes"),
        (expected(b"[" * 100_000, JSON), "bytes"),
        (expected(b"a=1", FORM), "form"),
        (expected(b"a", "text/plain"), "bytes"),
        (expected(b"\x00", "application/octet-stream"), "bytes"),
        (expected(b"<a/>", "application/xml"), None),
        (expected(b"--x--", "multipart/form-data; boundary=x"), None),
        (expected(b""), None),
        (expected(), None),
        (expected(b"{}", JSON, rules=rules(body={"$": {"match": "type"}})), None),
    ],
)
def test_the_form_of_a_body(request_: ExpectedRequest, form: BodyForm | None) -> None:
    assert discriminant_of(request_).form == form


def test_rules_leave_everything_open() -> None:
    loose = rules(query={"a": {"match": "type"}}, body={"$": {"match": "type"}})
    assert discriminant_of(expected(b"{}", JSON, {"a": ("1",)}, rules=loose)) == OPEN
    assert OPEN.is_open


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (None, None),
        (None, ""),
        (None, "&"),
        ({"a": ("1", "2"), "b": (None,)}, "b&a=1&a=2"),
        ({"a b": ("ü",)}, "a+b=%C3%BC"),
    ],
)
def test_equal_queries_have_equal_keys(query: Any, text: str | None) -> None:
    wanted = discriminant_of(expected(query=query))
    assert wanted.query == RequestKeys(asked(b"", query=text)).query(Spellings())


def test_the_text_of_a_query_counts_by_its_parameters() -> None:
    assert discriminant_of(expected(query_text="a=1&b=2")).query == RequestKeys(asked(b"", query="b=2&a=1")).query(
        Spellings()
    )


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (b'{"a":1,"b":[1,2]}', b'{ "b": [1, 2], "a": 1 }', True),
        (b"[1.0]", b"[1.00]", True),
        (b"[0.0]", b"[-0.0]", True),
        (b"[1e400]", b"[1E400]", True),
        (b"[1]", b"[1.0]", False),
        (b"[1]", b"[true]", False),
        (b'{"a":null}', b"{}", False),
        (b"\xef\xbb\xbf[1]", b"[1]", True),
        ("[1]".encode("utf-16"), b"[1]", True),
    ],
)
def test_json_bodies(one: bytes, other: bytes, equal: bool) -> None:
    keys = [RequestKeys(asked(each)).body("json", Spellings()) for each in (one, other)]
    assert None not in keys
    assert (keys[0] == keys[1]) == equal


def test_what_is_no_json_has_no_key_as_such() -> None:
    assert RequestKeys(asked(b"{bad")).body("json", Spellings()) is None
    assert RequestKeys(asked(b"")).body("json", Spellings()) is None


numbers = st.sampled_from([0, 1, -1, 0.0, 1.0, 0.5, 1e100])
documents = st.recursive(
    st.none() | st.booleans() | numbers | st.sampled_from(["", "a", "1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
contents = st.builds(
    lambda value, spaced: json.dumps(value, indent=spaced).encode(), documents, st.sampled_from([None, 1])
) | st.sampled_from([b"", b"{bad", b"a=1", b"a=1&b", b"b=&a=1", b"[1.00]", b"[-0.0]", b"<a/>", b"\xff"])
types = st.sampled_from(["", JSON, FORM, "text/plain", "application/octet-stream"])
queries = st.sampled_from([None, "", "a=1", "a", "a=", "b=2&a=1", "a=1&a=2", "a=2&a=1", "a=1&b=2"])
values = st.sampled_from([None, {}, {"a": ("1",)}, {"a": (None,)}, {"a": ("1", "2")}, {"b": ("2",), "a": ("1",)}])


@given(contents, contents, types, types, values, queries)
def test_a_match_has_the_keys_that_are_expected(
    wanted: bytes, given_: bytes, of_wanted: str, of_given: str, query: Any, text: str | None
) -> None:
    expectation, request = expected(wanted, of_wanted, query), asked(given_, of_given, text)
    if not match_request(expectation, request):
        assert may_match(discriminant_of(expectation), request)


def test_what_is_spelled_as_in_the_contract_has_its_key() -> None:
    wanted = discriminant_of(expected(b'{"a":1}', JSON, {"b": ("1", "x y"), "a": ("2",)}))
    known = Spellings()
    known.add(wanted)
    assert known.queries == {"b=1&b=x+y&a=2": wanted.query}
    assert known.bodies == {("json", b'{"a":1}'): wanted.body}
    keys = RequestKeys(asked(b'{"a":1}', query="b=1&b=x+y&a=2"))
    assert (keys.query(known), keys.body("json", known)) == (wanted.query, wanted.body)
    known.clear()
    keys = RequestKeys(asked(b'{ "a": 1 }', query="a=2&b=1&b=x%20y"))
    assert (keys.query(known), keys.body("json", known)) == (wanted.query, wanted.body)
