"""The evidence of an interaction as V4 `comments`: a few sentences for people, and the findings for programs.

A contract is read and sent around, so what stands in it is bounded; the report holds all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pact_recorder.http.visible import visible
from pact_recorder.inference.findings import Finding
from pact_recorder.inference.inferring import Inferred
from pact_recorder.inference.report import InteractionReport
from pact_recorder.matching import JsonValue
from pact_recorder.pact import AnyInteraction

MOST_FINDINGS: Final = 60
"""Findings in the comments of one interaction, about its request and its response each."""

_MOST_NAMED: Final = 5
_LONGEST: Final = 160


def with_evidence(inferred: Inferred) -> tuple[AnyInteraction, ...]:
    """The interactions of a contract that was made with its report, each with its evidence in its comments."""
    reported = (each for operation in inferred.report.operations for each in operation.interactions)
    return tuple(
        replace(interaction, comments={**interaction.comments, **comments_of(report)})
        for interaction, report in zip(inferred.contract.interactions, reported, strict=True)
    )


def comments_of(report: InteractionReport) -> dict[str, JsonValue]:
    """The comments on one interaction: `text` is a list of sentences, `evidence` what they rest on."""
    evidence: dict[str, JsonValue] = {"samples": report.samples}
    for part, findings in (("request", report.request), ("response", report.response)):
        if findings:
            evidence[part] = [_entry(each) for each in findings[:MOST_FINDINGS]]
        if len(findings) > MOST_FINDINGS:
            evidence[f"more about the {part}"] = len(findings) - MOST_FINDINGS
    return {"text": list(_sentences(report)), "evidence": evidence}


def _sentences(report: InteractionReport) -> Iterator[str]:
    if report.samples == 1:
        yield "Guessed from a single sample."
    else:
        yield f"Inferred from {report.samples:,} samples."
    if report.note:
        yield _clipped(f"{report.note[0].upper()}{report.note[1:]}.")
    if report.left_out:
        yield f"Left out: {_named(report.left_out)}."


def _named(findings: Sequence[Finding]) -> str:
    named = [_clipped(f"{each.path} ({each.why})" if each.why else each.path) for each in findings[:_MOST_NAMED]]
    more = len(findings) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more else "")


def _entry(finding: Finding) -> JsonValue:
    entry: dict[str, JsonValue] = {
        "path": _clipped(finding.path),
        "rule": None if finding.rule is None else _clipped(finding.rule),
        "seen": finding.seen,
    }
    counts = {"distinct": finding.distinct, "nulls": finding.nulls, "absent": finding.absent}
    entry |= {name: count for name, count in counts.items() if count}
    if finding.more:
        entry["more"] = True
    if finding.why:
        entry["why"] = _clipped(finding.why)
    return entry


def _clipped(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
