from typing import Any

import pytest
from expecting import Rules, rules

from pact_recorder.http import Body
from pact_recorder.matching import ExpectedMessage, match_message
from pact_recorder.matching.metadata import metadata_headers


def texts(expected: dict[str, Any], actual: dict[str, Any], places: Rules | None = None) -> list[str]:
    wanted = ExpectedMessage(metadata=expected, rules=rules(metadata=places or {}))
    return [str(found) for found in match_message(wanted, None, actual)]


def differs(key: str, wanted: str, given: str, reason: str) -> list[str]:
    return [f"Expected metadata key '{key}' to have value '{wanted}' but was '{given}' - {reason}"]


@pytest.mark.parametrize(
    ("expected", "actual", "places", "differences"),
    [
        ({"k": "v"}, {"k": "v", "more": 1}, None, []),
        ({"k": "v"}, {}, None, ["Expected message metadata 'k' but was missing"]),
        ({"k": "v"}, {"k": "w"}, None, differs("k", '"v"', '"w"', "Expected 'w' to be equal to 'v'")),
        ({"k": 1}, {"k": 1.0}, None, differs("k", "1", "1.0", "Expected 1.0 to be equal to 1")),
        ({"k": {"a": [1]}}, {"k": {"a": [1]}}, None, []),
        ({"k": "1"}, {"k": "22"}, {"k": {"match": "regex", "regex": r"\d+"}}, []),
        ({"k": "1"}, {"k": "22"}, {"$.k": {"match": "regex", "regex": r"\d+"}}, []),
        (
            {"k": "1"},
            {"k": "x"},
            {"k": {"match": "regex", "regex": r"\d+"}},
            differs("k", '"1"', '"x"', r"Expected 'x' to match '\d+'"),
        ),
        ({"contentType": "a/b"}, {"contentType": "a/b;charset=x"}, None, []),
        (
            {"Content-Type": "a/b;c=1"},
            {"Content-Type": "a/b"},
            None,
            differs(
                "Content-Type",
                '"a/b;c=1"',
                '"a/b"',
                "Expected metadata 'Content-Type' to have value 'a/b;c=1' but was 'a/b'",
            ),
        ),
        (
            {"contentType": 1},
            {"contentType": "a"},
            None,
            differs("contentType", "1", '"a"', "Expected 'a' to be equal to 1"),
        ),
    ],
)
def test_metadata(
    expected: dict[str, Any], actual: dict[str, Any], places: Rules | None, differences: list[str]
) -> None:
    assert texts(expected, actual, places) == differences


@pytest.mark.parametrize("key", ["contentType", "content-type", "Content-Type"])
def test_the_content_type_may_be_spelled_in_several_ways(key: str) -> None:
    assert metadata_headers({key: "a/b"}) == {"content-type": ("a/b",)}
    assert metadata_headers({key: 5}) == {}


def test_a_message_of_another_type() -> None:
    wanted = ExpectedMessage(Body(b"{}"), {"contentType": "application/json"})
    (found, _) = match_message(wanted, Body(b"x"), {"contentType": "text/plain"})
    assert str(found) == "Expected message with content type application/json but was text/plain"


@pytest.mark.parametrize("category", ["body", "content"])
def test_rules_of_contents_stand_in_either_category(category: str) -> None:
    loose = rules(**{category: {"$.a": {"match": "type"}}})
    wanted = ExpectedMessage(Body(b'{"a":1}'), rules=loose)
    assert match_message(wanted, Body(b'{"a":2,"b":3}'), {}) == []
    assert len(match_message(wanted, Body(b'{"a":"x"}'), {})) == 1
