"""The three modes, and their other names."""

from __future__ import annotations

from enum import StrEnum

from pact_recorder.errors import UsageError


class Mode(StrEnum):
    """What happens to a request.

    capture: it is forwarded and recorded, and becomes an active expectation.
    spy: an active expectation answers; a miss is forwarded, recorded, and becomes one.
    mock: an active expectation answers; a miss is refused, and nothing leaves the machine.
    """

    CAPTURE = "capture"
    SPY = "spy"
    MOCK = "mock"

    @classmethod
    def parse(cls, name: str) -> Mode:
        """The mode of a name in any case; `simulate` is MockServer's name for mock. Raises UsageError."""
        wanted = name.strip().lower()
        try:
            return cls("mock" if wanted == "simulate" else wanted)
        except ValueError:
            raise UsageError(f"unknown mode {name!r}: choose capture, spy or mock (also: simulate)") from None

    @property
    def mockserver_name(self) -> str:
        """The name that MockServer's API has for it."""
        return {"capture": "CAPTURE", "spy": "SPY", "mock": "SIMULATE"}[self.value]
