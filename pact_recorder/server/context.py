"""What the endpoints of the control API work on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pact_recorder.capture.modes import Mode
from pact_recorder.capture.recorder import Recorder
from pact_recorder.server.exporting import Exporter

MEBIBYTE = 1024 * 1024
MOST_EXPECTATIONS = 100_000


@dataclass(frozen=True, slots=True)
class ControlSettings:
    """What a user may set.

    `token` lets requests in that do not come from a program on this machine; `max_body` is the most bytes of a request;
    `max_expectations` is how many expectations that were set through the control API may be active at once;
    `max_seconds` may regular expressions, paths, schemas and bodies take in one request, whatever they meet;
    `consumer` and `provider` name a contract when its export does not; `ports` tells where the program listens;
    `forwards` says whether requests can be sent on to other servers; `switch` changes the mode where the host has
    something to do with it (default: the recorder's own); `stop` ends the program once the answer is sent.
    """

    token: str | None = None
    max_body: int = 64 * MEBIBYTE
    max_expectations: int = MOST_EXPECTATIONS
    max_seconds: float = 20.0
    consumer: str = "consumer"
    provider: str = "provider"
    ports: Callable[[], Sequence[int]] | None = None
    forwards: bool = True
    switch: Callable[[Mode], object] | None = None
    stop: Callable[[], object] | None = None


@dataclass(slots=True)
class ControlContext:
    """The running recorder with the version and settings of the control API; `exporter` makes contracts of it."""

    recorder: Recorder
    version: str
    settings: ControlSettings
    exporter: Exporter
