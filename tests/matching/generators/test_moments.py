from typing import Any

import pytest
from generating import context, generators

from pact_recorder.matching.generators.table import generated


@pytest.mark.parametrize(
    ("kind", "attributes", "expected"),
    [
        ("Date", {}, "2024-02-29"),
        ("Date", {"format": "dd/MM/yyyy", "expression": "+ 1 year"}, "28/02/2025"),
        ("Time", {}, "10:05:07"),
        ("Time", {"expression": "noon - 1 minute"}, "11:59:00"),
        ("DateTime", {}, "2024-02-29T10:05:07.123+0000"),
        ("DateTime", {"format": "yyyy-MM-dd HH:mm", "expression": "tomorrow @ midnight"}, "2024-03-01 00:00"),
        ("Date", {"format": "EEEE", "expression": "next monday"}, "Monday"),
        ("Time", {"format": "HH:mm:ss.SSS"}, "10:05:07.123"),
        ("DateTime", {"format": None, "expression": ""}, "2024-02-29T10:05:07.123+0000"),
    ],
)
def test_generated_moments(kind: str, attributes: dict[str, Any], expected: str) -> None:
    [generator] = generators(body={"$": {"type": kind, **attributes}}).categories["body"].values()
    assert generated(generator, "x", context(), "$") == expected


@pytest.mark.parametrize(
    ("kind", "expression"),
    [("Date", "+ 1 hour"), ("Date", "today @ noon"), ("Time", "tomorrow"), ("DateTime", "soon @ noon")],
)
def test_expressions_of_another_kind_leave_the_example(kind: str, expression: str) -> None:
    reports: list[str] = []
    [generator] = generators(body={"$": {"type": kind, "expression": expression}}).categories["body"].values()
    assert generated(generator, "x", context(report=reports.append), "$") == "x"
    assert expression.split()[0] in reports[0]
