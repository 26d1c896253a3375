from collections.abc import Sequence
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.report_html_markup import (
    LONGEST,
    Html,
    counted,
    element,
    fair_share,
    joined,
    some,
    visible,
    with_code,
)

any_text = st.text(st.characters(), max_size=40)  # surrogates and control characters as well


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (element("p", "a"), "<p>a</p>"),
        (element("p", 1234), "<p>1,234</p>"),
        (element("p", element("b", "x"), "<i>"), "<p><b>x</b>&lt;i&gt;</p>"),
        (element("td", "a", class_="n"), '<td class="n">a</td>'),
        (element("a", "x", href='"onclick=alert(1)'), '<a href="&quot;onclick=alert(1)">x</a>'),
        (element("ul", aria_label="'"), '<ul aria-label="&#x27;"></ul>'),
        (element("details", open=True), "<details open></details>"),
        (element("details", open=False, class_=""), "<details></details>"),
        (element("meta", charset="utf-8"), '<meta charset="utf-8">'),
        (element("p", str(element("b", "x")) + "<"), "<p>&lt;b&gt;x&lt;/b&gt;&lt;</p>"),
        (joined([element("b"), element("i")]), "<b></b>\n<i></i>"),
    ],
)
def test_an_element_escapes_all_but_markup(made: Html, written: str) -> None:
    assert made == written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Grüße 日本 👩‍👩‍👧", "Grüße 日本 👩‍👩‍👧"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x00\x1b[31m", "\\u0000\\u001b[31m"),
        ("abc\u202etxt.exe", "abc\\u202etxt.exe"),
        ("\u2066x\u2069\u200b\u2028\ufeff", "\\u2066x\\u2069\\u200b\\u2028\\ufeff"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_long_text_keeps_its_head_and_its_tail() -> None:
    shown = visible("head" + "x" * 1_000_000 + "tail")
    assert shown.startswith("headx") and shown.endswith("xtail")
    assert "[999,688 characters]" in shown
    assert visible("x" * LONGEST) == "x" * LONGEST


@given(any_text)
def test_a_text_comes_back_as_it_is_shown_and_can_be_written(text: str) -> None:
    written = element("p", text)
    written.encode("utf-8")
    inner = written.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inner and ">" not in inner and '"' not in inner
    assert unescape(inner) == visible(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("by `id`", "by <code>id</code>"),
        ("`<b>` and `c", "<code>&lt;b&gt;</code> and `c"),
        ("``", "``"),
        ("<script>`", "&lt;script&gt;`"),
    ],
)
def test_code_in_a_sentence(text: str, written: str) -> None:
    assert with_code(text) == written


@pytest.mark.parametrize(("number", "text"), [(0, "0 samples"), (1, "1 sample"), (12_000, "12,000 samples")])
def test_a_number_with_its_noun(number: int, text: str) -> None:
    assert counted(number, "sample") == text


def test_a_list_counts_what_it_does_not_show() -> None:
    items = [element("li", number) for number in range(5)]
    assert list(some(items, 5)) == items
    assert list(some(items, 2)) == [*items[:2], '<li class="more">and 3 more</li>']


@pytest.mark.parametrize(
    ("wanted", "total", "share"),
    [([], 10, 0), ([1, 2, 3], 6, 3), ([1, 2, 3], 100, 3), ([1, 2, 30], 13, 10), ([10, 10], 9, 4), ([1, 1, 1], 2, 0)],
)
def test_a_fair_share(wanted: Sequence[int], total: int, share: int) -> None:
    assert fair_share(wanted, total) == share


@given(st.lists(st.integers(0, 50), max_size=20), st.integers(0, 200))
def test_a_fair_share_fits_and_a_greater_one_does_not(wanted: list[int], total: int) -> None:
    share = fair_share(wanted, total)
    assert sum(min(each, share) for each in wanted) <= total
    if share < max(wanted, default=0):
        assert sum(min(each, share + 1) for each in wanted) > total
