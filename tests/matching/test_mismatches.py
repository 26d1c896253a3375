import json

import pytest

from pact_recorder.matching import (
    BodyMismatch,
    BodyTypeMismatch,
    HeaderMismatch,
    MetadataMismatch,
    MethodMismatch,
    Mismatch,
    PathMismatch,
    QueryMismatch,
    StatusMismatch,
    render_mismatches,
)

EACH: list[tuple[Mismatch, dict[str, object], str]] = [
    (
        MethodMismatch("POST", "PUT"),
        {"type": "MethodMismatch", "expected": "POST", "actual": "PUT", "mismatch": ""},
        "Expected method POST but was PUT",
    ),
    (
        PathMismatch("/a", "/b", "Expected '/b' to be equal to '/a'"),
        {"type": "PathMismatch", "expected": "/a", "actual": "/b", "mismatch": "Expected '/b' to be equal to '/a'"},
        "path: Expected '/b' to be equal to '/a'",
    ),
    (
        StatusMismatch(200, 201, "expected 200 but was 201"),
        {"type": "StatusMismatch", "expected": 200, "actual": 201, "mismatch": "expected 200 but was 201"},
        "status: expected 200 but was 201",
    ),
    (
        QueryMismatch("q", "2", "3", "s"),
        {"type": "QueryMismatch", "parameter": "q", "expected": "2", "actual": "3", "mismatch": "s"},
        "s",
    ),
    (
        HeaderMismatch("Accept", "a", "b", "s"),
        {"type": "HeaderMismatch", "key": "Accept", "expected": "a", "actual": "b", "mismatch": "s"},
        "s",
    ),
    (
        BodyTypeMismatch("a/b", "c/d", "s", "{}", None),
        {
            "type": "BodyTypeMismatch",
            "expected": "a/b",
            "actual": "c/d",
            "mismatch": "s",
            "expectedBody": "{}",
            "actualBody": None,
        },
        "s",
    ),
    (
        BodyMismatch("$.a", "1", None, "s"),
        {"type": "BodyMismatch", "path": "$.a", "expected": "1", "actual": None, "mismatch": "s"},
        "$.a -> s",
    ),
    (
        MetadataMismatch("k", '"v"', '"w"', "s"),
        {"type": "MetadataMismatch", "key": "k", "expected": '"v"', "actual": '"w"', "mismatch": "s"},
        "s",
    ),
]


@pytest.mark.parametrize(("mismatch", "document", "text"), EACH)
def test_renderings(mismatch: Mismatch, document: dict[str, object], text: str) -> None:
    assert mismatch.to_json() == document
    assert json.loads(json.dumps(mismatch.to_json())) == document
    assert str(mismatch) == text


def test_mismatches_are_values() -> None:
    assert len({mismatch for mismatch, _, _ in EACH} | {mismatch for mismatch, _, _ in EACH}) == len(EACH)


def test_a_report_has_one_line_for_each() -> None:
    assert render_mismatches([EACH[2][0], EACH[6][0]]) == "status: expected 200 but was 201\n$.a -> s"
