"""Requests compared with active expectations, field by field, as MockServer tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pact_recorder.http import Request
from pact_recorder.matching import JsonValue, Mismatch
from pact_recorder.mock import Expectation
from pact_recorder.mock.known import Known

FIELDS = ("method", "path", "query", "headers", "body")
_FIELDS = {"MethodMismatch": "method", "PathMismatch": "path", "QueryMismatch": "query", "HeaderMismatch": "headers"}
_HINTS = {
    "method": "send the request with the expected method, or change the expectation's method",
    "path": "check the path for a missing prefix or a spelling, or give the expectation a pattern",
    "query": "send the expected query parameters, or leave them out of the expectation",
    "headers": "send the expected headers, or leave them out of the expectation",
    "body": "compare the body with the expected one, or loosen the expectation's body",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One expectation compared with a request: the sentences about each field that differs."""

    expectation: Expectation
    differences: dict[str, list[str]]

    @classmethod
    def of(cls, expectation: Expectation, request: Request) -> Comparison:
        """The comparison; reading only."""
        differences: dict[str, list[str]] = {}
        for mismatch in expectation.match(request):
            differences.setdefault(_field(mismatch), []).append(mismatch.sentence)
        return cls(expectation, differences)

    @property
    def matched(self) -> int:
        """How many fields are as expected."""
        return len(FIELDS) - len(self.differences)

    def to_json(self) -> dict[str, JsonValue]:
        """The comparison by MockServer's names."""
        request = Known.of(self.expectation).document
        document: dict[str, JsonValue] = {
            "expectationId": self.expectation.id,
            "expectationPath": request.get("path", ""),
            "expectationMethod": request.get("method", ""),
            "matches": not self.differences,
            "matchedFieldCount": self.matched,
            "totalFieldCount": len(FIELDS),
        }
        return document | ({"differences": self.differences} if self.differences else {})

    def explained(self) -> dict[str, JsonValue]:
        """The comparison with how much differs and what to do about it."""
        document = self.to_json() | {"differingFieldCount": len(self.differences)}
        hints = {field: _HINTS[field] for field in self.differences}
        return document | ({"remediation": hints} if hints else {})


def compared(expectations: Iterable[Expectation], request: Request) -> list[Comparison]:
    """Each expectation compared with a request, in their order."""
    return [Comparison.of(expectation, request) for expectation in expectations]


def closest(comparisons: Sequence[Comparison]) -> Comparison | None:
    """The first of those that differ least and do differ; None when all match."""
    differing = [each for each in comparisons if each.differences]
    return min(differing, key=lambda each: len(each.differences), default=None)


def _field(mismatch: Mismatch) -> str:
    return _FIELDS.get(type(mismatch).__name__, "body")
