"""The 803 published testcases of the Pact specification, each as a test."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adapter import match_message, match_request, match_response

DATA = Path(__file__).parents[2] / "../shared/data/pact-spec"
MATCH = {"request": match_request, "response": match_response, "message": match_message}
PUBLISHED = 803

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.is_dir(), reason="the published testcases (../shared/data/pact-spec) are not there"),
]


def cases() -> Iterator[Any]:
    for path in sorted(DATA.glob("*/*/*/*.json")):
        version, kind = path.parts[-4:-2]
        yield pytest.param(version, kind, path, id="/".join(path.parts[-4:]).removesuffix(".json"))


CASES = list(cases())


def test_all_cases_are_there() -> None:
    assert len(CASES) == PUBLISHED


@pytest.mark.parametrize(("version", "kind", "path"), CASES)
def test_published_case(version: str, kind: str, path: Path) -> None:
    case = json.loads(path.read_text("utf-8-sig"))
    found = MATCH[kind](case["expected"], case["actual"], version)
    assert (not found) == case["match"], f"{case['comment']}: {found}"
