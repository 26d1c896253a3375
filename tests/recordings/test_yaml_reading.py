from pathlib import Path

import pytest
import yaml

from pact_recorder.errors import SessionError, StorageError
from pact_recorder.recordings.yaml_reading import MAX_DEPTH, read_documents

LOADERS = [yaml.CSafeLoader, yaml.SafeLoader]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.yaml"


@pytest.mark.parametrize("loader", LOADERS)
def test_documents_come_as_texts_with_their_lines(path: Path, loader: type[yaml.SafeLoader]) -> None:
    path.write_text("a: 1.10\nb: [no, 'x']\nc:\n---\n# a comment\n- d: |\n    e\n    f\n")
    first, second = read_documents(path, loader)
    assert first.content == {"a": "1.10", "b": ["no", "x"], "c": ""}
    assert second.content == [{"d": "e\nf\n"}]
    assert [second.line(place) for place in [(), (0,), (0, "d"), (0, "missing", 7)]] == [6, 6, 6, 6]
    assert first.line(("b", 1)) == 2


def test_a_file_is_read_as_it_is_asked_for(path: Path) -> None:
    path.write_text("a: 1\n---\n" + "b: 2\n---\n" * 10_000 + "- x: [\n")
    assert next(read_documents(path)).content == {"a": "1"}


BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (BOMB, 1, "anchors (&) and aliases (*) are not allowed: write the value out"),
        ("a: b\nc: *x\n", 2, "anchors (&) and aliases (*) are not allowed: write the value out"),
        ("a:\n- &x b\n", 2, "anchors (&) and aliases (*) are not allowed: write the value out"),
        ("a: 1\nb: 2\na: 3\n", 3, 'the key "a" stands here twice'),
        ("? [a]\n: b\n", 1, "a key must be a plain text"),
        ("? *a\n: b\n", 1, "a key must be a plain text"),
        ("&a b: c\n", 1, "a key must be a plain text"),
        ("\n- !!python/object/apply:os.system []\n", 2, "the tag tag:yaml.org,2002:python/object/"),
        ("a: !odd b\n", 1, "the tag !odd is not allowed: remove it"),
        ("a: !!binary '?'\n", 1, "the !!binary value is not base64"),
        ("a: [b\n\n", 3, "this is not YAML: "),
        ("a:\n\t- b\n", 2, "this is not YAML: "),
        ("a: 1\nb: \x00\n", 2, "this is not YAML: "),
        ("[" * (MAX_DEPTH + 1), 1, f"this is nested more than {MAX_DEPTH} levels deep"),
        ("[" * 1_000_000, 1, f"this is nested more than {MAX_DEPTH} levels deep"),
    ],
)  # fmt: skip
def test_what_is_refused(path: Path, text: str, line: int, reason: str, loader: type[yaml.SafeLoader]) -> None:
    path.write_text(text)
    with pytest.raises(SessionError) as caught:
        list(read_documents(path, loader))
    assert str(caught.value).startswith(f"{path}, line {line}: {reason}")


@pytest.mark.parametrize("content", [b"a: \xff\n", b"\xff\xfe\x00", b"\x00\x01\x02", b"\x80"])
def test_bytes_that_are_no_text_are_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SessionError, match="line 1: this is not YAML"):
        list(read_documents(path))


def test_a_missing_file_is_an_error(path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read: No such file"):
        list(read_documents(path))


def test_an_empty_file_has_no_documents(path: Path) -> None:
    path.write_text("# nothing\n")
    assert list(read_documents(path)) == []
