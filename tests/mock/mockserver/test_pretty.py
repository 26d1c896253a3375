import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.mock.mockserver.pretty import format_pretty
from pact_recorder.pact import parse_json

LAYOUTS = [
    ({}, "{ }"),
    ([], "[ ]"),
    (["a", "b"], '[ "a", "b" ]'),
    ({"key": "value"}, '{\n  "key" : "value"\n}'),
    ({"a": {"b": [1, {}]}}, '{\n  "a" : {\n    "b" : [ 1, { } ]\n  }\n}'),
    ([{"a": 1}, {"b": []}], '[ {\n  "a" : 1\n}, {\n  "b" : [ ]\n} ]'),
    ({"a": [{"b": [[{"c": None}]]}]}, '{\n  "a" : [ {\n    "b" : [ [ {\n      "c" : null\n    } ] ]\n  } ]\n}'),
    ("é ü — 日本", '"é ü — 日本"'),
    ('"\\\n', r'"\"\\\n"'),
]


@pytest.mark.parametrize(("value", "text"), LAYOUTS)
def test_the_layout_is_jacksons(value: object, text: str) -> None:
    assert format_pretty(value) == text


@pytest.mark.parametrize("number", ["1", "1.0", "1.50", "1e2", "-0", "123456789012345678901234567890", "0.1"])
def test_numbers_stay_as_they_were_written(number: str) -> None:
    assert format_pretty(parse_json(number)) == number


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
)


@given(values)
def test_it_is_the_same_json(value: object) -> None:
    assert json.loads(format_pretty(value)) == value
