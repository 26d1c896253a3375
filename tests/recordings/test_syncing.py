"""When a file is synced: seen by a descriptor that is watched, and by one that cannot be synced."""

import logging
import os
import threading
from pathlib import Path

import pytest

from pact_recorder.recordings import syncing
from pact_recorder.recordings.syncing import Fsync, Syncer


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The descriptors that were synced; the system really does it."""
    seen: list[int] = []

    def sync(descriptor: int) -> None:
        os.fsync(descriptor)
        seen.append(descriptor)

    monkeypatch.setattr(syncing, "_sync", sync)
    return seen


@pytest.mark.parametrize(("policy", "expected"), [(Fsync.NEVER, 0), (Fsync.INTERVAL, 1), (Fsync.ALWAYS, 5)])
def test_how_often_five_writes_are_synced(tmp_path: Path, synced: list[int], policy: Fsync, expected: int) -> None:
    with (tmp_path / "file").open("wb") as file:
        syncer = Syncer(file.fileno(), policy)
        for _ in range(5):
            syncer.written()
        syncer.close()
    assert len(synced) == expected
    assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer) and each.is_alive()]


def test_what_waits_is_synced_within_the_interval(
    tmp_path: Path, synced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "INTERVAL_SECONDS", 0.01)
    with (tmp_path / "file").open("wb") as file:
        syncer = Syncer(file.fileno(), Fsync.INTERVAL)
        for turn in (1, 2):
            syncer.written()
            while (timer := syncer._timer) is not None:
                timer.join()
            assert len(synced) == turn
        syncer.close()
    assert len(synced) == 2


def test_a_disk_that_does_not_confirm_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    reading, writing = os.pipe()  # a pipe cannot be synced
    try:
        with pytest.raises(OSError, match="Invalid argument"):
            Syncer(writing, Fsync.ALWAYS).written()
        with caplog.at_level(logging.ERROR):
            syncer = Syncer(writing, Fsync.INTERVAL)
            syncer.written()
            syncer.close()
        assert caplog.messages == ["The disk did not confirm what was recorded: Invalid argument."]
    finally:
        os.close(reading)
        os.close(writing)
