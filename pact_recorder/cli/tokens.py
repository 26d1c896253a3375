"""The token of the control API, read from a file so that it stands in no list of processes."""

from __future__ import annotations

from pathlib import Path

from pact_recorder.errors import UsageError


def read_token(path: Path) -> str:
    """The token in a file. Raises UsageError when it cannot be read or holds something else."""
    try:
        token = path.expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise UsageError(f"The token file {path} cannot be read: {reason}.") from error
    if not token or not token.isprintable():
        raise UsageError(f"The token file {path} must hold the token in one line, and nothing else.")
    return token
