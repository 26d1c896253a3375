"""Inferred interactions confirmed: what an export says is true of the sample that it was made after.

An exported contract verifies against what it was made of, so an interaction that its own sample contradicts, or that a
document cannot say as it was inferred, gives way to that sample as it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pact_recorder.http import Exchange
from pact_recorder.matching import compile_request, compile_response
from pact_recorder.mock import Expectations
from pact_recorder.pact import AnyInteraction, Interaction, SpecVersion
from pact_recorder.server.operations import export_contract
from pact_recorder.server.representable import representable
from pact_recorder.verification import at_its_place

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Interactions that are true of their samples, and one sentence for whatever became of the others."""

    interactions: tuple[AnyInteraction, ...]
    sentences: tuple[str, ...]


def confirmed(made: Iterable[tuple[AnyInteraction, Exchange]], version: SpecVersion) -> Confirmed:
    """The interactions, each given with its sample, as a document of the version can say them."""
    interactions: list[AnyInteraction] = []
    sentences: list[str] = []
    for interaction, sample in made:
        found, lost = representable([interaction], version)
        reason = _contradiction(found[0], sample) if found else "a document cannot say it"
        if reason:
            found, told = _as_recorded(interaction, sample, version)
            what = "one sample as it was recorded, since no rules describe it"
            lost = (f"{interaction.description}: {what} ({reason})", *told) if found else told
        interactions += found
        sentences += lost
    return Confirmed(tuple(interactions), tuple(sentences))


def _contradiction(interaction: AnyInteraction, sample: Exchange) -> str:
    """What in an interaction is not true of a sample; empty when all is."""
    if not isinstance(interaction, Interaction):
        return ""
    if interaction.request.path != sample.request.path:
        return "its path is another"
    mismatches = [
        *compile_request(at_its_place(interaction.request)).match(sample.request),
        *compile_response(interaction.response).match(sample.response),
    ]
    return mismatches[0].sentence[:_LONGEST] if mismatches else ""


def _as_recorded(
    interaction: AnyInteraction, sample: Exchange, version: SpecVersion
) -> tuple[tuple[AnyInteraction, ...], tuple[str, ...]]:
    """The sample as an interaction of the same description, and what has no place in it."""
    expectations = Expectations(lambda _: sample)
    expectations.add_recorded(sample, 0)
    export = export_contract(expectations.recorded, "", "", version=version)
    named = tuple(replace(each, description=interaction.description) for each in export.contract.interactions)
    return named, export.left_out
