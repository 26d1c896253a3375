"""Comparing the values of one parameter or header as a list under rules: any number of them will do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pact_recorder.matching.effort import MOST_PAIRS
from pact_recorder.matching.json_values import json_text
from pact_recorder.matching.matchers import Place, Rules
from pact_recorder.matching.matchers.collections import ArrayContains, EachValue
from pact_recorder.matching.matchers.matcher import Matcher
from pact_recorder.matching.mismatches import MOST_MISMATCHES

Sentences = Sequence[str]
CompareValue = Callable[[Place, str, str], Sentences]
"""Compares one value with its example under the rules of a place."""


def compare_value_lists(
    rules: Rules,
    cascaded: bool,
    place: Place,
    expected: Sequence[str],
    actual: Sequence[str],
    compare: CompareValue,
) -> Sentences:
    """The sentences about a list of values under the rules at `place`; an empty example asks nothing.

    Values beyond the example are compared with its first, missing ones are fine.
    """
    if not expected:
        return ()
    verdicts = [_under_rule(rule, cascaded, place, expected, actual, compare) for rule in rules.matchers]
    if rules.any_of and not all(verdicts):
        return ()
    return [sentence for sentences in verdicts for sentence in sentences]


def _under_rule(
    rule: Matcher,
    cascaded: bool,
    place: Place,
    expected: Sequence[str],
    actual: Sequence[str],
    compare: CompareValue,
) -> Sentences:
    if isinstance(rule, ArrayContains):
        return _variants(rule, expected, actual, compare)
    if isinstance(rule, EachValue):
        return () if cascaded else _each(rule.place, expected, actual, compare)
    whole = rule.items(expected, actual, cascaded)
    own = () if whole is None else (whole,)
    return (*own, *_each(place, expected, actual, compare))


def _each(place: Place, expected: Sequence[str], actual: Sequence[str], compare: CompareValue) -> list[str]:
    sentences: list[str] = []
    for index, value in enumerate(actual):
        if len(sentences) >= MOST_MISMATCHES:
            break
        example = expected[index] if index < len(expected) else expected[0]
        sentences += compare(place.child(index), example, value)
    return sentences


def _variants(rule: ArrayContains, expected: Sequence[str], actual: Sequence[str], compare: CompareValue) -> list[str]:
    sentences: list[str] = []
    variants = rule.variants_of(expected)
    if len(variants) * len(actual) > MOST_PAIRS:
        return [too_many_pairs()]
    for index, place in variants:
        if index >= len(expected):
            sentences.append(missing_variant(index, len(expected)))
        elif all(compare(place, expected[index], value) for value in actual):
            sentences.append(variant_not_found(index, json_text(expected[index])))
    return sentences


def variant_not_found(index: int, example: str) -> str:
    """The sentence for a variant that no item is like."""
    return f"Variant at index {index} ({example}) was not found in the actual list"


def too_many_pairs() -> str:
    """The sentence for lists that are too long to find the variants in."""
    return (
        f"ArrayContains: there are too many items to compare, more than {MOST_PAIRS} pairs of variant and item, "
        "or than there is time for"
    )


def missing_variant(index: int, size: int) -> str:
    """The sentence for a variant without an example."""
    return f"ArrayContains: variant {index} is missing from the expected list, which has {size} items"
