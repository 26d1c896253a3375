import pickle
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, sync_playwright

from pact_recorder.inference.report import ParameterReport, Report
from pact_recorder.inference.report_html import report_page
from pact_recorder.inference.report_html_plan import MOST_ROWS
from tests.inference.pages import Node, a_finding, a_report, a_report_of, an_interaction, an_operation, read_page

CHROMIUM = which("chromium") or which("chromium-browser")
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "main", "nav", "section", "h1", "h2", "h3", "h4",
    "p", "b", "i", "small", "span", "code", "dl", "div", "dt", "dd", "ul", "ol", "li", "details", "summary", "table",
    "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>",
    "</style></title></table></details><img src=x onerror=alert(1)>",
    "\" onmouseover=alert(1) x='",
    "' autofocus onfocus='alert(1)",
    "<!-- <![CDATA[ ]]> <?php ?>",
    "&lt;b&gt; &amp; &#x3c; &nbsp",
    "javascript:alert(1)",
    "`<b>` `</code>`",
    "{owner} %s {0} ${x} {{x}} $1 \\1",
    "abc\u202etxt.exe\u2066",
    "\x00\x08\x1b]0;title\x07\r\n\t",
    "\ud800 \udfff",
    "a" * 1_000_000,
    "<" * 500_000,
    " ",
    "",
]


def page_of(*reports: Report) -> Node:
    return read_page(report_page(reports))


def tags(page: Node) -> list[str]:
    return [each.tag for each in page.walk()]


def test_a_page_says_all_that_a_report_does() -> None:
    interaction = an_interaction(
        "GET /users/{user} (a user exists)",
        (a_finding("query.page", "any value", why="2 different values"),),
        (a_finding("$.id", "integer", 12), a_finding("$.nick", None, 1, absent=2, why="not always there")),
        states=("a user exists",),
        note="the body was recorded only in part",
    )
    operation = an_operation(
        "GET /users/{user}", interaction, samples=12, statuses={200: 11, 404: 1},
        parameters=(ParameterReport("user", "integers: 7 seen"),),
        flows=("user (path): produced by POST /users as `id`",),
        advice=("no error answer was recorded: record one that fails",),
    )  # fmt: skip
    page = page_of(a_report(operation))
    (section,) = page.all("section", "operation")
    assert section.all("h3")[0].text == "GET /users/{user}"
    assert [each.text for each in section.all("ul", "chips")[0].all("li")] == ["12 samples", "200×11", "404×1"]
    text = section.text
    for part in (
        "{user} integers: 7 seen", "produced by POST /users as id", "record one that fails", "a user exists",
        "Note: the body was recorded only in part", "query.page", "2 different values",
        "Answer: left out of the contract", "not always there", "2 promises, 1 left out", "12 many samples",
    ):  # fmt: skip
        assert part in text
    assert page.all("title")[0].text == "Inference report: web → users"


def test_a_page_leads_to_every_operation_and_every_link_leads_somewhere() -> None:
    reports = [
        a_report(an_operation("GET /a"), an_operation("GET /b")),
        a_report(an_operation("GET /a"), provider="other"),
    ]
    page = page_of(*reports)
    ids = [each.attributes["id"] for each in page.walk() if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    links = [each.attributes["href"] or "" for each in page.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    (nav,) = page.all("nav")
    assert [each.text for each in nav.all("a")] == ["web → users", "GET /a", "GET /b", "web → other", "GET /a"]
    labels = [each.attributes["aria-labelledby"] for each in page.walk() if "aria-labelledby" in each.attributes]
    assert set(labels) <= set(ids)


def test_headings_go_down_one_step_at_a_time() -> None:
    page = page_of(a_report(an_operation("GET /a", advice=("more",))), a_report())
    levels = [int(each.tag[1]) for each in page.walk() if each.tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_table_has_a_heading_for_every_cell() -> None:
    for table in page_of(a_report()).all("table"):
        columns = len(table.all("thead")[0].all("th"))
        for row in table.all("tbody")[0].all("tr"):
            assert len(row.all("th")) + len(row.all("td")) == columns
            assert row.all("th")[0].attributes["scope"] == "row"


def test_an_answer_that_is_shown_already_is_linked_to() -> None:
    page = page_of(a_report(an_operation("GET /a", an_interaction("plain"), an_interaction("with page"))))
    first, second = page.all("details", "interaction")
    assert first.all("table") and not second.all("table")
    (link,) = second.all("a")
    assert (link.text, link.attributes["href"]) == ("plain", f"#{first.attributes['id']}")


@pytest.mark.parametrize(
    ("reports", "text"),
    [
        ((), "0 contracts"),
        ((Report("web", "users", ()),), "No operation was recorded."),
        (
            (a_report(an_operation("o", an_interaction(response=()))),),
            "There are no findings about single places here.",
        ),
    ],
)
def test_what_is_empty_says_so(reports: tuple[Report, ...], text: str) -> None:
    assert text in page_of(*reports).text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    page = page_of(a_report_of(text), a_report_of(text))
    assert set(tags(page)) <= ALLOWED
    assert {name for each in page.walk() for name in each.attributes} <= {
        "lang", "charset", "http-equiv", "content", "name", "href", "id", "class", "style", "role", "scope", "open",
        "aria-label", "aria-labelledby", "aria-hidden",
    }  # fmt: skip
    assert all((each.attributes["href"] or "").startswith("#") for each in page.all("a"))
    assert len(page.text) < 40_000


@settings(max_examples=60)
@given(st.text(st.characters(exclude_characters=" `"), min_size=1, max_size=30))
def test_no_text_changes_the_elements_of_a_page(text: str) -> None:
    assert tags(page_of(a_report_of(text))) == tags(page_of(a_report_of("x")))


def test_nothing_of_an_ordinary_page_is_clipped() -> None:
    assert "characters]" not in report_page([a_report()])


def test_a_page_needs_nothing_but_itself() -> None:
    text = report_page([a_report_of("https://evil.example/x.js")])
    page = read_page(text)
    assert text.startswith("<!doctype html>\n")
    (policy,) = (each for each in page.all("meta") if "http-equiv" in each.attributes)
    assert (policy.attributes["content"] or "").startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not [
        each for each in page.walk() if each.tag in {"script", "link", "img", "iframe"} or "src" in each.attributes
    ]


def test_the_same_reports_give_the_same_page() -> None:
    report = a_report_of("x")
    again: Report = pickle.loads(pickle.dumps(report))
    assert report_page([report]) == report_page([again])


def test_a_page_is_bounded_and_counts_what_it_leaves() -> None:
    wide = tuple(a_finding(f"$.{'m' * 400}{n}", "text" * 200, why="why " * 200) for n in range(40_000))
    busy = an_operation("busy", *(an_interaction(f"{n}", (), (a_finding(f"$.{n}"),)) for n in range(8_000)))
    report = a_report(
        an_operation("wide", an_interaction(response=wide)), busy, *(an_operation(f"{n}") for n in range(2_500))
    )
    text = report_page([report] + [a_report(provider=f"{n}") for n in range(400)])
    assert len(text) < 50_000_000
    page = read_page(text)
    left = [each.text for each in page.all("p", "more")]
    assert "There is no room here for 101 more contracts: see the JSON report." in left
    assert any("more operations" in each for each in left)
    assert any("more interactions" in each for each in left)
    assert any("more places; this page has no room" in each for each in left)
    assert len([each for each in page.all("tr") if each.all("td", "evidence")]) <= MOST_ROWS


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [420, 1200])
def test_a_browser_shows_it_in_any_width_and_asks_for_nothing(
    browser: Browser, tmp_path: Path, scheme: str, width: int
) -> None:
    long = replace(an_operation("GET /" + "long" * 60), advice=("record " + "x" * 300,))
    reports = [a_report_of(text) for text in HOSTILE] + [a_report(long)]
    file = tmp_path / "report.html"
    file.write_text(report_page(reports), encoding="utf-8")
    seen: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.on("request", lambda request: seen.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen == []
    context.close()
