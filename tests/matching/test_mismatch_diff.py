import json
import re
from unicodedata import combining, east_asian_width

import pytest
from expecting import json_response
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching import BodyMismatch, side_by_side
from pact_recorder.matching.mismatch_diff import NARROWEST

_CODES = re.compile("\x1b\\[[0-9]+m")


def cells(line: str) -> int:
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in line)


def test_a_value_of_each_side() -> None:
    mismatches = json_response({"a": 1, "b": "x"}, {"a": 2, "b": "x"})
    assert side_by_side(mismatches, 60) == "\n".join(
        [
            "$.a",
            "  Expected 2 (Integer) to be equal to 1 (Integer)",
            "  expected                    | actual",
            "  1                           ! 2",
        ]
    )


def test_objects_and_lists_are_aligned() -> None:
    expected, actual = '{"a":1,"b":[1.50,2],"c":{}}', '{"a":1,"b":[1.50,3,4],"c":{}}'
    text = side_by_side([BodyMismatch("$", expected, actual, "They differ")], 50)
    assert text.splitlines()[3:] == [
        "  {                      | {",
        '    "a": 1,              |   "a": 1,',
        '    "b": [               |   "b": [',
        "      1.50,              |     1.50,",
        "      2                  !     3,",
        "                         !     4",
        "    ],                   |   ],",
        '    "c": {}              |   "c": {}',
        "  }                      | }",
    ]


@pytest.mark.parametrize(
    ("expected", "actual", "row"),
    [
        (None, "x", "  (nothing)         ! x"),
        ("x", None, "  x                 ! (nothing)"),
        ("", "x", "                    ! x"),
        ("日本", "é", "  日本              ! é"),
        ("\x1b[31m", "\x07", "  \\x1b[31m          ! \\x07"),
        ("{bad", "[1", "  {bad              ! [1"),
    ],
)
def test_other_values(expected: str | None, actual: str | None, row: str) -> None:
    assert side_by_side([BodyMismatch("$", expected, actual, "s")], NARROWEST).splitlines()[3] == row


def test_colours_mark_what_differs() -> None:
    text = side_by_side([BodyMismatch("$.a", "[1,2]", "[1,3]", "s")], 40, colour=True)
    assert "\x1b[1m$.a\x1b[0m" in text
    assert "\x1b[32m  2\x1b[0m" in text
    assert "\x1b[31m  3\x1b[0m" in text
    assert _CODES.sub("", text) == side_by_side([BodyMismatch("$.a", "[1,2]", "[1,3]", "s")], 40)


def test_sentences_about_one_place_share_a_block() -> None:
    mismatches = [BodyMismatch("$", "1", "2", "first"), BodyMismatch("$", "1", "2", "second")]
    assert side_by_side(mismatches, 40).splitlines() == [
        "$",
        "  first",
        "  second",
        "  expected          | actual",
        "  1                 ! 2",
    ]


def test_many_places_are_counted() -> None:
    text = side_by_side([BodyMismatch(f"$[{number}]", "1", "2", "s") for number in range(60)])
    assert text.endswith("… and 10 more places that differ")
    assert text.count("expected") == 50


def test_many_lines_are_cut() -> None:
    text = side_by_side([BodyMismatch("$", json.dumps(list(range(500))), "[]", "s")])
    assert len(text.splitlines()) == 104
    assert text.splitlines()[-1].split() == ["…", "!"]


def test_nothing_differs() -> None:
    assert side_by_side([]) == ""


VALUES = st.none() | st.text(max_size=200) | st.lists(st.text() | st.integers(), max_size=5).map(json.dumps)


@given(st.lists(st.builds(BodyMismatch, st.text(), VALUES, VALUES, st.text()), max_size=3), st.integers(0, 120))
def test_every_line_fits(mismatches: list[BodyMismatch], width: int) -> None:
    text = side_by_side(mismatches, width, colour=True)
    lines = [_CODES.sub("", line) for line in text.split("\n")]
    assert all(cells(line) <= max(width, NARROWEST) for line in lines)
    assert all(line.isprintable() for line in lines)
