"""When what was written reaches the disk itself: what a power cut may cost.

Whatever was handed to the operating system survives a kill of this process. Only a machine that stops, by a power cut
or a crash of the system, loses what the system has not written yet; on most systems that is up to half a minute.
"""

from __future__ import annotations

import logging
import os
import threading
from enum import StrEnum

INTERVAL_SECONDS = 1.0
"""How long a record may wait for the disk under `Fsync.INTERVAL`."""

_log = logging.getLogger(__name__)
_sync = getattr(os, "fdatasync", os.fsync)


class Fsync(StrEnum):
    """When a file is synced: when the system likes, at least once a second, or before each write returns."""

    NEVER = "never"
    INTERVAL = "interval"
    ALWAYS = "always"


class Syncer:
    """Syncs one open file by a policy. Its methods may be called from any thread."""

    def __init__(self, descriptor: int, policy: Fsync) -> None:
        self._descriptor = descriptor
        self._policy = policy
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def written(self) -> None:
        """To be called after each write; waits for the disk when the policy says so. Raises OSError."""
        if self._policy is Fsync.ALWAYS:
            _sync(self._descriptor)
        elif self._policy is Fsync.INTERVAL and self._timer is None:
            self._timer = threading.Timer(INTERVAL_SECONDS, self._tick)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Sync what is waiting; to be called before the file is closed."""
        timer = self._timer
        if timer is not None:
            timer.cancel()
            self._tick()
        with self._lock:
            self._descriptor = -1

    def _tick(self) -> None:
        with self._lock:
            # What is written from here on starts another wait.
            self._timer = None
            if self._descriptor < 0:
                return
            try:
                _sync(self._descriptor)
            except OSError as error:
                _log.error("The disk did not confirm what was recorded: %s.", error.strerror)
