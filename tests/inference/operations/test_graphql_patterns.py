"""Patterns for GraphQL documents: what they take, that they take their own, and that the reference agrees."""

import gc
import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.operations.graphql_patterns import document_pattern
from pact_recorder.matching.oniguruma import compile_pattern
from tests.differential.cases import Case, Message
from tests.differential.reference import request_matches

NESTED = "{ f " + "{ a " * 8 + "}" * 9
MANY = "{ " + " ".join(f"f{number:02}" for number in range(20)) + " }"


def takes(pattern: str, document: str) -> bool:
    return compile_pattern(pattern).compiled.fullmatch(document) is not None


SAME = [
    ("query GetUser { user { id } }", "query   GetUser($id: ID!)\n{\n  user(id: $id) { name } }"),
    ("query A { a } query B { b }", "query A { c }"),
    ("{ a { id } }", "{a}"),
    (
        "{ a { id } }",
        "\n query ($x: In = 5) @live\n{\n  y: a(x: $x, o: {p: 1}) @include(if: true) {\n id, b { c } },\n}\n",
    ),
    ("{ a b }", "{ a, x: b { a } }"),
    ("{ user(id: 1) { n } }", "{ x: user(id: 1) { n } y: user(id: 2) { n } }"),
    ("mutation { add { id } }", "mutation($i: In) { add(i: $i) { id } }"),
    ("{ ...F a } fragment F on Q { b }", "{ a ...F } fragment F on Q { b c }"),
    (MANY, MANY.replace(" ", "\n  ")),
]

OTHERS = [
    ("query GetUser { user { id } }", "query GetUserPosts { posts { id } }"),
    ("query GetUser { user { id } }", "mutation GetUser { user { id } }"),
    ("{ a }", "{ user { a b } }"),
    ("{ a }", "{ a b }"),
    ("{ a b }", "{ a { b } }"),
    ("{ a }", "{ ab }"),
    ("{ a }", "mutation { a }"),
    ("{ a }", "query Named { a }"),
    (MANY, MANY.replace("f19", "f20")),
    (NESTED, "{ g { a } }"),
]


@pytest.mark.parametrize(("document", "other"), SAME)
def test_the_same_operation_written_otherwise(document: str, other: str) -> None:
    assert takes(document_pattern(document, ""), other)


@pytest.mark.parametrize(("document", "other"), OTHERS)
def test_other_operations(document: str, other: str) -> None:
    assert not takes(document_pattern(document, ""), other)


def test_the_chosen_operation_of_a_document() -> None:
    pattern = document_pattern("query A { a } query B { b }", "B")
    assert takes(pattern, "query B { b }")
    assert not takes(pattern, "query A { a }")


PIECES = [
    "{",
    "}",
    "(",
    ")",
    '"',
    '"""',
    "#",
    "\n",
    " ",
    ",",
    ":",
    "@x",
    "...",
    "query",
    "mutation",
    "a",
    "b",
    "äa",
    "\\",
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(["", "a", "b"]))
def test_a_pattern_takes_what_it_was_made_of(document: str, chosen: str) -> None:
    assert takes(document_pattern(document, chosen), document)


@pytest.mark.parametrize("document", ["{ a }", "{ a b }", "query Q { a }", MANY])
@pytest.mark.parametrize(
    "hostile",
    [
        "{ a " + "{ b " * 5_000,
        "{ " + "a " * 5_000 + "!",
        "{ a " + "(x) @y " * 3_000 + "!",
        "{ " + "a { b { c } } " * 2_000 + "!",
        "{ " + "x: a " * 3_000 + "!",
        "{ a @" + "y" * 20_000 + "!",
        "query " * 3_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_document_costs_little(document: str, hostile: str) -> None:
    pattern = document_pattern(document, "")
    start = time.perf_counter()
    takes(pattern, hostile)
    assert time.perf_counter() - start < 2


def test_long_documents_are_not_held() -> None:
    tracemalloc.start()
    try:
        for number in range(30):
            document_pattern(f'query Q{number} {{ a(text: "{"x" * 200_000}") }}', "")
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 2_000_000


def test_a_pattern_is_bounded() -> None:
    assert len(document_pattern("{ " + " ".join(f"f{number}" for number in range(5_000)) + " }", "")) < 1_000


@pytest.mark.parametrize(("document", "other"), SAME + OTHERS)
def test_the_reference_agrees(document: str, other: str) -> None:
    typed = {"Content-Type": ["application/json"]}
    pattern = document_pattern(document, "")
    rules = {"body": {"$.query": {"matchers": [{"match": "regex", "regex": pattern}], "combine": "AND"}}}
    asked, got = (
        Message("POST", headers=typed, body=json.dumps({"query": each}).encode()) for each in (document, other)
    )
    assert request_matches(Case("GraphQL", True, asked, rules, got)) == takes(pattern, other)
