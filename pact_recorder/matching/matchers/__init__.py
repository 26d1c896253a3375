"""The matchers, one small class each; the table that makes them of rules; the places where rules stand."""

from pact_recorder.matching.matchers.places import BARE, Place, PlacedRules, Rules
from pact_recorder.matching.matchers.table import MATCHERS, compile_rule, compile_rules, place_rules

__all__ = [
    "BARE",
    "MATCHERS",
    "Place",
    "PlacedRules",
    "Rules",
    "compile_rule",
    "compile_rules",
    "place_rules",
]
