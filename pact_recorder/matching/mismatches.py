"""What differs between a message and what was expected of it: one value per kind.

Each holds the reference's sentence, and renders itself as JSON with the reference's field names (mismatch JSON of
its mock server) and as one line of text for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pact_recorder.matching.json_values import clip
from pact_recorder.matching.rules import JsonValue

MOST_MISMATCHES: Final = 500
"""How many differences of one body, query or header are reported; the verdict does not depend on it."""


@dataclass(frozen=True, slots=True)
class MethodMismatch:
    """The request's method is another one."""

    expected: str
    actual: str
    sentence: str = ""

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(self, mismatch=self.sentence, expected=self.expected, actual=self.actual)

    def __str__(self) -> str:
        return self.sentence or f"Expected method {self.expected} but was {self.actual}"


@dataclass(frozen=True, slots=True)
class PathMismatch:
    """The request's path is another one, or breaks a rule."""

    expected: str
    actual: str
    sentence: str

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(self, mismatch=self.sentence, expected=self.expected, actual=self.actual)

    def __str__(self) -> str:
        return f"path: {self.sentence}"


@dataclass(frozen=True, slots=True)
class StatusMismatch:
    """The response's status is another one, or breaks a rule."""

    expected: int
    actual: int
    sentence: str

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(self, mismatch=self.sentence, expected=self.expected, actual=self.actual)

    def __str__(self) -> str:
        return f"status: {self.sentence}"


@dataclass(frozen=True, slots=True)
class QueryMismatch:
    """A query parameter is missing, unexpected or has another value; `parameter` is empty for a query as text."""

    parameter: str
    expected: str
    actual: str
    sentence: str

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(
            self,
            mismatch=self.sentence,
            parameter=clip(self.parameter),
            expected=self.expected,
            actual=self.actual,
        )

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class HeaderMismatch:
    """An expected header is missing or has another value; `key` is the name as expected."""

    key: str
    expected: str
    actual: str
    sentence: str

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(self, mismatch=self.sentence, key=clip(self.key), expected=self.expected, actual=self.actual)

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class BodyTypeMismatch:
    """The body is of another content type; the bodies are kept as text, None where there is none."""

    expected: str
    actual: str
    sentence: str
    expected_body: str | None = None
    actual_body: str | None = None

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(
            self,
            mismatch=self.sentence,
            expected=self.expected,
            actual=self.actual,
            expectedBody=self.expected_body,
            actualBody=self.actual_body,
        )

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class BodyMismatch:
    """The body differs at `path`, a path expression, or `/` when it is missing or should be."""

    path: str
    expected: str | None
    actual: str | None
    sentence: str

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(self, mismatch=self.sentence, path=clip(self.path), expected=self.expected, actual=self.actual)

    def __str__(self) -> str:
        return f"{clip(self.path)} -> {self.sentence}"


@dataclass(frozen=True, slots=True)
class MetadataMismatch:
    """A message's metadata value is missing or another one; values are JSON text."""

    key: str
    expected: str
    actual: str
    sentence: str

    def to_json(self) -> dict[str, JsonValue]:
        """The mismatch with the reference's field names."""
        return _json(self, mismatch=self.sentence, key=clip(self.key), expected=self.expected, actual=self.actual)

    def __str__(self) -> str:
        return self.sentence


Mismatch = (
    MethodMismatch
    | PathMismatch
    | StatusMismatch
    | QueryMismatch
    | HeaderMismatch
    | BodyTypeMismatch
    | BodyMismatch
    | MetadataMismatch
)


def render_mismatches(mismatches: Sequence[Mismatch]) -> str:
    """The mismatches as text for people, one line each."""
    return "\n".join(str(mismatch) for mismatch in mismatches)


def _json(of: object, *, mismatch: str, **fields: JsonValue) -> dict[str, JsonValue]:
    return {"type": type(of).__name__, **fields, "mismatch": mismatch}
