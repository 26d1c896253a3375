"""Sessions as commands name them, and the expectations that they make."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pact_recorder.capture.recorder import in_order
from pact_recorder.cli.progress import Progress
from pact_recorder.errors import UsageError
from pact_recorder.http import Exchange
from pact_recorder.mock import Expectations
from pact_recorder.recordings import RecordedExchange, find_session, iterate_session, session_names


def chosen_sessions(names: Iterable[str], recordings: Path) -> list[Path]:
    """The files of the named sessions, or of the newest one when none is named. Raises UsageError."""
    found = [find_session(recordings, name) for name in names]
    return found or [newest_session(recordings)]


def newest_session(recordings: Path) -> Path:
    """The session that was written last. Raises UsageError when there is none."""
    paths = [find_session(recordings, name) for name in session_names(recordings)]
    if not paths:
        raise UsageError(f"There is no session in {recordings}: record one, or name the folder with --recordings.")
    return max(paths, key=lambda path: (path.stat().st_mtime_ns, path.name))


def read_session(path: Path) -> list[RecordedExchange]:
    """The exchanges of a session, with progress. Raises SessionError, StorageError."""
    with Progress(f"reading {path.name}") as progress:
        return list(progress.count(iterate_session(path)))


def expectations_of_sessions(paths: Iterable[Path]) -> Expectations:
    """The expectations that sessions make, in their order. Raises SessionError, StorageError."""
    exchanges: list[Exchange] = []
    expectations = Expectations(lambda reference: exchanges[reference])
    for path in paths:
        entries = read_session(path)
        before = len(exchanges)
        exchanges.extend(entry.exchange for entry in entries)
        for place, entry, times in in_order(entries):
            expectations.add_recorded(entry.exchange, before + place - 1, times, before + place)
    return expectations
