"""Reading a journal that a process left behind, whatever happened to it.

Every intact record is found, in order; everything else is reported with its place. A line that fails its
checksum may be two intact records whose newline was hit, so it is cut wherever a record seems to begin and
its pieces are tried. JSON escapes the quotes inside texts: a body cannot forge the beginning of a record.
An exchange that no session file can hold (`head_fault`), which other versions did record, is left out: one of them
would make the whole file unreadable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pact_recorder.errors import SessionError, StorageError
from pact_recorder.http import Exchange
from pact_recorder.http.heads import head_fault
from pact_recorder.recordings.codec import JsonObject, decode_exchange
from pact_recorder.recordings.journal import FORMAT, MAX_RECORD, VERSION, JournalHeader, Reference, unpack

_RECORD_START = re.compile(rb'(?=[0-9a-f]{8} \{"(?:exchange|repeat|missing)":)')


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """An exchange in a journal; `end` is the offset behind its record."""

    reference: Reference
    end: int
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class RepeatRecord:
    """That the exchange of an identity was seen again at `started` (seconds since the epoch)."""

    reference: Reference
    end: int
    identity: str
    started: float


JournalRecord = ExchangeRecord | RepeatRecord


@dataclass(frozen=True, slots=True)
class _Hole:
    """A damaged stretch with nothing intact in it."""

    start: int
    end: int
    records: int

    def described(self) -> str:
        records = "1 damaged record was" if self.records == 1 else f"{self.records} damaged records were"
        return f"{records} left out ({self.end - self.start} bytes from byte {self.start} on)."


class JournalScan:
    """The intact records of a journal, in order, from byte `start` to byte `end` (its whole length if None).

    `header` is None until the iteration began, and when the first record is damaged. After the iteration `intact`
    counts the records, `missing` what the disk had refused in records of its own, as journals had before their header
    counted it; `warnings` holds one sentence for each damaged stretch, or kind of exchange that no session can hold;
    `damaged` says whether there was any of these, but for an unfinished last line, which is what a kill in the middle
    of a write leaves.
    """

    def __init__(self, path: Path, *, start: int = 0, end: int | None = None) -> None:
        self.path = path
        self.header: JournalHeader | None = None
        self.warnings: list[str] = []
        self.damaged = False
        self.intact = 0
        self.missing = 0
        self._start = start
        self._end = end
        self._hole: _Hole | None = None
        self._left_out: Counter[str] = Counter()

    def __iter__(self) -> Iterator[JournalRecord]:
        """The records; SessionError when the file is of another format or a newer version."""
        self.warnings.clear()
        self._left_out.clear()
        self.damaged = False
        self.intact = self.missing = 0
        for offset, line in self._lines():
            for start, end, record in _cut(line, offset):
                decoded = self._decode(start, end, record) if record is not None else None
                if decoded is not None:
                    self._report_hole()
                    if self._can_be_held(decoded):
                        self.intact += 1
                        yield decoded
                elif record is None or not self._notes(record):
                    self._extend_hole(start, end)
            if not line.endswith(b"\n"):
                self._report_torn_line()
        self._report_hole()
        self._report_left_out()

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """The first line and those from `start` to `end`, each with its offset."""
        try:
            with self.path.open("rb") as file:
                line, offset = file.readline(MAX_RECORD), 0
                while line:
                    yield offset, line
                    offset = max(self._start, offset + len(line))
                    file.seek(offset)
                    line = file.readline(MAX_RECORD) if self._end is None or offset < self._end else b""
        except OSError as error:
            raise StorageError(f"The journal {self.path} cannot be read: {error.strerror}.") from error

    def _decode(self, start: int, end: int, record: JsonObject) -> JournalRecord | None:
        """The record as a value; None when it is a note, or not what a record should be."""
        try:
            if "exchange" in record:
                return ExchangeRecord(Reference(start), end, decode_exchange(record["exchange"]))
            return RepeatRecord(Reference(start), end, str(record["repeat"]), float(record["started"]))
        except (KeyError, TypeError, ValueError):
            return None

    def _notes(self, record: JsonObject) -> bool:
        """Take what a record says of the journal itself; False when it says nothing that is known."""
        if "format" in record:
            self.header = self._checked_header(record)
            return True
        count = record.get("missing")
        if not isinstance(count, int) or count < 0:
            return False
        self.missing += count
        return True

    def _checked_header(self, record: JsonObject) -> JournalHeader:
        if record["format"] != FORMAT:
            raise SessionError(str(self.path), "this is not a journal of pact-recorder")
        if record.get("version") != VERSION:
            found = record.get("version")
            reason = f"its version is {found}, this pact-recorder reads version {VERSION}: use a newer one"
            raise SessionError(str(self.path), reason)
        try:
            about = str(record["session"]), str(record["id"]), float(record["created"])
            return JournalHeader(*about, missing=max(0, int(record.get("missing", 0))))
        except (KeyError, TypeError, ValueError) as error:
            raise SessionError(str(self.path), f"its first record is incomplete: {error!r}") from error

    def _can_be_held(self, record: JournalRecord) -> bool:
        """Whether a session file can hold what a record says; else it is counted."""
        fault = head_fault(record.exchange) if isinstance(record, ExchangeRecord) else ""
        if fault:
            self._left_out[fault] += 1
        return not fault

    def _extend_hole(self, start: int, end: int) -> None:
        hole = self._hole
        self._hole = _Hole(hole.start, end, hole.records + 1) if hole else _Hole(start, end, 1)

    def _report_hole(self) -> None:
        if self._hole is not None:
            self.warnings.append(f"{self.path}: {self._hole.described()}")
            self.damaged = True
            self._hole = None

    def _report_left_out(self) -> None:
        for fault, count in self._left_out.items():
            exchanges = "1 exchange was" if count == 1 else f"{count} exchanges were"
            self.warnings.append(f"{self.path}: {exchanges} left out, which no session can hold ({fault}).")
            self.damaged = True

    def _report_torn_line(self) -> None:
        if self._hole is not None:
            start = self._hole.start
            self.warnings.append(f"{self.path}: the last record, at byte {start}, is unfinished and was left out.")
            self._hole = None


def scan(path: Path) -> JournalScan:
    """Every intact record of a journal, and what is damaged."""
    return JournalScan(path)


def read_header(path: Path) -> JournalHeader | None:
    """The header of a journal, None when it is damaged; errors as for iterating over a scan."""
    only_header = JournalScan(path, end=0)
    for _ in only_header:
        pass
    return only_header.header


def _cut(line: bytes, offset: int) -> Iterator[tuple[int, int, JsonObject | None]]:
    """The records of a line with where they begin and end; None stands for a damaged stretch."""
    record = unpack(line)
    if record is not None:
        yield offset, offset + len(line), record
        return
    cuts = sorted({0, *(match.start() for match in _RECORD_START.finditer(line)), len(line)})
    for start, end in pairwise(cuts):
        record, length = _without_hurt_newline(line[start:end])
        yield offset + start, offset + start + length, record
        if start + length < end:
            yield offset + start + length, offset + end, None


def _without_hurt_newline(piece: bytes) -> tuple[JsonObject | None, int]:
    """The record in a piece and its length: all of it, or all but the byte that was its newline."""
    for length in (len(piece), len(piece) - 1):
        record = unpack(piece[:length])
        if record is not None:
            return record, length
    return None, len(piece)
