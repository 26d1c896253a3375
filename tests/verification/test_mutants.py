import json
import time

import pytest
from builders import exchange, request
from hypothesis import given, settings
from hypothesis import strategies as st
from mutating import answered, json_of, mutants, profile

from pact_recorder.http import Body, Exchange, Headers, Response
from pact_recorder.matching import match_response
from pact_recorder.mock.translation import expected_response
from pact_recorder.verification.mutant import BREAKING, LABELS, NON_BREAKING, SEVERITIES, STRONG
from pact_recorder.verification.mutants import JSON_KINDS, document_of, mutants_of
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_profile import Profile
from tests.verification.strategies import requests, responses

DOCUMENTS = st.dictionaries(
    st.text("abcdefg_", min_size=1, max_size=5),
    st.recursive(
        st.integers(-5, 10**6) | st.booleans() | st.text("abc 1é", max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        max_leaves=6,
    ),
    min_size=1,
    max_size=5,
)
SAME_MEANING = {
    "key_order", "whitespace", "unicode_escapes", "reason_phrase", "header_order", "header_case", "header_added",
    "content_type_charset", "extra_field",
}  # fmt: skip


@given(DOCUMENTS, st.integers(0, 1000))
def test_a_literal_contract_refuses_what_breaks_and_takes_the_same_in_other_words(document: object, seed: int) -> None:
    recorded = answered(document)
    literal = expected_response(recorded.response)
    for kind, mutant in mutants(recorded, seed=seed).items():
        refused = bool(match_response(literal, mutant.response))
        if mutant.label == BREAKING and mutant.severity == STRONG:
            assert refused, mutant
        if kind in SAME_MEANING:
            assert not refused, mutant


@given(st.builds(Exchange, requests(), responses()), st.integers(0, 3))
@settings(max_examples=200)
def test_any_answer_has_well_labelled_mutants_that_differ(recorded: Exchange, seed: int) -> None:
    for mutant in mutants_of(recorded, profile(), Chance.seeded(seed)):
        assert mutant.response != recorded.response
        assert mutant.label in LABELS and mutant.severity in SEVERITIES
        assert mutant.path and mutant.note


@given(DOCUMENTS, st.lists(DOCUMENTS, max_size=3))
def test_the_same_seed_makes_the_same_mutants(document: object, siblings: list[object]) -> None:
    known = profile(document, *siblings)
    again = profile(*reversed(siblings), document)
    assert mutants(answered(document), known, 5) == mutants(answered(document), again, 5)


@given(st.lists(DOCUMENTS, min_size=2, max_size=4))
def test_no_sibling_is_called_broken(documents: list[object]) -> None:
    """A strong breaking change of the body never makes what some sibling is."""
    known = profile(*documents)
    strong = {kind.name for kind in JSON_KINDS if kind.label == BREAKING and kind.severity == STRONG}
    for kind, mutant in mutants(answered(documents[0]), known).items():
        # As text, since Python takes false for 0.
        assert kind not in strong or json.dumps(json_of(mutant.response)) not in map(json.dumps, documents), mutant


@pytest.mark.parametrize(
    ("content_type", "content", "read"),
    [
        ("application/json", b'{"a": 1}', True),
        ("application/vnd.api+json", b"[1]", True),
        ("text/plain", b'{"a": 1}', True),
        ("text/html", b'{"a": 1}', False),
        ("application/json", b"{", False),
        ("application/json", b'"text"', False),
        ("application/json", b"", False),
        (None, b"[1]", True),
    ],
)
def test_which_bodies_are_read_as_json(content_type: str | None, content: bytes, read: bool) -> None:
    headers = Headers([("Content-Type", content_type)] if content_type else [])
    found = document_of(exchange(request(), Response(200, "", headers, Body(content))))
    assert (found is not None) is read


def test_other_bytes_are_left_alone() -> None:
    answer = Response(200, "", Headers([("Content-Type", "image/png")]), Body(b"\x89PNG" + bytes(range(256))))
    found = mutants(exchange(request(), answer))
    assert {"body_emptied", "content_type_changed"} <= found.keys()
    assert not {"json_truncated", "xml_truncated", "text_other_value"} & found.keys()


def test_large_bodies_cost_bounded_time() -> None:
    items = [{"id": number, "name": f"name {number}", "tags": ["a", "b"]} for number in range(40_000)]
    large = answered(items)
    assert 1_000_000 < len(large.response.body.content) < 4_000_000
    larger = answered(items * 2)
    started = time.perf_counter()
    some = list(mutants_of(large, profile(), Chance.seeded(1)))
    none = list(mutants_of(larger, profile(), Chance.seeded(1)))
    assert time.perf_counter() - started < 10
    json_kinds = {kind.name for kind in JSON_KINDS}
    assert 0 < len({each.kind for each in some} & json_kinds) < 6
    assert not {each.kind for each in none} & json_kinds
    assert {"status_class_to_5xx", "body_emptied"} <= {each.kind for each in none}


def test_numbers_that_nobody_touches_keep_their_digits() -> None:
    text = b'{"a": 1.10, "b": 12345678901234567890123, "c": 1e400, "d": "x"}'
    answer = Response(200, "", Headers([("Content-Type", "application/json")]), Body(text))
    for mutant in mutants_of(exchange(request(), answer), Profile(), Chance.seeded(1)):
        if mutant.path == "$.d":
            kept = json.loads(mutant.response.body.content, parse_float=str)
            assert (kept["a"], kept["b"], kept["c"]) == ("1.10", 12345678901234567890123, "1e400")


def test_labels_follow_the_table() -> None:
    assert len({kind.name for kind in JSON_KINDS}) == len(JSON_KINDS)
    assert {kind.label for kind in JSON_KINDS} == {BREAKING, NON_BREAKING}


def test_what_is_nested_too_deeply_is_not_changed() -> None:
    deep = b'{"a":[' * 300 + b"1" + b"]}" * 300
    recorded = exchange(request(), deep)
    assert document_of(recorded) is None
    assert list(mutants_of(recorded, Profile(), Chance.seeded(1)))
