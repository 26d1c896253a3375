"""The head of the report page: how much there is, how sure it is, and what would make it stronger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from pact_recorder.inference import thresholds
from pact_recorder.inference.report import Report
from pact_recorder.inference.report_html_findings import Block, Strength, strength
from pact_recorder.inference.report_html_markup import Html, counted, element, joined
from pact_recorder.inference.report_html_plan import Chapter, Section

TOP: Final = 8
"""Pieces of advice in the summary."""

_NAMED: Final = 4
_RANGES: Final = {
    Strength.ONE: "one sample",
    Strength.FEW: f"2 to {thresholds.NO_NULL - 1} samples",
    Strength.MANY: f"{thresholds.NO_NULL} samples or more",
}


def summary(chapters: Sequence[Chapter], shown: Set[str]) -> Html:
    """The summary of all that there is; only operations whose anchors are `shown` can be linked to."""
    sections = [section for chapter in chapters for section in chapter.sections]
    blocks = [block for section in sections for part in section.parts for block in part.blocks]
    return element(
        "section",
        element("h2", "Summary", id="summary"),
        _figures([chapter.report for chapter in chapters]),
        _strengths(blocks),
        _advice(sections, shown),
        aria_labelledby="summary",
    )


def _figures(reports: Sequence[Report]) -> Html:
    interactions = sum(len(operation.interactions) for report in reports for operation in report.operations)
    guessed = sum(len(report.guessed) for report in reports)
    share = round(100 * guessed / interactions) if interactions else 0
    figures = (
        ("Contracts", f"{len(reports):,}", ""),
        ("Operations", f"{sum(len(report.operations) for report in reports):,}", ""),
        ("Samples", f"{sum(report.samples for report in reports):,}", ""),
        ("Interactions", f"{interactions:,}", ""),
        ("From a single sample", f"{share} %", f"{guessed:,} of {counted(interactions, 'interaction')}"),
    )
    return element("dl", *(_figure(*each) for each in figures), class_="figures")


def _figure(name: str, value: str, detail: str) -> Html:
    small = element("small", detail) if detail else Html()
    return element("div", element("dt", name), element("dd", value, small))


def _strengths(blocks: Iterable[Block]) -> Html:
    counts: defaultdict[Strength, int] = defaultdict(int)
    left_out = 0
    for block in blocks:
        for finding in block.findings:
            if finding.rule is None:
                left_out += 1
            else:
                counts[strength(finding.seen, block.samples)] += 1
    total = sum(counts.values())
    if not total:
        return Html()
    without = f"; {counted(left_out, 'place')} left out" if left_out else ""
    return joined(
        (
            element("h3", "How many samples can stand behind the promises"),
            element("div", *_shares(counts, total), class_="shares", role="img", aria_label=_told(counts)),
            element("ul", *_legend(counts, total), class_="legend"),
            element(
                "p",
                f"{counted(total, 'promise')}{without}. Answers that interactions share count once.",
                class_="quiet",
            ),
        )
    )


def _shares(counts: Mapping[Strength, int], total: int) -> Iterator[Html]:
    for each in _RANGES:
        if counts.get(each):
            yield element("i", class_=each.mark, style=f"flex-grow:{counts[each] / total:.4f}")


def _told(counts: Mapping[Strength, int]) -> str:
    return "Promises: " + ", ".join(f"{counts.get(each, 0):,} from {words}" for each, words in _RANGES.items())


def _legend(counts: Mapping[Strength, int], total: int) -> Iterator[Html]:
    for each, words in _RANGES.items():
        count = counts.get(each, 0)
        key = element("i", class_=f"key {each.mark}", aria_hidden="true")
        yield element("li", key, element("b", f"{count:,}"), f" from {words} ({round(100 * count / total)} %)")


def _advice(sections: Sequence[Section], shown: Set[str]) -> Html:
    wanted: defaultdict[str, list[Section]] = defaultdict(list)
    for section in sections:
        for text in dict.fromkeys(section.operation.advice):
            wanted[text].append(section)
    if not wanted:
        return Html()
    top = sorted(wanted.items(), key=_urgency)[:TOP]
    items = [_piece(text, where, shown) for text, where in top]
    return joined((element("h3", "What would make it stronger"), element("ol", *items, class_="advice")))


def _urgency(wanted: tuple[str, Sequence[Section]]) -> tuple[int, int, str]:
    """What most operations want comes first, then what those with most samples do."""
    text, where = wanted
    return -len(where), -sum(section.operation.samples for section in where), text


def _piece(text: str, where: Sequence[Section], shown: Set[str]) -> Html:
    first = sorted(where, key=lambda section: -section.operation.samples)[:_NAMED]
    names = Html(", ".join(_link(section, shown) for section in first))
    others = f" and {len(where) - len(first):,} more" if len(where) > len(first) else ""
    return element("li", text, element("small", f"{counted(len(where), 'operation')}: ", names, others))


def _link(section: Section, shown: Set[str]) -> Html:
    name = section.operation.name
    return element("a", name, href=f"#{section.anchor}") if section.anchor in shown else element("span", name)
