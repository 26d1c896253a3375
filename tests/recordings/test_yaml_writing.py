from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from pact_recorder.recordings.yaml_reading import read_documents
from pact_recorder.recordings.yaml_writing import block, key, scalar
from tests.recordings.strategies import awkward_text, wire_text

LOADERS = [yaml.CSafeLoader, yaml.SafeLoader]
Loader = type[yaml.CSafeLoader] | type[yaml.SafeLoader]

any_text = st.one_of(wire_text, awkward_text, st.text(" \t\n\r'\"\\:#-a\x85\u2028\ufeff"))
SPECIAL = [
    "a\n",
    "a\n\n",
    "a\n \nb",
    "a\n\tb\n",
    " a\nb",
    "a \nb \n",
    "a\n---\n...\n",
    "a\n  ",
    "a\n#b\n%c\n",
    "a\n\n\n b\n",
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("yaml") / "some.yaml"


def read_back(text: str, path: Path, loader: Loader) -> object:
    path.write_text(text, encoding="utf-8", newline="")
    [document] = read_documents(path, loader)
    return document.content


@pytest.mark.parametrize("loader", LOADERS)
@given(any_text)
@example("a" * 3000)
@example("é" * 1500)
def test_every_text_comes_back_as_value_item_and_key(path: Path, loader: Loader, text: str) -> None:
    written = f"- {scalar(text)}\n- a: {scalar(text)}\n- {key(text, 2)} b\n-\n  c: d\n"
    assert read_back(written, path, loader) == [text, {"a": text}, {text: "b"}, {"c": "d"}]


@pytest.mark.parametrize("loader", LOADERS)
@given(st.one_of(any_text, st.sampled_from(SPECIAL), st.text("ab \n\t-#:").map(lambda text: "a" + text)))
def test_every_text_comes_back_as_a_block(path: Path, loader: Loader, text: str) -> None:
    written = f"a:\n  b: {block(text, 6)}\n  c: d\n---\n- {block(text, 2)}\n"
    path.write_text(written, encoding="utf-8", newline="")
    contents = [document.content for document in read_documents(path, loader)]
    assert contents == [{"a": {"b": text, "c": "d"}}, [text]]


@pytest.mark.parametrize("loader", LOADERS)
def test_every_character_comes_back_in_a_line_and_in_a_block(path: Path, loader: Loader) -> None:
    points = [*range(0x700), *range(0x2000, 0x2100), *range(0xD7F0, 0xE010), *range(0xFEF0, 0x10010), 0x10FFFF]
    for start in range(0, len(points), 64):
        for form in ("{}", "a{}b", "a{}b\n", "a\n{}\nb"):
            texts = [form.format(chr(point)) for point in points[start : start + 64]]
            texts = [text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape") for text in texts]
            written = "".join(f"- {scalar(text)}\n- {block(text, 2)}\n" for text in texts)
            expected = [text for text in texts for _ in range(2)]
            assert read_back(written, path, loader) == expected, hex(points[start])


@given(st.text(max_size=20))
@example("1781")
@example("no")
@example("2026-11-20")
@example("0.5")
@example("1_000")
@example("0x1f")
@example("~")
@example("null")
@example("12:30:45")
@example("=")
@example("<<")
def test_other_yaml_readers_see_a_text_too(text: str) -> None:
    assert yaml.load(f"a: {scalar(text)}", yaml.CSafeLoader) == {"a": text}


@pytest.mark.parametrize(
    ("write", "text", "written"),
    [
        (scalar, "application/json; charset=utf-8", "application/json; charset=utf-8"),
        (scalar, "https://api.example.com/users?page=2#a", "https://api.example.com/users?page=2#a"),
        (scalar, "a: b", "'a: b'"),
        (scalar, "a #b", "'a #b'"),
        (scalar, "12", "'12'"),
        (scalar, "", "''"),
        (scalar, '"abc"', "'\"abc\"'"),
        (scalar, "é", '"é"'),
        (scalar, "a\r\nb", '"a\\r\\nb"'),
        (scalar, "\u202eevil", '"\\u202eevil"'),
        (scalar, "caf\udce9", "!!binary Y2Fm6Q=="),
        (scalar, "\ud800", "!!binary 7aCA"),
        (lambda text: block(text, 2), "a\n\n b\n", "|\n  a\n\n   b"),
        (lambda text: block(text, 2), "a\nb", "|-\n  a\n  b"),
        (lambda text: block(text, 2), "a\r\nb\n", '"a\\r\\nb\\n"'),
        (lambda text: block(text, 2), "one line", "one line"),
    ],
)
def test_how_a_text_is_written(write: Callable[[str], str], text: str, written: str) -> None:
    assert write(text) == written
