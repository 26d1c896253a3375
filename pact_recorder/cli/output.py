"""The standard streams as commands need them: always there, and a sentence when the disk behind one is full."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

_REFUSALS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def prepare_streams() -> None:
    """Let a closed stream swallow what is written, and a terminal without some letter show a question mark."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _occupy_standard_descriptors()
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def tell(sentence: str) -> None:
    """Say something on standard error, if it can be said at all."""
    try:
        print(sentence, file=sys.stderr, flush=True)
    except OSError:
        abandon(sys.stderr)


def abandon(stream: TextIO) -> None:
    """Send what a stream has still to write nowhere: the interpreter must not fail at its own last flush."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def is_refused_by_disk(error: OSError) -> bool:
    """Whether an error says that the disk is full, or takes no more for a like reason."""
    return error.errno in _REFUSALS


def _nowhere() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")


def _occupy_standard_descriptors() -> None:
    """Else the next file that is opened gets the number of a closed stream, and what is meant for that."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= 2:
        descriptor = os.open(os.devnull, os.O_RDWR)
    os.close(descriptor)
