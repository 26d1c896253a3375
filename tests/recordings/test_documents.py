import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.recordings.documents import ExchangeDocument, format_places, format_seconds

DOCUMENT = {"request": {"method": "GET", "url": "http://a/"}, "response": {"status": "200"}}


def read(**more: str) -> ExchangeDocument:
    return ExchangeDocument.model_validate(DOCUMENT | more)


@given(st.sets(st.integers(1, 40), min_size=1))
def test_places_come_back(places: set[int]) -> None:
    ascending = tuple(sorted(places))
    assert read(at=format_places(ascending)).at == ascending


@pytest.mark.parametrize(
    ("places", "text"), [((1,), "1"), ((1, 2, 5), "1-2, 5"), ((1, 3, 4, 5, 9), "1, 3-5, 9"), ((), "")]
)
def test_places_are_written_as_runs(places: tuple[int, ...], text: str) -> None:
    assert format_places(places) == text


@given(st.integers(-62_000_000_000_000_000, 253_000_000_000_000_000).map(lambda micros: micros / 1_000_000))
def test_dates_come_back_to_the_microsecond(seconds: float) -> None:
    assert read(started=format_seconds(seconds)).started == pytest.approx(seconds, abs=2e-5, rel=0)


@given(st.integers(0, 4_000_000_000_000_000).map(lambda micros: micros / 1_000_000))
def test_dates_of_our_days_come_back_exactly(seconds: float) -> None:
    assert read(started=format_seconds(seconds)).started == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "1970-01-01T00:00:00Z"), (0.5, "1970-01-01T00:00:00.500000Z"), (1e300, "1e+300"), (float("nan"), "0.0")],
)
def test_how_a_date_is_written(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1970-01-02", 86400.0), ("1970-01-01 01:00:00+01:00", 0.0), ("1970-01-01T00:00:01", 1.0), ("1.5", 1.5)],
)
def test_what_a_person_may_write_as_a_date(text: str, seconds: float) -> None:
    assert read(started=text).started == seconds
