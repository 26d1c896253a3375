"""Contract files: their names, reading, and writing with a lock and an atomic replacement.

The only module of this layer that touches the disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import stat
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pact_recorder.errors import MergeError, PactDocumentError, StorageError
from pact_recorder.pact.document import MAX_BYTES
from pact_recorder.pact.json_text import MAX_DEPTH, format_json
from pact_recorder.pact.merging import OnConflict, merge_contracts
from pact_recorder.pact.model import Contract
from pact_recorder.pact.reading import read_contract
from pact_recorder.pact.writing import SpecVersion, contract_to_json, left_out

LOCK_SECONDS = 10.0
"""How long a writer waits for another one in the same directory."""

_LONGEST_STEM = 200  # bytes; file systems take 255, and a temporary name needs some of them
_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\s*(?:\.|\Z)", re.IGNORECASE)


def contract_file_name(consumer: str, provider: str) -> str:
    """`<consumer>-<provider>.json`, made safe.

    A name that could leave the directory, hide, or be refused by some file system (separators, control
    characters, reserved or very long names) has those characters replaced and a digest added, so that it stays
    its own.
    """
    plain = f"{consumer}-{provider}"
    safe = "".join(_safe(letter) for letter in plain)
    if safe[0] in ".- " or _RESERVED.match(safe):
        safe = f"_{safe}"
    shortened = safe.encode()[:_LONGEST_STEM].decode("utf-8", "ignore")
    if shortened == plain:
        return f"{plain}.json"
    digest = hashlib.sha256(f"{consumer}\0{provider}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{shortened}.{digest}.json"


def load_contract(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Contract:
    """The contract of a file. Raises PactDocumentError when it cannot be read or is not one."""
    source = os.fspath(path)
    try:
        with open(source, "rb") as file:
            content = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise PactDocumentError(source, f"cannot be read ({_cause(error)})") from error
    return read_contract(content, source, max_bytes=max_bytes, max_depth=max_depth)


def write_contract(
    contract: Contract,
    directory: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    version: SpecVersion = 3,
    on_conflict: OnConflict = "replace",
    superseding: bool = False,
    on_lost: Callable[[Sequence[str]], None] | None = None,
) -> Path:
    """Write a contract into a directory, merged into the file there unless `overwrite`; gives its path.

    `on_conflict` and `superseding` are those of `merge_contracts`.
    `on_lost` is called with what the version has no place for. Other writers wait; readers see the old file
    or the new one. Raises, with nothing written, MergeError for another consumer or provider, for a conflict
    when `on_conflict` is `error`, and when merging would drop messages beside HTTP interactions (before V4);
    PactDocumentError when the file there is no contract; StorageError when the disk refuses.
    """
    path = Path(directory) / contract_file_name(contract.consumer, contract.provider)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent):
            merged = contract
            if not overwrite and path.exists():
                merged = merge_contracts(
                    load_contract(path), contract, on_conflict=on_conflict, superseding=superseding
                )
                _check_nothing_dropped(merged, contract, version, path)
            document, lost = contract_to_json(merged, version)
            _replace(path, (format_json(document, indent=2) + "\n").encode())
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({_cause(error)})") from error
    if lost and on_lost is not None:
        on_lost(lost)
    return path


def _safe(letter: str) -> str:
    return "_" if _UNSAFE.match(letter) or unicodedata.category(letter)[0] == "C" else letter


def _cause(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _check_nothing_dropped(merged: Contract, new: Contract, version: SpecVersion, path: Path) -> None:
    dropped = left_out(merged, version)
    if len(dropped) > len(left_out(new, version)):
        raise MergeError(
            f"{path}: messages cannot stand beside HTTP interactions before version 4, so version {version} "
            f'would drop {len(dropped)} of them ("{dropped[0].description}" is one): write version 4'
        )


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the lock on a directory: on itself, so that no lock file is left behind."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(descriptor, directory)
        yield
    finally:
        os.close(descriptor)  # the lock goes with it


def _lock(descriptor: int, directory: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StorageError(
                    f"{directory}: another process has held its lock for {LOCK_SECONDS:g} seconds: try again"
                ) from None
            time.sleep(0.02)


def _replace(path: Path, content: bytes) -> None:
    """Put a whole new file in the place of the old one, with its permissions (else the umask's)."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if path.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
