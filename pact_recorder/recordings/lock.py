"""One process at a time records into a session.

The lock is the operating system's, on a small file beside the session that names its holder: whoever holds it
may be killed, and the lock is gone with it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from pact_recorder.errors import SessionLockedError, StorageError

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes, and keeps others from reading them: the locked byte stands behind the pid.
    _LOCKED_BYTE = 64

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_PID_LENGTH = 32


class SessionLock:
    """The right to record into one session, held until `release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def acquire(cls, path: Path) -> SessionLock:
        """Take the lock file `<session>.lock`.

        Raises SessionLockedError when another process (or another store of this one) holds it, StorageError
        when the file cannot be made.
        """
        while True:
            descriptor = _open(path)
            try:
                _try_lock(descriptor)
            except OSError as error:
                holder = _read_pid(descriptor)
                os.close(descriptor)
                raise SessionLockedError(_refusal(path, holder)) from error
            if _is_still(descriptor, path):
                break
            # Its holder removed it between our opening and our locking it.
            os.close(descriptor)
        _write_pid(descriptor)
        return cls(path, descriptor)

    def stands(self) -> bool:
        """Whether the lock is held, and by the file that is at its path: nobody else can take it."""
        return self._descriptor >= 0 and _is_still(self._descriptor, self.path)

    def release(self) -> None:
        """Give the lock back and remove its file, unless another stands there. Releasing twice is fine."""
        if self._descriptor < 0:
            return
        remove = _remove if self.stands() else _leave
        if sys.platform == "win32":
            os.close(self._descriptor)  # Windows does not remove open files
            remove(self.path)
        else:
            remove(self.path)  # removed while held: nobody can lock the file that goes
            os.close(self._descriptor)
        self._descriptor = -1


def _open(path: Path) -> int:
    try:
        # It is emptied and written, so it must not be a link that somebody else put there.
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise StorageError(f"The lock file {path} cannot be made: {error.strerror}.") from error


def _is_still(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):  # a file that stays is no lock
        path.unlink(missing_ok=True)


def _leave(path: Path) -> None:
    """Do nothing with a file that is another's."""


def _read_pid(descriptor: int) -> str:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, _PID_LENGTH).decode("ascii", "replace").strip()
    except OSError:
        return ""


def _write_pid(descriptor: int) -> None:
    """Name the holder; a disk too full for it costs only the name."""
    try:
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, b"%d\n" % os.getpid())
    except OSError:
        return


def _refusal(path: Path, holder: str) -> str:
    by = f"process {holder}" if holder.isdigit() else "another process"
    return (
        f'The session "{path.stem}" in {path.parent} is being recorded by {by}: '
        "choose another --session, or stop that process first."
    )
