import pytest
from expecting import Rule, rule_list

from pact_recorder.http import Headers
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.header_values import expected_headers, header_values, parameterised_value
from pact_recorder.matching.matchers import BARE, Place, compile_rules

BROWSER = "text/html, application/xhtml+xml, */*"


def sentences(
    name: str, expected: tuple[str, ...], actual: list[tuple[str, str]], rule: Rule | None = None
) -> list[str]:
    places = {} if rule is None else {name.lower(): Place.steady(compile_rules(rule_list(rule)))}
    (header,) = expected_headers({name: expected}, places, BARE)
    found = header.compare(Headers(actual), Effort())
    assert all(mismatch.key == name for mismatch in found)
    return [mismatch.sentence for mismatch in found]


@pytest.mark.parametrize(
    ("name", "expected", "actual"),
    [
        ("X-A", ("b",), [("x-a", "b"), ("x-other", "c")]),
        ("X-A", (" b ",), [("x-a", "b")]),
        ("X-A", ("a,b",), [("x-a", "a, b")]),
        ("X-A", ("a", "b"), [("x-a", "a"), ("x-a", "b")]),
        ("X-A", ("",), [("x-a", "")]),
        ("X-A", (), [("x-a", "")]),
        ("Vary", ("a, b",), [("vary", "a"), ("vary", "b")]),
        ("Content-Type", ("application/json",), [("content-type", "application/json; charset=utf-8")]),
        ("Content-Type", ("text/html;charset=UTF-8",), [("content-type", "text/html; charset=utf-8; a=b")]),
        ("Accept", (BROWSER,), [("accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.8")]),
    ],
)
def test_what_matches(name: str, expected: tuple[str, ...], actual: list[tuple[str, str]]) -> None:
    assert sentences(name, expected, actual) == []


@pytest.mark.parametrize(
    ("name", "expected", "actual", "differences"),
    [
        ("X-A", ("b",), [], ["Expected a header 'X-A' but was missing"]),
        ("X-A", ("b",), [("x-a", "B")], ["Mismatch with header 'X-A': Expected 'B' to be equal to 'b'"]),
        ("X-A", ("a b",), [("x-a", "a  b")], ["Mismatch with header 'X-A': Expected 'a  b' to be equal to 'a b'"]),
        ("X-A", ("",), [("x-a", "b")], ["Mismatch with header 'X-A': Expected 'b' to be equal to ''"]),
        ("X-A", (), [("x-a", "b")], ["Expected an empty header 'X-A' but actual value was 'b'"]),
        (
            "X-A",
            ("a", "b"),
            [("x-a", "a, b")],
            [
                "Mismatch with header 'X-A': Expected 'a, b' to be equal to 'a' for value at index 0",
                "Mismatch with header 'X-A': Expected value 'b' at index 1 but was missing (actual has 1 value(s))",
            ],
        ),
        (
            "X-A",
            ("a",),
            [("x-a", "a"), ("x-a", "b")],
            ["Mismatch with header 'X-A': Expected 'b' to be equal to '' for value at index 1"],
        ),
        (
            "Content-Type",
            ("application/json;charset=UTF-8",),
            [("content-type", "application/json")],
            [
                "Mismatch with header 'Content-Type': Expected header 'Content-Type' to have value "
                "'application/json;charset=UTF-8' but was 'application/json'"
            ],
        ),
        (
            "Content-Type",
            ("application/json",),
            [("content-type", "Application/JSON")],
            [
                "Mismatch with header 'Content-Type': Expected header 'Content-Type' to have value "
                "'application/json' but was 'Application/JSON'"
            ],
        ),
    ],
)
def test_what_differs(
    name: str, expected: tuple[str, ...], actual: list[tuple[str, str]], differences: list[str]
) -> None:
    assert sentences(name, expected, actual) == differences


REGEX = {"match": "regex", "regex": r"\d{1,4}"}


@pytest.mark.parametrize(
    ("rule", "actual", "differences"),
    [
        (REGEX, ["99"], []),
        (REGEX, ["99", "100"], []),
        (REGEX, ["9999ABC"], [r"Expected '9999ABC' to match '\d{1,4}'"]),
        (REGEX, ["1", "x"], [r"Expected 'x' to match '\d{1,4}'"]),
        ({"match": "integer"}, ["-1"], ["Expected '-1' to match an integer number"]),
        ({"match": "type"}, ["anything"], []),
    ],
)
def test_rules(rule: Rule, actual: list[str], differences: list[str]) -> None:
    found = sentences("X-Req", ("1",), [("x-req", value) for value in actual], rule)
    assert found == [f"Mismatch with header 'X-Req': {difference}" for difference in differences]


def test_a_missing_header_shows_what_was_expected_in_quotes() -> None:
    (header,) = expected_headers({"X": ("abc",)}, {}, BARE)
    (mismatch,) = header.compare(Headers(), Effort())
    assert (mismatch.expected, mismatch.actual) == ('"abc"', "")


@pytest.mark.parametrize(
    ("name", "lines", "values"),
    [
        ("Accept", ["a, b", "c"], ["a", "b", "c"]),
        ("Set-Cookie", ["a=1, b", "c"], ["a=1, b", "c"]),
        ("Date", ["Fri, 20 Nov 2026 10:00:00 GMT"], ["Fri, 20 Nov 2026 10:00:00 GMT"]),
    ],
)
def test_only_list_headers_are_split_at_commas(name: str, lines: list[str], values: list[str]) -> None:
    assert header_values(name, lines) == values


@pytest.mark.parametrize(
    ("expected", "actual", "accepted"),
    [("a;x=1", "a;y=2;x=1", True), ("a;x=1", "a;X=1", False), ("", "", True), ("a", "", False), ("a;q", "a", True)],
)
def test_parameterised_value(expected: str, actual: str, accepted: bool) -> None:
    assert (not parameterised_value("header", "Accept", expected, actual)) is accepted


def test_no_more_than_500_differences_are_told() -> None:
    assert len(sentences("X-A", ("1",) * 1_000, [("x-a", "2")] * 1_000)) == 500
    assert len(sentences("X-A", ("1",) * 1_000, [("x-a", "2")] * 1_000, {"match": "equality"})) == 501
