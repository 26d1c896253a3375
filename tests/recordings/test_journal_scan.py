from io import BytesIO
from pathlib import Path

import pytest

from pact_recorder.errors import SessionError, StorageError
from pact_recorder.http import Body, Exchange, Request, Response
from pact_recorder.recordings.journal import Journal, pack
from pact_recorder.recordings.journal_scan import ExchangeRecord, JournalScan, RepeatRecord, read_header, scan

Summary = list[str]


def make(path: Path, count: int, body: bytes = b"hi") -> list[int]:
    """A journal of numbered exchanges with one repeat at the end; where each record begins, and its end."""
    journal = Journal.create(path, "demo")
    boundaries = [0]
    for number in range(count):
        boundaries.append(journal.size)
        journal.append(Exchange(Request("GET", f"/{number}"), Response(200, body=Body(body))))
    boundaries.append(journal.size)
    journal.append_repeat("f00", 7.5)
    journal.close()
    return [*boundaries, path.stat().st_size]


def summary(scanned: JournalScan) -> Summary:
    return [
        record.exchange.request.path if isinstance(record, ExchangeRecord) else f"repeat {record.identity}"
        for record in scanned
    ]


def put(path: Path, content: bytes) -> None:
    """Write a file anew: emptying one that is there makes some file systems wait for the disk."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize("count", [1, 2])
def test_what_no_session_can_hold_is_left_out_with_the_reason(path: Path, count: int) -> None:
    journal = Journal.create(path, "demo")
    for status in (200, *[1000] * count, 204):
        journal.append(Exchange(Request("GET", f"/{status}"), Response(status)))
    journal.close()
    scanned = scan(path)
    for _ in range(2):
        assert summary(scanned) == ["/200", "/204"]
        exchanges = "1 exchange was" if count == 1 else "2 exchanges were"
        reason = "which no session can hold (response: the status is not one of 100 to 999)"
        assert scanned.warnings == [f"{path}: {exchanges} left out, {reason}."]
        assert (scanned.intact, scanned.damaged) == (2, True)


class InMemory(type(Path())):  # type: ignore[misc]
    """A file of so many sizes that a disk would need minutes for them."""

    content = b""

    def open(self, *_: object) -> BytesIO:  # type: ignore[override]
        return BytesIO(self.content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "demo.journal"


def test_a_whole_journal_is_read_in_order_without_a_warning(path: Path) -> None:
    boundaries = make(path, 3)
    scanned = scan(path)
    records = list(scanned)
    assert [record.reference for record in records] == boundaries[1:-1]
    assert [record.end for record in records] == boundaries[2:]
    assert records[-1] == RepeatRecord(records[-1].reference, boundaries[-1], "f00", 7.5)
    assert (scanned.warnings, scanned.damaged) == ([], False)
    assert scanned.header is not None
    assert scanned.header.session == "demo"
    assert read_header(path) == scanned.header


def test_a_part_is_read_from_one_boundary_to_another(path: Path) -> None:
    boundaries = make(path, 5)
    part = JournalScan(path, start=boundaries[2], end=boundaries[4])
    assert summary(part) == ["/1", "/2"]
    assert part.header == read_header(path)


def test_truncated_at_every_byte_it_gives_every_whole_record(path: Path) -> None:
    """200 records; what stands before the last two is read from its beginning for every 97th cut only."""
    boundaries = make(path, 199, b"")
    names = [*(f"/{number}" for number in range(199)), "repeat f00"]
    begins, ends = boundaries[1:-1], boundaries[2:]
    whole, left = path.read_bytes(), InMemory(path)
    for cut in range(len(whole) + 1):
        left.content = whole[:cut]
        # The last newline alone may be missing from a whole record.
        intact = sum(end <= cut + 1 for end in ends)
        skipped = 0 if cut % 97 == 0 else max(0, intact - 1)
        scanned = JournalScan(left, start=begins[skipped] if skipped else 0)
        assert summary(scanned) == names[skipped:intact], cut
        at_boundary = cut in boundaries or cut + 1 in boundaries
        assert len(scanned.warnings) == (0 if at_boundary else 1), cut
        assert not scanned.damaged


def test_what_the_disk_refused_is_counted(path: Path) -> None:
    journal = Journal.create(path, "demo")
    before = journal.size
    journal.note_missing(3)
    assert journal.size == before
    journal.append(Exchange(Request("GET", "/"), Response(200)))
    journal.note_missing(10**18 - 1)
    journal.close()
    scanned = scan(path)
    assert summary(scanned) == ["/"]
    assert (scanned.header, scanned.intact, scanned.warnings) == (journal.header, 1, [])
    assert journal.header.missing == 10**18 - 1


def test_what_the_disk_refused_is_counted_from_records_of_its_own(path: Path) -> None:
    make(path, 1)
    whole = path.read_bytes()
    # The newline of the first was hit.
    put(path, whole + pack({"missing": 2})[:-1] + b"?" + pack({"missing": 3}) + pack({"missing": -1}))
    scanned = scan(path)
    for _ in range(2):
        assert summary(scanned) == ["/0", "repeat f00"]
        assert scanned.missing == 5
    assert len(scanned.warnings) == 1


def test_every_single_bit_flip_costs_at_most_the_record_it_hits(path: Path) -> None:
    boundaries = make(path, 2, b"")
    whole = path.read_bytes()
    names = ["/0", "/1", "repeat f00"]
    for place in range(len(whole)):
        hit = sum(boundary <= place for boundary in boundaries[1:])
        on_newline = place + 1 in boundaries
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            put(path, flipped)
            scanned = scan(path)
            left = [name for number, name in enumerate(names, 1) if number != hit or on_newline]
            assert summary(scanned) == left, (place, bit)
            assert scanned.warnings, (place, bit)


def test_damage_is_told_with_its_place(path: Path) -> None:
    boundaries = make(path, 4)
    whole = bytearray(path.read_bytes())
    whole[boundaries[2] + 20] ^= 1
    whole[boundaries[3] + 20] ^= 1
    path.write_bytes(whole[:-1] + b"\n12345678 {torn")
    scanned = scan(path)
    assert summary(scanned) == ["/0", "/3", "repeat f00"]
    length = boundaries[4] - boundaries[2]
    assert scanned.warnings == [
        f"{path}: 2 damaged records were left out ({length} bytes from byte {boundaries[2]} on).",
        f"{path}: the last record, at byte {boundaries[5] + boundaries[6] - boundaries[5]}, "
        "is unfinished and was left out.",
    ]
    assert scanned.damaged


def test_a_body_cannot_forge_a_record(path: Path) -> None:
    forged = pack({"repeat": "forged", "started": 1.0})
    journal = Journal.create(path, "demo")
    journal.append(Exchange(Request("GET", "/"), Response(200, body=Body(b"\n" + forged))))
    journal.close()
    whole = bytearray(path.read_bytes())
    whole[-2] ^= 1
    path.write_bytes(whole)
    assert summary(scan(path)) == []


def test_a_record_of_an_unknown_kind_is_damage(path: Path) -> None:
    make(path, 1)
    with path.open("ab") as file:
        file.write(pack({"exchange": {"request": 1}}) + pack({"note": 1}))
    scanned = scan(path)
    assert summary(scanned) == ["/0", "repeat f00"]
    assert len(scanned.warnings) == 1


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"format": "other", "version": 1}, "this is not a journal of pact-recorder"),
        (
            {"format": "pact-recorder journal", "version": 2},
            "its version is 2, this pact-recorder reads version 1",
        ),
        ({"format": "pact-recorder journal", "version": 1}, "its first record is incomplete"),
    ],
)
def test_a_foreign_or_newer_journal_is_an_error(path: Path, header: dict[str, object], reason: str) -> None:
    path.write_bytes(pack(header))
    with pytest.raises(SessionError, match=reason):
        list(scan(path))


def test_a_missing_journal_is_an_error(path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read: No such file"):
        list(scan(path))


@pytest.mark.parametrize("content", [b"", b"\n", b"\x00" * 1000, b"{}\n" * 50, b"\xff\n\n"])
def test_rubbish_gives_no_record_and_no_exception(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    scanned = scan(path)
    assert summary(scanned) == []
    assert len(scanned.warnings) == bool(content)
    assert read_header(path) is None
