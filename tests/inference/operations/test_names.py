"""What names the call of a request, place by place."""

import re

import pytest

from pact_recorder.inference.operations import Name
from pact_recorder.inference.operations.graphql_patterns import document_pattern
from pact_recorder.inference.operations.names import names_in_body, names_in_query, names_in_text
from pact_recorder.matching import JsonValue

HASH = "0123456789abcdef" * 4
RPC = {"jsonrpc": "2.0", "id": 1, "params": []}
VERSION = Name("$.jsonrpc", r"2\.0", True)
A, B = document_pattern("query A { a }", ""), document_pattern("query B { b }", "")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"query": "query A { a }"}, [Name("$.query", A)]),
        ({"query": "query A { a }", "operationName": None}, [Name("$.query", A)]),
        ({"query": "query A { a }", "operationName": "A"}, [Name("$.query", A), Name("$.operationName", "A", True)]),
        ({"doc_id": "4711"}, [Name("$.doc_id", "4711", True)]),
        ({"documentId": HASH, "operationName": "Q"}, [Name("$.operationName", "Q", True)]),
        (
            {"extensions": {"persistedQuery": {"sha256Hash": HASH}}},
            [Name("$.extensions.persistedQuery.sha256Hash", HASH, True)],
        ),
        ({**RPC, "method": "a.b"}, [Name("$.method", r"a\.b", True), VERSION]),
        ({"action": "infoZone", "param": {}}, [Name("$.action", "infoZone", True)]),
        ({"action": "created", "name": "x"}, []),
        ({"method": "email"}, []),
        ({"query": "shoes", "operationName": "x"}, []),
        ([{**RPC, "method": "b"}, {**RPC, "method": "a"}], [Name("$[*].jsonrpc", r"2\.0"), Name("$[*].method", "a|b")]),
        ([{"query": "query B { b }"}, {"query": "query A { a }"}], [Name("$[*].query", f"{A}|{B}")]),
        ([{**RPC, "method": "a"}, {"x": 1}], []),
        ([{**RPC, "method": "a"}, 5], []),
        ([{"params": [], "method": f"m{number}"} for number in range(17)], []),
        ([], []),
        ("text", []),
    ],
    ids=repr,
)
def test_names_in_a_body(body: JsonValue, names: list[Name]) -> None:
    assert list(names_in_body(body)) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"query": ["query A { a }"]}, [Name("query", A)]),
        ({"query": ["query A { a }"], "operationName": ["A"]}, [Name("query", A), Name("operationName", "A", True)]),
        ({"operationName": ["A"], "extensions": ["{}"]}, [Name("operationName", "A", True)]),
        ({"operationName": ["A"]}, []),
        ({"query": ["query A { a }", "query B { b }"]}, []),
        ({"query": [None]}, []),
        ({"query": ["shoes"]}, []),
    ],
    ids=repr,
)
def test_names_in_a_query(query: dict[str, list[JsonValue]], names: list[Name]) -> None:
    assert list(names_in_query(query)) == names


def test_names_in_a_text() -> None:
    [name] = names_in_text("query A { a }")
    assert name.place == "$"
    assert re.fullmatch(name.pattern, "query A { a }")
