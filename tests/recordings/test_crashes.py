"""Real processes that are killed, and disks that fill up, at random moments."""

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pact_recorder.errors import SessionLockedError
from pact_recorder.http.identity import exchange_identity
from pact_recorder.recordings import SessionStore, load_session, recover_orphans
from tests.recordings.test_folding import seen

ROOT = Path(__file__).parents[2]

RECORD = """
import sys
from pathlib import Path
from pact_recorder.recordings import SessionStore
from tests.recordings.test_folding import seen

store = SessionStore(Path(sys.argv[1]), "demo")
store.open()
number = int(sys.argv[2])
while True:
    store.append(seen(f"a{number}"))
    print(number, flush=True)
    number += 1
    if number % 50 == 0:
        store.save()
"""

FILL = """
import os, resource, signal, sys
from pathlib import Path
from pact_recorder.errors import StorageError
from pact_recorder.recordings import SessionStore
from tests.recordings.test_folding import seen

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SessionStore(Path(sys.argv[1]), "demo")
store.open()
for number in range(20):
    store.append(seen(f"a{number}"))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
for work in (store.save, store.close):
    try:
        work()
    except StorageError as error:
        print(error)
print(sorted(os.listdir(sys.argv[1])))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are POSIX")


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_whatever_was_appended_survives_kills_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(3)
    told = -1
    for _ in range(4):
        with start(RECORD, str(tmp_path), str(told + 1)) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(1, 160)):
                told = int(process.stdout.readline())
            process.kill()
            # What it said between our last look and the kill.
            told = int(([str(told), *process.stdout.read().split()])[-1])
        store = SessionStore(tmp_path, "demo")
        store.open()
        store.close()
        entries = load_session(tmp_path / "demo.yaml").entries
        bodies = [entry.exchange.response.body for entry in entries]
        kept = [int(body.content) for body in bodies if body is not None]
        assert kept[: told + 1] == list(range(told + 1))
        assert len(kept) <= told + 2
        assert [entry.at for entry in entries] == [(place,) for place in range(1, len(kept) + 1)] or len(kept) == 1
        told = kept[-1]


def test_a_disk_that_is_full_at_the_end_keeps_the_journal_for_the_next_start(tmp_path: Path) -> None:
    with start(FILL, str(tmp_path)) as process:
        assert process.stdout is not None
        refused, again, files = process.stdout.read().splitlines()
    assert refused == again == f"The session {tmp_path}/demo.yaml cannot be written: File too large."
    assert files == "['demo.journal']"
    store = SessionStore(tmp_path, "demo")
    store.open()
    store.close()
    assert len(load_session(tmp_path / "demo.yaml").entries) == 20


def test_two_processes_in_one_folder_leave_each_others_sessions_alone(tmp_path: Path) -> None:
    # Without saves: one right before the kill would leave nothing to complete.
    named = RECORD.replace('"demo"', "sys.argv[3]").replace("number % 50 == 0", "False")
    with start(named, str(tmp_path), "0", "one") as one, start(named, str(tmp_path), "0", "two") as two:
        assert one.stdout is not None
        assert two.stdout is not None
        for _ in range(60):
            first, second = int(one.stdout.readline()), int(two.stdout.readline())
            assert recover_orphans(tmp_path) == []
        one.kill()
        one.wait()
        (told,) = recover_orphans(tmp_path)
        assert "one.yaml: completed from the journal" in told
        with pytest.raises(SessionLockedError, match=f"recorded by process {two.pid}"):
            SessionStore(tmp_path, "two").open()
        for _ in range(60):
            second = int(two.stdout.readline())
        two.kill()
        two.wait()
        (told,) = recover_orphans(tmp_path)
    assert "two.yaml: completed" in told
    assert len(load_session(tmp_path / "one.yaml").entries) > first
    assert len(load_session(tmp_path / "two.yaml").entries) > second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.yaml", "two.yaml"]


def test_a_clock_that_jumps_changes_no_order(tmp_path: Path) -> None:
    store = SessionStore(tmp_path, "demo")
    store.open()
    times = [1e9, -5.0, 4e9, 0.0, 1e9]
    for number, moment in enumerate(times):
        store.append(replace(seen(f"a{number}"), started=moment))
    store.append_repeat(exchange_identity(seen("a0")), -1e9)
    store.close()
    entries = load_session(tmp_path / "demo.yaml").entries
    assert [entry.at for entry in entries] == [(1, 6), (2,), (3,), (4,), (5,)]
    assert [entry.exchange.started for entry in entries] == times
