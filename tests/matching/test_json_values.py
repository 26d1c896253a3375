import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching.json_values import (
    TEXT_LIMIT,
    JsonError,
    clip,
    json_text,
    kind,
    parse_json,
    plain_text,
    same,
    shown,
    whole_text,
    wire_value,
)

SCALARS = ["null", "true", "false", "0", "1", "1.0", "1e0", "-1", '"1"', '"true"', '""', "[]", "{}", "[1]", '{"a":1}']
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False).map(str),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"1", 1),
        (b"1.50", b"1.50"),
        (b"1e2", b"1e2"),
        (b"12345678901234567890123", 12345678901234567890123),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b"\xef\xbb\xbf[]", []),
        ("[1]".encode("utf-16"), [1]),
        (b'"\\ud800"', "\ud800"),
        (b"[-0,-0.0]", [0, b"-0.0"]),
        (b" null ", None),
    ],
)
def test_parse_json(text: bytes, value: Any) -> None:
    assert parse_json(text) == value


@given(values, st.booleans(), st.data())
def test_texts_are_read_as_the_standard_library_reads_them(value: Any, ascii_only: bool, data: st.DataObject) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert parse_json(text) == json.loads(text, parse_float=str.encode)
    at = data.draw(st.integers(0, len(text)))
    broken = text[:at] + data.draw(st.binary(max_size=2)) + text[at + data.draw(st.integers(0, 2)) :]
    try:
        expected = json.loads(broken, parse_float=str.encode, parse_constant=_refuse)
    except (ValueError, UnicodeDecodeError):
        with pytest.raises(JsonError):
            parse_json(broken)
    else:
        assert repr(parse_json(broken)) == repr(expected)


def _refuse(name: str) -> None:
    raise ValueError(name)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "line 1 column 1"),
        (b"{bad", "line 1 column 2"),
        (b"NaN", "not a JSON number"),
        (b"[1] x", "Extra data"),
        (b"\xff\xff", "not text"),
        (b"9" * 5000, "too many digits"),
        (b"[" * 1_000_000, "nested too deeply"),
    ],
)
def test_what_is_no_json(text: bytes, reason: str) -> None:
    with pytest.raises(JsonError, match=reason):
        parse_json(text)


@pytest.mark.parametrize("first", SCALARS)
@pytest.mark.parametrize("second", SCALARS)
def test_values_of_different_kinds_are_different(first: str, second: str) -> None:
    equal = first == second or {first, second} == {"1.0", "1e0"}
    assert same(parse_json(first.encode()), parse_json(second.encode())) is equal
    assert same(parse_json(f"[{first}]".encode()), parse_json(f"[{second}]".encode())) is equal
    assert same(parse_json(f'{{"a":{first}}}'.encode()), parse_json(f'{{"a":{second}}}'.encode())) is equal


@given(values)
def test_a_value_is_the_same_as_itself_in_any_layout(value: Any) -> None:
    compact = parse_json(json.dumps(value).encode())
    pretty = parse_json(json.dumps(value, indent=2, sort_keys=True).encode())
    assert same(compact, pretty)
    assert same(parse_json(whole_text(compact).encode()) if not isinstance(compact, str) else compact, compact)


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [(b"1.10", b"1.1", True), (b"0.1", b"0.10000000000000000001", False), (b"1e400", b"1e401", False)],
)
def test_decimals_are_exact(first: bytes, second: bytes, equal: bool) -> None:
    assert same(parse_json(first), parse_json(second)) is equal


def test_an_exponent_beyond_all_bounds_is_only_the_same_as_itself() -> None:
    huge = b"1e" + b"9" * 30
    assert same(parse_json(huge), parse_json(huge))
    assert not same(parse_json(huge), parse_json(huge + b"9"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b"{}", "Object"),
        (b"[]", "Array"),
        (b'"x"', "String"),
        (b"true", "Boolean"),
        (b"1", "Integer"),
        (b"1.0", "Decimal"),
        (b"null", "Null"),
    ],
)
def test_kind(text: bytes, name: str) -> None:
    assert kind(parse_json(text)) == name


@pytest.mark.parametrize(
    ("text", "plain", "as_shown", "as_json"),
    [
        (b'"x"', "x", "'x'", '"x"'),
        (b"null", "", "null", "null"),
        (b"true", "true", "true", "true"),
        (b"1.50", "1.50", "1.50", "1.50"),
        (b'{"b":[1, 2.0],"a":"\xc3\xa9"}', '{"a":"é","b":[1,2.0]}', '{"a":"é","b":[1,2.0]}', '{"a":"é","b":[1,2.0]}'),
    ],
)
def test_texts_of_values(text: bytes, plain: str, as_shown: str, as_json: str) -> None:
    value = parse_json(text)
    assert (plain_text(value), shown(value), json_text(value)) == (plain, as_shown, as_json)


@pytest.mark.parametrize("value", ["x" * 10**6, ["x" * 10**6], list(range(10**6)), {"k" * 10**6: 1}])
def test_shown_texts_are_bounded(value: Any) -> None:
    assert len(json_text(value)) < 2 * TEXT_LIMIT
    assert len(shown(value)) < 2 * TEXT_LIMIT


def test_shown_depth_is_bounded() -> None:
    value: Any = 1
    for _ in range(500):
        value = [value]
    assert json_text(value).count("[") < 150


def test_clip_says_how_long_the_text_was() -> None:
    assert clip("x" * 5000).endswith("… (5000 characters)")
    assert clip("a\ud800b") == "a\\ud800b"


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (1.5, b"1.5"),
        (Decimal("1.50"), b"1.50"),
        (True, True),
        ({"a": [1, 2.0]}, {"a": [1, b"2.0"]}),
        ((1, 2), [1, 2]),
        (Decimal("123"), 123),
    ],
)
def test_wire_value(value: Any, wire: Any) -> None:
    assert same(wire_value(value), wire)
