"""What our servers take for a request with ever more interactions: all counts in turns, so that ratios count."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from pathlib import Path

from mock_servers.measuring import load, take_round
from mock_servers.tables import heading, line

FIGURES = ("CPU µs", "times one", "at best µs", "times one", "p99 ms", "memory MB")
COLUMNS = ("contract", "server", "interactions", *FIGURES)


def growth(names: list[str], kinds: list[str], counts: list[int], folder: Path, rounds: int, seconds: float) -> None:
    """Print processor time of a request and its ratio to that with the fewest interactions: medians, and minima."""
    print(heading(COLUMNS), flush=True)
    for kind in kinds:
        for name in names:
            _of_server(name, kind, counts, folder, rounds, seconds)


def _of_server(name: str, kind: str, counts: list[int], folder: Path, rounds: int, seconds: float) -> None:
    with ExitStack() as stack:
        running = {count: load(stack, name, kind, count, count, folder) for count in counts}
        for _ in range(rounds):
            for each in running.values():
                take_round(each, seconds)
        first: tuple[float, float] | None = None
        for count, each in running.items():
            processor = [one.processor for one in each.rounds]
            median, best = statistics.median(processor), min(processor)
            first = first or (median, best)
            p99 = statistics.median(one.p99 for one in each.rounds)
            ratios = (f"{median:.1f}", f"{median / first[0]:.2f}", f"{best:.1f}", f"{best / first[1]:.2f}")
            print(line((kind, name, f"{count:,}", *ratios, f"{p99:.2f}", f"{each.server.memory():,.0f}")), flush=True)
