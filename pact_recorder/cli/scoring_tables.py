"""A contract's score as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pact_recorder.cli.tables import counted, shown, shown_path, table
from pact_recorder.matching import JsonValue
from pact_recorder.pact import Contract
from pact_recorder.verification import SCORED, Alarm, ContractScore, Missed, MutantTally, Share

_HEADING = (
    "operation",
    "exchanges",
    "covered",
    "accepted",
    "refused",
    "breaking refused",
    "(weak)",
    "harmless accepted",
    "(weak)",
)
_MOST_LINES = 20
_WIDEST = 160


@dataclass(frozen=True, slots=True)
class Scored:
    """A contract, where it came from, the hosts it was scored against, and what came of it."""

    source: str
    contract: Contract
    hosts: Sequence[str]
    score: ContractScore

    def to_json(self) -> dict[str, JsonValue]:
        """The whole report on the contract."""
        parties = {"consumer": self.contract.consumer, "provider": self.contract.provider}
        return {"source": self.source, **parties, "hosts": list(self.hosts), **self.score.to_json()}


def score_tables(scored: Scored) -> Iterator[str]:
    """The score by operation and in all, and why answers were refused, changes missed and requests not covered."""
    parties = f"{shown(scored.contract.consumer)} → {shown(scored.contract.provider)}"
    coverage = scored.score.coverage
    hosts = shown(", ".join(scored.hosts), _WIDEST) or "no host"
    source = shown_path(Path(scored.source), Path.cwd(), _WIDEST)
    yield f"{source} ({parties}) against {counted(coverage.whole, 'exchange')} with {hosts}"
    yield ""
    yield from table(_rows(scored.score), numbers=range(1, len(_HEADING)), indent="  ")
    yield from _alarm_lines(scored.score.alarms)
    yield from _missed_lines([each for each in scored.score.missed if each.severity == "strong"])
    yield from _uncovered_lines(scored.score)
    yield ""


def _rows(score: ContractScore) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [_HEADING]
    for each in score.operations:
        rows.append(_row(each.name, Share(each.covered, each.exchanges), each.acceptance, each.mutants))
    rows.append(_row("all", score.coverage, score.acceptance, score.mutants))
    return rows


def _row(name: str, coverage: Share, acceptance: Share, mutants: MutantTally) -> Sequence[str]:
    classes = (mutants.right(label, severity) for label, severity in SCORED)
    refused = acceptance.whole - acceptance.part
    shares = (_percent(coverage), _percent(acceptance), f"{refused:,}", *map(_percent, classes))
    return (name, f"{coverage.whole:,}", *shares)


def _percent(share: Share) -> str:
    return "-" if share.value is None else f"{100 * share.value:.1f} %"


def _alarm_lines(alarms: Sequence[Alarm]) -> Iterator[str]:
    if alarms:
        yield from ("", "False alarms: what is refused though a consumer could live with it")
    for each in alarms[:_MOST_LINES]:
        yield f"  {each.count:,} × {shown(each.operation)}: {each.cause}, {shown(each.path, _WIDEST)}"
        yield f"      rule      {shown(each.rule, _WIDEST)}"
        yield f"      expected  {shown(each.expected, _WIDEST)}"
        yield f"      actual    {shown(each.actual, _WIDEST)}  ({shown(each.example)})"
        yield f"      because   {shown(each.sentence, _WIDEST)}"
    yield from _more(len(alarms))


def _missed_lines(missed: Sequence[Missed]) -> Iterator[str]:
    if missed:
        yield from ("", "Missed: strong breaking changes that are accepted")
    for each in missed[:_MOST_LINES]:
        yield f"  {each.count:,} × {shown(each.operation)}: {each.kind}, {shown(each.path, _WIDEST)}"
        yield f"      {shown(each.note, _WIDEST)}  ({shown(each.example)})"
    yield from _more(len(missed))


def _uncovered_lines(score: ContractScore) -> Iterator[str]:
    if score.uncovered:
        yield from ("", "Not covered: requests that no interaction matches")
    for each in score.uncovered[:_MOST_LINES]:
        yield f"  {each.count:,} × {shown(each.method)} {shown(each.path)}: {shown(each.reason, _WIDEST)}"
    yield from _more(len(score.uncovered))


def _more(count: int) -> Iterator[str]:
    if count > _MOST_LINES:
        yield f"  and {counted(count - _MOST_LINES, 'more line')} (see --json)"
