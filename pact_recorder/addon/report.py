"""What a run did, as the table at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pact_recorder.capture.modes import Mode
from pact_recorder.capture.recorder import Recorder
from pact_recorder.http.visible import visible

_MOST_ROWS = 30
_IDLE = "nothing was recorded, so no session was written; does the app use the proxy?"


def end_report(recorder: Recorder, session: Path | None) -> str:
    """The table: per provider what was recorded, what was not and why, what was redacted, and what to do next."""
    return "\n".join([f"pact-recorder, mode {recorder.mode}:", *report_lines(recorder, session)])


def unwritten(recorder: Recorder, error: Exception) -> str:
    """That the session could not be written, and where what was recorded is then."""
    stays = "; its journal stays for the next start" if recorder.store.files.journal.exists() else ""
    return f"the session could not be written{stays}: {error}"


def report_lines(recorder: Recorder, session: Path | None, idle: str = _IDLE) -> Iterator[str]:
    """The lines of the report, without a heading; `idle` says that there was nothing at all."""
    tally = recorder.tally
    yield from _providers(recorder)
    if tally.answered or tally.missed:
        yield f"  answered from expectations: {tally.answered}; misses: {tally.missed}"
    if tally.refused_connections:
        yield f"  connections refused in mock mode: {tally.refused_connections}"
    if tally.refused_controls:
        yield f"  requests to the control API refused: {tally.refused_controls}"
    for reason, count in tally.not_recorded.most_common(_MOST_ROWS):
        yield f"  not recorded: {count} ({visible(reason)})"
    if tally.cut:
        yield f"  cut at pact_max_body: {tally.cut} (kept, but not replayed; raise it to have them whole)"
    if tally.cut_streams:
        yield f"  event streams without their end: {tally.cut_streams} (replayed as far as they came)"
    if tally.late_trailers:
        yield f"  trailers not recorded: {tally.late_trailers} (unannounced, after a streamed body of known length)"
    for hook, count in tally.failures.items():
        yield f"  errors in the {hook} hook: {count} (see the log)"
    redacted = sum(recorder.redactor.counts.values())
    if redacted:
        yield f"  secrets redacted: {redacted}"
    if session is None and recorder.mode is not Mode.MOCK and tally.is_idle:
        yield f"  {idle}"
    if session is not None:
        yield f"  session: {session}"
        if recorder.mode is not Mode.MOCK:
            yield f"  next: pact-recorder mock --session {session.stem}"
            yield f"        pact-recorder export {session.stem} --consumer NAME"


def _providers(recorder: Recorder) -> Iterator[str]:
    tally = recorder.tally
    if not tally.recorded:
        return
    rows = [("provider", "paths", "exchanges")]
    ordered = sorted(tally.providers.items(), key=lambda item: (-item[1].exchanges, item[0]))
    rows += [(visible(name), str(len(of.paths)), str(of.exchanges)) for name, of in ordered[:_MOST_ROWS]]
    if len(ordered) > _MOST_ROWS:
        rows.append((f"and {len(ordered) - _MOST_ROWS} more", "", ""))
    yield from table(rows)
    repeated = f", {tally.repeated} of them repeats" if tally.repeated else ""
    yield f"  recorded: {tally.recorded} exchange{'s' * (tally.recorded != 1)}{repeated}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned lines, the first a heading; columns after the first are numbers."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
