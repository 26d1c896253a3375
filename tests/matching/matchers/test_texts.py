from typing import Any

import pytest
from expecting import Rule, rule

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers import compile_rule
from pact_recorder.matching.xml_values import parse_xml

REGEX = {"match": "regex", "regex": "[a-z]+"}
INCLUDE = {"match": "include", "value": "a"}
SEMVER = {"match": "semver"}
NOT_EMPTY = {"match": "notEmpty"}


def scalar(document: Rule, actual: Any) -> str | None:
    return compile_rule(rule(document)).scalar("", actual, False, Effort())


def text(document: Rule, actual: str) -> str | None:
    return compile_rule(rule(document)).text("", actual, False, Effort())


@pytest.mark.parametrize(
    ("document", "actual", "sentence"),
    [
        (REGEX, "abc", None),
        (REGEX, "100", "Expected '100' to match '[a-z]+'"),
        (REGEX, True, None),
        (REGEX, None, None),
        (REGEX, 5, "Expected '5' to match '[a-z]+'"),
        ({"match": "regex", "regex": r'\{"k":1\}'}, {"k": 1}, None),
        ({"match": "regex", "regex": r"1\.50"}, b"1.50", None),
        ({"match": "regex", "regex": ""}, "", None),
        ({"match": "regex", "regex": ""}, "a", "Expected 'a' to match ''"),
        (
            {"match": "regex", "regex": "("},
            "(",
            "'(' is not a valid regular expression - end pattern with unmatched parenthesis",
        ),
        (INCLUDE, "cat", None),
        (INCLUDE, "dog", "Expected 'dog' to include 'a'"),
        ({"match": "include", "value": 5}, 151, None),
        ({"match": "include", "value": "ru"}, True, None),
        (SEMVER, "1.0.0", None),
        (SEMVER, "1.0.0-alpha.1+build.5", None),
        (SEMVER, "1.0", "'1.0' is not a valid semantic version"),
        (SEMVER, "1.0abc", "'1.0abc' is not a valid semantic version"),
        (SEMVER, "01.0.0", "'01.0.0' is not a valid semantic version"),
        (SEMVER, 1, "Expected something that matches a semantic version, but got '1'"),
        ({"match": "date"}, "2023-07-19", None),
        (
            {"match": "date", "format": "yyyy-MM-dd"},
            "23/07/19",
            "Expected '23/07/19' to match a date pattern of 'yyyy-MM-dd'",
        ),
        ({"match": "time"}, "10:11:12", None),
        ({"match": "time", "time": "HH:mm"}, "10:11", None),
        ({"match": "timestamp"}, "2020-01-01T10:00:00Z", None),
        ({"match": "datetime", "format": "yyyy"}, 2020, None),
        ({"match": "datetime", "format": "yyyy"}, "x", "Expected 'x' to match a timestamp pattern of 'yyyy'"),
        (
            {"match": "date", "format": "bb"},
            "x",
            "Expected 'x' to match a date pattern of 'bb': The letter 'b' means nothing in a date pattern",
        ),
        (NOT_EMPTY, 0, None),
        (NOT_EMPTY, False, None),
        (NOT_EMPTY, "", "Expected '' (String) to not be empty"),
        (NOT_EMPTY, [], "Expected [] (Array) to not be empty"),
        (NOT_EMPTY, {}, "Expected {} (Object) to not be empty"),
        (NOT_EMPTY, None, "Expected non-empty value but got a NULL"),
    ],
)
def test_scalars(document: Rule, actual: Any, sentence: str | None) -> None:
    assert scalar(document, actual) == sentence


@pytest.mark.parametrize(
    ("document", "actual", "sentence"),
    [
        (REGEX, "a", None),
        (REGEX, "A", "Expected 'A' to match '[a-z]+'"),
        (INCLUDE, "b", "Expected 'b' to include 'a'"),
        (SEMVER, "1.2.3", None),
        (NOT_EMPTY, "", "Expected '' to not be empty"),
        ({"match": "date"}, "2020-1-1", None),
    ],
)
def test_text(document: Rule, actual: str, sentence: str | None) -> None:
    assert text(document, actual) == sentence


@pytest.mark.parametrize("document", [REGEX, INCLUDE])
def test_bytes_are_tested_as_text(document: Rule) -> None:
    matcher = compile_rule(rule(document))
    assert matcher.binary(b"", b"a", False, Effort()) is None
    assert matcher.binary(b"", b"9", False, Effort()) is not None
    assert matcher.binary(b"", b"\xff", False, Effort()) == (
        "Could not convert actual bytes into a UTF-8 string - invalid start byte"
    )


def test_not_empty_lists_objects_bytes_and_elements() -> None:
    matcher = compile_rule(rule(NOT_EMPTY))
    assert matcher.items([1], [2], False) is None
    assert matcher.items([1], [], False) == "Expected [] (Array) to not be empty"
    assert matcher.members({}, {"a": 1}, False) is None
    assert matcher.members({}, {}, False) == "Expected {} (Map) to not be empty"
    assert matcher.binary(b"", b"", False, Effort()) == "Expected [] (0 bytes) to not be empty"
    assert matcher.binary(b"", b"a", False, Effort()) is None
    assert matcher.element(parse_xml(b"<a/>"), parse_xml(b"<a>x</a>"), False) is None
    assert matcher.element(parse_xml(b"<a/>"), parse_xml(b"<a/>"), False) == "Expected 'a' to have at least one child"


def test_status_codes_are_tested_by_their_digits() -> None:
    assert compile_rule(rule({"match": "regex", "regex": "20."})).status(200, 204, Effort()) is None
    assert compile_rule(rule({"match": "regex", "regex": "20."})).status(200, 304, Effort()) == (
        "Expected '304' to match '20.'"
    )
    assert compile_rule(rule({"match": "include", "value": "3"})).status(200, 304, Effort()) is None


def test_a_regex_at_an_element_means_its_text() -> None:
    matcher = compile_rule(rule(REGEX))
    assert matcher.element(parse_xml(b"<A/>"), parse_xml(b"<A/>"), False) is None
    assert matcher.element(parse_xml(b"<A/>"), parse_xml(b"<b/>"), False) == "Expected 'A' to be equal to 'b'"


def test_a_pattern_that_takes_too_long_is_a_mismatch() -> None:
    matcher = compile_rule(rule({"match": "regex", "regex": "(?:a|a)*b"}))
    sentence = matcher.scalar("", "a" * 100 + "bc", False, Effort())
    assert sentence is not None
    assert sentence.endswith("could not be matched to '(?:a|a)*b' within the time limit")


def test_a_version_of_a_megabyte_is_refused_at_once() -> None:
    assert text(SEMVER, "1." * 500_000) is not None
