"""The report of an inference: for each operation what was seen, what the contract says of it and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from pact_recorder.inference.findings import Finding
from pact_recorder.inference.interactions import Explained, Gathered
from pact_recorder.inference.operations import Operation
from pact_recorder.matching import JsonValue

_FEW = 3


@dataclass(frozen=True, slots=True)
class ParameterReport:
    """A parameter of a path template and why it is one."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class InteractionReport:
    """One interaction: how many samples it rests on, and the findings about its request and its response."""

    description: str
    status: int
    samples: int
    states: tuple[str, ...]
    request: tuple[Finding, ...]
    response: tuple[Finding, ...]
    note: str

    @property
    def left_out(self) -> tuple[Finding, ...]:
        """What the contract does not speak of."""
        return tuple(each for each in (*self.request, *self.response) if each.rule is None)


@dataclass(frozen=True, slots=True)
class OperationReport:
    """One operation: samples, how often each status was seen, parameters, flows, interactions, and what is missing."""

    name: str
    samples: int
    statuses: Mapping[int, int]
    parameters: tuple[ParameterReport, ...]
    flows: tuple[str, ...]
    interactions: tuple[InteractionReport, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The report on a contract."""

    consumer: str
    provider: str
    operations: tuple[OperationReport, ...]

    @property
    def samples(self) -> int:
        """How many exchanges the contract rests on."""
        return sum(operation.samples for operation in self.operations)

    @property
    def guessed(self) -> tuple[str, ...]:
        """The interactions that rest on a single sample."""
        return tuple(
            each.description for operation in self.operations for each in operation.interactions if each.samples == 1
        )

    def to_json(self) -> dict[str, JsonValue]:
        """The report as JSON."""
        document: dict[str, JsonValue] = asdict(self)
        document["samples"] = self.samples
        document["guessed_from_a_single_sample"] = list(self.guessed)
        return document


def report_on(
    operation: Operation, gathered: Gathered, interactions: Sequence[Explained], flows: Sequence[str]
) -> OperationReport:
    """The report on one operation."""
    statuses: Counter[int] = Counter()
    for (_, answered), pair in gathered.pairs.items():
        statuses[answered.status] += pair.answers.count
    return OperationReport(
        operation.name,
        gathered.count,
        dict(sorted(statuses.items())),
        tuple(ParameterReport(each.name, each.why) for each in operation.segments if each.name),
        tuple(flows),
        tuple(map(_interaction, interactions)),
        tuple(_advice(gathered, interactions, statuses)),
    )


def _interaction(explained: Explained) -> InteractionReport:
    interaction = explained.interaction
    return InteractionReport(
        interaction.description,
        explained.status,
        explained.samples,
        tuple(state.name for state in interaction.provider_states),
        explained.request,
        explained.response,
        explained.note,
    )


def _advice(gathered: Gathered, interactions: Sequence[Explained], statuses: Mapping[int, int]) -> Iterator[str]:
    """Which recordings would make the contract of an operation stronger."""
    if gathered.count < _FEW:
        yield f"it rests on {gathered.count} sample{'s' * (gathered.count != 1)}: record it again with other values"
    if not any(status >= 400 for status in statuses):
        yield "no error answer was recorded: record one that fails"
    only_empty = {
        finding.path for each in interactions for finding in each.response if finding.why == "only empty ones were seen"
    }
    for path in sorted(only_empty):
        yield f"{path} was always empty: record one with items"
    only_null = {
        finding.path for each in interactions for finding in each.response if finding.why == "only null was seen"
    }
    for path in sorted(only_null):
        yield f"{path} was always null: record one with a value"
