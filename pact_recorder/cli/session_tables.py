"""What is in a session, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pact_recorder.cli.session_view import BodiesView, OperationView, RedactionView, SequenceView, SessionView
from pact_recorder.cli.tables import counted, shown, shown_path, size, table

_MOST_ANSWERS = 12
_WIDEST = 200


def session_tables(view: SessionView) -> list[str]:
    """The lines that show a session."""
    recorded = f", recorded {view.created}" if view.created else ""
    path = shown_path(Path(view.path), Path.cwd(), _WIDEST)
    return [
        f"session {shown(view.name)}: {counted(view.exchanges, 'exchange')}, {view.different:,} different{recorded}",
        f"  {path}{f', written by {shown(view.tool)}' if view.tool else ''}",
        *([f"  not stored, since the disk refused: {counted(view.missing, 'exchange')}"] if view.missing else []),
        "",
        *_provider_lines(view.operations),
        "",
        *_operation_lines(view.operations),
        *_sequence_lines(view.sequences),
        *_body_lines(view.bodies),
        *_redaction_lines(view.redactions),
    ]


def _provider_lines(operations: Iterable[OperationView]) -> list[str]:
    by_provider: dict[str, list[OperationView]] = {}
    for each in operations:
        by_provider.setdefault(each.provider, []).append(each)
    rows = [("provider", "operations", "exchanges", "different")]
    for provider, own in by_provider.items():
        exchanges, different = sum(each.exchanges for each in own), sum(each.different for each in own)
        rows.append((provider, f"{len(own):,}", f"{exchanges:,}", f"{different:,}"))
    return table(rows, numbers=(1, 2, 3))


def _operation_lines(operations: Iterable[OperationView]) -> list[str]:
    rows = [("provider", "operation", "exchanges", "statuses", "types", "largest answer")]
    for each in operations:
        statuses = " ".join(f"{status}×{count}" for status, count in sorted(each.statuses.items()))
        largest = size(each.largest_answer) if each.largest_answer else "-"
        rows.append((each.provider, each.name, f"{each.exchanges:,}", statuses, " ".join(sorted(each.types)), largest))
    return table(rows, numbers=(2, 5))


def _sequence_lines(sequences: Sequence[SequenceView]) -> list[str]:
    if not sequences:
        return []
    rows = [("answered differently over time", "statuses in order")]
    for each in sequences:
        more = " …" if len(each.statuses) > _MOST_ANSWERS else ""
        rows.append((f"{each.method} {each.target}", " ".join(map(str, each.statuses[:_MOST_ANSWERS])) + more))
    return ["", *table(rows)]


def _body_lines(bodies: BodiesView) -> list[str]:
    if not bodies.count:
        return ["", "bodies: none"]
    cut = f", {bodies.cut:,} cut short" if bodies.cut else ""
    total = f"bodies: {bodies.count:,} with {size(bodies.bytes)}{cut}"
    return ["", f"{total}; the largest has {size(bodies.largest)}: {shown(bodies.largest_of)}"]


def _redaction_lines(redactions: Sequence[RedactionView]) -> list[str]:
    if not redactions:
        return ["redacted: nothing"]
    return [
        "redacted: "
        + ", ".join(f"{shown(each.name)} ({each.secrets} in {counted(each.places, 'place')})" for each in redactions)
    ]
