import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pact_recorder.errors import SessionError, SessionLockedError, StorageError, UsageError
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.http.identity import exchange_identity
from pact_recorder.recordings import SessionStore, load_session, read_session_header, recover_orphans
from pact_recorder.recordings.journal import pack
from pact_recorder.recordings.lock import SessionLock
from pact_recorder.recordings.session import RecordedExchange
from tests.recordings.test_folding import again, seen

Summary = list[tuple[str, int, tuple[int, ...]]]


def name_of(exchange: Exchange) -> str:
    body = exchange.response.body
    return exchange.request.path[1:] + (body.content.decode() if body else "")


def summary(entries: Iterable[RecordedExchange]) -> Summary:
    return [(name_of(entry.exchange), entry.count, entry.at) for entry in entries]


def saved(folder: Path, name: str = "demo") -> Summary:
    return summary(load_session(folder / f"{name}.yaml").entries)


def kill(store: SessionStore) -> None:
    """Leave the files as a killed process does: the journal and the lock file stay, the lock is gone."""
    assert store._opened is not None and store._lock is not None
    store._opened.close()
    os.close(store._lock._descriptor)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture
def store(folder: Path) -> SessionStore:
    opened = SessionStore(folder, "demo")
    assert opened.open() == []
    return opened


def test_a_recording_from_open_to_close(folder: Path, store: SessionStore) -> None:
    assert store.is_empty
    references = [store.append(seen(name)) for name in ("a1", "b1", "a2")]
    store.append_repeat(again("b1"), 5.0)
    assert not store.is_empty
    assert [name_of(store.load(reference)) for reference in references] == ["a1", "b1", "a2"]
    expected = [("a1", 1, (1,)), ("b1", 2, ()), ("a2", 1, (3,))]
    assert summary(store.entries()) == expected
    assert store.close() == folder / "demo.yaml"
    assert store.close() is None
    assert saved(folder) == expected
    assert os.listdir(folder) == ["demo.yaml"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_recorded_leaves_nothing(folder: Path, store: SessionStore) -> None:
    assert store.close() is None
    assert not folder.exists()


def test_a_folder_that_was_there_stays_with_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    store = SessionStore(tmp_path, "demo")
    store.open()
    store.close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert os.listdir(tmp_path) == []


def test_recording_goes_on_where_the_session_ended(folder: Path, store: SessionStore) -> None:
    store.append(seen("a1"))
    store.close()
    again_store = SessionStore(folder, "demo")
    again_store.open()
    assert summary(again_store.entries()) == [("a1", 1, ())]
    again_store.append_repeat(again("a1"), 1.0)
    again_store.append(seen("a2"))
    again_store.close()
    assert saved(folder) == [("a1", 2, (1, 2)), ("a2", 1, (3,))]


def test_opening_and_closing_changes_no_existing_session(folder: Path, store: SessionStore) -> None:
    store.append(seen("a1"))
    path = store.close()
    assert path is not None
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    reopened = SessionStore(folder, "demo")
    reopened.open()
    reopened.close()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_saving_in_between_counts_nothing_twice(folder: Path, store: SessionStore) -> None:
    for name in ("a1", "a2", "a1"):
        store.append(seen(name))
        store.save()
        store.save()
    expected = [("a1", 2, (1, 3)), ("a2", 1, (2,))]
    assert saved(folder) == summary(store.entries()) == expected
    store.close()
    assert saved(folder) == expected


def test_edits_made_while_recording_are_kept(folder: Path, store: SessionStore) -> None:
    store.append(seen("a1"))
    path = store.save()
    path.write_text(path.read_text().replace("http:///a", "http:///z"))
    store.append(seen("b1"))
    store.close()
    assert saved(folder) == [("z1", 1, ()), ("b1", 1, ())]


@pytest.mark.parametrize("saves", [0, 1, 2])
def test_a_killed_recording_is_completed_at_the_next_start(folder: Path, store: SessionStore, saves: int) -> None:
    for number, name in enumerate(("a1", "a2", "b1")):
        store.append(seen(name))
        if number < saves:
            store.save()
    kill(store)
    restarted = SessionStore(folder, "demo")
    told = restarted.open()
    assert told == [
        f"{folder}/demo.yaml: completed from the journal of a recording that was not closed "
        f"({3 - saves} record{'s' * (saves != 2)} recovered)."
    ]
    assert saved(folder) == [("a1", 1, (1,)), ("a2", 1, (2,)), ("b1", 1, ())]
    restarted.close()
    assert os.listdir(folder) == ["demo.yaml"]


def test_a_kill_between_the_file_and_the_removal_of_the_journal_counts_nothing_twice(
    folder: Path, store: SessionStore
) -> None:
    store.append(seen("a1"))
    store.save()
    kill(store)
    restarted = SessionStore(folder, "demo")
    assert restarted.open() == []
    restarted.close()
    assert saved(folder) == [("a1", 1, ())]


def test_a_torn_last_line_is_told_and_the_rest_kept(folder: Path, store: SessionStore) -> None:
    store.append(seen("a1"))
    store.append(seen("b1"))
    kill(store)
    journal = folder / "demo.journal"
    journal.write_bytes(journal.read_bytes()[:-20])
    restarted = SessionStore(folder, "demo")
    assert len(restarted.open()) == 2
    restarted.close()
    assert saved(folder) == [("a1", 1, ())]
    assert os.listdir(folder) == ["demo.yaml"]


def test_what_other_versions_recorded_and_no_session_can_hold_is_left_out(folder: Path, store: SessionStore) -> None:
    store.append(seen("a1"))
    store.append(replace(seen("b1"), response=Response(1000)))
    store.append(seen("c1"))
    kill(store)
    completed, left_out, kept = recover_orphans(folder)
    assert "completed from the journal" in completed
    assert "1 exchange was left out" in left_out
    assert "kept there" in kept
    assert saved(folder) == [("a1", 1, ()), ("c1", 1, ())]


def test_a_damaged_journal_is_kept_aside(folder: Path, store: SessionStore) -> None:
    for name in ("a1", "b1", "c1"):
        store.append(seen(name))
    kill(store)
    journal = folder / "demo.journal"
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 1
    journal.write_bytes(content)
    restarted = SessionStore(folder, "demo")
    completed, damage, kept = restarted.open()
    assert "completed from the journal" in completed
    assert "1 damaged record was left out" in damage
    assert "the damaged journal is kept there" in kept
    restarted.close()
    assert len(saved(folder)) == 2
    [aside] = [path for path in folder.iterdir() if path.name.startswith("demo.journal.damaged-")]
    assert aside.read_bytes() == content


def test_two_stores_cannot_record_one_session(folder: Path, store: SessionStore) -> None:
    other = SessionStore(folder, "demo")
    with pytest.raises(SessionLockedError, match="choose another --session"):
        other.open()
    store.append(seen("a1"))
    store.close()
    assert saved(folder) == [("a1", 1, ())]


def test_a_wrong_session_file_loses_nothing(folder: Path, store: SessionStore) -> None:
    store.append(seen("a1"))
    path = store.save()
    good = path.read_text()
    path.write_text(good.replace("status: 200", "status: fine"))
    store.append(seen("b1"))
    with pytest.raises(SessionError, match="must be a whole number, not 'fine'"):
        store.close()
    with pytest.raises(SessionError, match="must be a whole number, not 'fine'"):
        SessionStore(folder, "demo").open()
    path.write_text(good)
    restarted = SessionStore(folder, "demo")
    restarted.open()
    restarted.close()
    assert saved(folder) == [("a1", 1, ()), ("b1", 1, ())]


def without_tokens(exchange: Exchange) -> Exchange:
    return replace(exchange, request=replace(exchange.request, headers=Headers()))


def test_saving_scrubs_what_is_written_and_what_was(folder: Path, store: SessionStore) -> None:
    secret = Exchange(Request("GET", "/a", headers=Headers([("X-Api-Key", "hush")])), Response(200, body=Body(b"1")))
    other = replace(secret, request=replace(secret.request, headers=Headers([("X-Api-Key", "quiet")])))
    store.append(secret)
    store.save()
    assert "hush" in (folder / "demo.yaml").read_text()
    store.append(other)
    store.append_repeat(exchange_identity(secret), 1.0)
    store.close(without_tokens)
    assert saved(folder) == [("a1", 3, ())]
    assert "hush" not in (folder / "demo.yaml").read_text()


def test_a_repeat_of_an_exchange_of_the_file_is_counted_there(folder: Path, store: SessionStore) -> None:
    store.append(replace(seen("a1"), started=1.0))
    store.close()
    restarted = SessionStore(folder, "demo")
    restarted.open()
    restarted.append_repeat(again("a1"), 2.0)
    restarted.close()
    assert saved(folder) == [("a1", 2, ())]


def test_appending_goes_on_while_another_thread_saves(folder: Path, store: SessionStore) -> None:
    done = threading.Event()

    def save() -> None:
        while not done.is_set():
            store.save()

    saver = threading.Thread(target=save)
    saver.start()
    for number in range(150):
        store.append(seen(f"a{number}"))
    done.set()
    saver.join()
    store.close()
    assert saved(folder) == [(f"a{number}", 1, (number + 1,)) for number in range(150)]


def test_a_store_that_is_not_open_refuses(folder: Path) -> None:
    with pytest.raises(StorageError, match='The session "demo" is not open for recording'):
        SessionStore(folder, "demo").append(seen("a1"))


@pytest.mark.parametrize("name", ["../x", "", ".x", "a/b"])
def test_hostile_names_are_refused_before_anything_is_made(folder: Path, name: str) -> None:
    with pytest.raises(UsageError):
        SessionStore(folder, name)
    assert not folder.exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be made: "):
        SessionStore(tmp_path / "file" / "recordings", "demo").open()


def test_orphans_of_all_sessions_are_recovered_but_for_those_in_use(folder: Path) -> None:
    stores = {name: SessionStore(folder, name) for name in ("one", "two", "empty", "busy")}
    for name, opened in stores.items():
        opened.open()
        if name != "empty":
            opened.append(seen("a1"))
        if name != "busy":
            kill(opened)
    (folder / "odd.journal").write_bytes(b"nothing of ours\n")
    (folder / "-bad.journal").write_bytes(b"")
    told = recover_orphans(folder)
    assert len(told) == 5
    assert {path.name for path in folder.glob("*.yaml")} == {"one.yaml", "two.yaml"}
    assert {path.name for path in folder.glob("*.journal")} == {"busy.journal", "-bad.journal"}
    stores["busy"].close()


def test_a_folder_that_is_not_there_has_no_orphans(folder: Path) -> None:
    assert recover_orphans(folder) == []
    assert not folder.exists()


def test_a_newer_journal_is_left_alone(folder: Path, store: SessionStore) -> None:
    store.append(seen("a1"))
    kill(store)
    journal = folder / "demo.journal"
    newer = pack({"format": "pact-recorder journal", "version": 9})
    journal.write_bytes(newer)
    [told] = recover_orphans(folder)
    assert "its version is 9" in told
    assert journal.read_bytes() == newer
    SessionLock.acquire(folder / "demo.lock").release()


REFUSED = """
import resource, sys
from pathlib import Path
from pact_recorder.errors import StorageError
from pact_recorder.recordings import SessionStore
from tests.recordings.test_folding import again, seen

store = SessionStore(Path(sys.argv[1]), "demo")
store.open()
store.append(seen("a1"))
resource.setrlimit(resource.RLIMIT_FSIZE, (store._journal.size, resource.RLIM_INFINITY))
for attempt in (lambda: store.append(seen("b1")), lambda: store.append_repeat(again("a1"), 1.0)):
    try:
        attempt()
    except StorageError as error:
        print(error, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
if sys.argv[2] == "resumes":
    store.append(seen("c1"))
if sys.argv[2] == "killed":
    store.append(seen("c1"))
if sys.argv[2].startswith("killed"):
    import os; os._exit(1)
store.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
@pytest.mark.parametrize("then", ["resumes", "ends", "killed", "killed at once"])
def test_what_the_disk_refused_is_told_in_the_session(tmp_path: Path, then: str) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", REFUSED, str(tmp_path), then]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.stdout.count("File too large") == 2, done.stderr
    if then.startswith("killed"):
        (told,) = recover_orphans(tmp_path)
        records = "2 records" if then == "killed" else "1 record"
        assert told.endswith(f"({records} recovered, at least 2 that the disk had refused).")
    session = load_session(tmp_path / "demo.yaml")
    assert session.header.missing == 2
    assert len(session.entries) == (1 if then in ("ends", "killed at once") else 2)
    again_ = SessionStore(tmp_path, "demo")
    again_.open()
    again_.append(seen("d1"))
    again_.close()
    assert read_session_header(tmp_path / "demo.yaml").missing == 2
