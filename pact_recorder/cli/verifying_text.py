"""What the two ways to verify contracts have in common: how a result begins, and what it is as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pact_recorder.cli.tables import counted, shown, shown_path
from pact_recorder.matching import JsonValue
from pact_recorder.pact import Contract
from pact_recorder.verification import ContractReport, ProviderReport

WIDEST_LINE = 500
MOST_MISMATCHES = 10
Report = TypeVar("Report", ContractReport, ProviderReport)


@dataclass(frozen=True, slots=True)
class Verified(Generic[Report]):
    """A contract, where it came from, and what the session or the provider says to it."""

    source: str
    contract: Contract
    report: Report

    def heading(self, verified: int, of: int) -> str:
        """The first line, with how many of its interactions were verified."""
        parties = f"{shown(self.contract.consumer)} → {shown(self.contract.provider)}"
        path = shown_path(Path(self.source), Path.cwd(), WIDEST_LINE)
        return f"{path} ({parties}): {verified:,} of {counted(of, 'interaction')} verified"


def as_json(
    results: Iterable[Verified[Report]], interactions: Callable[[Report], Iterable[JsonValue]]
) -> dict[str, JsonValue]:
    """The results as a document; `interactions` gives the verdicts of a report."""
    contracts = [
        {
            "source": result.source,
            "consumer": result.contract.consumer,
            "provider": result.contract.provider,
            "verified": result.report.verified,
            "interactions": list(interactions(result.report)),
        }
        for result in results
    ]
    return {"verified": all(each["verified"] for each in contracts), "contracts": contracts}
