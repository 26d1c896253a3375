"""A session's file and what its journal has beyond it, as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from pact_recorder.http import Exchange
from pact_recorder.recordings.files import SessionFiles
from pact_recorder.recordings.folding import Fold, Scrub, fold
from pact_recorder.recordings.journal import JournalHeader
from pact_recorder.recordings.journal_scan import ExchangeRecord, JournalScan, read_header
from pact_recorder.recordings.session import JournalMark, RecordedExchange, SessionHeader
from pact_recorder.recordings.session_file import iterate_session, read_session_header, write_session


class Merge:
    """The merged view of a session up to byte `end` of its journal (all of it if None).

    It is read twice, once to count and once to deliver: memory grows by a few hundred bytes an exchange,
    whatever its size. A file that holds a part of the journal already (`JournalMark`) is not given it again.
    A process that writes the journal gives its header; else it is read.
    """

    def __init__(
        self,
        files: SessionFiles,
        *,
        end: int | None = None,
        scrub: Scrub | None = None,
        journal: JournalHeader | None = None,
    ) -> None:
        self._files = files
        self._scrub = scrub
        self._journal = journal or read_header(files.journal)
        self._header = read_session_header(files.session) if files.session.exists() else None
        self._end = files.journal.stat().st_size if end is None else end
        mark = self._mark()
        self._scan = JournalScan(files.journal, start=mark.end, end=self._end)
        self.unknown_repeats = 0
        self._missing = max(0, self._journal.missing - mark.missing) if self._journal else 0

    @property
    def warnings(self) -> list[str]:
        """What was damaged in the journal, one sentence each, after the entries were read."""
        return self._scan.warnings

    @property
    def damaged(self) -> bool:
        """Whether more is wrong with the journal than an unfinished last line."""
        return self._scan.damaged

    @property
    def missing(self) -> int:
        """How many exchanges the disk refused that the file has not counted yet, after the entries were read."""
        return self._missing + self._scan.missing

    def entries(self) -> Iterator[RecordedExchange]:
        """Every exchange of the session once, in order of first appearance."""
        if self._scrub is None and not self.has_news:
            return self._kept()
        folding = fold(self._kept(), self._added(), self._scrub)
        self.unknown_repeats = folding.unknown_repeats
        return self._folded(folding.folds())

    def write(self, tool: str, secrets: Mapping[str, str] = MappingProxyType({})) -> Path:
        """Write the session's file with everything, unless it has that already.

        `tool` names the program, `secrets` are hints beside those that the file has.
        """
        if self._header is not None and self._scrub is None and not self.has_news:
            return self._files.session
        header, journal, entries = self._header or self._new_header(), self._journal, self.entries()
        mark = JournalMark(journal.identifier, self._end, journal.missing) if journal else header.journal
        hints, missing = {**header.secrets, **secrets}, header.missing + self.missing
        header = replace(header, tool=tool, journal=mark, secrets=hints, missing=missing)
        write_session(self._files.session, header, entries)
        return self._files.session

    def _new_header(self) -> SessionHeader:
        return SessionHeader(self._files.name, self._journal.created if self._journal else 0.0)

    def _mark(self) -> JournalMark:
        """How much of this journal the file holds."""
        mark = self._header.journal if self._header else None
        known = mark is not None and self._journal is not None and mark.identifier == self._journal.identifier
        return mark if mark is not None and known else JournalMark("", 0)

    @property
    def has_news(self) -> bool:
        """Whether the journal knows of something that the file does not have."""
        return next(iter(self._scan), None) is not None or self.missing > 0

    @property
    def recovered(self) -> int:
        """How many records of the journal went into the file, after the entries were read."""
        return self._scan.intact

    def _folded(self, folds: Mapping[int, Fold]) -> Iterator[RecordedExchange]:
        for number, exchange in enumerate(self._exchanges()):
            if number in folds:
                yield self._entry(exchange, folds[number])

    def _kept(self) -> Iterator[RecordedExchange]:
        return iterate_session(self._files.session) if self._header else iter(())

    def _added(self) -> Iterator[Exchange | str]:
        for record in self._scan:
            yield record.exchange if isinstance(record, ExchangeRecord) else record.identity

    def _exchanges(self) -> Iterator[Exchange]:
        yield from (entry.exchange for entry in self._kept())
        yield from (item for item in self._added() if not isinstance(item, str))

    def _entry(self, exchange: Exchange, fold: Fold) -> RecordedExchange:
        written = exchange if self._scrub is None else self._scrub(exchange)
        return RecordedExchange(written, fold.count, fold.at)
