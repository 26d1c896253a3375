"""Where a running process keeps the session it records."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from pact_recorder.errors import PactRecorderError, SessionLockedError, StorageError
from pact_recorder.http import Exchange
from pact_recorder.recordings.atomic import remove_leftovers
from pact_recorder.recordings.files import SessionFiles, journals
from pact_recorder.recordings.folding import Scrub
from pact_recorder.recordings.journal import Journal, Reference
from pact_recorder.recordings.journal_scan import JournalRecord, JournalScan
from pact_recorder.recordings.lock import SessionLock
from pact_recorder.recordings.merging import Merge
from pact_recorder.recordings.restoring import make_folder, restore
from pact_recorder.recordings.session import RecordedExchange
from pact_recorder.recordings.syncing import Fsync

Stored = TypeVar("Stored")
_LOOK_SECONDS = 0.5
_AGAIN_SECONDS = 5.0
_GONE = "%s was removed or moved while it was recorded into. %s"
_GOES_ON = "Recording goes on in {}, made again with everything recorded so far."
_OPEN = "Recording goes on in the open file, which ends with this process; making it again is tried again."
_log = logging.getLogger(__name__)
TOOL = f"pact-recorder {version('pact-recorder')}"


class SessionStore:
    """One session, open for recording: its lock, its journal, and its file when it is saved.

    Opened by `open` and given up by `close`; appending, loading and saving may be done from several threads.
    """

    def __init__(self, folder: Path, name: str, *, fsync: Fsync = Fsync.NEVER) -> None:
        """Prepare the session `name` under the recordings folder; UsageError when the name cannot be one.

        `fsync` says when what is appended goes to the disk itself, and so what a power cut may cost.
        """
        self.files = SessionFiles.of(folder, name)
        self._fsync = fsync
        self._lock: SessionLock | None = None
        self._opened: Journal | None = None
        self._empty_size = 0
        self._made_folder = False
        self._saving = threading.Lock()
        self._missing = 0
        self._restoring = threading.Lock()
        self._gone = False
        self._next_look = 0.0

    def open(self) -> list[str]:
        """Take the session; what an earlier process left in its journal goes into its file first.

        Gives one sentence for whatever was recovered or damaged. Raises SessionLockedError when another
        process records it, StorageError when the folder cannot be written, SessionError when its file or
        journal is wrong.
        """
        self._make_folder()
        self._lock = SessionLock.acquire(self.files.lock)
        try:
            remove_leftovers(self.files.session)
            warnings = _recover(self.files) if self.files.journal.exists() else []
            self._opened = Journal.create(self.files.journal, self.files.name, fsync=self._fsync)
        except PactRecorderError:
            self._give_up()
            raise
        self._empty_size = self._opened.size
        return warnings

    def probe(self) -> None:
        """Raise StorageError when the folder cannot be written; nothing stays behind."""
        self._make_folder()
        writable = os.access(self.files.folder, os.W_OK | os.X_OK)
        self._give_up()
        if not writable:
            raise StorageError(f"The folder {self.files.folder} cannot be written: choose another for recordings.")

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to record since `open`."""
        return self._opened is None or (self._opened.size == self._empty_size and not self._missing)

    def append(self, exchange: Exchange) -> Reference:
        """Store an exchange; it survives a kill once this returns.

        Now and then it is looked whether somebody took the journal away, which is made again then. Raises StorageError
        when the disk refuses; the journal counts how often it did.
        """
        return self._counting_refused(lambda journal: journal.append(exchange))

    def append_repeat(self, identity: str, started: float) -> None:
        """Store that an exchange already stored (by its `exchange_identity`) was seen again."""
        self._counting_refused(lambda journal: journal.append_repeat(identity, started))

    def count_refused(self) -> None:
        """Count an exchange that could not be stored because the session cannot be opened yet."""
        self._missing += 1

    def load(self, reference: Reference) -> Exchange:
        """The exchange that `append` gave the reference for."""
        return self._journal.read(reference)

    @property
    def end(self) -> int:
        """The offset in the journal behind its last record; 0 while nothing is open for recording."""
        return 0 if self._opened is None else self._opened.size

    def records(self, start: int, end: int) -> Iterator[JournalRecord]:
        """The records of the journal from one offset to another. Raises StorageError when it cannot be read."""
        self._stay()
        return iter(JournalScan(self.files.journal, start=start, end=end))

    def entries(self) -> Iterator[RecordedExchange]:
        """The session so far, its file and its journal merged; identical exchanges are one, with a count."""
        return self._merge(None).entries()

    def save(self, scrub: Scrub | None = None, secrets: Mapping[str, str] | None = None) -> Path:
        """Write the session's file; recording goes on meanwhile and afterwards.

        `scrub` gives each exchange the form in which it may be written, `secrets` are the hints of `SessionHeader`.
        """
        return self._save(scrub, secrets)

    def close(self, scrub: Scrub | None = None, secrets: Mapping[str, str] | None = None) -> Path | None:
        """Save, remove the journal, give the session back: the file's path, None when nothing was recorded.

        When saving fails the journal stays for the next start, and the error is raised. Closing twice is
        fine.
        """
        if self._opened is None:
            return None
        try:
            path = None if self.is_empty else self._save(scrub, secrets)
            stands = self._opened.stands()
            self._opened.close()
            if stands:
                _remove(self.files.journal)
        finally:
            self._opened.close()
            self._opened, self._missing = None, 0
            self._give_up()
        return path

    def _save(self, scrub: Scrub | None, secrets: Mapping[str, str] | None) -> Path:
        with self._saving:
            return self._merge(scrub).write(TOOL, secrets or {})

    def _counting_refused(self, store: Callable[[Journal], Stored]) -> Stored:
        journal = self._journal
        self._look()
        try:
            return store(journal)
        except StorageError:
            self._missing += 1
            raise
        finally:
            self._note_missing(journal)

    def _note_missing(self, journal: Journal) -> None:
        """Have the journal know at once, since there may be no later; what it cannot be told now it is told later."""
        if journal.header.missing != self._missing:
            with suppress(StorageError):
                journal.note_missing(self._missing)

    @property
    def _journal(self) -> Journal:
        if self._opened is None:
            raise StorageError(f'The session "{self.files.name}" is not open for recording.')
        return self._opened

    def _merge(self, scrub: Scrub | None) -> Merge:
        journal = self._stay()
        header = replace(journal.header, missing=self._missing)
        return Merge(self.files, end=journal.size, scrub=scrub, journal=header)

    def _stay(self) -> Journal:
        """The journal, made again when somebody took it away. Raises StorageError when it cannot be."""
        journal, lock = self._journal, self._lock
        assert lock is not None
        with self._restoring:
            if not journal.stands():
                gone = journal.path
                self.files, self._lock = restore(journal, self.files, lock)
                self._gone = False
                _log.error(_GONE, gone, _GOES_ON.format(journal.path))
        return journal

    def _look(self) -> None:
        """Now and then: make the journal again if it is gone and can be; else what is open is recorded into."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_SECONDS
        try:
            self._stay()
        except StorageError as error:
            self._next_look = now + _AGAIN_SECONDS
            if not self._gone:
                _log.error(_GONE, self.files.journal, f"{error} {_OPEN}")
            self._gone = True

    def _make_folder(self) -> None:
        self._made_folder = not self.files.folder.exists()
        make_folder(self.files.folder)

    def _give_up(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._made_folder:
            with suppress(OSError):
                self.files.folder.rmdir()  # refused by the system when something is in it


def recover_orphans(folder: Path) -> list[str]:
    """Turn the journals that killed processes left in a folder into session files; one sentence each."""
    told: list[str] = []
    for path in journals(folder):
        try:
            told += _recover_orphan(SessionFiles.of(folder, path.stem))
        except PactRecorderError as error:
            told.append(str(error))
    return told


def _recover_orphan(files: SessionFiles) -> list[str]:
    try:
        lock = SessionLock.acquire(files.lock)
    except SessionLockedError:
        return []
    try:
        remove_leftovers(files.session)
        return _recover(files) if files.journal.exists() else []
    finally:
        lock.release()


def _recover(files: SessionFiles) -> list[str]:
    """Merge the journal into the session's file and remove it, or keep it aside when it is damaged."""
    merge = Merge(files)
    told = []
    if merge.has_news:
        merge.write(TOOL)
        told.append(f"{files.session}: completed from the journal of a recording that was not closed{_count(merge)}.")
    if merge.unknown_repeats:
        count = merge.unknown_repeats
        told.append(f"{files.session}: {count} repeats of exchanges that it does not hold were not counted.")
    told += merge.warnings
    if merge.damaged:
        kept = files.journal.with_name(f"{files.journal.name}.damaged-{time.strftime('%Y%m%dT%H%M%S')}")
        _set_aside(files.journal, kept)
        told.append(f"{kept}: the damaged journal is kept there for you to look at.")
    else:
        _remove(files.journal)
    return told


def _count(merge: Merge) -> str:
    recovered = f" ({merge.recovered:,} record{'s' * (merge.recovered != 1)} recovered"
    # A process that was killed may have had no time, or no disk that takes a byte, to count the last.
    return recovered + (f", at least {merge.missing:,} that the disk had refused)" if merge.missing else ")")


def _set_aside(journal: Path, kept: Path) -> None:
    try:
        os.replace(journal, kept)
    except OSError as error:
        raise StorageError(f"The damaged journal {journal} cannot be renamed: {error.strerror}.") from error


def _remove(journal: Path) -> None:
    try:
        journal.unlink(missing_ok=True)
    except OSError as error:
        reason = f"its session is saved, but it cannot be removed: {error.strerror}"
        raise StorageError(f"The journal {journal} is of no use any more, {reason}.") from error
