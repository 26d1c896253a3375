"""Scenarios: named state machines that expectations wait for and move on (MockServer's `scenarioName`)."""

from __future__ import annotations

from dataclasses import dataclass

STARTED = "Started"
"""The state of a scenario that nobody has moved yet."""

PROVIDER_STATE = "pact-provider-state"
"""The scenario whose state is a provider state of Pact."""


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One move of a scenario, into a state: a later one into the same state is another."""

    state: str


class Scenarios:
    """The present state of every scenario. One thread owns it."""

    def __init__(self) -> None:
        self._moves: dict[str, Move] = {}

    def current(self, name: str) -> str:
        """The state of a scenario."""
        move = self._moves.get(name)
        return STARTED if move is None else move.state

    def last_move(self, name: str) -> Move | None:
        """The move that brought a scenario into its state; None when nobody has moved it."""
        return self._moves.get(name)

    def set(self, name: str, state: str) -> None:
        """Move a scenario into a state."""
        self._moves[name] = Move(state)

    def names(self) -> list[str]:
        """The scenarios that were moved, in the order in which they first were."""
        return list(self._moves)

    def clear(self) -> None:
        """Put every scenario back to its beginning."""
        self._moves.clear()


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """An expectation's place in a scenario: the state that it waits for, and the one that its answer leads to."""

    name: str
    state: str | None = None
    next: str | None = None

    def is_due(self, scenarios: Scenarios) -> bool:
        """Whether the expectation may answer now."""
        return self.state is None or scenarios.current(self.name) == self.state

    def take(self, scenarios: Scenarios) -> None:
        """Move the scenario on."""
        if self.next is not None:
            scenarios.set(self.name, self.next)
