"""What an export says at its end: a line for each contract, what was left out, and what would make them stronger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pact_recorder.cli.tables import counted, shown, shown_path, table
from pact_recorder.inference.findings import Finding
from pact_recorder.inference.report import OperationReport, Report
from pact_recorder.matching import JsonValue
from pact_recorder.server import Exported

MOST_ADVICE = 3
_MOST_SENTENCES = 20


@dataclass(frozen=True, slots=True)
class Written:
    """A contract that was written: where (None: standard output), and what the version had no place for."""

    export: Exported
    path: str | None
    lost: tuple[str, ...] = ()

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self.export.contract.provider

    @property
    def left_out(self) -> tuple[str, ...]:
        """One sentence for each thing that the contract does not hold."""
        return (*self.export.left_out, *self.lost)

    @property
    def places_left_out(self) -> list[tuple[str, Finding]]:
        """The places of messages that the interactions do not speak of, each with the interaction's description."""
        interactions = (each for operation in self._operations for each in operation.interactions)
        return [(each.description, found) for each in interactions for found in each.left_out]

    @property
    def report(self) -> Report | None:
        """What the contract rests on; None for a literal one."""
        return self.export.report

    def to_json(self) -> dict[str, JsonValue]:
        """The result for programs; what an inferred contract rests on in figures only."""
        hosts: list[JsonValue] = [*self.export.hosts]
        found: dict[str, JsonValue] = {
            "host": ", ".join(self.export.hosts),
            "hosts": hosts,
            "provider": self.provider,
            "path": self.path,
            "interactions": len(self.export.contract.interactions),
            "left_out": [*self.left_out],
        }
        if self.report is not None:
            found |= {
                "operations": len(self.report.operations),
                "samples": self.report.samples,
                "guessed_from_a_single_sample": len(self.report.guessed),
                "places_left_out": [
                    {"interaction": interaction, "place": found.path, "why": found.why}
                    for interaction, found in self.places_left_out
                ],
            }
        return found

    @property
    def _operations(self) -> tuple[OperationReport, ...]:
        return () if self.report is None else self.report.operations


def result_lines(written: Sequence[Written], in_part: Sequence[str]) -> Iterator[str]:
    """The table of contracts, and what people should know besides."""
    if any(each.report for each in written):
        yield from table([_HEADING, *map(_inferred_row, written)], numbers=(1, 2, 3, 4, 5, 6))
    else:
        yield from table([("provider", "interactions", "left out", "contract"), *map(_literal_row, written)], (1, 2))
    for each in written:
        for sentence in each.left_out[:_MOST_SENTENCES]:
            yield f"left out of {shown(each.provider)}: {shown(sentence, 300)}"
        if len(each.left_out) > _MOST_SENTENCES:
            more = counted(len(each.left_out) - _MOST_SENTENCES, "more sentence")
            yield f"left out of {shown(each.provider)}: and {more} (see --json)"
    if any(each.places_left_out for each in written):
        yield "places left out: members, parameters and headers that no rule speaks of; --json and --report list them"
    if in_part:
        listed = ", ".join(in_part[:_MOST_SENTENCES])
        yield f"left out because it was recorded only in part: {shown(listed, 1000)}"
    for text in advice([each.report for each in written if each.report is not None]):
        yield f"to make it stronger: {shown(text, 200)}"


_HEADING = ("provider", "operations", "interactions", "samples", "guessed", "left out", "places left out", "contract")


def _inferred_row(written: Written) -> tuple[str, ...]:
    report = written.report
    operations, samples, guessed = (
        (0, 0, 0) if report is None else (len(report.operations), report.samples, len(report.guessed))
    )
    left_out = (len(written.left_out), len(written.places_left_out))
    figures = (operations, len(written.export.contract.interactions), samples, guessed, *left_out)
    return (written.provider, *map(str, figures), _place(written))


def _literal_row(written: Written) -> tuple[str, ...]:
    interactions = len(written.export.contract.interactions)
    return written.provider, str(interactions), str(len(written.left_out)), _place(written)


def _place(written: Written) -> str:
    return "(printed)" if written.path is None else shown_path(Path(written.path), Path.cwd())


def advice(reports: Sequence[Report], most: int = MOST_ADVICE) -> list[str]:
    """The most useful pieces of advice: those that concern most operations, and of these the busiest."""
    wanted: dict[str, list[OperationReport]] = {}
    for operation in (each for report in reports for each in report.operations):
        for text in dict.fromkeys(operation.advice):
            wanted.setdefault(text, []).append(operation)
    ranked = sorted(wanted.items(), key=lambda item: (-len(item[1]), -sum(each.samples for each in item[1]), item[0]))
    return [_piece(text, operations) for text, operations in ranked[:most]]


def _piece(text: str, operations: Sequence[OperationReport]) -> str:
    busiest = max(operations, key=lambda each: (each.samples, each.name))
    more = len(operations) - 1
    where = busiest.name if not more else f"{shown(busiest.name)} and {counted(more, 'more operation')}"
    return f"{where}: {text}"
