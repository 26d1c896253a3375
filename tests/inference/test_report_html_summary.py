import pytest

from pact_recorder.inference.report import Report
from pact_recorder.inference.report_html_plan import chapters_of
from pact_recorder.inference.report_html_summary import TOP, summary
from tests.inference.pages import Node, a_finding, a_report, an_interaction, an_operation, read_page


def summary_of(*reports: Report, shown: frozenset[str] = frozenset()) -> Node:
    return read_page(summary(chapters_of(reports), shown))


def figures(page: Node) -> dict[str, str]:
    names, values = page.all("dt"), page.all("dd")
    return {name.text: value.text for name, value in zip(names, values, strict=True)}


def test_the_figures() -> None:
    one = an_operation("a", an_interaction(samples=1), an_interaction(samples=2), samples=3)
    other = an_operation("b", an_interaction(samples=1), samples=1_200)
    assert figures(summary_of(a_report(one), a_report(other))) == {
        "Contracts": "2",
        "Operations": "2",
        "Samples": "1,203",
        "Interactions": "3",
        "From a single sample": "67 %2 of 3 interactions",
    }


@pytest.mark.parametrize("reports", [(), (Report("web", "users", ()),)])
def test_nothing_is_no_error(reports: tuple[Report, ...]) -> None:
    page = summary_of(*reports)
    assert figures(page)["From a single sample"] == "0 %0 of 0 interactions"
    assert not page.all("h3")


def test_promises_by_the_samples_behind_them() -> None:
    promised = (a_finding(f"$.{n}", seen=seen) for n, seen in enumerate((1, 1, 5, 40)))
    response = (*promised, a_finding("$.x", None))
    page = summary_of(a_report(an_operation("o", an_interaction(response=response), samples=40)))
    assert [each.text for each in page.all("ul", "legend")[0].all("li")] == [
        "2 from one sample (50 %)",
        "1 from 2 to 9 samples (25 %)",
        "1 from 10 samples or more (25 %)",
    ]
    (drawn,) = page.all("div", "shares")
    assert drawn.attributes["role"] == "img"
    assert drawn.attributes["aria-label"] == (
        "Promises: 2 from one sample, 1 from 2 to 9 samples, 1 from 10 samples or more"
    )
    assert "4 promises; 1 place left out." in page.text


def test_the_advice_that_most_operations_want_comes_first() -> None:
    operations = (
        an_operation("rare", samples=1, advice=("alone", "shared", "shared")),
        an_operation("often", samples=50, advice=("shared", "weighty")),
    )
    (listed,) = summary_of(a_report(*operations), shown=frozenset({"c1-2"})).all("ol")
    assert [each.text for each in listed.all("li")] == [
        "shared2 operations: often, rare",
        "weighty1 operation: often",
        "alone1 operation: rare",
    ]
    links = [(each.text, each.attributes["href"]) for each in listed.all("a")]
    assert links == [("often", "#c1-2"), ("often", "#c1-2")]


def test_advice_and_the_operations_it_is_for_are_counted() -> None:
    many = tuple(an_operation(f"o{n}", advice=(f"only {n}", "all")) for n in range(30))
    (listed,) = summary_of(a_report(*many)).all("ol")
    assert len(listed.all("li")) == TOP
    assert listed.all("li")[0].text == "all30 operations: o0, o1, o2, o3 and 26 more"
