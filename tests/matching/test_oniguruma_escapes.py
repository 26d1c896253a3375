import pytest

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.oniguruma import compile_pattern
from pact_recorder.matching.oniguruma_escapes import Escape, PatternError, property_escape, read_escape


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("\\h+", "beEF09", True),
        ("\\H", "z", True),
        ("\\d+", "٣", True),
        ("\\w+", "é_1", True),
        ("\\N", "\n", False),
        ("\\O", "\n", True),
        ("a\\Kb", "ab", True),
        ("\\Gab", "ab", True),
        ("\\e", "\x1b", True),
        ("\\v", "\x0b", True),
        ("\\cA", "\x01", True),
        ("\\C-a", "\x01", True),
        ("\\x41", "A", True),
        ("\\x{41}", "A", True),
        ("\\x{1F600}", "\U0001f600", True),
        ("\\u0041", "A", True),
        ("\\07", "\x07", True),
        ("\\101", "A", True),
        ("\\p{Alpha}+", "aé", True),
        ("\\p{^Alpha}", "1", True),
        ("\\P{Alpha}", "1", True),
        ("\\p{Lu}", "É", True),
        ("\\p{Greek}", "α", True),
        ("\\p{ASCII}", "é", False),
        ("\\P{ASCII}", "é", True),
        ("\\pL", "a", False),
        ("\\m", "m", True),
        ("\\-a", "-a", True),
        ("\\.", "a", False),
        ("\\{2\\}", "{2}", True),
    ],
)
def test_escapes_mean_what_they_mean_to_the_reference(pattern: str, text: str, matches: bool) -> None:
    assert Effort().fullmatch(compile_pattern(pattern), text) is matches


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("\\p{IsGreek}", "invalid character property"),
        ("\\p{Nonsense}", "unknown property"),
        ("\\x{110000}", "too big wide-char"),
        ("\\g<-1>", "not supported"),
    ],
)
def test_what_is_no_escape(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        compile_pattern(pattern)


def test_numbers_are_back_references_when_there_are_so_many_groups() -> None:
    pattern = "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10"
    assert Effort().fullmatch(compile_pattern(pattern), "abcdefghijj")
    assert Effort().fullmatch(compile_pattern("\\10"), "\x08")


def test_read_escape_says_where_it_ends() -> None:
    assert read_escape("a\\x{41}b", 2, 0) == (Escape("A", "A", "A"), 7)


def test_posix_names_are_properties() -> None:
    assert property_escape("xdigit", negated=True).outside == r"\P{XDigit}"
