import random
import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching.oniguruma import compile_pattern, translate
from pact_recorder.matching.oniguruma_escapes import PatternError
from pact_recorder.matching.pattern_examples import Pick, example_of_pattern


def plainest(count: int) -> int:
    return 0


def made(pattern: str, pick: Pick = plainest) -> str | None:
    compiled = compile_pattern(pattern).compiled
    return example_of_pattern(translate(pattern), lambda text: compiled.fullmatch(text, timeout=1) is not None, pick)


@pytest.mark.parametrize(
    ("pattern", "example"),
    [
        ("abc", "abc"),
        (r"/users/\d+", "/users/1"),
        ("[A-Z]{2,5}", "AA"),
        ("(GET|POST)", "GET"),
        ("a?b*c+", "abc"),
        ("a{0}b{0,2}", "b"),
        ("|a", "a"),
        ("", ""),
        ("^/a$", "/a"),
        (r"\A\h+\z", "a"),
        (r"(?<x>[xy])-\k<x>", "x-x"),
        (r"([xy])-\1", "x-x"),
        (r"\p{Alpha}[[:digit:]]", "a1"),
        ("[a-z&&[^a-c]]", "d"),
        (r"[\u4e00-\u9fa5]", "一"),
        (r"(?i:A)(?m:.)(?>b)", "Aab"),
        (r"(?=a)\w", "a"),
        (r"\x41\t", "A\t"),
        ("a++b", "ab"),
    ],
)
def test_the_plainest_example(pattern: str, example: str) -> None:
    assert made(pattern) == example


RANDOM_PATTERNS = [
    r"\d+ (miles|kilometers)",
    r"\d+\.\d+\.\d+",
    "([0-9]+[.])?[0-9]+:[0-9]+",
    r"\d+ hours [0-5]?[0-9] minutes",
    r"[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}",
    r"^[\w.%+-]+@[\w-]+\.[a-z]{2,}$",
    r"(?<a>\w)\k<a>",
    r"[^<>]{3,}",
    r"(?i)bearer .+",
]


@pytest.mark.parametrize("pattern", RANDOM_PATTERNS)
def test_random_examples_match_and_differ(pattern: str) -> None:
    source = random.Random(3)
    examples = [made(pattern, source.randrange) for _ in range(50)]
    assert all(example is not None and compile_pattern(pattern).compiled.fullmatch(example) for example in examples)
    assert len(set(examples)) > 10


@pytest.mark.parametrize(
    "pattern",
    ["a(?!a)a", "(?=x)y", "a{5000}", "(" * 60 + ")" * 60, r"[\d&&a]", r"(?<n>a\g<n>?)", r"\X", r"a\bb"],
)
def test_no_example_is_made_of_what_is_not_understood(pattern: str) -> None:
    assert made(pattern) is None


def test_nested_repeats_end() -> None:
    started = time.perf_counter()
    assert made("(((a{9}){9}){9}){9}") is None
    assert time.perf_counter() - started < 2


@given(st.text(st.sampled_from(r"ab1.\dw[]-^(|)*+?{2,}$:"), max_size=12), st.integers(0, 100))
def test_an_example_always_matches(pattern: str, seed: int) -> None:
    try:
        compiled = compile_pattern(pattern).compiled
    except PatternError:
        return
    example = made(pattern, random.Random(seed).randrange)
    assert example is None or regex.fullmatch(compiled, example)
