import fcntl
import json
import os
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.errors import MergeError, PactDocumentError, StorageError
from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.pact import (
    Contract,
    Interaction,
    MessageInteraction,
    contract_file_name,
    files,
    format_contract,
    load_contract,
    write_contract,
)


def entry(description: str, path: str = "/", key: str | None = None) -> Interaction:
    return Interaction(description, ExpectedRequest(path=path), ExpectedResponse(), key=key)


def contract(*interactions, consumer: str = "c") -> Contract:
    return Contract(consumer, "p", interactions)


MESSAGE = MessageInteraction("m", ExpectedMessage())


@pytest.mark.parametrize(
    ("consumer", "provider", "name"),
    [
        ("web", "api", "web-api.json"),
        ("Fulfilment API", "Orders API", "Fulfilment API-Orders API.json"),
        ("api.example.com", "v2_x", "api.example.com-v2_x.json"),
        ("café", "日本", "café-日本.json"),
        ("web", "", "web-.json"),
    ],
)
def test_ordinary_names_are_kept(consumer: str, provider: str, name: str) -> None:
    assert contract_file_name(consumer, provider) == name


HOSTILE = [
    ("a/b", "p"), ("../../etc/passwd", "p"), ("a\\b", "p"), ("..", ".."), (".", "x"), (".hidden", "p"), ("-rf", "p"),
    ("", "p"), ("a\0b", "p"), ("a\nb", "p"), ("a\x1b[31mb", "p"), ("a\u202eb", "p"), ("C:x", "p"), ("a*?", "p"),
    ("con.x", "p"), ("NUL.", "p"), ("x" * 300, "p"), ("é" * 150, "p"), ("\ud800", "p"), (" lead", "p"),
]  # fmt: skip


@pytest.mark.parametrize(("consumer", "provider"), HOSTILE)
def test_hostile_names_stay_in_the_directory(consumer: str, provider: str, tmp_path: Path) -> None:
    name = contract_file_name(consumer, provider)
    check_name(name)
    assert name != f"{consumer}-{provider}.json"
    (tmp_path / name).write_text("")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@given(st.text(st.characters()), st.text(st.characters()))
def test_every_name_is_a_file_name(consumer: str, provider: str) -> None:
    check_name(contract_file_name(consumer, provider))


def check_name(name: str) -> None:
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(letter).startswith("C") for letter in name)
    assert name[0] not in ".- "
    assert name.endswith(".json")


def test_hostile_names_do_not_meet() -> None:
    names = [contract_file_name(consumer, "p") for consumer in ("a/b", "a\\b", "a:b", "a_b", "a/b-p")]
    assert len(set(names)) == len(names)


def test_writing_and_loading(tmp_path: Path) -> None:
    path = write_contract(contract(entry("a")), tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "c-p.json"
    assert path.read_text() == format_contract(contract(entry("a")), 3)
    assert load_contract(path) == contract(entry("a"))
    assert load_contract(str(path)) == contract(entry("a"))


@pytest.mark.parametrize(("version", "text"), [(2, "2.0.0"), (3, "3.0.0"), (4, "4.0")])
def test_the_version_written(tmp_path: Path, version, text: str) -> None:
    path = write_contract(contract(entry("a")), tmp_path, version=version)
    assert json.loads(path.read_text())["metadata"]["pactSpecification"]["version"] == text


def test_writing_merges_unless_told_to_overwrite(tmp_path: Path) -> None:
    write_contract(contract(entry("a"), entry("b")), tmp_path)
    path = write_contract(contract(entry("b", "/new"), entry("c")), tmp_path)
    assert load_contract(path) == contract(entry("a"), entry("b", "/new"), entry("c"))
    write_contract(contract(entry("c")), tmp_path, overwrite=True)
    assert load_contract(path) == contract(entry("c"))


def test_a_conflict_leaves_the_file_alone(tmp_path: Path) -> None:
    path = write_contract(contract(entry("a")), tmp_path)
    before = path.read_bytes()
    with pytest.raises(MergeError, match='"a"'):
        write_contract(contract(entry("a", "/new")), tmp_path, on_conflict="error")
    assert path.read_bytes() == before


def test_another_pair_of_the_same_file_name_is_refused(tmp_path: Path) -> None:
    write_contract(Contract("a-b", "c"), tmp_path)
    with pytest.raises(MergeError, match='has the consumer "a-b" and the new one "a"'):
        write_contract(Contract("a", "b-c"), tmp_path)


def test_a_file_that_is_no_contract_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "c-p.json"
    path.write_text("{")
    with pytest.raises(PactDocumentError, match=r"c-p\.json, line 1, column 2: is not JSON"):
        write_contract(contract(), tmp_path)
    assert path.read_text() == "{"
    write_contract(contract(entry("a")), tmp_path, overwrite=True)
    assert load_contract(path) == contract(entry("a"))


@pytest.mark.parametrize(("old", "new"), [(MESSAGE, entry("a")), (entry("a"), MESSAGE)])
def test_merging_never_drops_messages_or_interactions(tmp_path: Path, old, new) -> None:
    path = write_contract(contract(old), tmp_path)
    before = path.read_bytes()
    with pytest.raises(MergeError, match=r'would drop 1 of them \("m" is one\): write version 4'):
        write_contract(contract(new), tmp_path)
    assert path.read_bytes() == before
    write_contract(contract(new), tmp_path, version=4)
    assert load_contract(path) == contract(old, new)


def test_what_was_lost_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    write_contract(contract(entry("a", key="k"), MESSAGE), tmp_path, on_lost=told.extend)
    assert [line.partition(":")[0] for line in told] == ['interaction 1 ("a")', 'interaction 2 ("m")']
    told.clear()
    write_contract(contract(entry("a")), tmp_path, overwrite=True, on_lost=told.extend)
    assert told == []


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        path = write_contract(contract(), tmp_path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = write_contract(contract(), tmp_path)
    path.chmod(0o640)
    write_contract(contract(entry("a")), tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    write_contract(contract(entry("a")), tmp_path)
    write_contract(contract(entry("b")), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["c-p.json"]


def test_a_refusing_disk_is_a_storage_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "c-p.json").mkdir()
    with pytest.raises(StorageError, match=r"c-p\.json: cannot be written \(Is a directory\)"):
        write_contract(contract(), tmp_path, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["c-p.json"]
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        write_contract(contract(), tmp_path / "file")


def test_a_writer_that_is_interrupted_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_contract(contract(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("absent.json", "No such file or directory"), ("", "Is a directory"), ("a\0b", "embedded null byte")],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(PactDocumentError, match=rf"cannot be read \({reason}\)"):
        load_contract(f"{tmp_path}/{name}")


def test_a_file_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(" " * 100)
    with pytest.raises(PactDocumentError, match="is larger than 10 bytes"):
        load_contract(path, max_bytes=10)


def test_a_writer_waits_for_another_but_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.1)
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        with pytest.raises(StorageError, match=r"another process has held its lock for 0\.1 seconds"):
            write_contract(contract(), tmp_path)
    finally:
        os.close(descriptor)
    write_contract(contract(), tmp_path)


WRITER = """
import sys
from pact_recorder.matching.expected import ExpectedRequest, ExpectedResponse
from pact_recorder.pact import Contract, Interaction, write_contract
for number in range(10):
    interaction = Interaction(f"{sys.argv[2]}.{number}", ExpectedRequest(), ExpectedResponse())
    write_contract(Contract("c", "p", (interaction,)), sys.argv[1])
"""


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, str(writer)]) for writer in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(load_contract(tmp_path / "c-p.json").interactions) == 30
