import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching import PathExpression, PathExpressionError
from pact_recorder.matching.paths import (
    AnyIndex,
    AnyName,
    Index,
    Name,
    Root,
    Token,
    Trail,
    render_key,
    render_trail,
    token_weight,
)

PARSED: list[tuple[str, list[Token]]] = [
    ("", []),
    ("$", [Root()]),
    ("$.a", [Root(), Name("a")]),
    ("$['a b']", [Root(), Name("a b")]),
    (r"$['it\'s']", [Root(), Name("it's")]),
    (r"$['a\\b']", [Root(), Name("a\\b")]),
    ("$[0].b", [Root(), Index(0), Name("b")]),
    ("$.a.0", [Root(), Name("a"), Name("0")]),
    ("$.*[*]", [Root(), AnyName(), AnyIndex()]),
    ("$.a['@x'].#text", [Root(), Name("a"), Name("@x"), Name("#text")]),
    ("$.ns:a-b_c", [Root(), Name("ns:a-b_c")]),
    ("$.é", [Root(), Name("é")]),
    ("a.b", [Root(), Name("a"), Name("b")]),
]


@pytest.mark.parametrize(("text", "tokens"), PARSED)
def test_parse(text: str, tokens: list[Token]) -> None:
    assert PathExpression.parse(text).tokens == tuple(tokens)


@pytest.mark.parametrize(
    "text", ["$a", "$.", "$..a", "$[", "$[]", "$['a", "$['']", "$[-1]", "$[a]", "$.a b", "$.a!", "$[1", "*", "$.a]"]
)
def test_what_is_no_path_expression(text: str) -> None:
    with pytest.raises(PathExpressionError, match="cannot be read at character"):
        PathExpression.parse(text)


@pytest.mark.parametrize(
    ("text", "path", "weight"),
    [
        ("$", [], 2),
        ("$.a", ["a"], 4),
        ("$.a", ["b"], 0),
        ("$.a", [], 0),
        ("$.a", ["a", "b", 0], 4),
        ("$.*", ["a"], 2),
        ("$.*", [3], 2),
        ("$[*]", [3], 2),
        ("$[*]", ["a"], 0),
        ("$[*]", ["3"], 2),
        ("$[3]", [3], 4),
        ("$[3]", ["3"], 4),
        ("$[3]", ["03"], 4),
        ("$.3", [3], 4),
        ("$.a[*].b", ["a", 0, "b"], 8),
        ("", ["a"], 1),
    ],
)
def test_weight(text: str, path: list[str | int], weight: int) -> None:
    assert PathExpression.parse(text).weight(path) == weight


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("$", "$.a"),
        ("$.a.*", "$.a.b"),
        ("$.a", "$.a[*].*"),
        ("$.*", "$.a"),
        ("$.a.*", "$.*.b"),
        ("$.*.b.*", "$.*.*.c"),
        ("", "$"),
    ],
)
def test_rank_orders_expressions_that_name_the_same_node(weaker: str, stronger: str) -> None:
    assert PathExpression.parse(weaker).rank < PathExpression.parse(stronger).rank


def test_an_expression_of_ten_thousand_tokens_is_ranked() -> None:
    expression = PathExpression.parse("$" + ".a" * 10_000)
    assert expression.rank > PathExpression.parse("$" + ".a" * 9_999).rank
    assert expression.weight(["a"] * 20) == 0


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("a", ".a"),
        ("_a1", "._a1"),
        ("a-b", "['a-b']"),
        (0, "[0]"),
        ("100", "[100]"),
        ("it's", r"['it\'s']"),
        ("", "['']"),
    ],
)
def test_render_key(key: str | int, text: str) -> None:
    assert render_key(key) == text


keys = st.one_of(st.integers(0, 10**6), st.text(min_size=1))


@given(st.lists(keys))
def test_a_rendered_trail_names_its_own_node(path: list[str | int]) -> None:
    trail: Trail = None
    for key in path:
        trail = (trail, key)
    assert PathExpression.parse(render_trail(trail)).weight(path) == 2 ** (len(path) + 1)


@given(keys)
def test_wildcards_weigh_less_than_exact_tokens(key: str | int) -> None:
    exact = PathExpression.parse("$" + render_key(key)).tokens[1]
    assert token_weight(exact, key) == 2
    assert token_weight(AnyName(), key) == 1
    assert token_weight(AnyIndex(), key) in (0, 1)
