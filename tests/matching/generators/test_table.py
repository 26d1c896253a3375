from typing import Any

import pytest
from generating import context, generators
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching import GENERATORS, GeneratorMode
from pact_recorder.matching.generators.table import generated

STATE = {"id": 7, "name": "Al", "price": 1.5, "none": None, "yes": True, "text": "42", "list": [1, 2.5]}


@pytest.mark.parametrize(
    ("kind", "attributes", "reason"),
    [
        ("RandomInt", {"min": 2, "max": 1}, "min 2 is greater than its max 1"),
        ("RandomString", {"size": 10**9}, "its size is 1000000000"),
        ("RandomDecimal", {"digits": -1}, "its digits is -1"),
        ("Regex", {}, "it has no regex"),
        ("Regex", {"regex": "("}, "is not a regular expression"),
        ("Regex", {"regex": "a(?!a)a"}, "no text was found"),
        ("Date", {"expression": "+ 1 fortnight"}, "needs a unit"),
        ("Date", {"format": "b"}, "means nothing in a date pattern"),
        ("ProviderState", {}, "it has no expression"),
        ("ProviderState", {"expression": "${other}"}, "no value 'other'"),
        ("ProviderState", {"expression": "a${id"}, "no closing brace"),
        ("ProviderState", {"expression": "${name}", "dataType": "INTEGER"}, "not a whole number"),
        ("ProviderState", {"expression": "${name}", "dataType": "DECIMAL"}, "not a number"),
        ("ProviderState", {"expression": "${name}", "dataType": "BOOLEAN"}, "neither true nor false"),
        ("MockServerURL", {}, "needs an example and a regex"),
        ("MockServerURL", {"example": "a", "regex": "(b)"}, "no group of '(b)' matches"),
        ("MockServerURL", {"example": "a", "regex": "a"}, "no group of 'a' matches"),
        ("MockServerURL", {"example": "a", "regex": "("}, "is not a regular expression"),
    ],
)
def test_what_cannot_be_generated_stays_and_is_reported(kind: str, attributes: dict[str, Any], reason: str) -> None:
    reports: list[str] = []
    [generator] = generators(body={"$.a": {"type": kind, **attributes}}).categories["body"].values()
    where = context(GeneratorMode.PROVIDER, state=STATE, url="http://b", report=reports.append)
    assert generated(generator, "example", where, "$.a") == "example"
    [sentence] = reports
    assert sentence.startswith(f"The generator {kind} at $.a was left out: ")
    assert reason in sentence


@given(st.sampled_from(sorted(GENERATORS)), st.integers(0, 1000))
def test_a_seed_repeats_the_value(kind: str, seed: int) -> None:
    document = {"type": kind, "regex": "(/[a-z]{5})", "example": "/abcde", "expression": ""}
    [generator] = generators(body={"$": document}).categories["body"].values()
    wheres = [context(seed=seed, state={"": 1}, url="http://b") for _ in range(2)]
    first, second = (generated(generator, "x", where, "$") for where in wheres)
    assert first == second != "x"
