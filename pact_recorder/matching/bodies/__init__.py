"""Bodies: one comparer for each kind of content, chosen by a table."""

from pact_recorder.matching.bodies.comparison import (
    ActualBody,
    BodyDifference,
    BodyExpectation,
    CompareBody,
    excerpt,
)
from pact_recorder.matching.bodies.table import body_comparer
from pact_recorder.matching.mismatches import MOST_MISMATCHES

__all__ = [
    "MOST_MISMATCHES",
    "ActualBody",
    "BodyDifference",
    "BodyExpectation",
    "CompareBody",
    "body_comparer",
    "excerpt",
]
