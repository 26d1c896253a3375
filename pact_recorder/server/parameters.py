"""The query parameters that an endpoint has: what it does not have is refused by name, never taken for nothing."""

from __future__ import annotations

from dataclasses import dataclass

from pact_recorder.errors import UsageError
from pact_recorder.mock.mockserver.members import nearest
from pact_recorder.server.messages import ControlRequest

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Parameters:
    """The names that an endpoint `takes`, and MockServer's that it `lacks`, which may be empty or false."""

    takes: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def check(self, request: ControlRequest) -> None:
        """Raise UsageError for a parameter that the endpoint does not have; one that is misspelt is told how it is."""
        for name, value in request.parameters.items():
            if name in self.lacks:
                if value.strip().lower() not in ("", "false"):
                    raise UsageError(f'the parameter "{name}" is not supported')
            elif name not in self.takes:
                raise UsageError(f'unknown parameter "{name[:_LONGEST_SHOWN]}": {self._advice(name)}')

    def _advice(self, name: str) -> str:
        if not self.takes:
            return "this endpoint takes none"
        near = nearest(name, self.takes)
        meant = f'did you mean "{near}"? ' if near is not None else ""
        return f"{meant}This endpoint takes {', '.join(self.takes)}"
