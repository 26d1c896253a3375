"""What is in a contract: as values for `--json`, and as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pact_recorder.cli.tables import counted, shown, shown_path, table
from pact_recorder.matching import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.pact import AnyInteraction, Contract, Interaction, MessageInteraction

_WIDEST = 200
Part = ExpectedRequest | ExpectedResponse | ExpectedMessage


@dataclass(frozen=True, slots=True)
class InteractionView:
    """An interaction at a glance; messages have neither request nor status."""

    description: str
    kind: str
    request: str
    status: int | None
    states: tuple[str, ...]
    rules: int
    generators: int


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract at a glance; `rules` counts the matchers by kind, `states` the interactions that need each."""

    path: str
    consumer: str
    provider: str
    specification: str | None
    interactions: tuple[InteractionView, ...]
    rules: dict[str, int]
    states: dict[str, int]


def contract_view(contract: Contract, path: Path) -> ContractView:
    """Look through a contract."""
    interactions = tuple(_interaction(each) for each in contract.interactions)
    rules = Counter(match for each in contract.interactions for part in _parts(each) for match in _matchers(part))
    return ContractView(
        path=str(path),
        consumer=contract.consumer,
        provider=contract.provider,
        specification=contract.specification,
        interactions=interactions,
        rules=dict(rules.most_common()),
        states=dict(Counter(state for each in interactions for state in each.states).most_common()),
    )


def _interaction(interaction: AnyInteraction) -> InteractionView:
    parts = _parts(interaction)
    http = interaction if isinstance(interaction, Interaction) else None
    return InteractionView(
        description=interaction.description,
        kind="http" if http else "message" if isinstance(interaction, MessageInteraction) else "synchronous message",
        request=f"{http.request.method} {http.request.path}" if http else "",
        status=http.response.status if http else None,
        states=tuple(state.name for state in interaction.provider_states),
        rules=sum(1 for part in parts for _ in _matchers(part)),
        generators=sum(len(places) for part in parts for places in part.generators.categories.values()),
    )


def _parts(interaction: AnyInteraction) -> tuple[Part, ...]:
    if isinstance(interaction, Interaction):
        return interaction.request, interaction.response
    if isinstance(interaction, MessageInteraction):
        return (interaction.message,)
    return interaction.request, *interaction.responses


def _matchers(part: Part) -> Iterable[str]:
    for places in part.rules.categories.values():
        for listed in places.values():
            yield from (rule.match for rule in listed.rules)


def contract_tables(view: ContractView) -> list[str]:
    """The lines that show a contract."""
    path = shown_path(Path(view.path), Path.cwd(), _WIDEST)
    version = f"Pact {shown(view.specification)}" if view.specification else "Pact version not named"
    heading = f"contract {shown(view.consumer)} → {shown(view.provider)}: "
    lines = [
        f"{heading}{counted(len(view.interactions), 'interaction')}, {version}",
        f"  {path}",
        "",
    ]
    rows = [("interaction", "request", "status", "rules", "generators", "states")]
    for each in view.interactions:
        status = "-" if each.status is None else str(each.status)
        states = ", ".join(each.states)
        rows.append(
            (each.description, each.request or each.kind, status, str(each.rules), str(each.generators), states)
        )
    lines += table(rows, numbers=(2, 3, 4))
    return [*lines, "", f"rules: {_listed(view.rules)}", f"states: {_listed(view.states)}"]


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{shown(name)} ({count})" for name, count in counts.items()) or "none"
