from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.cli.tables import WIDEST, counted, shown, shown_path, size, table


def test_columns_are_aligned_and_numbers_stand_to_the_right() -> None:
    rows = [("provider", "exchanges"), ("api.example.com", "7"), ("b", "1,200")]
    assert table(rows, numbers=(1,)) == [
        "provider         exchanges",
        "api.example.com          7",
        "b                    1,200",
    ]


def test_a_table_may_be_indented_and_may_be_empty() -> None:
    assert table([("a", "b")], indent="  ") == ["  a  b"]
    assert table([]) == []


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1540, "1.5 kB"), (99_960, "100 kB"), (16_000_000, "16 MB"),
     (999_600, "1.0 MB"), (7 * 10**12, "7000 GB")],
)  # fmt: skip
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (12_000, "12,000 entries")]
)
def test_counts(count: int, text: str) -> None:
    assert counted(count, "entry", "entries") == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/home/ada/shop/pact.json", "pact.json"),
        ("/home/bob/pact.json", "/home/bob/pact.json"),
        ("sub/pact.json", "sub/pact.json"),
        ("/var/lib/contracts/of/teams/web-shop.json", "…ts/of/teams/web-shop.json"),
        ("/tmp/a\x1bb", "/tmp/a�b"),
    ],
)
def test_paths_are_shown_as_seen_from_a_folder_and_by_their_end(path: str, text: str) -> None:
    assert shown_path(Path(path), Path("/home/ada/shop"), 26) == text


def test_foreign_text_cannot_steer_the_terminal() -> None:
    assert shown("a\x1b[2Jb\nc\u202ed") == "a�[2Jb�c�d"


@given(st.text())
def test_shown_text_is_one_printable_line_of_bounded_width(text: str) -> None:
    assert len(shown(text)) <= WIDEST
    assert shown(text).isprintable()
    assert shown(shown(text)) == shown(text)
