import pytest

from pact_recorder.matching.datetime_patterns import DateTimePatternError, matches_pattern, parse_pattern

ISO = "yyyy-MM-dd'T'HH:mm:ssXXX"


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("yyyy-MM-dd", "2020-02-29", True),
        ("yyyy-MM-dd", "2021-02-29", False),
        ("yyyy-MM-dd", "2020-2-9", True),
        ("yyyy-MM-dd", "2020-13-01", False),
        ("yyyy-MM-dd", "2020-01-01x", False),
        ("yyyy-MM-dd", "", False),
        ("MM-dd", "02-30", False),
        ("dd", "31", True),
        ("yyyy", "24", True),
        ("yyyy", "20244", False),
        ("yy", "2024", False),
        ("y", "2024", True),
        ("MMM d, yyyy", "Feb 29, 2020", True),
        ("MMM d, yyyy", "feb 30, 2020", False),
        ("MMMM", "january", True),
        ("EEE d", "Mon 5", True),
        ("EEEE", "Monday", True),
        ("EEEE", "Mon", False),
        ("HH:mm:ss", "23:59:60", True),
        ("HH:mm:ss", "24:00:00", False),
        ("HH:mm", "9:05", True),
        ("kk", "24", True),
        ("hh:mm a", "01:00 PM", True),
        ("hh", "13", False),
        ("KK", "11", True),
        ("ss.SSS", "01.555", True),
        ("ss.SSS", "01.5", True),
        ("ss.SSS", "01.5555", False),
        ("SSSSSSSSS", "123456789", True),
        ("nnn", "1234567", True),
        (ISO, "2020-01-01T10:00:00Z", True),
        (ISO, "2020-01-01T10:00:00+05:30", True),
        (ISO, "2020-01-01T10:00:00+12:45", True),
        (ISO, "2020-01-01T10:00:00+0530", False),
        (ISO, "2020-01-01T10:00:00", False),
        ("HHX", "01+11", True),
        ("HHX", "01+1130", True),
        ("HHXX", "01+1100", True),
        ("HHx", "01+00", True),
        ("HHxxx", "01Z", False),
        ("HHZ", "01+0000", True),
        ("HHZZZZZ", "01+00:00", True),
        ("HHZZZZ", "01GMT", True),
        ("HHO", "01GMT+8", True),
        ("HHOOOO", "01UTC-08:00", True),
        ("z", "GMT", True),
        ("VV", "Europe/Rome", True),
        ("VV", "America/New_York", True),
        ("DDD", "366", True),
        ("G", "AD", True),
        ("QQQ", "Q3", True),
        ("q", "5", False),
        ("QQQQ", "3rd quarter", True),
        ("e", "1", True),
        ("eee", "sun", True),
        ("w", "53", True),
        ("W", "6", False),
        ("'a''b'", "a'b", True),
        ("''", "'", True),
        ("yyyy年", "2020年", True),
    ],
)
def test_matches_pattern(pattern: str, text: str, matches: bool) -> None:
    assert matches_pattern(text, pattern) is matches


@pytest.mark.parametrize("pattern", ["", "b", "yyyy-MM-ddT", "MMMMMM", "HHH", "{", "'open", "zzzz", "y" * 1001, "1"])
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(DateTimePatternError):
        parse_pattern(pattern)
