import pytest

from pact_recorder.inference.report_html_findings import UNFOLDED, Block, Scale, Strength, bar, block_table, strength
from tests.inference.pages import a_finding, read_page

SCALE = Scale(most=999, rows=1000)


@pytest.mark.parametrize(
    ("seen", "samples", "how"),
    [
        (0, 5, Strength.NONE),
        (1, 5, Strength.ONE),
        (883, 1, Strength.ONE),
        (2, 5, Strength.FEW),
        (9, 50, Strength.FEW),
        (900, 9, Strength.FEW),
        (10, 10, Strength.MANY),
    ],
)
def test_strength_counts_samples_and_not_values(seen: int, samples: int, how: Strength) -> None:
    assert strength(seen, samples) is how


@pytest.mark.parametrize(("seen", "width"), [(0, 0), (1, 10), (9, 33), (99, 67), (999, 100), (-1, 0)])
def test_the_length_of_a_bar_goes_by_the_logarithm(seen: int, width: int) -> None:
    assert SCALE.width(seen) == width


@pytest.mark.parametrize("most", [0, 1, 10**400])
def test_a_bar_never_leaves_its_track(most: int) -> None:
    assert [0 <= Scale(most, 9).width(min(seen, most)) <= 100 for seen in (0, 1, most)] == [True] * 3


@pytest.mark.parametrize(
    ("seen", "samples", "label", "kind"),
    [
        (1, 4, "1 value, one sample", "one"),
        (1200, 3, "1,200 values, few samples", "few"),
        (1200, 300, "1,200 values, many samples", "many"),
        (0, 4, "0 values, no value", "none"),
    ],
)
def test_a_bar_says_in_words_what_it_draws(seen: int, samples: int, label: str, kind: str) -> None:
    page = read_page(bar(seen, samples, SCALE))
    (drawn,) = page.all("span", "bar")
    assert (drawn.attributes["role"], drawn.attributes["aria-label"], drawn.classes) == ("img", label, ["bar", kind])
    assert page.text == f" {seen:,} {label.partition(', ')[2]}"


def test_a_row_has_all_that_a_finding_says() -> None:
    found = a_finding(
        "$.name", "text or null", 4, distinct=32, more=True, nulls=1, absent=2, why="null was seen as well"
    )
    page = read_page(block_table(Block("Answer", [found], 4), SCALE))
    (table,) = page.all("table")
    head, row = table.all("tr")
    assert [each.text for each in head.all("th")] == [
        "Place", "Promise", "Evidence", "Distinct", "Null", "Absent", "Why",
    ]  # fmt: skip
    assert {each.attributes["scope"] for each in head.all("th")} == {"col"}
    (place,) = row.all("th")
    assert (place.text, place.attributes["scope"]) == ("$.name", "row")
    assert [each.text for each in row.all("td")] == [
        "text or null", " 4 few samples", "32+", "1", "2", "null was seen as well",
    ]  # fmt: skip
    assert table.all("caption")[0].text == "Answer"


def test_what_is_left_out_says_why_and_promises_nothing() -> None:
    block = Block("Answer: left out", [a_finding("$.x", None, 1, absent=2, why="not always there")], 3)
    page = read_page(block_table(block, SCALE))
    assert block.left_out and page.all("table", "left")
    assert "Promise" not in page.text
    assert [each.text for each in page.all("td")] == ["not always there", " 1 one sample", "2", "0", "2"]


@pytest.mark.parametrize(
    ("count", "rows", "tables", "folded", "without"),
    [
        (UNFOLDED, 1000, 1, "", ""),
        (UNFOLDED + 1, 1000, 2, "1 more place", ""),
        (500, 100, 2, "60 more places", "Answer: 400 more places;"),
        (500, 5, 1, "", "Answer: 495 more places;"),
        (3, 0, 0, "", "Answer: 3 places;"),
    ],
)
def test_long_tables_are_folded_and_then_cut(count: int, rows: int, tables: int, folded: str, without: str) -> None:
    findings = [a_finding(f"$.m{number}") for number in range(count)]
    page = read_page(block_table(Block("Answer", findings, 3), Scale(9, rows)))
    assert len(page.all("table")) == tables
    assert "".join(each.text for each in page.all("summary")) == folded
    assert "".join(each.text for each in page.all("p", "more")).startswith(without)
    assert len([each for each in page.all("tr") if each.all("td")]) == min(count, rows)
