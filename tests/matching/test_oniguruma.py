import time

import pytest

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.oniguruma import compile_pattern, translate
from pact_recorder.matching.oniguruma_escapes import PatternError

# (pattern, text, whether the reference's library matches the whole text)
VERDICTS = [
    ("a|ab", "ab", True),
    ("^a$", "a", True),
    ("^a$", "a\n", False),
    ("^a$\\n", "a\n", True),
    ("^a$\\n^b$", "a\nb", True),
    ("(?m).", "\n", True),
    (".", "\n", False),
    ("(?-m:.)", "\n", False),
    ("(?mi)A.", "a\n", True),
    ("(?<n>a)\\k<n>", "aa", True),
    ("(?'n'a)\\k'n'", "aa", True),
    ("(a)\\1", "aa", True),
    ("(a)\\1", "ab", False),
    ("\\g<1>(a)", "aa", True),
    ("(?<p>\\((?:[^()]|\\g<p>)*\\))", "(a(b))", True),
    ("(?i)ABC", "abc", True),
    ("(?i:A)b", "aB", False),
    ("a(?i)b|c", "aC", True),
    ("a(?i)b|c", "Ab", False),
    ("(?x) a b # comment", "ab", True),
    ("(?x:\n a # one\n b)c", "abc", True),
    ("(?x)[ ]", " ", True),
    ("(?#note)a", "a", True),
    ("(?>a|ab)c", "abc", False),
    ("a++b", "aab", True),
    ("a++a", "aa", False),
    ("a{1,2}+", "aaaa", True),
    ("a{2}+", "aaaa", True),
    ("a{2,1}", "a", True),
    ("a{2,1}a", "aa", False),
    ("a{2}?", "", True),
    ("a{,2}", "aa", True),
    ("a{,2}", "aaa", False),
    ("a{2", "a{2", True),
    ("a{,}", "a{,}", True),
    ("a**", "aa", True),
    ("a+?", "aa", True),
    ("a{0}", "", True),
    ("{", "{", True),
    ("}", "}", True),
    ("]", "]", True),
    ("a\\z", "a", True),
    ("a\\Z", "a\n", False),
    ("a\\Z\\n", "a\n", True),
    ("\\Aa", "a", True),
    ("\\R", "\r\n", True),
    ("\\X", "e\u0301", True),
    ("(?~abc)", "xx", True),
    ("(?~abc)", "xabc", False),
    ("(?=a)a", "a", True),
    ("(?<=a)b", "b", False),
    ("x(?!y)z", "xz", True),
    ("x(?<!a)z", "xz", True),
    ("\\bfoo\\b", "foo", True),
    ("(?<year>\\d+)-(?<m>\\d+)", "1-2", True),
    ("", "", True),
    ("", "a", False),
    ("é", "é", True),
    ("\\/x", "/x", True),
    ("\\Q.\\E", ".", False),
    ("(?:ab){e<=1}", "ac", False),
]


@pytest.mark.parametrize(("pattern", "text", "matches"), VERDICTS)
def test_patterns_mean_what_they_mean_to_the_reference(pattern: str, text: str, matches: bool) -> None:
    assert Effort().fullmatch(compile_pattern(pattern), text) is matches


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "unmatched parenthesis"),
        (")", "unmatched close parenthesis"),
        ("(?s).", "undefined group option"),
        ("(?P<n>a)", "undefined group option"),
        ("(?|(a)|(b))", "undefined group option"),
        ("(?V1)a", "undefined group option"),
        ("(?#a", "end pattern in group"),
        ("*", "target of repeat operator"),
        ("a|+", "target of repeat operator"),
        ("a{100001}", "too big number"),
        ("\\c", "end pattern at control"),
        ("a\\", "end pattern at escape"),
        ("\\k<n>", "unknown group"),
        ("a" * 100_001, "longer than"),
        ("(" * 300 + ")" * 300, "nested too deeply"),
        ("a" + "{1}" * 300, "nested too deeply"),
    ],
)
def test_what_is_no_pattern(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "quick"),
    [
        ("[a-z]+", True),
        ("\\d{4}-\\d{2}", True),
        ("https?://.*", True),
        ("(a+)+", False),
        ("a*a*", False),
        ("a{0,9}{0,9}", False),
        ("a{2}{2}", False),
        ("a?" * 5, False),
        ("a" * 300, False),
    ],
)
def test_only_patterns_that_cannot_backtrack_much_are_quick(pattern: str, quick: bool) -> None:
    assert compile_pattern(pattern).quick is quick


def test_translation_is_readable() -> None:
    assert translate("(?m)\\h+$") == "(?s:[0-9a-fA-F]+$)"


@pytest.mark.parametrize("pattern", ["(((a{90}){90}){90}){90}", "(a{90,}){90}{90}", "((?:ab){300}){400}"])
def test_repeats_within_repeats_are_bounded(pattern: str) -> None:
    started = time.perf_counter()
    with pytest.raises(PatternError, match="repeats too much"):
        compile_pattern(pattern)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("pattern", ["((a{0,90}){0,90}){0,90}", "(?:[a-f0-9]{2}:){5,100}", "((a{10}){10}){10}"])
def test_ordinary_repeats_are_not(pattern: str) -> None:
    assert compile_pattern(pattern)
