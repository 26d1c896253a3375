from pathlib import Path

import pytest

from pact_recorder.errors import UsageError
from pact_recorder.recordings.files import MAX_NAME, SessionFiles, find_session, journals, session_names


@pytest.mark.parametrize("name", ["demo", "2026-11-20 first", "a.b", "Ünïcode", "x" * MAX_NAME, "con-session"])
def test_names_that_are_fine(tmp_path: Path, name: str) -> None:
    files = SessionFiles.of(tmp_path, name)
    assert [path.name for path in (files.session, files.journal, files.lock)] == [
        f"{name}.yaml", f"{name}.journal", f"{name}.lock",
    ]  # fmt: skip
    files.session.write_text("")
    assert session_names(tmp_path) == [name]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is empty"),
        ("x" * (MAX_NAME + 1), "it is longer than 100 characters"),
        ("\U0001f600" * 60, "it is longer than 100 characters or 200 bytes"),
        ("a/b", "it has the character '/'"),
        ("..\\b", r"it has the character '\\\\'"),
        ("a\0", "it has the character"),
        ("a\nb", "it has the character"),
        ("a\u202eb", "it has the character"),
        ("\ud800", "it has the character"),
        ("c:", "it has the character ':'"),
        ("a*", "it has the character"),
        (".hidden", "it begins with a dot"),
        ("..", "it begins with a dot"),
        ("-rf", "it begins with a dot or dash"),
        ("a.", "ends with a dot"),
        (" a", "has spaces around it"),
        ("NUL", "Windows reserves it"),
        ("com1.x", "Windows reserves it"),
    ],
)
def test_names_that_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(UsageError, match=f"cannot be the name of a session: .*{reason}"):
        SessionFiles.of(tmp_path, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("checkout.yaml", "catalog.yaml", "a.b.yaml", "running.journal", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text("")
    return tmp_path


@pytest.mark.parametrize("wanted", ["checkout", "checkout.yaml", "a.b", "a.b.yaml"])
def test_a_session_is_found_by_name(folder: Path, wanted: str) -> None:
    assert find_session(folder, wanted) == folder / (wanted.removesuffix(".yaml") + ".yaml")


def test_a_session_is_found_by_path(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    elsewhere = Path("elsewhere")
    assert find_session(elsewhere, str(folder / "checkout.yaml")) == folder / "checkout.yaml"
    assert find_session(elsewhere, "./checkout.yaml") == Path("checkout.yaml")
    assert find_session(elsewhere, "checkout.yaml") == Path("checkout.yaml")


@pytest.mark.parametrize(
    ("wanted", "advice"),
    [
        ("chekout", ": did you mean checkout?"),
        ("zzz", "; there are a.b, catalog, checkout."),
        ("running", ": it is being recorded, or was killed and will be recovered at the next start."),
        ("x" * 100_000, "; there are a.b, catalog, checkout."),
        ("", "; there are a.b, catalog, checkout."),
    ],
)
def test_a_session_that_is_not_there(folder: Path, wanted: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_session(folder, wanted)
    assert str(caught.value).endswith(f" in {folder}{advice}")


@pytest.mark.parametrize(
    ("wanted", "advice"),
    [
        ("./chekout.yaml", ": did you mean checkout.yaml?"),
        ("zzz/chekout.yaml", "."),
        ("pact.json", "."),
        ("../../etc/passwd", "."),
        ("./" + "x" * 100_000, "."),
    ],
)
def test_a_file_that_is_not_there(folder: Path, wanted: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(UsageError) as caught:
        find_session(folder, wanted)
    assert str(caught.value) == f"There is no file {wanted}{advice}"


def test_a_name_cannot_steer_the_terminal(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"no file \./\\x1b\[2J\\x00\."):
        find_session(folder, "./\x1b[2J\0")


def test_a_folder_without_sessions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"There is no session 'a' in {tmp_path}/none, and no other"):
        find_session(tmp_path / "none", "a")


def test_journals_are_listed(folder: Path) -> None:
    assert journals(folder) == [folder / "running.journal"]
