from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.matching.datetime_expressions import (
    DateTimeExpressionError,
    apply_date_expression,
    apply_datetime_expression,
    apply_time_expression,
)

BASE = datetime(2000, 1, 1, 10, 0, tzinfo=UTC)

# The table of the reference's documentation, on Saturday 2000-01-01T10:00Z.
MOMENTS = [
    ("", "2000-01-01T10:00"),
    ("now", "2000-01-01T10:00"),
    ("today", "2000-01-01T10:00"),
    ("yesterday", "1999-12-31T10:00"),
    ("tomorrow", "2000-01-02T10:00"),
    ("+ 1 day", "2000-01-02T10:00"),
    ("+ 1 week", "2000-01-08T10:00"),
    ("- 2 weeks", "1999-12-18T10:00"),
    ("+ 4 years", "2004-01-01T10:00"),
    ("tomorrow+ 4 years", "2004-01-02T10:00"),
    ("next week", "2000-01-08T10:00"),
    ("last month", "1999-12-01T10:00"),
    ("next fortnight", "2000-01-15T10:00"),
    ("next monday", "2000-01-03T10:00"),
    ("next sat", "2000-01-08T10:00"),
    ("last saturday", "1999-12-25T10:00"),
    ("last wednesday", "1999-12-29T10:00"),
    ("next mon", "2000-01-03T10:00"),
    ("last december", "1999-12-01T10:00"),
    ("next jan", "2001-01-01T10:00"),
    ("last january", "1999-01-01T10:00"),
    ("next june + 2 weeks", "2000-06-15T10:00"),
    ("last mon + 2 weeks", "2000-01-10T10:00"),
    ("+ 1 day - 2 weeks", "1999-12-19T10:00"),
    ("last december + 2 weeks + 4 days", "1999-12-19T10:00"),
    ("@ now", "2000-01-01T10:00"),
    ("@ midnight", "2000-01-01T00:00"),
    ("@ noon", "2000-01-01T12:00"),
    ("@ 2 o'clock", "2000-01-01T14:00"),
    ("@ 1 o'clock pm", "2000-01-01T13:00"),
    ("@ 3 o'clock am", "2000-01-01T03:00"),
    ("@ 12 o'clock am", "2000-01-01T00:00"),
    ("@ 12 o'clock pm", "2000-01-01T12:00"),
    ("@ + 1 hour", "2000-01-01T11:00"),
    ("@ - 2 minutes", "2000-01-01T09:58"),
    ("@ + 4 seconds", "2000-01-01T10:00:04"),
    ("@ + 4 milliseconds", "2000-01-01T10:00:00.004"),
    ("@ midnight+ 4 minutes", "2000-01-01T00:04"),
    ("@ next hour", "2000-01-01T11:00"),
    ("@ last minute", "2000-01-01T09:59"),
    ("@ now + 2 hours - 4 minutes", "2000-01-01T11:56"),
    ("today @ 1 o'clock", "2000-01-01T13:00"),
    ("yesterday @ midnight - 1 hour", "1999-12-30T23:00"),
    ("tomorrow+ 4 years @ 3 o'clock + 40 milliseconds", "2004-01-02T15:00:00.040"),
    ("next week @ next hour", "2000-01-08T11:00"),
    ("last month @ last hour", "1999-12-01T09:00"),
    ("Tomorrow", "2000-01-02T10:00"),
]


@pytest.mark.parametrize(("expression", "moment"), MOMENTS)
def test_expressions(expression: str, moment: str) -> None:
    assert apply_datetime_expression(BASE, expression) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expression", "expected"),
    [
        ("2024-02-29", "+ 1 year", "2025-02-28"),
        ("2023-01-31", "+ 1 month", "2023-02-28"),
        ("2023-03-31", "- 1 month", "2023-02-28"),
        ("2023-12-15", "+ 13 months", "2025-01-15"),
        ("2023-01-15", "- 1 month", "2022-12-15"),
    ],
)
def test_months_have_their_own_last_day(moment: str, expression: str, expected: str) -> None:
    assert apply_date_expression(datetime.fromisoformat(moment), expression) == datetime.fromisoformat(expected)


def test_an_hour_in_the_afternoon_is_one_of_the_morning() -> None:
    afternoon = BASE.replace(hour=13)
    assert apply_time_expression(afternoon, "2 o'clock") == BASE.replace(hour=2)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("soon", "needs + or - at 'soon'"),
        ("next", "needs a day, week, month, year, weekday or month name at its end"),
        ("next hour", "needs a day"),
        ("+ day", "needs a number at 'day'"),
        ("+ 1", "needs a unit (day, week, month, year) at its end"),
        ("+ 1 hour", "needs a unit (day, week, month, year) at 'hour'"),
        ("tomorrow tomorrow", "needs + or -"),
        ("+ 1 day, please", "cannot be read at ', please'"),
        ("@ 13 o'clock", "hour 13"),
        ("@ 1", "needs o'clock"),
        ("+ 999999999 years", "leads out of the calendar"),
        ("+ 999999999 weeks", "leads out of the calendar"),
        ("- 2000 years", "leads out of the calendar"),
        (" " * 10 + "+ 1 day" * 1000, "at most 1000 characters"),
    ],
)
def test_what_is_not_understood_is_said(expression: str, reason: str) -> None:
    with pytest.raises(DateTimeExpressionError) as raised:
        apply_datetime_expression(BASE, expression)
    assert reason in str(raised.value)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.sampled_from(["monday", "thurs", "sun"]))
def test_weekdays_are_within_a_week(moment: datetime, name: str) -> None:
    later, earlier = (apply_date_expression(moment, f"{word} {name}") for word in ("next", "last"))
    assert later.weekday() == earlier.weekday()
    assert timedelta() < later - moment <= timedelta(7)
    assert timedelta() < moment - earlier <= timedelta(7)


@given(st.text(st.sampled_from("nextlasdy +-12@'oclkhurmon "), max_size=30))
def test_any_text_is_understood_or_refused(expression: str) -> None:
    try:
        assert apply_datetime_expression(BASE, expression).tzinfo is UTC
    except DateTimeExpressionError as error:
        assert str(error)
