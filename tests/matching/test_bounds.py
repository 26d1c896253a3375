"""Hostile input through the whole engine: each ends within the bounds that docs/conformance.md states."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from expecting import json_body, json_response, rules, typed_response

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import ExpectedRequest, ExpectedResponse, Mismatch, match_request, match_response

BACKTRACKING = {"match": "regex", "regex": "(a|a)*b"}
HOSTILE = "a" * 100 + "bc"
MILLION = 1_000_000


@pytest.fixture(autouse=True)
def _alive_and_in_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test ends within its seconds (of the processor), and the engine still works after it."""
    mark = request.node.get_closest_marker("parametrize")
    started = time.process_time()
    yield
    assert time.process_time() - started < 8, mark
    assert json_response({"a": 1}, {"a": 1}) == []
    assert json_response({"a": 1}, {"a": 2}) != []


def sentences(mismatches: list[Mismatch]) -> str:
    assert mismatches
    return "\n".join(map(str, mismatches))


def test_a_regex_that_backtracks_for_ever_in_every_part() -> None:
    expected = ExpectedRequest(
        "POST",
        "/a",
        {"q": ("a",)},
        {"X": ("a",), "Content-Type": ("text/plain",)},
        Body(b"a"),
        rules(
            path={"$": BACKTRACKING}, query={"q": BACKTRACKING}, header={"X": BACKTRACKING}, body={"$": BACKTRACKING}
        ),
    )
    fields = Headers([("X", HOSTILE), ("Content-Type", "text/plain")])
    actual = Request("POST", HOSTILE, f"q={HOSTILE}", fields, Body(HOSTILE.encode()))
    assert sentences(match_request(expected, actual)).count("within the time limit") == 4


def test_a_regex_that_backtracks_for_ever_on_thousands_of_values() -> None:
    found = json_response(["a"], [HOSTILE] * 5_000, {"$": {"match": "type"}, "$[*]": BACKTRACKING})
    assert "within the time limit" in sentences(found)


@pytest.mark.parametrize(
    "pattern", ["(((a{90}){90}){90}){90}", "(" * 50_000 + ")" * 50_000, "[[" * 5_000, "a" * 200_000]
)
def test_a_pattern_that_is_too_much_to_compile(pattern: str) -> None:
    assert "not a valid regular expression" in sentences(
        json_response("a", "b", {"$": {"match": "regex", "regex": pattern}})
    )


DEEP = {
    "lists": b"[" * MILLION + b"]" * MILLION,
    "objects": b'{"a":' * MILLION + b"1" + b"}" * MILLION,
    "open lists": b"[" * MILLION,
}


@pytest.mark.parametrize("content", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("places", [{}, {"$": {"match": "type"}}], ids=["plain", "type"])
def test_json_a_million_levels_deep(content: bytes, places: Mapping[str, Any]) -> None:
    assert "nested too deeply" in sentences(json_response({"a": 1}, content, places))
    assert "nested too deeply" in sentences(json_response(content, {"a": 1}, places))


def test_an_entity_bomb() -> None:
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "boom">{entities}]><a>&e9;</a>'.encode()
    assert "document type declaration" in sentences(typed_response("application/xml", b"<a/>", bomb))


@pytest.fixture(scope="module")
def large() -> bytes:
    """A text of 100 megabytes."""
    return b"lorem ipsum " * (100 * MILLION // 12)


TEXT_RULES: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "type": {"match": "type"},
    "regex": {"match": "regex", "regex": "[a-z ]*"},
    "include": {"match": "include", "value": "x"},
    "backtracking": {"match": "regex", "regex": "([a-z ]|[a-z])*x"},
    "date": {"match": "date"},
}


@pytest.mark.parametrize("rule", TEXT_RULES.values(), ids=TEXT_RULES)
def test_a_text_of_100_megabytes(rule: Mapping[str, Any], large: bytes) -> None:
    found = typed_response("text/plain", b"lorem", large, {"$": rule} if rule else {})
    assert len("".join(map(str, found))) < 10_000
    assert bool(found) is (rule.get("match") not in ("type",) and rule.get("regex") != "[a-z ]*")


def test_equal_texts_of_100_megabytes(large: bytes) -> None:
    assert typed_response("text/plain", large, bytes(bytearray(large))) == []


def wide(count: int) -> Mapping[str, Any]:
    return {f"$.k{number}": {"match": "type"} for number in range(count)}


PATHS: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "10,000 names": lambda: {"$" + ".a" * 10_000: {"match": "type"}},
    "10,000 wildcards": lambda: {"$" + "[*]" * 10_000: {"match": "type"}, "$" + ".*" * 9_999: {"match": "type"}},
    "10,000 rules": lambda: wide(10_000),
}


@pytest.mark.parametrize("places", PATHS.values(), ids=PATHS)
def test_path_expressions_without_end(places: Callable[[], Mapping[str, Any]]) -> None:
    nested: Any = 1
    for _ in range(150):
        nested = {"a": nested}
    assert json_response(nested, nested, places()) == []
    assert json_response(nested, {"a": {"a": 1}}, places()) != []


def test_an_object_of_many_keys_that_all_differ() -> None:
    expected = {f"a{number}": number for number in range(50_000)}
    actual = {f"b{number}": number for number in range(50_000)}
    found = json_response(expected, actual)
    assert len("".join(map(str, found))) < 100_000


def test_ten_thousand_headers() -> None:
    headers = {f"X-{number}": ("1",) for number in range(2_000)}
    response = Response(200, headers=Headers((f"x-{number}", "2") for number in range(10_000)))
    assert len(match_response(ExpectedResponse(200, headers), response)) == 2_000


def test_a_body_that_is_no_text() -> None:
    assert json_response(b"\xff\xfe\x00", json_body({"a": 1}).content) != []


MEMORY = {
    "long text": ("(a|b|ab)*c", "ab" * 4 * MILLION),
    "left recursion": (r"(?<a>\g<a>)", "a"),
    "itself": (r"\g<0>", "a"),
}


@pytest.mark.parametrize(("pattern", "text"), MEMORY.values(), ids=MEMORY)
def test_a_regex_that_uses_up_the_memory(pattern: str, text: str) -> None:
    for _ in range(2):
        assert json_response(["a"], [text], {"$[0]": {"match": "regex", "regex": pattern}}) != []


@pytest.mark.parametrize("pattern", ["a?" * 5_000 + "a" * 5_000, "(?:a|)" * 600 + "a" * 600, "a?" * 400 + "a" * 9_000])
def test_a_regex_of_too_many_choices(pattern: str) -> None:
    found = json_response("a", "a" * 9_000, {"$": {"match": "regex", "regex": pattern}})
    assert "choices" in sentences(found)


@pytest.mark.parametrize("deeper", [lambda inner: {"a": inner}, lambda inner: [inner]], ids=["objects", "lists"])
def test_several_rules_that_cascade_deep_down(deeper: Callable[[Any], Any]) -> None:
    expected, actual = 1, "x"
    for _ in range(60):
        expected, actual = deeper(expected), deeper(actual)
    rule_list = [{"match": "type"}, {"match": "notEmpty"}, {"match": "type"}]
    found = json_response(expected, actual, {"$": rule_list})
    assert 1 <= len(found) <= 500
    assert json_response(expected, json_body(expected).content + b" ", {"$": rule_list}) == []


def test_values_under_several_rules_deep_down() -> None:
    expected, actual = 1, 2
    places = {}
    for depth in range(40):
        expected, actual = {"a": expected}, {"b": actual}
        places["$" + ".*" * depth] = [{"match": "values"}, {"match": "values"}]
    assert 1 <= len(json_response(expected, actual, places)) <= 500


def test_lists_too_long_for_array_contains() -> None:
    variants = [{"index": index, "rules": {"$": {"matchers": [{"match": "equality"}]}}} for index in range(2_000)]
    rule = {"match": "arrayContains", "variants": variants}
    expected = [{"id": index, "name": "n"} for index in range(2_000)]
    found = json_response(expected, [{"id": -1, "name": "m"}] * 2_000, {"$": rule})
    assert "too many items to compare" in sentences(found)


def test_parameters_and_header_values_that_all_differ() -> None:
    query = ExpectedRequest("GET", "/", {f"a{number}": ("1",) for number in range(2_000)} | {"b": ("1",) * 2_000})
    assert len(match_request(query, Request("GET", "/", "&".join(["b=2"] * 2_000)))) == 500
    header = ExpectedResponse(200, {"X": ("1",) * 2_000})
    assert len(match_response(header, Response(200, headers=Headers([("X", "2")] * 2_000)))) == 500


@pytest.mark.parametrize(
    ("expected", "actual"),
    [([1] * 2_000, [2] * 2_000), (dict.fromkeys(map(str, range(2_000)), 1), dict.fromkeys(map(str, range(2_000)), 2))],
    ids=["list", "object"],
)
def test_json_values_that_all_differ(expected: Any, actual: Any) -> None:
    assert len(json_response(expected, actual)) == 500
