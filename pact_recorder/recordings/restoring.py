"""A journal that somebody took away while it is recorded into: removed, moved, replaced, or with its whole folder.

The process still has the file open, with everything in it. So the folder and the file are made again, and the lock is
taken again, since another process could have taken the session meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pact_recorder.errors import SessionLockedError, StorageError
from pact_recorder.recordings.files import SessionFiles
from pact_recorder.recordings.journal import Journal
from pact_recorder.recordings.lock import SessionLock

_KEPT_OF_NAME = 40
_KEPT_OF_IDENTIFIER = 8


def make_folder(folder: Path) -> None:
    """Make the folder of sessions unless it is there. Raises StorageError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def restore(journal: Journal, files: SessionFiles, lock: SessionLock) -> tuple[SessionFiles, SessionLock]:
    """Make a journal again; the files and the lock of its session from now on. Raises StorageError.

    Where the session belongs to another process by now, or another journal stands there, this one goes on as a session
    beside it, named after both.
    """
    make_folder(files.folder)
    for place in _places(files, journal.header.identifier):
        held = _hold(place, files, lock)
        if held is None:
            continue
        try:
            journal.move_to(place.journal)
        except StorageError:
            if held is not lock:
                held.release()
            raise
        if held is not lock:
            lock.release()
        return place, held
    raise StorageError(f"The journal {files.journal} cannot be made: other processes hold its session.")


def _places(files: SessionFiles, identifier: str) -> Iterator[SessionFiles]:
    yield files
    name = f"{files.name[:_KEPT_OF_NAME]}-{identifier[:_KEPT_OF_IDENTIFIER]}"
    yield SessionFiles.of(files.folder, name)


def _hold(place: SessionFiles, files: SessionFiles, lock: SessionLock) -> SessionLock | None:
    """The lock of a session that has no journal yet; None when it cannot be had, or has one."""
    try:
        held = lock if place == files and lock.stands() else SessionLock.acquire(place.lock)
    except SessionLockedError:
        return None
    if not place.journal.exists():
        return held
    if held is not lock:
        held.release()
    return None
