"""What is said of an expected request that could not be compared within the budget."""

from __future__ import annotations

from pact_recorder.http import Request
from pact_recorder.matching import Mismatch, PathMismatch


def too_long(request: Request) -> list[Mismatch]:
    """The one mismatch that stands for all that nobody had the time to look for."""
    return [PathMismatch("", request.path, "Expected what takes too long to compare with this request")]
