"""Rules for Pact V2, which has one rule at a place and no OR: alternatives become one regular expression.

A regular expression sees a scalar that is no text as its JSON text (Pact reference), so `null` is one of its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pact_recorder.matching import MatchingRule, MatchingRules, RuleList
from pact_recorder.pact import Interaction

_ANYTHING: Final = r"[\s\S]*"
_WORDS: Final = {
    "null": "null",
    "integer": r"-?\d+",
    "number": r"-?\d[\d.eE+-]*",
    "decimal": r"-?\d[\d.eE+-]*",
    "boolean": "true|false",
}


def with_single_rules(interaction: Interaction) -> Interaction:
    """The interaction with one rule at each place of its bodies; no sample that it accepted is refused."""
    request, response = interaction.request, interaction.response
    return replace(
        interaction,
        request=replace(request, rules=_single(request.rules)),
        response=replace(response, rules=_single(response.rules)),
    )


def _single(rules: MatchingRules) -> MatchingRules:
    categories: dict[str, Mapping[str, RuleList]] = dict(rules.categories)
    body = {place: _one(each) if each.combine == "OR" else each for place, each in rules.category("body").items()}
    if body:
        categories["body"] = body
    return MatchingRules(categories)


def _one(alternatives: RuleList) -> RuleList:
    patterns = [str(rule.attributes.get("regex") or _WORDS.get(rule.match, _ANYTHING)) for rule in alternatives.rules]
    pattern = _ANYTHING if _ANYTHING in patterns else "|".join(f"(?:{each})" for each in patterns)
    return RuleList((MatchingRule("regex", {"regex": pattern}),))
