import time

import pytest

from pact_recorder.mock.mockserver.text import TextPattern, escaped, java_pattern, translated

MATCHES = [
    ("GET", "GET", True),
    ("GET", "get", True),
    ("GET", "GETS", False),
    ("", "anything", True),
    ("  ", "anything", True),
    ("/users/[0-9]+", "/users/12", True),
    ("/users/[0-9]+", "/users/12/x", False),
    ("/Users/.*", "/users/a\nb", True),
    ("GET|POST", "post", True),
    ("application/vnd.api+json", "application/vnd.api+json", True),
    ("/v1.2", "/v1x2", True),
    ("*/*", "*/*", True),
    ("*/*", "a/b", False),
    ("[unclosed", "[unclosed", True),
    ("[unclosed", "u", False),
    (r"\Qa.b\E.*", "a.b!", True),
    (r"\Qa.b\E.*", "axb!", False),
    (r"(?<n>a+)-\k<n>", "aa-aa", True),
    (r"[a-z&&[^b]]+", "acd", True),
    (r"[a-z&&[^b]]+", "abc", False),
    (r"\p{Alpha}+", "abc", True),
    ("strasse", "straße", False),
    ("a" * 8193 + ".*", "a" * 8193 + "b", False),
    ("!GET", "POST", True),
    ("!GET", "get", False),
    ("!/a.*", "/b", True),
]


@pytest.mark.parametrize(("expected", "value", "matches"), MATCHES)
def test_a_text_is_compared_as_mockserver_does(expected: str, value: str, matches: bool) -> None:
    assert TextPattern.parse(expected).matches(value) is matches


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a", TextPattern("a")),
        ("!a", TextPattern("a", negated=True)),
        ("?a", TextPattern("a", optional=True)),
        ("?!a", TextPattern("a", negated=True, optional=True)),
        ("!?a", TextPattern("a", negated=True, optional=True)),
        ("a!?", TextPattern("a!?")),
    ],
)
def test_prefixes_are_read(text: str, pattern: TextPattern) -> None:
    assert TextPattern.parse(text) == pattern


@pytest.mark.parametrize("value", ["!x", "?1", "!?", "!a.b(", "?(", "plain", "a+b", ""])
def test_any_value_can_be_expected_exactly(value: str) -> None:
    pattern = TextPattern.parse(escaped(value))
    assert pattern.matches(value)
    assert not value or not pattern.matches(value + "x")


PATTERNS = {
    r"/users/\d+": True,
    "/users/[0-9]": True,
    "/users/[0-9]+": True,
    ".*": True,
    "Bearer .+": True,
    "GET|POST": True,
    "^/a": True,
    "(?i)abc": True,
    "(ab){2}": True,
    "application/vnd.api+json": False,
    "1.2.3": False,
    "text/*": False,
    "*/*": False,
    "filter[id]": False,
    "/odata/$metadata": False,
    "C++": False,
    "a (b)": False,
    "/x?": False,
    "[.*": False,
    "plain": False,
}


@pytest.mark.parametrize(("text", "meant"), PATTERNS.items())
def test_a_pattern_is_told_from_a_text_with_a_metacharacter(text: str, meant: bool) -> None:
    assert TextPattern(text).is_pattern is meant


def test_a_pattern_that_never_ends_is_given_up() -> None:
    started = time.monotonic()
    assert not TextPattern(r"(a|aa)+$x|(\w+\s?)*\d").accepts("a" * 60 + "!")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("java", "common"), [(r"a\Q.\E.", r"a\..*"[:-1]), (r"\\Q", r"\\Q"), (r"a\z", r"a\Z"), (r"\Qa", "a")]
)
def test_what_only_java_has_is_translated(java: str, common: str) -> None:
    assert translated(java) == common
    assert java_pattern(java) is not None
