"""Files that are there whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_SUFFIX = ".tmp"
_FEW = 16


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path`, flushed to the disk, when the block ends without error.

    Raises OSError as the system does; `path` is then as it was.
    """
    descriptor, temporary = tempfile.mkstemp(_SUFFIX, f".{path.name}.", path.parent)  # mode 0600
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole, without waiting for the disk (`sync_files` does that for many at once)."""
    descriptor, temporary = tempfile.mkstemp(_SUFFIX, ".", path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def sync_files(folder: Path, names: Sequence[str]) -> None:
    """Wait until files of a folder are on the disk."""
    if sys.platform == "linux" and len(names) > _FEW:
        os.sync()  # here it waits, and once for all is faster than each for itself
        return
    for name in names:
        descriptor = os.open(folder / name, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(path: Path) -> None:
    """Remove what killed writers of `path` left; only for who may write it."""
    with suppress(OSError):
        for left in path.parent.iterdir():
            if left.name.startswith(f".{path.name}.") and left.name.endswith(_SUFFIX):
                left.unlink(missing_ok=True)
