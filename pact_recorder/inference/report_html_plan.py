"""What the report page shows where: sections with their anchors, tables each once, and how much room there is for all.

The size of a page is bounded. Where there is more than it has room for, all operations (or interactions, or tables) get
an equal share, so that one huge answer takes nothing from the others; what is left is counted in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pact_recorder.inference.findings import Finding
from pact_recorder.inference.report import InteractionReport, OperationReport, Report
from pact_recorder.inference.report_html_findings import Block, Scale
from pact_recorder.inference.report_html_markup import fair_share

MOST_CONTRACTS: Final = 300
MOST_OPERATIONS: Final = 2_000
MOST_INTERACTIONS: Final = 4_000
MOST_ROWS: Final = 20_000

_UNFOLDED_CONTENTS: Final = 60
_UNFOLDED_ROWS: Final = 150


@dataclass(frozen=True, slots=True)
class Part:
    """An interaction with its anchor and tables; where an earlier one has the same answer, it has no table for that."""

    interaction: InteractionReport
    anchor: str
    blocks: tuple[Block, ...]
    same_answer: Part | None


@dataclass(frozen=True, slots=True)
class Section:
    """An operation with its anchor and its interactions."""

    operation: OperationReport
    anchor: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A contract with its anchor and its operations."""

    report: Report
    anchor: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How many operations a contract, how many interactions an operation and how many rows a table may show.

    In a short page the contents and the interactions stand open.
    """

    operations: int
    interactions: int
    scale: Scale
    open_contents: bool
    open_interactions: bool

    def of(self, chapter: Chapter) -> tuple[Section, ...]:
        """The operations of a contract that are shown."""
        return chapter.sections[: self.operations]

    def within(self, section: Section) -> tuple[Part, ...]:
        """The interactions of an operation that are shown."""
        return section.parts[: self.interactions]


def chapters_of(reports: Sequence[Report]) -> tuple[Chapter, ...]:
    """Everything that reports tell, in the order of the page."""
    return tuple(
        Chapter(report, f"c{number}", tuple(_sections(report, f"c{number}")))
        for number, report in enumerate(reports, 1)
    )


def room_for(chapters: Sequence[Chapter]) -> Room:
    """The room that a page with these chapters has for each of them."""
    shown = chapters[:MOST_CONTRACTS]
    operations = fair_share((len(chapter.sections) for chapter in shown), MOST_OPERATIONS)
    sections = [section for chapter in shown for section in chapter.sections[:operations]]
    interactions = fair_share((len(section.parts) for section in sections), MOST_INTERACTIONS)
    blocks = [block for section in sections for part in section.parts[:interactions] for block in part.blocks]
    lengths = [len(block.findings) for block in blocks]
    most = max((finding.seen for block in blocks for finding in block.findings), default=1)
    return Room(
        operations,
        interactions,
        Scale(most, fair_share(lengths, MOST_ROWS)),
        open_contents=len(sections) <= _UNFOLDED_CONTENTS,
        open_interactions=sum(lengths) <= _UNFOLDED_ROWS,
    )


def _sections(report: Report, anchor: str) -> Iterator[Section]:
    for number, operation in enumerate(report.operations, 1):
        here = f"{anchor}-{number}"
        yield Section(operation, here, tuple(_parts(operation, here)))


def _parts(operation: OperationReport, anchor: str) -> Iterator[Part]:
    known: dict[tuple[int, tuple[Finding, ...]], Part] = {}
    for number, each in enumerate(operation.interactions, 1):
        key = (each.status, each.response)
        same = known.get(key) if each.response else None
        blocks = [*_blocks("Request", each.request, operation.samples)]
        if same is None:
            blocks += _blocks("Answer", each.response, operation.statuses.get(each.status, each.samples))
        part = Part(each, f"{anchor}-{number}", tuple(blocks), same)
        known.setdefault(key, part)
        yield part


def _blocks(title: str, findings: Sequence[Finding], samples: int) -> Iterator[Block]:
    promised = [each for each in findings if each.rule is not None]
    left_out = [each for each in findings if each.rule is None]
    if promised:
        yield Block(title, promised, samples)
    if left_out:
        yield Block(f"{title}: left out of the contract", left_out, samples)
