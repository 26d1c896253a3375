import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_forms import form_of, other_decimal, other_integer, other_text

CASES = [
    ("0f8fad5b-d9cb-469f-a165-70867728950e", "uuid"),
    ("0F8FAD5B-D9CB-469F-A165-70867728950E", "uuid"),
    ("2021-03-04T05:06:07Z", "utc date-time"),
    ("2021-03-04T05:06:07.123Z", "utc date-time"),
    ("2021-03-04T05:06:07+01:00", "date-time with offset"),
    ("2021-03-04T05:06:07", "date-time"),
    ("2021-03-04 05:06:07 UTC", "spaced date-time"),
    ("2021-03-04", "date"),
    ("Thu, 04 Mar 2021 05:06:07 GMT", "http date"),
    ("https://api.example.com/users/7?page=2", "url"),
    ("http://example.com", "url"),
    ("bob@example.com", "email"),
    ("192.0.2.17", "ipv4"),
    ("12345", "integer in a string"),
    ("-7", "integer in a string"),
    ("12.50", "decimal in a string"),
    ("9f86d081884c7d65", "hex"),
    ("", "empty"),
    ("octocat", "word"),
    ("MDQ6VXNlcjU4", "word"),
    ("Two words", "text"),
    ("2021-03-04T", "text"),
    ("x" * 5_000, "text"),
]


@pytest.mark.parametrize(("text", "form"), CASES)
def test_the_form_of_a_text(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize("text", [text for text, form in CASES if form != "empty"])
@pytest.mark.parametrize("seed", range(5))
def test_another_text_has_the_same_form(text: str, seed: int) -> None:
    other = other_text(text, Chance.seeded(seed))
    assert other != text
    assert form_of(other) == form_of(text)


@given(st.text(string.ascii_letters + string.digits + "-:/@. é", min_size=1, max_size=40), st.integers())
def test_any_text_has_another(text: str, seed: int) -> None:
    assert other_text(text, Chance.seeded(seed)) != text


def test_dates_stay_dates_of_the_calendar() -> None:
    others = {other_text("2021-02-28", Chance.seeded(seed)) for seed in range(100)}
    assert len(others) > 20
    assert all(other[4:8] == "-02-" and 10 <= int(other[8:]) <= 28 for other in others)


@given(st.integers() | st.integers(10**400, 10**500), st.integers())
def test_another_integer_has_the_same_sign(value: int, seed: int) -> None:
    other = other_integer(value, Chance.seeded(seed))
    assert other != value
    assert (other < 0) is (value < 0)


@given(
    st.decimals(allow_nan=False, allow_infinity=False).map(str)
    | st.sampled_from(["1e400", "-0.0", "1e999999999", "0.1"]),
    st.integers(),
)
def test_another_decimal_has_the_same_sign_and_a_dot(digits: str, seed: int) -> None:
    other = other_decimal(digits.encode(), Chance.seeded(seed)).decode()
    assert "." in other and len(other) <= 300
    assert other != digits
    assert other.startswith("-") is digits.startswith("-")
