"""The journal: where exchanges are safe before the client has its answer.

One record a line: the CRC-32 of the JSON text as eight hexadecimal digits, a space, the JSON text, a newline.
The first record says what the file is and how many exchanges the disk refused; each other is an exchange, or says that
one was seen again. The first has room for any such number and is overwritten in place, which a full disk lets happen.
A record goes to the operating system whole and unbuffered before `append` returns: a killed process loses
nothing, and by the policy of `syncing` neither does a machine that loses power. Reading a journal that was cut short or
damaged is the business of `journal_scan`.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NewType
from zlib import crc32

from pact_recorder.errors import StorageError
from pact_recorder.http import Exchange
from pact_recorder.recordings.atomic import sync_folder
from pact_recorder.recordings.codec import JsonObject, decode_exchange, encode_exchange
from pact_recorder.recordings.syncing import Fsync, Syncer

Reference = NewType("Reference", int)
"""Where an exchange stands in a journal: the byte offset of its record."""

FORMAT = "pact-recorder journal"
VERSION = 1
MAX_RECORD = 1 << 29
"""The most bytes a record may have; a longer line is damage."""

_BINARY = getattr(os, "O_BINARY", 0)
_READ_AHEAD = 1 << 14
_COPIED = 1 << 20
_COUNT_DIGITS = 18
_write_json = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class JournalHeader:
    """What a journal says of itself; `identifier` is unique to it, `missing` counts what the disk refused."""

    session: str
    identifier: str
    created: float
    missing: int = 0

    def line(self) -> bytes:
        """The record, as long for any number that is missing."""
        record: JsonObject = {"format": FORMAT, "version": VERSION, "session": self.session}
        record |= {"id": self.identifier, "created": self.created, "missing": self.missing}
        return pack(record, spaces=_COUNT_DIGITS - len(str(self.missing)))


def pack(record: JsonObject, spaces: int = 0) -> bytes:
    """The line of a record, newline included, with spaces before it."""
    text = _write_json(record).encode("ascii") + b" " * spaces
    return b"%08x %b\n" % (crc32(text), text)


def unpack(line: bytes) -> JsonObject | None:
    """The record of a line (with or without its newline), or None when the line is damaged."""
    text = line[9:].removesuffix(b"\n")
    if line[:9] != b"%08x " % crc32(text):
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


class Journal:
    """A journal open for one writer and any number of readers, in one process.

    Every method may be called from any thread. Of a write that fails nothing stays behind, so that later ones
    work again as soon as there is room.
    """

    def __init__(self, path: Path, descriptor: int, header: JournalHeader, *, fsync: Fsync) -> None:
        self.path = path
        self.header = header
        self._descriptor = descriptor
        self._fsync = fsync
        self._syncer = Syncer(descriptor, fsync)
        self._size = 0
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path, session: str, *, fsync: Fsync = Fsync.NEVER) -> Journal:
        """A new journal for the session, readable by the owner only.

        `fsync` says when records go to the disk itself. Raises StorageError when the file exists or cannot be made.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY
        try:
            descriptor = os.open(path, flags, 0o600)
        except OSError as error:
            raise StorageError(f"The journal {path} cannot be made: {error.strerror}.") from error
        header = JournalHeader(session, secrets.token_hex(8), time.time())
        journal = cls(path, descriptor, header, fsync=fsync)
        try:
            journal._append(header.line())
            if fsync is not Fsync.NEVER:
                sync_folder(path.parent)
        except (StorageError, OSError) as error:
            journal.close()
            path.unlink(missing_ok=True)
            raise StorageError(f"The journal {path} cannot be made: {error}") from error
        return journal

    @property
    def size(self) -> int:
        """Bytes of whole records so far: the offset of the next one."""
        return self._size

    def append(self, exchange: Exchange) -> Reference:
        """Store an exchange; it survives a kill once this returns.

        Raises StorageError when the disk refuses.
        """
        return Reference(self._append(pack({"exchange": encode_exchange(exchange)})))

    def append_repeat(self, identity: str, started: float) -> None:
        """Store that the exchange of this identity was seen again at `started` (seconds since the epoch)."""
        self._append(pack({"repeat": identity, "started": started}))

    def note_missing(self, count: int) -> None:
        """Store that so many exchanges in all could not be stored. Raises StorageError when not even that can be."""
        header = replace(self.header, missing=count)
        with self._lock, self._writing():
            _write_at(self._descriptor, header.line(), 0)
            self._syncer.written()
        self.header = header

    def stands(self) -> bool:
        """Whether the file is at its path: nobody has removed, moved or replaced it. Two calls of the system."""
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(self._descriptor))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # it cannot be told

    def move_to(self, path: Path) -> None:
        """Make the file again at a path, with all that is in it, and go on there; references stay right.

        What is open can be read although no name leads to it any more. Raises StorageError.
        """
        try:
            with self._lock:
                _copy(self._descriptor, path, self._size)
                self.path = path
            if self._fsync is not Fsync.NEVER:
                sync_folder(path.parent)
        except OSError as error:
            raise StorageError(f"The journal {path} cannot be made: {error.strerror}.") from error

    def read(self, reference: Reference) -> Exchange:
        """The exchange stored at a reference; StorageError when it cannot be read."""
        record = unpack(self._line(reference))
        if record is None or "exchange" not in record:
            raise StorageError(f"The journal {self.path} is damaged at byte {reference}.")
        return decode_exchange(record["exchange"])

    def close(self) -> None:
        """Close the file; the journal stays on the disk. Closing twice is fine."""
        with self._lock:
            if self._descriptor >= 0:
                self._syncer.close()
                os.close(self._descriptor)
                self._descriptor = -1

    def _append(self, line: bytes) -> int:
        if len(line) > MAX_RECORD:
            raise StorageError(f"An exchange of {len(line)} bytes is too large for the journal {self.path}.")
        with self._lock, self._writing():
            offset = self._size
            try:
                _write_at(self._descriptor, line, offset)
                self._syncer.written()
            except OSError:
                # Best effort only: whatever stays behind is overwritten by the next append.
                with suppress(OSError):
                    os.ftruncate(self._descriptor, offset)
                raise
            self._size = offset + len(line)
        return offset

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(f"Writing the journal {self.path} failed: {error.strerror}.") from error

    def _line(self, reference: int) -> bytes:
        pieces: list[bytes] = []
        position = reference
        while position < self._size:
            try:
                piece = self._read_at(_READ_AHEAD << min(len(pieces), 8), position)
            except OSError as error:
                raise StorageError(f"Reading the journal {self.path} failed: {error.strerror}.") from error
            line, newline, _ = piece.partition(b"\n")
            pieces.append(line + newline)
            if newline or not piece:
                break
            position += len(piece)
        return b"".join(pieces)

    def _read_at(self, size: int, offset: int) -> bytes:
        if sys.platform == "win32":
            with self._lock:
                return _read_some(self._descriptor, size, offset)
        return _read_some(self._descriptor, size, offset)


def _copy(source: int, path: Path, size: int) -> None:
    """Copy so many bytes of an open file to a new one, which takes the place of the open one. Raises OSError."""
    made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        for offset in range(0, size, _COPIED):
            _write_at(made, _read_some(source, min(_COPIED, size - offset), offset), offset)
        os.fsync(made)
        os.dup2(made, source, inheritable=False)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(made)


def _write_at(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of the data at an offset, however many calls the system wants."""
    written = _write_some(descriptor, data, offset)
    while written < len(data):
        written += _write_some(descriptor, data[written:], offset + written)


def _write_some(descriptor: int, data: bytes, offset: int) -> int:
    if sys.platform == "win32":
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.write(descriptor, data)
    else:
        return os.pwrite(descriptor, data, offset)


def _read_some(descriptor: int, size: int, offset: int) -> bytes:
    if sys.platform == "win32":
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, size)
    else:
        return os.pread(descriptor, size, offset)
