import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.mock.mockserver.containment import contains, same
from pact_recorder.pact import parse_json

CONTAINED = [
    ('{"a":1}', '{"a":1,"b":2}', True),
    ('{"a":1,"b":2}', '{"a":1}', False),
    ("{}", '{"a":1}', True),
    ("{}", "[]", False),
    ("[]", "{}", False),
    ("[1,2]", "[3,2,1]", True),
    ("[1,1]", "[1,2]", False),
    ("[1,1]", "[1,2,1]", True),
    ('[{"a":1},{}]', '[{},{"a":1}]', True),
    ('[{},{"a":1}]', '[{"a":1}]', False),
    ('[{},{"b":1}]', '[{"b":1},{"a":1}]', True),
    ("1", "1.0", False),
    ("1.50", "1.5", False),
    ("1", "true", False),
    ("null", "null", True),
    ('"1"', "1", False),
    ('{"a":{"b":[{"c":1}]}}', '{"a":{"b":[{"d":2},{"c":1,"e":3}]}}', True),
]


@pytest.mark.parametrize(("expected", "actual", "contained"), CONTAINED)
def test_containing(expected: str, actual: str, contained: bool) -> None:
    assert contains(parse_json(actual), parse_json(expected)) is contained


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


@given(json_values, st.randoms(use_true_random=False))
def test_a_value_contains_itself_in_any_order(value: Any, random: Any) -> None:
    assert same(value, value)
    assert contains(shuffled(value, random), value)


def shuffled(value: Any, random: Any) -> Any:
    if isinstance(value, list):
        return random.sample([shuffled(item, random) for item in value], len(value))
    return {name: shuffled(item, random) for name, item in value.items()} if isinstance(value, dict) else value


def test_each_expected_item_has_one_of_its_own_even_when_the_first_choice_was_wrong() -> None:
    # The first expected item takes either; the second only the first.
    assert contains([{"a": 1, "b": 1}, {"a": 1}], [{"a": 1}, {"b": 1}])


def test_a_long_comparison_ends() -> None:
    started = time.monotonic()
    assert not contains([{"a": [n, {}]} for n in range(3000)], [{"a": [{}, {}]}] * 2999)
    assert time.monotonic() - started < 5


def test_a_deep_value_is_compared() -> None:
    deep = parse_json("[" * 200 + "]" * 200)
    assert contains(deep, deep)
    assert not contains(parse_json("[" * 150 + "1" + "]" * 150), parse_json("[" * 150 + "2" + "]" * 150))
