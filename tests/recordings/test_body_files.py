import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from pact_recorder.http import MediaType
from pact_recorder.recordings.body_files import BodyFiles, content_digest, extension


@pytest.fixture
def files(tmp_path: Path) -> BodyFiles:
    return BodyFiles(tmp_path / "a.b.yaml")


def test_a_content_is_stored_once_for_its_owner_only(files: BodyFiles) -> None:
    reference = files.store(b"hello", ".txt")
    assert reference == f"a.b.bodies/{content_digest(b'hello')}.txt"
    assert files.store(b"hello", ".txt") == reference
    [path] = files.folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    assert files.read(reference) == files.read(path.name) == files.read(f"renamed.bodies/{path.name}") == b"hello"
    files.sync()
    files.sync()


def test_a_file_that_is_there_is_not_written_again_but_a_changed_one_is(files: BodyFiles) -> None:
    reference = files.store(b"hello", ".txt")
    path = files.folder / Path(reference).name
    before = path.stat().st_ino
    BodyFiles(files.folder.with_suffix(".yaml")).store(b"hello", ".txt")
    assert path.stat().st_ino == before
    path.write_bytes(b"HELLO")
    BodyFiles(files.folder.with_suffix(".yaml")).store(b"hello", ".txt")
    assert files.read(reference) == b"hello"


@pytest.mark.parametrize(
    "reference",
    ["", ".", "..", "/etc/passwd", "../secret", "a.bodies/../../x", "a.bodies/..", "a/b", "x\\y", "c:x", "a\0b", "a\nb",
     "a.bodies/b/c", "a.bodies/"],
)  # fmt: skip
def test_nothing_outside_the_folder_is_read(files: BodyFiles, reference: str) -> None:
    files.store(b"x", ".txt")
    (files.folder.parent / "secret").write_text("secret")
    with pytest.raises(ValueError, match=r"is not (a file of the folder|the name of a file)"):
        files.read(reference)


def make_link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [make_link, make_folder, make_pipe, lambda path: None])
def test_what_is_no_regular_file_is_not_read(files: BodyFiles, make: Callable[[Path], None]) -> None:
    files.store(b"x", ".txt")
    make(files.folder / "odd")
    with pytest.raises(ValueError, match=r"the body file a\.b\.bodies/odd cannot be read: "):
        files.read("odd")


def test_files_of_no_exchange_are_removed_and_those_of_a_person_kept(files: BodyFiles) -> None:
    old = files.store(b"old", ".json.gz")
    (files.folder / ".x.tmp").write_text("")
    (files.folder / "mine.png").write_text("")
    later = BodyFiles(files.folder.with_suffix(".yaml"))
    kept = later.store(b"new", "")
    later.prune()
    assert {path.name for path in files.folder.iterdir()} == {"mine.png", Path(kept).name}
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        later.read(old)


def test_an_empty_folder_goes_and_a_missing_one_is_fine(files: BodyFiles) -> None:
    BodyFiles(files.folder).prune()
    files.store(b"old", ".txt")
    BodyFiles(files.folder.with_suffix(".yaml")).prune()
    assert not files.folder.exists()


@pytest.mark.parametrize(
    ("media_type", "coding", "expected"),
    [
        ("image/png", None, ".png"),
        ("application/vnd.api+json; a=b", None, ".json"),
        ("application/json", "GZIP", ".json.gz"),
        ("text/html", "br", ".html.br"),
        ("application/atom+xml", None, ".xml"),
        ("text/x-odd", None, ".txt"),
        ("application/x-odd", "x-odd", ".bin.bin"),
        (None, None, ".bin"),
        ("image/../../etc", None, ".bin"),
    ],
)
def test_extensions(media_type: str | None, coding: str | None, expected: str) -> None:
    assert extension(MediaType.parse(media_type), coding) == expected
