from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching.datetime_formatting import format_datetime
from pact_recorder.matching.datetime_patterns import DateTimePatternError, matches_pattern

EAST = timezone(timedelta(hours=5, minutes=30))
WEST = timezone(timedelta(hours=-8))
MOMENT = datetime(2024, 3, 5, 14, 7, 9, 45678, UTC)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy-MM-dd", "2024-03-05"),
        ("d/M/yy", "5/3/24"),
        ("y u Y", "2024 2024 2024"),
        ("MMM MMMM LL", "Mar March 03"),
        ("E EEE EEEE e ee eeee", "Tue Tue Tuesday 2 2 Tuesday"),
        ("HH:mm:ss", "14:07:09"),
        ("hh h KK K kk a", "02 2 02 2 14 PM"),
        ("S SS SSS SSSSSS SSSSSSSSS", "0 04 045 045678 045678000"),
        ("D w W F", "65 10 1 1"),
        ("Q QQQ QQQQ q", "1 Q1 1st quarter 1"),
        ("n A N", "45678000 50829045 50829045678000"),
        ("X XX XXX x xx xxx", "Z Z Z +00 +0000 +00:00"),
        ("Z ZZZZ ZZZZZ O OOOO", "+0000 GMT+00:00 +00:00 GMT+00:00 GMT+00:00"),
        ("z VV G", "UTC UTC AD"),
        ("yyyy-MM-dd'T'HH:mm''ss", "2024-03-05T14:07'09"),
        ("'o''clock'", "o'clock"),
    ],
)
def test_patterns(pattern: str, text: str) -> None:
    assert format_datetime(MOMENT, pattern) == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [(EAST, "+0530 +05:30 +0530 GMT+05:30 UTC +05:30"), (WEST, "-08 -08:00 -0800 GMT-08:00 UTC -08:00")],
)
def test_offsets(zone: timezone, text: str) -> None:
    assert format_datetime(MOMENT.replace(tzinfo=zone), "X XXX Z ZZZZ z VV") == text


def test_midnight_has_its_own_spellings() -> None:
    assert format_datetime(MOMENT.replace(hour=0), "H k h K a") == "0 24 12 0 AM"


@pytest.mark.parametrize("pattern", ["", "b", "yyyy{", "'"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(DateTimePatternError):
        format_datetime(MOMENT, pattern)


PIECES = [
    *"GyYuMLdDQqwWFEecaHkhKmsSnANXxZOz",
    *("yy", "yyyy", "MM", "MMM", "MMMM", "dd", "EEEE", "HH", "mm", "ss", "SSS", "XX", "XXX", "ZZZZ", "ZZZZZ", "VV"),
    *("QQQ", "QQQQ", "eee", "eeee", "OOOO", "hh", "kk", "KK", "'T'", "''"),
]
MOMENTS = st.datetimes(
    datetime(1000, 1, 1), datetime(9999, 12, 31), timezones=st.sampled_from([UTC, EAST, WEST]), allow_imaginary=False
)


@given(MOMENTS, st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
def test_what_is_written_can_be_read(moment: datetime, pieces: list[str]) -> None:
    pattern = " ".join(pieces)
    assert matches_pattern(format_datetime(moment, pattern), pattern)
