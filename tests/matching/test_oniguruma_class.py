import pytest

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.oniguruma import compile_pattern
from pact_recorder.matching.oniguruma_escapes import PatternError


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("[a-z&&[^b]]+", "ac", True),
        ("[a-z&&[^b]]+", "abc", False),
        ("[a&&b]", "a", False),
        ("[[a-c][x-z]]+", "axz", True),
        ("[]a]", "a", True),
        ("[]]", "]", True),
        ("[^]]", "]", False),
        ("[[:alpha:]_]+", "ab_é", True),
        ("[[:digit:]]+", "12٣", True),
        ("[[:^digit:]]", "a", True),
        ("[[:punct:]]+", "!$+<=>^`|~_", True),
        ("[[:^punct:]]", "$", False),
        ("[^a[:punct:]]", "+", False),
        ("[[:punct:]]", "a", False),
        ("[\\h]", "f", True),
        ("[\\H]", "f", False),
        ("[\\d\\-]+", "1-2", True),
        ("[\\b]", "\x08", True),
        ("[\\p{L}0-9]+", "a1", True),
        ("[^\\s]+", "ab", True),
        ("[a-]+", "a-", True),
        ("[-a]+", "a-", True),
        ("[\\w-]+", "a-b", True),
        ("[.*+?(){}|$^]+", ".*+?(){}|$^", True),
        ("[a-z--b]+", "a-b", True),
        ("[a||b]", "|", True),
        ("[a~~b]", "~", True),
        ("[\\]]", "]", True),
        ("[\\\\]", "\\", True),
        ("[\\x41-\\x43]", "B", True),
        ("[\\z]", "z", True),
        ("[ #]", "#", True),
    ],
)
def test_classes_mean_what_they_mean_to_the_reference(pattern: str, text: str, matches: bool) -> None:
    assert Effort().fullmatch(compile_pattern(pattern), text) is matches


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[a-z", "premature end"),
        ("[", "premature end"),
        ("[]", "empty char-class"),
        ("[a-\\d]", "end of range"),
        ("[z-a]", "empty range"),
        ("[" * 300 + "a" + "]" * 300, "nested too deeply"),
    ],
)
def test_what_is_no_class(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        compile_pattern(pattern)
