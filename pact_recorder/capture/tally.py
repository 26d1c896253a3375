"""What a run did, counted: for the status endpoint and for the table at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_MOST_REASONS = 200


@dataclass(slots=True)
class ProviderTally:
    """What was recorded of one provider: exchanges, and the different paths among them."""

    exchanges: int = 0
    paths: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Tally:
    """Counts of one run.

    `cut` bodies are kept but not replayed, `cut_streams` of events are replayed as far as they came. `late_trailers`
    came after the exchange was recorded.
    """

    providers: dict[str, ProviderTally] = field(default_factory=dict)
    recorded: int = 0
    repeated: int = 0
    cut: int = 0
    cut_streams: int = 0
    late_trailers: int = 0
    not_recorded: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    missed: int = 0
    refused_connections: int = 0
    refused_controls: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def is_idle(self) -> bool:
        """Whether no traffic was seen at all."""
        seen = (self.recorded, self.not_recorded, self.answered, self.missed, self.failures, self.refused_connections)
        return not any(seen)

    def count_not_recorded(self, reason: str) -> None:
        """One more exchange was not recorded, for a reason in words that may come from outside."""
        known = reason in self.not_recorded or len(self.not_recorded) < _MOST_REASONS
        self.not_recorded[reason if known else "other reasons"] += 1

    def count_exchange(self, provider: str, path: str) -> None:
        """One more exchange of a provider was recorded."""
        tally = self.providers.get(provider)
        if tally is None:
            tally = self.providers[provider] = ProviderTally()
        tally.exchanges += 1
        tally.paths.add(path)
        self.recorded += 1
