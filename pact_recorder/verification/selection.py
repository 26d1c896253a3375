"""Which interactions of a contract are verified: all, or those that the user names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pact_recorder.errors import UsageError
from pact_recorder.pact import AnyInteraction


@dataclass(frozen=True, slots=True)
class Selection:
    """The interactions whose description, and one of whose states, a regular expression finds.

    `without_state` asks for those without a state instead. Raises UsageError for a pattern that is none, and for
    `state` together with `without_state`.
    """

    description: str | None = None
    state: str | None = None
    without_state: bool = False

    def __post_init__(self) -> None:
        if self.state is not None and self.without_state:
            raise UsageError("Interactions can be selected by their state or without one, not both: leave one out.")
        for name, pattern in (("description", self.description), ("state", self.state)):
            try:
                re.compile(pattern or "")
            except re.error as error:
                raise UsageError(
                    f'"{pattern}" selects no interactions by {name}, as it is no regular expression: {error}.'
                ) from None

    def __call__(self, interaction: AnyInteraction) -> bool:
        """Whether an interaction is selected."""
        if self.description is not None and not re.search(self.description, interaction.description):
            return False
        names = [state.name for state in interaction.provider_states if state.name]
        if self.without_state:
            return not names
        return self.state is None or any(re.search(self.state, name) for name in names)
