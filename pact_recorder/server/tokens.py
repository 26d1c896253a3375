"""The token of the control API: from a file or the environment, so that it stands in no list of processes."""

from __future__ import annotations

import os
from pathlib import Path

from pact_recorder.errors import UsageError

TOKEN_VARIABLE = "PACT_RECORDER_TOKEN"
"""The environment variable that may hold the token."""

_LARGEST = 4096


def read_token(path: Path) -> str:
    """The token in a file. Raises UsageError when it cannot be read or holds something else."""
    try:
        with path.expanduser().open("rb") as file:
            token = file.read(_LARGEST).decode().strip()
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is not text"
        raise UsageError(f"The token file {path} cannot be read: {reason}.") from error
    if not token or not token.isprintable():
        raise UsageError(f"The token file {path} must hold the token in one line, and nothing else.")
    return token


def configured_token(file: Path | None) -> str | None:
    """The token in a file when one is named, else that of the environment, else None. Raises UsageError."""
    return read_token(file) if file is not None else os.environ.get(TOKEN_VARIABLE, "").strip() or None
