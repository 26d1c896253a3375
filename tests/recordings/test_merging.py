from dataclasses import replace
from pathlib import Path

import pytest

from pact_recorder.recordings.files import SessionFiles
from pact_recorder.recordings.journal import Journal, pack
from pact_recorder.recordings.merging import Merge
from pact_recorder.recordings.session import JournalMark
from pact_recorder.recordings.session_file import iterate_session, read_session_header
from tests.recordings.test_folding import seen
from tests.recordings.test_store import summary


@pytest.fixture
def files(tmp_path: Path) -> SessionFiles:
    return SessionFiles.of(tmp_path, "demo")


@pytest.fixture
def journal(files: SessionFiles) -> Journal:
    return Journal.create(files.journal, "demo")


def test_a_merge_sees_the_journal_up_to_its_end(files: SessionFiles, journal: Journal) -> None:
    journal.append(seen("a1"))
    merge = Merge(files, end=journal.size)
    journal.append(seen("b1"))
    assert summary(merge.entries()) == [("a1", 1, ())]
    assert summary(Merge(files).entries()) == [("a1", 1, ()), ("b1", 1, ())]


def test_what_is_written_says_how_much_of_the_journal_it_holds(files: SessionFiles, journal: Journal) -> None:
    journal.append(seen("a1"))
    Merge(files).write("some tool")
    header = read_session_header(files.session)
    assert (header.name, header.tool) == ("demo", "some tool")
    assert header.journal == JournalMark(journal.header.identifier, journal.size)
    assert not Merge(files).has_news
    journal.append(seen("a2"))
    later = Merge(files)
    assert later.has_news
    assert summary(later.entries()) == [("a1", 1, (1,)), ("a2", 1, (2,))]


def test_a_file_that_has_everything_is_not_written_again(files: SessionFiles, journal: Journal) -> None:
    journal.append(seen("a1"))
    Merge(files).write("one")
    before = files.session.stat().st_ino
    Merge(files).write("two")
    assert files.session.stat().st_ino == before
    Merge(files, scrub=lambda exchange: exchange).write("three")
    assert read_session_header(files.session).tool == "three"


def test_what_the_disk_refused_is_counted_once(files: SessionFiles, journal: Journal) -> None:
    for known in (2, 5):
        journal.note_missing(known)
        for _ in range(2):
            Merge(files).write("tool")
            assert read_session_header(files.session).missing == known
    assert Merge(files, journal=replace(journal.header, missing=6)).missing == 1


def note_in_a_record_of_its_own(files: SessionFiles, count: int) -> None:
    with files.journal.open("ab") as file:
        file.write(pack({"missing": count}))


@pytest.mark.parametrize("recorded", [0, 1])
def test_what_the_disk_refused_is_counted_once_from_records_of_its_own(
    files: SessionFiles, journal: Journal, recorded: int
) -> None:
    for _ in range(recorded):
        journal.append(seen("a1"))
    for known, more in ((2, 2), (5, 3)):
        note_in_a_record_of_its_own(files, more)
        for _ in range(2):
            merge = Merge(files)
            merge.write("tool")
            assert (merge.warnings, merge.damaged) == ([], False)
            assert read_session_header(files.session).missing == known
    assert summary(iterate_session(files.session)) == [("a1", 1, ())][:recorded]


def test_another_journal_is_new_as_a_whole(files: SessionFiles, journal: Journal) -> None:
    journal.append(seen("a1"))
    Merge(files).write("tool")
    files.journal.unlink()
    Journal.create(files.journal, "demo").append(seen("a1"))
    Merge(files).write("tool")
    assert summary(iterate_session(files.session)) == [("a1", 2, ())]


def test_a_journal_without_its_header_is_new_as_a_whole(files: SessionFiles, journal: Journal) -> None:
    journal.append(seen("a1"))
    files.journal.write_bytes(b"x" + files.journal.read_bytes())
    merge = Merge(files)
    merge.write("tool")
    assert summary(iterate_session(files.session)) == [("a1", 1, ())]
    assert merge.damaged
    assert len(merge.warnings) == 1


def test_repeats_of_nothing_known_are_counted(files: SessionFiles, journal: Journal) -> None:
    journal.append(seen("a1"))
    journal.append_repeat("00" * 16, 1.0)
    merge = Merge(files)
    assert summary(merge.entries()) == [("a1", 1, ())]
    assert merge.unknown_repeats == 1
