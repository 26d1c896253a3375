"""`pact-recorder.yaml` for the commands that do not run the addon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pact_recorder.recordings import Configuration, read_configuration
from pact_recorder.recordings.configuration import FILE_NAME


def configuration(wrong_filter: Callable[[str], str] | None = None) -> Configuration:
    """What the file in the working directory says; empty when there is none. Raises DocumentError, StorageError.

    `wrong_filter` tells what is wrong with a filter expression, if anything.
    """
    return read_configuration(Path(FILE_NAME), wrong_filter)
