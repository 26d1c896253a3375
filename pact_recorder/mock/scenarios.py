"""Scenarios: named state machines that expectations wait for and move on (MockServer's `scenarioName`)."""

from __future__ import annotations

STARTED = "Started"
"""The state of a scenario that nobody has moved yet."""


class Scenarios:
    """The present state of every scenario. One thread owns it."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}

    def current(self, name: str) -> str:
        """The state of a scenario."""
        return self._states.get(name, STARTED)

    def set(self, name: str, state: str) -> None:
        """Move a scenario into a state."""
        self._states[name] = state

    def names(self) -> list[str]:
        """The scenarios that were moved, in the order in which they first were."""
        return list(self._states)

    def clear(self) -> None:
        """Put every scenario back to its beginning."""
        self._states.clear()
