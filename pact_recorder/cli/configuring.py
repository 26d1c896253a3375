"""`pact-recorder.yaml` for the commands that do not run the addon."""

from __future__ import annotations

from pathlib import Path

from pact_recorder.recordings import Configuration, read_configuration
from pact_recorder.recordings.configuration import FILE_NAME


def configuration() -> Configuration:
    """What the file in the working directory says; empty when there is none. Raises DocumentError, StorageError."""
    return read_configuration(Path(FILE_NAME), _wrong_filter)


def _wrong_filter(expression: str) -> str:
    # Only mitmproxy knows, and its import takes longer than most commands.
    from pact_recorder.addon.options import wrong_filter

    return wrong_filter(expression)
