"""The index of expected requests: complete, ordered by nothing, and as cheap with many as with one."""

import contextlib
import json
from typing import Any

import pytest
from builders import json_request, request
from expecting import json_body, rules
from hypothesis import given, settings
from hypothesis import strategies as st

from pact_recorder.http import format_query
from pact_recorder.matching import ExpectedRequest
from pact_recorder.mock.contracts import ContractRequest
from pact_recorder.mock.index import RequestIndex
from pact_recorder.mock.mockserver.request import read_request_pattern

Index = RequestIndex[str]


def index(**requests: ExpectedRequest) -> Index:
    made: Index = RequestIndex()
    for name, expected in requests.items():
        made.put(name, ContractRequest(expected), name)
    return made


def regex(pattern: str, method: str = "GET") -> ExpectedRequest:
    return ExpectedRequest(method, "/example", rules=rules(path={"$": {"match": "regex", "regex": pattern}}))


ANY_METHOD = rules(method={"$": {"match": "type"}})


def test_a_path_is_found_whatever_the_method_rule_says() -> None:
    found = index(get=ExpectedRequest(), post=ExpectedRequest("POST"), any=ExpectedRequest(rules=ANY_METHOD))
    assert sorted(found.candidates(request())) == ["any", "get"]
    assert sorted(found.candidates(request("put"))) == ["any"]
    assert found.has("get", "/")
    assert not found.has("PUT", "/")


def test_templates_lead_to_their_paths_only() -> None:
    found = index(
        user=regex(r"/users/\d+"),
        orders=regex(r"/users/\d+/orders"),
        below=regex(r"/users/.*"),
        posted=regex(r"/users/\d+", "POST"),
        literal=ExpectedRequest(path="/users/1"),
    )
    assert sorted(found.candidates(request("GET", "/users/1"))) == ["below", "literal", "user"]
    assert sorted(found.candidates(request("GET", "/users/1/orders"))) == ["below", "orders"]
    assert sorted(found.candidates(request("GET", "/users/1/orders/2"))) == ["below"]
    assert found.candidates(request("GET", "/other")) == []
    assert found.unindexed == 0


def test_open_paths_are_tried_for_every_request_and_counted() -> None:
    found = index(anything=regex(".*"), type=ExpectedRequest(rules=rules(path={"$": {"match": "type"}})))
    assert sorted(found.candidates(request("GET", "/x/y"))) == ["anything", "type"]
    assert found.unindexed == 2


def bodies(count: int) -> Index:
    made: Index = RequestIndex()
    for number in range(count):
        expected = ExpectedRequest("POST", body=json_body({"n": number}))
        made.put(number, ContractRequest(expected), str(number))
    return made


def test_literal_bodies_and_queries_tell_apart_what_has_one_path() -> None:
    made = bodies(1_000)
    made.put("query", ContractRequest(ExpectedRequest("POST", query={"a": ("1",)})), "query")
    made.put("open", ContractRequest(ExpectedRequest("POST", rules=rules(query={"a": {"match": "type"}}))), "open")
    assert sorted(made.candidates(json_request("POST", "/", {"n": 7}))) == ["7", "open"]
    assert sorted(made.candidates(json_request("POST", "/?a=1", {"n": 7}))) == ["open", "query"]
    assert len(made.nearby(json_request("POST", "/", {}), 10)) == 10


def test_what_is_taken_out_is_found_no_more_and_leaves_nothing_behind() -> None:
    requests = {
        "literal": ExpectedRequest(),
        "other": ExpectedRequest(query={"a": ("1",)}),
        "third": ExpectedRequest(body=json_body({"a": 1})),
        "template": regex(r"/users/\d+"),
        "below": regex(r"/users/.*"),
        "longer": regex(r"/users/\d+/orders"),
        "open": regex(".*"),
    }
    made = index(**requests)
    for name, expected in requests.items():
        made.remove(name, ContractRequest(expected))
        for target in ("/", "/?a=1", "/users/1", "/users/1/orders"):
            assert name not in made.candidates(request("GET", target))
    assert made.unindexed == 0
    assert not made.has("GET", "/")
    assert vars(made) == vars(RequestIndex())


@pytest.mark.parametrize(
    ("path", "target", "found"),
    [
        ("/users/.*", "/users/1", True),
        ("/users/.*", "/USERS/.*", True),
        ("/users/.*", "/orders", False),
        ("/users/[0-9]+/x", "/users/1/X", True),
        ("/users/\\.x", "/anything", True),
        ("!/users", "/anything", True),
        ("", "/anything", True),
        ("/users/[", "/anything", True),
        ("/users", "/Users", True),
        ("/users", "/orders", False),
    ],
)
def test_expectations_of_the_control_api(path: str, target: str, found: bool) -> None:
    made: Index = RequestIndex()
    made.put("it", read_request_pattern({"path": path}), "it")
    assert made.candidates(request("GET", target)) == (["it"] if found else [])


def test_how_things_were_spelled_is_forgotten_when_much_was_taken_out() -> None:
    made: Index = RequestIndex()
    kept = [ContractRequest(ExpectedRequest(query={"n": (str(number),)})) for number in range(3)]
    for number, pattern in enumerate(kept):
        made.put(number, pattern, "kept")
    for number in range(5_000):
        pattern = ContractRequest(ExpectedRequest(query={"m": (str(number),)}))
        made.put("other", pattern, "other")
        made.remove("other", pattern)
    (crowd,) = made._literal.values()
    assert crowd._spellings is not None
    assert len(crowd._spellings) < 1_100
    assert made.candidates(request("GET", "/?n=2")) == ["kept"]


expected_requests = st.builds(
    lambda method, path, query, body, rule: ExpectedRequest(
        method,
        path if rule is None else "/",
        query,
        {},
        body,
        rules() if rule is None else rules(path={"$": {"match": "regex", "regex": rule}}),
    ),
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/", "/a", "/a/b", "/A"]),
    st.sampled_from([None, {"a": ("1",)}, {"a": ("2",)}]),
    st.sampled_from([None, json_body({"a": 1}), json_body({"a": 1.0}), json_body([1, 2])]),
    st.sampled_from([None, None, "/a/.*", "/a/[a-z]", ".*", "/a"]),
)
asked = st.builds(
    lambda method, target, body: json_request(method, target, body),
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/", "/a", "/a/b", "/a?a=1", "/?a=2"]),
    st.sampled_from([{"a": 1}, {"a": 1.0}, [1, 2]]),
)


@given(st.lists(expected_requests, max_size=8), asked, st.data())
def test_nothing_that_matches_is_left_out(held: list[ExpectedRequest], asking: Any, data: st.DataObject) -> None:
    made: Index = RequestIndex()
    patterns = [ContractRequest(each) for each in held]
    for number, pattern in enumerate(patterns):
        made.put(number, pattern, str(number))
    removed = data.draw(st.sets(st.sampled_from(range(len(held))))) if held else set()
    for number in removed:
        made.remove(number, patterns[number])
    matching = {str(n) for n, pattern in enumerate(patterns) if n not in removed and not pattern.match(asking)}
    assert matching <= set(made.candidates(asking))
    assert matching <= set(made.nearby(asking, 100))


def mockserver(**documents: Any) -> Index:
    made: Index = RequestIndex()
    for name, document in documents.items():
        made.put(name, read_request_pattern(document), name)
    return made


MANY = 1_000
CROWDS = [
    ("paths", lambda n: {"path": f"/a/{n}"}, lambda n: request("GET", f"/a/{n}")),
    (
        "queries",
        lambda n: {"path": "/a", "queryStringParameters": {"kind": "x", "id": f"{n}"}},
        lambda n: request("GET", f"/a?id={n}&kind=X&more=1"),
    ),
    (
        "headers",
        lambda n: {"path": "/a", "headers": {"X-Id": f"id {n}"}},
        lambda n: request("GET", "/a", None, ("x-id", f"ID {n}"), ("accept", "*/*")),
    ),
    (
        "fields",
        lambda n: {"path": "/a", "body": {"kind": "x", "user": {"id": n}}},
        lambda n: json_request("GET", "/a", {"more": [1], "kind": "x", "user": {"id": n, "name": "y"}}),
    ),
    (
        "documents",
        lambda n: {"path": "/a", "body": {"json": {"id": n}, "matchType": "STRICT"}},
        lambda n: json_request("GET", "/a", {"id": n}),
    ),
    ("texts", lambda n: {"path": "/a", "body": f"text {n}"}, lambda n: request("GET", "/a", body=f"text {n}".encode())),
    ("anywhere", lambda n: {"queryStringParameters": {"id": f"{n}"}}, lambda n: request("GET", f"/b?id={n}")),
]


@pytest.mark.parametrize(("document", "asked"), [row[1:] for row in CROWDS], ids=[row[0] for row in CROWDS])
def test_a_thousand_literal_mockserver_requests_cost_no_more_than_one(document: Any, asked: Any) -> None:
    found = mockserver(**{str(number): document(number) for number in range(MANY)})
    for number in (0, 1, 500, MANY - 1):
        candidates = found.candidates(asked(number))
        assert str(number) in candidates
        assert len(candidates) <= 2
        assert not read_request_pattern(document(number)).match(asked(number))
    for number in range(MANY):
        found.remove(str(number), read_request_pattern(document(number)))
    assert found.candidates(asked(0)) == []
    assert found.unindexed == 0


texts = st.sampled_from(["", "a", "A", "b", "a.b", "!a", "?a", "[ab]", "ß", "ẞ", "İ"])
fields = st.dictionaries(texts, st.lists(texts, max_size=2), max_size=2)
values = st.sampled_from([None, True, 1, 1.0, 10, 1e1, "a", "A", "1"])
documents_of = st.recursive(
    values, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2), max_leaves=4
)
expected_bodies = st.one_of(
    st.none(), texts, documents_of.filter(lambda each: not isinstance(each, str)),
    documents_of.map(lambda each: {"type": "JSON", "json": each, "matchType": "STRICT"}),
)  # fmt: skip
expected_requests = st.lists(
    st.fixed_dictionaries({"queryStringParameters": fields, "headers": fields, "body": expected_bodies}),
    min_size=1,
    max_size=5,
)
pairs = st.lists(st.tuples(st.sampled_from(["a", "A", "b", "ß"]), texts), max_size=3)
contents = st.one_of(st.none(), texts.map(str.encode), documents_of.map(lambda each: json.dumps(each).encode()))


@settings(max_examples=300)
@given(expected_requests, pairs, pairs, contents)
def test_the_index_never_misses_what_a_mockserver_request_takes(
    documents: list[Any], query: list[tuple[str, str]], headers: list[tuple[str, str]], content: bytes | None
) -> None:
    patterns = {}
    for number, document in enumerate(documents):
        with contextlib.suppress(ValueError):
            patterns[str(number)] = read_request_pattern(document)
    made: Index = RequestIndex()
    for name, pattern in patterns.items():
        made.put(name, pattern, name)
    asked = request("GET", f"/a?{format_query(query)}", content, *headers)
    found = made.candidates(asked)
    assert {name for name, pattern in patterns.items() if not pattern.match(asked)} <= set(found)
