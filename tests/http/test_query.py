"""Query strings as clients send them, text or not."""

import pytest

from pact_recorder.http import parse_query


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("a=1&b", [("a", "1"), ("b", None)]),
        ("a+b=%C3%A9", [("a b", "é")]),
        ("%ff=%zz", [("\udcff", "%zz")]),
        # A raw byte that is not UTF-8 beside an escape.
        ("%ff\udcff\udcfe=%fe\udce9+", [("\udcff\udcff\udcfe", "\udcfe\udce9 ")]),
        ("\udcff=+", [("\udcff", " ")]),
    ],
)
def test_names_and_values_are_decoded(query: str, pairs: list[tuple[str, str | None]]) -> None:
    assert parse_query(query) == pairs
