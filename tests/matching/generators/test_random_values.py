import re
from typing import Any

import pytest
from generating import context, generators
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching.generators.table import generated

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

# type, attributes, example, what the value is in the form of parsed JSON
SHAPES = [
    ("RandomInt", {}, "7", "[0-9]|10"),
    ("RandomInt", {"min": 5, "max": 5}, "x", "5"),
    ("RandomInt", {"min": "5"}, "x", "[0-9]|10"),
    ("RandomDecimal", {}, "x", r"(?=.{11}$)(0|[1-9]\d*)\.\d+"),
    ("RandomDecimal", {"digits": 2}, "x", r"\d\.\d"),
    ("RandomDecimal", {"digits": 1}, "x", r"\d"),
    ("RandomDecimal", {"digits": 0}, "x", ""),
    ("RandomHexadecimal", {}, "x", "[0-9A-F]{10}"),
    ("RandomHexadecimal", {"digits": 40}, "x", "[0-9A-F]{40}"),
    ("RandomString", {"size": 30}, 1, "[0-9a-zA-Z]{30}"),
    ("Regex", {"regex": r"\d{1,8}"}, "x", r"\d{1,8}"),
    ("Regex", {"regex": r"^\d+ (miles|kilometers)$"}, "x", r"\d+ (miles|kilometers)"),
    ("Uuid", {}, "x", UUID),
    ("Uuid", {"format": "simple"}, "x", UUID.replace("-", "").replace("09af", "0-9a-f")),
    ("Uuid", {"format": "upper-case-hyphenated"}, "x", UUID.replace("a-f", "A-F").replace("ab", "AB")),
    ("Uuid", {"format": "URN"}, "x", f"urn:uuid:{UUID}"),
    ("Uuid", {"format": "other"}, "x", UUID),
]


@pytest.mark.parametrize(("kind", "attributes", "example", "shape"), SHAPES)
@given(seed=st.integers(0, 10_000))
def test_generated_texts(kind: str, attributes: dict[str, Any], example: Any, shape: str, seed: int) -> None:
    if kind == "Uuid" and attributes.get("format") == "simple":
        shape = "[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"
    [generator] = generators(body={"$": {"type": kind, **attributes}}).categories["body"].values()
    value = generated(generator, example, context(seed=seed), "$")
    assert re.fullmatch(shape, value)


@pytest.mark.parametrize(
    ("kind", "attributes", "example", "expected"),
    [
        ("RandomInt", {"min": 3, "max": 3}, 1, 3),
        ("RandomInt", {"min": -3, "max": -3}, None, -3),
        ("RandomDecimal", {"digits": 2}, b"1.5", bytes),
        ("RandomDecimal", {"digits": 2}, True, str),
        ("RandomBoolean", {}, "x", bool),
    ],
)
def test_generated_values_keep_the_kind_of_the_example(
    kind: str, attributes: dict[str, Any], example: Any, expected: Any
) -> None:
    [generator] = generators(body={"$": {"type": kind, **attributes}}).categories["body"].values()
    value = generated(generator, example, context(), "$")
    assert type(value) is expected if isinstance(expected, type) else value == expected


def test_hexadecimal_digits_may_repeat() -> None:
    [generator] = generators(body={"$": {"type": "RandomHexadecimal", "digits": 16}}).categories["body"].values()
    values = {generated(generator, "", context(seed=seed), "$") for seed in range(20)}
    assert len(values) == 20
    assert any(len(set(value)) < 16 for value in values)
