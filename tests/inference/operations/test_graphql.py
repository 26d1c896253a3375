import pytest

from pact_recorder.inference.operations.graphql import document_call, graphql_call

HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("document", "chosen", "call"),
    [
        ("query GetUser($id: ID!) { user(id: $id) { id } }", "", "query GetUser"),
        ("mutation AddItem { addItem { id } }", "", "mutation AddItem"),
        ("subscription S { s }", "", "subscription S"),
        ("{ b a }", "", "query a, b"),
        ("{ x: user(id: 7, where: {a: [1]}) { name } me }", "", "query me, user"),
        ("query ($id: ID = 5) @live { user @include(if: true) { id } }", "", "query user"),
        ("query A { a } query B { b }", "B", "query B"),
        ("query A { a } query B { b }", "", "query A"),
        ("query A { a } query B { b }", "C", "query A"),
        ("fragment F on User { id } { user { ...F } }", "", "query user"),
        ("fragment F on User { id } query Q { user { ...F } }", "", "query Q"),
        ("{ ... on Query { a } ...F b }", "", "query b"),
        ('# { comment }\n{ a(text: "} { x", block: """ } " { y """) b }', "", "query a, b"),
        ("mutation { z y x }", "", "mutation x, y, z"),
        ("{", "", "query"),
        ("}}}{", "", "query"),
        ("{ " + " ".join(f"f{number:02}" for number in range(20)) + " }", "", None),
    ],
)
def test_a_document_is_named_after_its_operation(document: str, chosen: str, call: str | None) -> None:
    found = document_call(document, chosen)
    assert found == call if call is not None else found.startswith("query f00, ") and found.endswith("f11 …")


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ({"query": "query Q { a }"}, "query Q"),
        ({"query": "query A { a } query B { b }", "operationName": "B"}, "query B"),
        ({"operationName": "Q", "extensions": {"persistedQuery": {"sha256Hash": HASH}}}, "operation Q"),
        ({"extensions": {"persistedQuery": {"sha256Hash": HASH}}}, "persisted 0123456789ab"),
        ({"doc_id": "4711"}, "persisted 4711"),
        ({"documentId": HASH, "operationName": "Q"}, "operation Q"),
        ({"query": "shoes"}, ""),
        ({"query": "query languages"}, ""),
        ({"query": {"match": {}}}, ""),
        ({"query": 5, "extensions": 7}, ""),
        ({"extensions": {"persistedQuery": 5}}, ""),
        ({}, ""),
    ],
)
def test_only_graphql_is_taken_for_it(body: dict[str, object], call: str) -> None:
    assert graphql_call(body) == call


def test_a_hostile_document_costs_little() -> None:
    assert document_call("{" * 100_000, "") == "query"
    assert graphql_call({"query": "{ a" + '"' * 500_000}) == "query"
