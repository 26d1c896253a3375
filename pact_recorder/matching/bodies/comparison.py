"""What the comparers of bodies share: the two sides, the rules, and a bounded list of what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pact_recorder.http import Body, MediaType
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import TEXT_LIMIT, clip
from pact_recorder.matching.matchers import Place
from pact_recorder.matching.mismatches import BodyMismatch, BodyTypeMismatch

TOO_DEEP: Final = "The bodies are nested too deeply to be compared"
"""What is said when a comparison does not fit on the stack."""

_BYTES_FOR_TEXT: Final = 4 * TEXT_LIMIT


@dataclass(frozen=True, slots=True)
class ActualBody:
    """A body to be compared, with its type (declared, or what it looks like)."""

    body: Body
    media_type: MediaType | None
    effort: Effort

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.body.content


BodyDifference = BodyMismatch | BodyTypeMismatch
CompareBody = Callable[[ActualBody], Sequence[BodyDifference]]
"""Compares an actual body with the expected one it was made for."""


@dataclass(frozen=True, slots=True)
class BodyExpectation:
    """An expected body, with its type, its rules, and whether the actual one may hold more (responses, messages)."""

    body: Body
    media_type: MediaType | None
    root: Place
    elements: Place
    more_allowed: bool

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.body.content

    def differs(self, actual: ActualBody, sentence: str, path: str = "$") -> BodyMismatch:
        """A difference that concerns the bodies as a whole."""
        return BodyMismatch(path, excerpt(self.body), excerpt(actual.body), sentence)


def excerpt(body: Body | None) -> str | None:
    """The beginning of a body as text for a mismatch, hexadecimal when it is not text; None without a body."""
    if body is None:
        return None
    beginning = body.content[:_BYTES_FOR_TEXT]
    try:
        return clip(beginning.decode())
    except UnicodeDecodeError as error:
        if error.start > _BYTES_FOR_TEXT - 4:
            return clip(beginning.decode("utf-8", "ignore"))
        return beginning[:64].hex()
