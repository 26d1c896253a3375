"""What texts and numbers of a place have shown, in bounded space and in any order."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.formats import ANY, formats_of, has_format
from pact_recorder.inference.values import (
    KEPT,
    LONGEST_KEPT,
    LONGEST_START,
    Texts,
    join_numbers,
    join_texts,
    numbers_of,
    texts_of,
)

TEXTS = st.sampled_from(
    ["", "a", "b", "2020-01-01", "REDACTED-token-1", "x REDACTED-id-22", "REDACTED-", "y" * (LONGEST_KEPT + 1), "10"]
) | st.text(max_size=4)
MANY = st.lists(TEXTS, min_size=1, max_size=12) | st.lists(st.text(min_size=1, max_size=2), min_size=40, max_size=90)


def of(texts: Sequence[str]) -> Texts:
    return texts_of(Counter(texts))


@given(MANY, MANY, MANY)
def test_joining_texts_is_what_they_show_together(one: list[str], two: list[str], three: list[str]) -> None:
    whole = of(one + two + three)
    assert join_texts([of(one), of(two), of(three)]) == whole
    assert join_texts([of(three), join_texts([of(two), of(one)])]) == whole


@given(MANY)
def test_what_texts_show_does_not_depend_on_what_is_kept(texts: list[str]) -> None:
    found = of(texts)
    real = [text for text in texts if text and "REDACTED-token-1" not in text and "REDACTED-id-22" not in text]
    assert found.count == len(texts)
    assert found.empty == texts.count("")
    assert found.redacted == len(texts) - len(real) - found.empty
    assert found.formats == formats_of(sorted(set(real)))
    assert found.shortest == min(real or texts, key=lambda text: (len(text), text))
    assert (found.start is None) == (not real)
    assert all(text.startswith(found.start or "") for text in real)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=80), st.lists(st.integers(-50, 50), max_size=80))
def test_joining_numbers_is_what_they_show_together(one: list[int], other: list[int]) -> None:
    whole = numbers_of(Counter(one + other))
    parts = [numbers_of(Counter(each)) for each in (one, other) if each]
    assert join_numbers(parts) == join_numbers(parts[::-1]) == whole
    assert whole.count == len(one + other)
    assert set(whole.values) == set(sorted(set(one + other))[:KEPT])


@pytest.mark.parametrize(
    ("texts", "kept", "more"),
    [
        (["b", "a", "b"], {"a": 1, "b": 2}, False),
        (["", "REDACTED-id-1"], {}, False),
        (["a", "x" * (LONGEST_KEPT + 1)], {"a": 1}, True),
        ([f"{n:03}" for n in range(KEPT + 1)], {f"{n:03}": 1 for n in range(KEPT)}, True),
    ],
)
def test_the_smallest_short_texts_are_kept(texts: list[str], kept: dict[str, int], more: bool) -> None:
    found = of(texts)
    assert (dict(found.values), found.more, found.distinct) == (kept, more, len(kept))


@pytest.mark.parametrize(
    ("texts", "example", "shortest"),
    [
        (["bb", "a"], "a", "a"),
        (["bb", "a", ""], "a", "a"),
        (["", "REDACTED-id-1"], "", ""),
        (["REDACTED-id-10", "REDACTED-id-2"], "REDACTED-id-2", "REDACTED-id-2"),
        (["x" * 300, "y" * 299], "y" * 299, "y" * 299),
        (["aaa", "b"], "aaa", "b"),
    ],
)
def test_one_of_the_texts_is_an_example(texts: list[str], example: str, shortest: str) -> None:
    assert (of(texts).example, of(texts).shortest) == (example, shortest)
    apart = join_texts([of([text]) for text in texts])
    assert (apart.example, apart.shortest) == (example, shortest)


@pytest.mark.parametrize(
    ("texts", "start"),
    [
        (["/a/1", "/a/2"], "/a/"),
        (["a"], "a"),
        (["a", "b"], ""),
        ([""], None),
        (["z" * 300], "z" * LONGEST_START),
        (["z" * 300, "zz"], "zz"),
        ([f"v{n:03}" for n in range(60)], "v0"),
    ],
)
def test_what_all_texts_begin_with(texts: list[str], start: str | None) -> None:
    assert of(texts).start == start


BASE64 = [b64encode(f"the number {n:<{n + 20}}?>".encode()).decode() for n in range(25)]


@pytest.mark.parametrize(
    ("texts", "member", "name"),
    [
        (["2020-01-01"], "note", None),
        (["2020-01-01"], "created_at", "date"),
        (["2020-01-01", "2020-01-02", "2020-01-03"], "note", "date"),
        (["2020-01-01", "soon"], "created_at", None),
        (["7f3a9c00-d1e2-4b3a-8c4d-000000000001"], "id", "UUID"),
        ([f"{n}" for n in range(20)], "", "integer as text"),
        ([*(f"{n}" for n in range(60)), "x"], "", None),
        (["a" * 300], "", None),
        ([f"0{n}.01.2026" for n in range(1, 6)], "", "date with dots"),
        (["5.1.2026, 9:30"], "created_at", "date with dots"),
        ([f"1.2.{n}" for n in range(20)], "", "semantic version"),
        ([f"00:1a:2b:3c:4d:5{n}" for n in range(5)], "", "MAC address"),
        ([f"fe80::{n}" for n in range(5)], "", "IPv6 address"),
        (["20260105T100000Z", "20260105T100000.5+01:00"], "", "basic date and time"),
        ([f"20{n}-12" for n in range(10, 20)], "", "month"),
        ([f"01ARZ3NDEKTSV4RRFFQ69G5FA{letter}" for letter in "VWXYZ"], "", "ULID"),
        (BASE64[:20], "", "base64"),
        (BASE64[:19], "", None),
        ([*BASE64, "A" * 34], "", None),
        ([f"{n:032x}" for n in range(20)], "", "hexadecimal"),
    ],
)
def test_a_format_needs_texts_enough_or_a_name_that_says_so(texts: list[str], member: str, name: str | None) -> None:
    found = of(texts).format_under(member)
    assert (found and found.name) == name
    assert found is None or all(has_format(text, found) for text in texts)


def test_nothing_is_known_of_the_format_of_placeholders() -> None:
    assert of(["REDACTED-id-1", ""]).formats == ANY
    assert of(["REDACTED-id-1", ""]).format_under("id") is None


@pytest.mark.parametrize("order", [1, -1])
def test_a_very_long_text_has_only_what_it_begins_like(order: int) -> None:
    links = ["https://a.example/", "https://a.example/" + "x" * 3_000]
    assert formats_of(links[::order]) == 0
