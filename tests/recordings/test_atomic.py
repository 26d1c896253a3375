import os
import stat
from pathlib import Path

import pytest

from pact_recorder.recordings.atomic import remove_leftovers, replacing, sync_files, write_new


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.yaml"


def test_a_file_takes_the_place_of_the_older_one_at_the_end(path: Path) -> None:
    path.write_text("old")
    path.chmod(0o644)
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_nothing_is_left_of_a_file_that_was_given_up(path: Path, error: type[BaseException]) -> None:
    path.write_text("old")
    with pytest.raises(error), replacing(path) as file:
        file.write(b"new")
        raise error
    assert path.read_text() == "old"
    assert os.listdir(path.parent) == [path.name]


def test_a_folder_in_its_place_is_the_systems_error_and_leaves_nothing(path: Path) -> None:
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        write_new(path, b"x")
    with pytest.raises(IsADirectoryError), replacing(path):
        pass
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("count", [0, 1, 40])
def test_files_are_brought_to_the_disk_few_or_many(tmp_path: Path, count: int) -> None:
    names = [f"{number}.txt" for number in range(count)]
    for name in names:
        write_new(tmp_path / name, name.encode())
    sync_files(tmp_path, names)
    assert sorted(os.listdir(tmp_path)) == sorted(names)


def test_only_what_a_killed_writer_of_this_file_left_is_removed(path: Path) -> None:
    names = [".some.yaml.abc.tmp", ".other.yaml.abc.tmp", "some.yaml.tmp", ".some.yaml.abc"]
    for name in names:
        (path.parent / name).write_text("")
    remove_leftovers(path)
    remove_leftovers(path.parent / "missing" / "x.yaml")
    assert sorted(os.listdir(path.parent)) == sorted(names[1:])
