import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.errors import LimitError
from pact_recorder.pact.json_text import ExactNumber, check_depth, format_json, parse_json, scalar_text
from tests.pact.strategies import json_values, texts

DIGITS = "9" * 5000


@pytest.mark.parametrize(
    "text",
    [
        "0", "-0", "1", "1.0", "1.50", "1e2", "1E+2", "0.1", "1e999", "-1.5e-7", "12345678901234567890123",
        "3.14159265358979323846264338327950288", DIGITS, "true", "false", "null", '""', '"é\\n\\"\\\\"', "[]", "{}",
        '[1,[2,{"a":[]}]]', '{"b":1,"a":{"c":null}}', '"\\ud800"', '"😀"',
    ],
)  # fmt: skip
def test_compact_text_comes_back_as_it_was(text: str) -> None:
    assert format_json(parse_json(text)) == text


@pytest.mark.parametrize(("text", "kind"), [("1", int), ("1.0", float), ("1e2", ExactNumber), ("-0", ExactNumber)])
def test_only_numbers_that_python_prints_differently_are_special(text: str, kind: type) -> None:
    assert type(parse_json(text)) is kind


def test_an_exact_number_is_a_float() -> None:
    number = parse_json("1e2")
    assert number == 100.0
    assert repr(number) == "1e2"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_an_exact_number_survives_copying(copied) -> None:
    assert copied(ExactNumber("1.50")).text == "1.50"


@given(json_values)
def test_what_was_written_reads_the_same(value) -> None:
    text = format_json(value)
    assert format_json(parse_json(text)) == text
    assert format_json(parse_json(format_json(value, indent=2))) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    )
)
def test_plain_values_are_written_as_the_standard_library_does(value) -> None:
    assert format_json(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert format_json(value, indent=2) == json.dumps(value, ensure_ascii=False, indent=2)


def test_of_a_name_given_twice_the_last_counts() -> None:
    assert parse_json('{"a":1,"a":2}') == {"a": 2}


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "-Infinity", "{", "", "{'a':1}", "[1,]", '"\n"', "1 2"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_json(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_has_not_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a JSON number"):
        format_json([value])


def test_values_that_json_has_not_are_refused() -> None:
    with pytest.raises(TypeError, match="bytes is not a JSON value"):
        format_json({"a": b""})


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [6, 100, 1_000_000])
def test_depth_is_bounded(opening: str, depth: int) -> None:
    closing = {"[": "]", '{"a":': "}"}[opening]
    inner = "[]" if opening == "[" else "{}"
    assert parse_json(opening * 4 + inner + closing * 4, max_depth=5)
    with pytest.raises(LimitError, match="deeper than 5 levels"):
        parse_json(opening * (depth - 1) + inner + closing * (depth - 1), max_depth=5)


def test_depth_of_a_value_that_holds_itself_is_found() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(LimitError):
        check_depth(endless, 10)


@pytest.mark.parametrize(("value", "text"), [("a", "a"), (True, "true"), (1.5, "1.5"), (None, "null")])
def test_scalar_text(value: object, text: str) -> None:
    assert scalar_text(value) == text
