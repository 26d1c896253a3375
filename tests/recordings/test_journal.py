import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pact_recorder.errors import StorageError
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings.journal import Journal, Reference, pack, unpack
from pact_recorder.recordings.journal_scan import ExchangeRecord, scan
from pact_recorder.recordings.syncing import Fsync


def numbered(number: int, size: int = 0) -> Exchange:
    body = Body(b"x" * size) if size else None
    return Exchange(Request("GET", f"/{number}"), Response(200, headers=Headers([("A", "\udce9")]), body=body))


def recorded(path: Path) -> list[Exchange]:
    return [record.exchange for record in scan(path) if isinstance(record, ExchangeRecord)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "demo.journal"


@pytest.mark.parametrize("fsync", Fsync)
def test_what_was_appended_is_read_back_by_its_reference(path: Path, fsync: Fsync) -> None:
    journal = Journal.create(path, "demo", fsync=fsync)
    exchanges = [numbered(1), numbered(2, 100_000), numbered(3, 1_000_000)]
    references = [journal.append(exchange) for exchange in exchanges]
    journal.append_repeat("abc", 5.0)
    assert [journal.read(reference) for reference in references] == exchanges
    assert journal.size == path.stat().st_size
    journal.close()
    assert recorded(path) == exchanges


def test_each_append_is_on_the_file_before_it_returns(path: Path) -> None:
    journal = Journal.create(path, "demo")
    for number in range(3):
        journal.append(numbered(number))
        assert len(recorded(path)) == number + 1
    journal.close()


def test_the_journal_is_for_its_owner_only(path: Path) -> None:
    Journal.create(path, "demo").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_existing_journal_is_not_overwritten(path: Path) -> None:
    path.write_text("something")
    with pytest.raises(StorageError, match="cannot be made: File exists"):
        Journal.create(path, "demo")
    assert path.read_text() == "something"


def test_a_closed_journal_refuses_and_closes_again(path: Path) -> None:
    journal = Journal.create(path, "demo")
    journal.close()
    journal.close()
    with pytest.raises(StorageError, match=r"demo\.journal failed"):
        journal.append(numbered(1))


@pytest.mark.parametrize("reference", [1, 10_000])
def test_a_wrong_reference_is_an_error(path: Path, reference: int) -> None:
    journal = Journal.create(path, "demo")
    journal.append(numbered(1))
    with pytest.raises(StorageError, match=f"damaged at byte {reference}"):
        journal.read(Reference(reference))
    journal.close()


FILL = """
import resource, signal, sys
from pathlib import Path
from pact_recorder.errors import StorageError
from pact_recorder.recordings.journal import Journal
from tests.recordings.test_journal import numbered

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal.create(Path(sys.argv[1]), "demo")
room = lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
journal.append(numbered(1))
room(journal.size + 500)
for _ in range(2):
    try:
        journal.append(numbered(2, 5000))
    except StorageError as error:
        print(error)
journal.append(numbered(3))
room(1 << 20)
journal.append(numbered(4, 5000))
print(journal.read(journal.append(numbered(5))).request.path)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
def test_a_full_disk_costs_only_the_record_that_does_not_fit(path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", FILL, str(path)], cwd=root, capture_output=True, text=True, check=True)
    failure = f"Writing the journal {path} failed: File too large."
    assert done.stdout.splitlines() == [failure, failure, "/5"]
    kept = scan(path)
    assert [record.exchange.request.path for record in kept if isinstance(record, ExchangeRecord)] == [
        "/1", "/3", "/4", "/5",
    ]  # fmt: skip
    assert kept.warnings == []


def test_readers_see_whole_records_while_one_thread_writes(path: Path) -> None:
    journal = Journal.create(path, "demo")
    references = [journal.append(numbered(0, 50))]
    failures: list[int] = []

    def read() -> None:
        for turn in range(300):
            number = turn % len(references)
            if journal.read(references[number]).request.path != f"/{number}":
                failures.append(number)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 300):
        references.append(journal.append(numbered(number, 50)))
    for reader in readers:
        reader.join()
    journal.close()
    assert failures == []


def test_a_line_that_was_tampered_with_is_no_record() -> None:
    line = pack({"repeat": "a", "started": 1.0})
    assert unpack(line) == unpack(line[:-1]) == {"repeat": "a", "started": 1.0}
    assert unpack(line.replace(b'"a"', b'"b"')) is None
    assert unpack(b"") is None
    assert unpack(b"00000000 \n") is None


def test_a_deep_or_foreign_json_line_is_no_record() -> None:
    from zlib import crc32

    for text in (b"[" * 100_000, b"[]", b"1"):
        assert unpack(b"%08x %b\n" % (crc32(text), text)) is None


def test_a_failed_start_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file or directory"):
        Journal.create(tmp_path / "missing" / "demo.journal", "demo")
    assert os.listdir(tmp_path) == []
