"""The report of an inference as one HTML page that needs nothing but itself.

The page holds no script and asks for no other resource, and its content policy forbids both, so that nothing in
recorded traffic can come to life in it. Interactions are folded unless the page is short; what is unfolded is what is
printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pact_recorder.inference import thresholds
from pact_recorder.inference.report import ParameterReport, Report
from pact_recorder.inference.report_html_findings import block_table
from pact_recorder.inference.report_html_markup import Html, counted, element, joined, some, with_code
from pact_recorder.inference.report_html_plan import MOST_CONTRACTS, Chapter, Part, Room, Section, chapters_of, room_for
from pact_recorder.inference.report_html_style import STYLE
from pact_recorder.inference.report_html_summary import summary

_MOST_ITEMS: Final = 20
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_CONTENTS: Final = (
    ("Operation", ""), ("Samples", "n"), ("Statuses", ""), ("Interactions", "n"), ("From one sample", "n"),
)  # fmt: skip
_HOW_TO_READ: Final = (
    ("Place and promise", "where in the message, and what the contract demands there."),
    ("Evidence", "how many values were seen, drawn by their logarithm, and how many samples they can come from. "
     "A list of a hundred items in one answer is still one sample. "
     f"Few are 2 to {thresholds.NO_NULL - 1} samples, many are {thresholds.NO_NULL} or more."),
    ("Distinct", "different values among them; a plus sign means that there were others than could be kept."),
    ("Null and absent", "how often the place was null, and how often it was not there."),
    ("Shared evidence", "samples of an operation that were answered alike speak together, "
     "so a row may rest on more samples than its interaction."),
)  # fmt: skip


def report_page(reports: Sequence[Report]) -> str:
    """The page about these reports: a whole HTML document, to be written as UTF-8."""
    chapters = chapters_of(reports)
    room = room_for(chapters)
    title = _title(reports)
    skip = element("a", "Skip to the operations", href="#contents", class_="skip")
    header = element("header", element("h1", title), element("p", _lead(reports), class_="quiet"))
    main = element("main", joined(_main(chapters, room)))
    page = element("html", _head(title), element("body", skip, header, main), lang="en")
    return f"<!doctype html>\n{page}\n"


def _title(reports: Sequence[Report]) -> str:
    if len(reports) == 1:
        return f"{reports[0].consumer} → {reports[0].provider}"
    return f"{counted(len(reports), 'contract')}"


def _lead(reports: Sequence[Report]) -> str:
    samples = counted(sum(report.samples for report in reports), "recorded exchange")
    subject = "contract promises" if len(reports) == 1 else "contracts promise"
    return f"What the {subject}, as inferred from {samples}, and how sure each promise is."


def _head(title: str) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"Inference report: {title}"),
        element("style", Html(STYLE)),
    )


def _main(chapters: Sequence[Chapter], room: Room) -> Iterator[Html]:
    shown = chapters[:MOST_CONTRACTS]
    yield summary(chapters, {section.anchor for chapter in shown for section in room.of(chapter)})
    meanings = (element("p", element("b", f"{term}: "), meaning) for term, meaning in _HOW_TO_READ)
    yield element("details", element("summary", "How to read the tables"), *meanings, class_="how")
    yield _contents(shown, room)
    for chapter in shown:
        yield _chapter(chapter, room, alone=len(chapters) == 1)
    if len(chapters) > len(shown):
        yield _no_room(len(chapters) - len(shown), "contract")


def _contents(chapters: Sequence[Chapter], room: Room) -> Html:
    tables = joined(_contents_of(chapter, room, alone=len(chapters) == 1) for chapter in chapters)
    count = counted(sum(len(chapter.sections) for chapter in chapters), "operation")
    listed = element("details", element("summary", f"All {count}"), tables, open=room.open_contents)
    heading = element("h2", "Operations", id="contents")
    return element("nav", heading, listed, aria_labelledby="contents")


def _contents_of(chapter: Chapter, room: Room, *, alone: bool) -> Html:
    head = element("tr", *(element("th", name, scope="col", class_=kind) for name, kind in _CONTENTS))
    rows = joined(_contents_row(section) for section in room.of(chapter))
    caption = Html() if alone else element("caption", element("a", _name(chapter.report), href=f"#{chapter.anchor}"))
    table = element("table", caption, element("thead", head), element("tbody", rows), class_="contents")
    return joined((table, _no_room(len(chapter.sections) - len(room.of(chapter)), "operation")))


def _contents_row(section: Section) -> Html:
    operation = section.operation
    guessed = sum(each.samples == 1 for each in operation.interactions)
    return element(
        "tr",
        element("th", element("a", _spoken(operation.name), href=f"#{section.anchor}"), scope="row"),
        element("td", operation.samples, class_="n"),
        element("td", ", ".join(f"{status}" for status in list(operation.statuses)[:_MOST_ITEMS])),
        element("td", len(operation.interactions), class_="n"),
        element("td", guessed, class_="n" if guessed else "n zero"),
    )


def _chapter(chapter: Chapter, room: Room, *, alone: bool) -> Html:
    shown = room.of(chapter)
    heading = Html() if alone else element("h2", _name(chapter.report), id=chapter.anchor)
    empty = Html() if chapter.sections else element("p", "No operation was recorded.", class_="quiet")
    sections = joined(_section(section, room) for section in shown)
    return joined((heading, empty, sections, _no_room(len(chapter.sections) - len(shown), "operation")))


def _section(section: Section, room: Room) -> Html:
    operation, shown = section.operation, room.within(section)
    samples = element("li", counted(operation.samples, "sample"), class_="chip")
    statuses = [_status(status, count) for status, count in operation.statuses.items()]
    return element(
        "section",
        element("h3", _spoken(operation.name), id=section.anchor),
        element("ul", samples, *some(statuses, _MOST_ITEMS), class_="chips", aria_label="Samples and statuses"),
        _list("Parameters", [_parameter(each) for each in operation.parameters]),
        _list("Flows", [element("li", with_code(each)) for each in operation.flows]),
        _list("What would make it stronger", [element("li", each) for each in operation.advice]),
        joined(_part(each, room) for each in shown),
        _no_room(len(section.parts) - len(shown), "interaction"),
        class_="operation",
        aria_labelledby=section.anchor,
    )


def _part(part: Part, room: Room) -> Html:
    interaction = part.interaction
    left_out = len(interaction.left_out)
    promised = len(interaction.request) + len(interaction.response) - left_out
    line = (
        element("h4", interaction.description),
        _status_chip(interaction.status),
        element(
            "span", counted(interaction.samples, "sample"), class_="chip alone" if interaction.samples == 1 else "chip"
        ),
        element("span", f"{counted(promised, 'promise')}, {left_out:,} left out", class_="quiet"),
    )
    return element(
        "details",
        element("summary", *line),
        joined(_inside(part, room)),
        id=part.anchor,
        class_="interaction",
        open=room.open_interactions,
    )


def _inside(part: Part, room: Room) -> Iterator[Html]:
    interaction = part.interaction
    if interaction.note:
        yield element("p", element("b", "Note: "), interaction.note, class_="note")
    yield _list("Provider states", [element("li", each) for each in interaction.states])
    for block in part.blocks:
        yield block_table(block, room.scale)
    if part.same_answer is not None:
        link = element("a", part.same_answer.interaction.description, href=f"#{part.same_answer.anchor}")
        yield element("p", "The answer is promised as in ", link, ".", class_="quiet")
    elif not part.blocks:
        yield element("p", "There are no findings about single places here.", class_="quiet")


def _list(title: str, items: Sequence[Html]) -> Html:
    if not items:
        return Html()
    listed = element("ul", *some(items, _MOST_ITEMS))
    return element("div", element("p", title, class_="label"), listed, class_="aside")


def _parameter(parameter: ParameterReport) -> Html:
    return element("li", element("code", f"{{{parameter.name}}}"), f" {parameter.why}")


def _status(status: int, count: int) -> Html:
    return element("li", _status_chip(status), element("small", f"×{count:,}"))


def _status_chip(status: int) -> Html:
    return element("span", str(status), class_=f"chip s{status // 100}")


def _spoken(name: str) -> Html:
    """The name of an operation, its method set apart."""
    method, space, path = name.partition(" ")
    return (
        Html(f"{element('span', method, class_='method')} {element('code', path)}") if space else element("code", name)
    )


def _name(report: Report) -> str:
    return f"{report.consumer} → {report.provider}"


def _no_room(count: int, noun: str) -> Html:
    """How many more there are than the page has room for."""
    if count <= 0:
        return Html()
    return element(
        "p", f"There is no room here for {counted(count, f'more {noun}')}: see the JSON report.", class_="more"
    )
