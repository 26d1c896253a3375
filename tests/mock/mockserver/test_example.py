import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.mock.mockserver.example import example_of
from pact_recorder.mock.mockserver.text import java_pattern, translated

EXAMPLES = {
    "abc": "abc",
    r"/users/\d+": "/users/1",
    "/users/[0-9]{3}": "/users/111",
    "[A-Z]{2,5}": "AA",
    "(GET|POST)": "GET",
    "a?b*c+": "abc",
    "Bearer .+": "Bearer a",
    r"\w+@\w+\.com": "a@a.com",
    "(?:ab){2}": "abab",
    "^/a$": "/a",
    "[^/]+": "a",
    "[]x]": "x",
    r"\Qa.b\E": "a.b",
    "a{0}b": "b",
    "|a": "a",
    r"\p{Lu}": "A",
    "[[a]b]": "a",
    "": "",
}
WITHOUT = ["(?=x)y", "(", "[z-a]", "(?!a)a", r"a\bb", "a{5000}", "a++a", "(" * 60 + ")" * 60, "\\"]


@pytest.mark.parametrize(("pattern", "example"), EXAMPLES.items())
def test_an_example_is_made(pattern: str, example: str) -> None:
    compiled = java_pattern(pattern)
    assert compiled is not None
    assert example_of(compiled, translated(pattern)) == example


@pytest.mark.parametrize("pattern", WITHOUT)
def test_no_example_is_made_of_what_is_not_understood(pattern: str) -> None:
    compiled = java_pattern(pattern)
    assert compiled is None or example_of(compiled, translated(pattern)) is None


@given(st.text(st.sampled_from(r"ab1.\dw[]-^(|)*+?{2,}$:"), max_size=12))
def test_an_example_always_matches(pattern: str) -> None:
    compiled = java_pattern(pattern)
    example = None if compiled is None else example_of(compiled, translated(pattern))
    assert example is None or (compiled is not None and compiled.fullmatch(example))
