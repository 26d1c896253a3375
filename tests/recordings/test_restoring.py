"""The journal, or the whole folder, taken away under a recording: nothing that was recorded goes with it."""

import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pact_recorder.errors import SessionLockedError, StorageError
from pact_recorder.recordings import SessionStore, load_session, recover_orphans
from pact_recorder.recordings.journal import Journal
from pact_recorder.recordings.lock import SessionLock
from pact_recorder.recordings.syncing import Fsync
from tests.recordings.test_folding import again, seen
from tests.recordings.test_store import kill, name_of, saved

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows does not remove open files")
ALL = [("a1", 2, ()), ("b1", 1, ()), ("c1", 1, ())]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


def opened(folder: Path, fsync: Fsync = Fsync.NEVER) -> SessionStore:
    store = SessionStore(folder, "demo", fsync=fsync)
    store.open()
    return store


def look_again() -> None:
    """Wait until the store looks again whether its journal is there."""
    time.sleep(0.6)


TAKEN: dict[str, Callable[[Path], object]] = {
    "the journal is removed": lambda folder: (folder / "demo.journal").unlink(),
    "the folder is removed": shutil.rmtree,
    "the folder is moved": lambda folder: folder.rename(folder.with_name("elsewhere")),
    "a file is put there": lambda folder: (folder / "demo.journal").rename(folder / "old"),
}


@pytest.mark.parametrize("fsync", [Fsync.NEVER, Fsync.ALWAYS])
@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
@pytest.mark.parametrize("end", ["close", "kill"])
def test_what_was_recorded_before_and_after_is_in_the_session(
    folder: Path, take: Callable[[Path], object], end: str, fsync: Fsync, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(folder, fsync)
    first = store.append(seen("a1"))
    store.append(seen("b1"))
    take(folder)
    look_again()
    with caplog.at_level(logging.ERROR):
        store.append_repeat(again("a1"), 5.0)
        last = store.append(seen("c1"))
    assert [name_of(store.load(reference)) for reference in (first, last)] == ["a1", "c1"]
    path = folder / "demo.journal"
    assert caplog.messages == [
        f"{path} was removed or moved while it was recorded into. "
        f"Recording goes on in {path}, made again with everything recorded so far."
    ]
    if end == "kill":
        kill(store)
        recover_orphans(folder)
    else:
        assert store.close() == folder / "demo.yaml"
        assert not path.exists()
        assert not (folder / "demo.lock").exists()
    assert saved(folder) == ALL


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_what_is_read_or_ends_without_another_exchange_finds_everything(
    folder: Path, take: Callable[[Path], object]
) -> None:
    store = opened(folder)
    for name in ("a1", "a1", "b1", "c1"):
        store.append(seen(name))
    take(folder)
    assert len(list(store.records(0, store.end))) == 4
    shutil.rmtree(folder)
    store.save()
    assert saved(folder) == ALL
    shutil.rmtree(folder)
    store.close()
    assert saved(folder) == ALL
    assert os.listdir(folder) == ["demo.yaml"]


def test_an_earlier_part_of_the_session_that_was_removed_is_no_loss_of_this_one(folder: Path) -> None:
    earlier = opened(folder)
    earlier.append(seen("old1"))
    earlier.close()
    store = opened(folder)
    store.append(seen("a1"))
    store.save()
    shutil.rmtree(folder)
    store.append(seen("b1"))
    store.close()
    assert saved(folder) == [("a1", 1, ()), ("b1", 1, ())]


def test_a_folder_that_cannot_be_made_again_is_told_once_and_tried_again(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(folder)
    store.append(seen("a1"))
    shutil.rmtree(folder)
    folder.write_text("in the way")
    look_again()
    with caplog.at_level(logging.ERROR):
        for name in ("a1", "b1"):
            reference = store.append(seen(name))
            assert name_of(store.load(reference)) == name
        look_again()
        store.append(seen("c1"))
        with pytest.raises(StorageError, match="cannot be made"):
            store.save()
        assert len(caplog.messages) == 1
        assert "Recording goes on in the open file, which ends with this process" in caplog.messages[0]
        folder.unlink()
        store.close()
    assert len(caplog.messages) == 2
    assert saved(folder) == ALL


def test_a_session_that_another_process_has_taken_meanwhile_stays_its_own(folder: Path) -> None:
    store = opened(folder)
    store.append(seen("a1"))
    shutil.rmtree(folder)
    other = opened(folder)
    other.append(seen("theirs1"))
    look_again()
    store.append(seen("b1"))
    path = store.close()
    other.append(seen("theirs2"))
    other.close()
    assert path is not None
    assert path.name.startswith("demo-")
    assert [name_of(entry.exchange) for entry in load_session(path).entries] == ["a1", "b1"]
    assert [name for name, *_ in saved(folder)] == ["theirs1", "theirs2"]
    assert sorted(os.listdir(folder)) == sorted([path.name, "demo.yaml"])


def test_no_other_process_can_take_a_session_that_was_made_again(folder: Path) -> None:
    store = opened(folder)
    store.append(seen("a1"))
    shutil.rmtree(folder)
    look_again()
    store.append(seen("b1"))
    with pytest.raises(SessionLockedError):
        opened(folder)
    store.close()
    assert [name for name, *_ in saved(folder)] == ["a1", "b1"]
    assert os.listdir(folder) == ["demo.yaml"]


def test_nothing_recorded_leaves_alone_what_others_put_there(folder: Path) -> None:
    store = opened(folder)
    (folder / "demo.journal").unlink()
    (folder / "demo.journal").write_text("another's")
    assert store.close() is None
    assert (folder / "demo.journal").read_text() == "another's"


def test_a_lock_that_was_replaced_is_not_removed(tmp_path: Path) -> None:
    lock = SessionLock.acquire(tmp_path / "demo.lock")
    assert lock.stands()
    lock.path.unlink()
    other = SessionLock.acquire(tmp_path / "demo.lock")
    assert (lock.stands(), other.stands()) == (False, True)
    lock.release()
    assert other.stands()
    other.release()
    assert os.listdir(tmp_path) == []


def test_a_journal_that_cannot_be_made_again_goes_on_where_it_is(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "demo.journal", "demo")
    reference = journal.append(seen("a1"))
    (tmp_path / "other").write_text("in the way")
    with pytest.raises(StorageError, match="File exists"):
        journal.move_to(tmp_path / "other")
    assert (tmp_path / "other").read_text() == "in the way"
    journal.append(seen("b1"))
    assert name_of(journal.read(reference)) == "a1"
    assert journal.stands()
    journal.close()
