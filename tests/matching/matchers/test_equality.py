from typing import Any

import pytest
from expecting import rule

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers import compile_rule
from pact_recorder.matching.xml_values import parse_xml

EQUALITY = compile_rule(rule({"match": "equality"}))
TYPE = compile_rule(rule({"match": "type"}))
MIN = compile_rule(rule({"match": "min", "min": 2}))
MAX = compile_rule(rule({"match": "max", "max": 2}))
BOTH = compile_rule(rule({"match": "type", "min": 1, "max": 4}))


@pytest.mark.parametrize(
    ("expected", "actual", "sentence"),
    [
        (1, 1, None),
        ("b", "c", "Expected 'c' (String) to be equal to 'b' (String)"),
        ("Al", 5, "Expected 5 (Integer) to be equal to 'Al' (String)"),
        (1, b"1.0", "Expected 1.0 (Decimal) to be equal to 1 (Integer)"),
        (1, True, "Expected true (Boolean) to be equal to 1 (Integer)"),
        (None, "x", "Expected 'x' (String) to be equal to null (Null)"),
        (1, {"a": 1}, 'Expected {"a":1} (Object) to be equal to 1 (Integer)'),
    ],
)
def test_equality_of_scalars(expected: Any, actual: Any, sentence: str | None) -> None:
    assert EQUALITY.scalar(expected, actual, False, Effort()) == sentence


@pytest.mark.parametrize(
    ("expected", "actual", "sentence"),
    [
        ("a", "b", None),
        (1, b"1.5", None),
        (True, False, None),
        (None, None, None),
        ("a", 100, "Expected 100 (Integer) to be the same type as 'a' (String)"),
        (1, "100", "Expected '100' (String) to be the same type as 1 (Integer)"),
        (1, True, "Expected true (Boolean) to be the same type as 1 (Integer)"),
        (None, "x", "Expected 'x' (String) to be the same type as null (Null)"),
        ("x", None, "Expected null (Null) to be the same type as 'x' (String)"),
        ("x", [], "Expected [] (Array) to be the same type as 'x' (String)"),
    ],
)
@pytest.mark.parametrize("matcher", [TYPE, MIN, BOTH])
def test_types_of_scalars(matcher: Any, expected: Any, actual: Any, sentence: str | None) -> None:
    assert matcher.scalar(expected, actual, False, Effort()) == sentence


@pytest.mark.parametrize(
    ("matcher", "actual", "cascaded", "sentence"),
    [
        (TYPE, [], False, None),
        (MIN, [1], False, "Expected [1] (size 1) to have minimum size of 2"),
        (MIN, [1], True, None),
        (MIN, [1, 2], False, None),
        (MAX, [1, 2, 3], False, "Expected [1, 2, 3] (size 3) to have maximum size of 2"),
        (MAX, [1, 2, 3], True, None),
        (BOTH, [], False, "Expected [] (size 0) to have minimum size of 1"),
        (BOTH, [1, 2, 3, 4, 5], False, "Expected [1, 2, 3, 4, 5] (size 5) to have maximum size of 4"),
        (EQUALITY, [1], False, None),
        (EQUALITY, [2], False, "Expected [2] to be equal to [1]"),
    ],
)
def test_lists(matcher: Any, actual: list[Any], cascaded: bool, sentence: str | None) -> None:
    assert matcher.items([1], actual, cascaded) == sentence


@pytest.mark.parametrize(
    ("matcher", "actual", "sentence"),
    [
        (TYPE, {}, None),
        (MIN, {"a": 1}, 'Expected {"a":1} (size 1) to have minimum size of 2'),
        (EQUALITY, {"a": 1}, None),
        (EQUALITY, {"a": True}, 'Expected {"a":true} to be equal to {"a":1}'),
    ],
)
def test_objects(matcher: Any, actual: dict[str, Any], sentence: str | None) -> None:
    assert matcher.members({"a": 1}, actual, False) == sentence


@pytest.mark.parametrize(
    ("matcher", "actual", "cascaded", "sentence"),
    [
        (TYPE, b"<a>x</a>", False, None),
        (TYPE, b"<b/>", False, "Expected 'a' to be the same type as 'b'"),
        (EQUALITY, b"<b/>", False, "Expected 'a' to be equal to 'b'"),
        (MIN, b"<a><x/></a>", False, "Expected 'a' to have at least 2 children"),
        (MIN, b"<a><x/></a>", True, None),
        (MAX, b"<a><x/><x/><x/></a>", False, "Expected 'a' to have at most 2 children"),
        (BOTH, b"<a>text</a>", False, None),
    ],
)
def test_elements(matcher: Any, actual: bytes, cascaded: bool, sentence: str | None) -> None:
    assert matcher.element(parse_xml(b"<a/>"), parse_xml(actual), cascaded) == sentence


def test_text_bytes_and_status() -> None:
    effort = Effort()
    assert TYPE.text("a", "anything", False, effort) is None
    assert TYPE.binary(b"a", b"anything", False, effort) is None
    assert TYPE.status(200, 500, effort) is None
    assert EQUALITY.text("a", "b", False, effort) == "Expected 'b' to be equal to 'a'"
    assert EQUALITY.binary(b"a", b"a", False, effort) is None
    assert EQUALITY.binary(b"a", b"bc", False, effort) == (
        "Expected '61...' (1 bytes) to be equal to '6263...' (2 bytes)"
    )
    assert EQUALITY.status(200, 201, effort) == "Expected 201 to be equal to 200"
    assert EQUALITY.status(200, 200, effort) is None
