import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pact_recorder.errors import SessionLockedError, StorageError
from pact_recorder.recordings.lock import SessionLock

HOLD = """
import sys
from pathlib import Path
from pact_recorder.recordings.lock import SessionLock

lock = SessionLock.acquire(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "demo.lock"


def test_a_released_lock_leaves_no_file_and_can_be_taken_again(path: Path) -> None:
    for _ in range(2):
        lock = SessionLock.acquire(path)
        assert path.read_text() == f"{os.getpid()}\n"
        lock.release()
        lock.release()
        assert not path.exists()


def test_a_second_taker_is_told_who_holds_it_and_what_to_do(path: Path) -> None:
    lock = SessionLock.acquire(path)
    with pytest.raises(SessionLockedError) as caught:
        SessionLock.acquire(path)
    lock.release()
    assert str(caught.value) == (
        f'The session "demo" in {path.parent} is being recorded by process {os.getpid()}: '
        "choose another --session, or stop that process first."
    )


def test_a_lock_file_without_a_pid_is_reported_too(path: Path) -> None:
    lock = SessionLock.acquire(path)
    path.write_text("")
    with pytest.raises(SessionLockedError, match="by another process"):
        SessionLock.acquire(path)
    lock.release()


def test_a_killed_process_holds_nothing(path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SessionLockedError, match=f"process {holder.pid}:"):
            SessionLock.acquire(path)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert path.exists()
    SessionLock.acquire(path).release()


def test_a_left_over_file_is_no_lock(path: Path) -> None:
    path.write_text("4711\nand more")
    lock = SessionLock.acquire(path)
    assert path.read_text() == f"{os.getpid()}\n"
    lock.release()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be made: No such file"):
        SessionLock.acquire(tmp_path / "missing" / "demo.lock")


@pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX")
def test_a_link_that_somebody_put_there_is_not_followed(path: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("content")
    path.symlink_to(precious)
    with pytest.raises(StorageError, match="cannot be made: Too many levels of symbolic links"):
        SessionLock.acquire(path)
    assert precious.read_text() == "content"
