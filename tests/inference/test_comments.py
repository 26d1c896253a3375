import json

import pytest
from builders import exchange, request, response

from pact_recorder.http import Exchange
from pact_recorder.inference import Inference
from pact_recorder.inference.comments import MOST_FINDINGS, comments_of, with_evidence
from pact_recorder.inference.findings import Finding
from pact_recorder.inference.report import InteractionReport


def user(number: int, status: int = 200) -> Exchange:
    return exchange(request("GET", f"/users/{number}"), response(b'{"id":%d}' % number, status))


def reported(samples: int = 3, note: str = "", *findings: Finding) -> InteractionReport:
    return InteractionReport("GET /a", 200, samples, (), (), findings, note)


@pytest.mark.parametrize(
    ("report", "sentences"),
    [
        (reported(1), ["Guessed from a single sample."]),
        (reported(1200), ["Inferred from 1,200 samples."]),
        (reported(2, "the body was cut"), ["Inferred from 2 samples.", "The body was cut."]),
        (
            reported(2, "", Finding("$.a", None, 1, why="not always there"), Finding("$.b", "text", 2)),
            ["Inferred from 2 samples.", "Left out: $.a (not always there)."],
        ),
        (
            reported(2, "", *(Finding(f"$.m{place}", None, 1) for place in range(1007))),
            ["Inferred from 2 samples.", "Left out: $.m0, $.m1, $.m2, $.m3, $.m4 and 1,002 more."],
        ),
    ],
)
def test_the_sentences(report: InteractionReport, sentences: list[str]) -> None:
    assert comments_of(report)["text"] == sentences


def test_the_evidence() -> None:
    found = Finding("$.a", "integer", 9, distinct=4, more=True, nulls=1, absent=2, why="9 integers")
    assert comments_of(reported(9, "", found))["evidence"] == {
        "samples": 9,
        "response": [
            {"path": "$.a", "rule": "integer", "seen": 9, "distinct": 4, "nulls": 1, "absent": 2, "more": True,
             "why": "9 integers"}
        ],
    }  # fmt: skip


def test_they_are_bounded() -> None:
    findings = [Finding(f"$.{'x' * 10_000}{place}", "y" * 10_000, 1, why="z" * 10_000) for place in range(5000)]
    comments = comments_of(reported(9, "n" * 10_000, *findings))
    assert len(json.dumps(comments)) < 600 * MOST_FINDINGS
    assert comments["evidence"]["more about the response"] == 5000 - MOST_FINDINGS  # type: ignore[index, call-overload]


def test_each_interaction_gets_its_own() -> None:
    inference = Inference()
    for number in (1, 2, 3):
        inference.add(user(number))
    inference.add(user(4, status=404))
    inferred = inference.contract("web", "users", explain=True)
    counts = [each.comments["evidence"]["samples"] for each in with_evidence(inferred)]  # type: ignore[index, call-overload]
    assert counts == [3, 1]
    assert [each.description for each in with_evidence(inferred)] == [
        each.description for each in inferred.contract.interactions
    ]
