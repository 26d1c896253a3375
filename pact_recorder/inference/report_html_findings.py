"""The findings of a report as tables, with a bar for the evidence behind each.

How strong a promise is depends on samples, not on values: a list of a hundred items in one answer is still one sample.
A finding counts values; the samples that it can rest on are at most those of its operation (for a request) or those
that were answered with the same status (for an answer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import log
from typing import Final

from pact_recorder.inference import thresholds
from pact_recorder.inference.findings import Finding
from pact_recorder.inference.report_html_markup import Html, counted, element, joined

UNFOLDED: Final = 40
"""Rows of a table that are shown at once; the others are folded."""

_COLUMNS: Final = ("Place", "Promise", "Evidence", "Distinct", "Null", "Absent", "Why")
_LEFT_OUT_COLUMNS: Final = ("Place", "Why it is left out", "Evidence", "Distinct", "Null", "Absent")
_NUMBERS: Final = frozenset({"Distinct", "Null", "Absent"})


class Strength(Enum):
    """How many samples speak: the name of the class in the page, and in words."""

    NONE = "none", "no value"
    ONE = "one", "one sample"
    FEW = "few", "few samples"
    MANY = "many", "many samples"

    @property
    def mark(self) -> str:
        """The name that the style sheet knows."""
        return self.value[0]

    @property
    def words(self) -> str:
        """For people."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Scale:
    """What a full bar stands for, in values, and how many rows a table may have."""

    most: int
    rows: int

    def width(self, seen: int) -> int:
        """The length of a bar in per cent, by the logarithm: from 10 to 100 is as far as from 100 to 1,000."""
        return round(100 * log(1 + max(seen, 0)) / log(1 + max(self.most, 1)))


@dataclass(frozen=True, slots=True)
class Block:
    """Findings that make a table: what they are about, and how many samples they can rest on."""

    title: str
    findings: Sequence[Finding]
    samples: int

    @property
    def left_out(self) -> bool:
        """Whether these are the places that the contract does not speak of."""
        return bool(self.findings) and self.findings[0].rule is None


def strength(seen: int, samples: int) -> Strength:
    """How strong `seen` values are that come from at most so many samples."""
    behind = min(seen, samples)
    if behind < 1:
        return Strength.NONE
    if behind == 1:
        return Strength.ONE
    return Strength.FEW if behind < thresholds.NO_NULL else Strength.MANY


def block_table(block: Block, scale: Scale) -> Html:
    """The table of a block: the first rows, the next ones folded, and a count of those for which there is no room."""
    kept = block.findings[: scale.rows]
    parts = [_table(block, kept[:UNFOLDED], scale, block.title)] if kept else []
    if len(kept) > UNFOLDED:
        rest = _table(block, kept[UNFOLDED:], scale, f"{block.title}, continued")
        parts.append(element("details", element("summary", f"{counted(len(kept) - UNFOLDED, 'more place')}"), rest))
    if len(block.findings) > len(kept):
        more = counted(len(block.findings) - len(kept), "more place" if kept else "place")
        parts.append(
            element("p", f"{block.title}: {more}; this page has no room for all, the JSON report does.", class_="more")
        )
    return joined(parts)


def bar(seen: int, samples: int, scale: Scale) -> Html:
    """The bar of a number of values, with the number and the strength in words beside it."""
    how = strength(seen, samples)
    label = f"{counted(seen, 'value')}, {how.words}"
    fill = element("i", style=f"width:{scale.width(seen)}%")
    drawn = element("span", fill, class_=f"bar {how.mark}", role="img", aria_label=label)
    return Html(f"{drawn} {element('b', seen)} {element('small', how.words)}")


def _table(block: Block, findings: Sequence[Finding], scale: Scale, title: str) -> Html:
    columns = _LEFT_OUT_COLUMNS if block.left_out else _COLUMNS
    head = element("tr", *(element("th", name, scope="col", class_="n" * (name in _NUMBERS)) for name in columns))
    rows = joined(_row(each, block.samples, scale) for each in findings)
    kind = "findings left" if block.left_out else "findings"
    return element("table", element("caption", title), element("thead", head), element("tbody", rows), class_=kind)


def _row(finding: Finding, samples: int, scale: Scale) -> Html:
    place = element("th", element("code", finding.path), scope="row")
    why = element("td", finding.why, class_="why")
    evidence = element("td", bar(finding.seen, samples, scale), class_="evidence")
    distinct = f"{finding.distinct:,}{'+' * finding.more}"
    counts = (
        element("td", distinct, class_="n"),
        element("td", finding.nulls, class_="n" if finding.nulls else "n zero"),
        element("td", finding.absent, class_="n" if finding.absent else "n zero"),
    )
    if finding.rule is None:
        return element("tr", place, why, evidence, *counts)
    return element("tr", place, element("td", finding.rule), evidence, *counts, why)
