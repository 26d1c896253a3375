import pytest

from pact_recorder.mock.mockserver.graphql import tokens

SAME = [
    ("{ a, b }", "{a b}"),
    ("query Q($x: Int = 1) { a(x: $x) }", "query Q ( $x : Int=1 )\n{ # comment\n  a(x:$x), }"),
    ('{ a(s: "x y") }', '{a(s:"x y")}'),
    ("{ ...F }", "{...F}"),
    ("{ a(n: -1.5e3) }", "{a(n:-1.5e3)}"),
    ('{ a(s: """b\n"c" """) }', '{a(s:"""b\n"c" """)}'),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_layout_means_nothing(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


DIFFERENT = [("{ab}", "{a b}"), ('{a(s:"x y")}', '{a(s:"xy")}'), ('{a(s:"#b")}', '{a(s:"#c")}'), ("{a}", "{b}")]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_tokens_do(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


@pytest.mark.parametrize("text", ['"' * 50_000, "#" * 50_000, '"""' + '\\"""' * 20_000, "-" * 50_000, "{" * 50_000])
def test_hostile_queries_are_read_in_time(text: str) -> None:
    assert tokens(text) is not None
