"""JSON bodies: the walk over the expected value, each node under the rules of its place.

Without a rule values are equal, lists too, and objects have the same keys (a response may have more). A type rule
frees the length of a list: further items are compared with the first of the example. Rules cascade to everything
below their node.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import count, islice
from typing import Final

from pact_recorder.matching.bodies.comparison import (
    TOO_DEEP,
    ActualBody,
    BodyDifference,
    BodyExpectation,
    CompareBody,
)
from pact_recorder.matching.bodies.json_shapes import Accepts, quick_test
from pact_recorder.matching.budget import in_budget, once
from pact_recorder.matching.effort import MOST_PAIRS, Effort
from pact_recorder.matching.json_values import JsonError, clip, json_text, parse_json, same
from pact_recorder.matching.matchers import Place
from pact_recorder.matching.matchers.collections import ArrayContains, EachKey, EachValue
from pact_recorder.matching.matchers.equality import typed
from pact_recorder.matching.matchers.matcher import Matcher
from pact_recorder.matching.mismatches import MOST_MISMATCHES, BodyMismatch
from pact_recorder.matching.paths import Trail, render_trail
from pact_recorder.matching.rules import JsonValue
from pact_recorder.matching.value_lists import missing_variant, too_many_pairs, variant_not_found

Found = Sequence[BodyMismatch]
Object = dict[str, JsonValue]
_NONE: Final[Found] = ()
_MISSING: Final = object()
_DIFFERENT: Final = BodyMismatch("$", None, None, "")
"""What stands for a difference where only the verdict is asked for."""


def json_comparer(expectation: BodyExpectation) -> CompareBody:
    """The comparison with an expected JSON body, which is parsed here once; its verdict on itself is kept."""
    root = expectation.root
    try:
        expected = parse_json(expectation.content)
        kinds = list(_confusable(expected, ())) if root.bare else []
    except JsonError as error:
        return _unparsable(expectation, f"Failed to parse the expected body: '{error}'")
    except RecursionError:
        return _unparsable(expectation, TOO_DEEP)

    uses = count()

    def compare(actual: ActualBody) -> Sequence[BodyDifference]:
        if actual.content == expectation.content:
            return itself()
        return compare_value(actual)

    @cache
    def quick() -> Accepts | None:
        return quick_test(root, expected, expectation.more_allowed)

    @cache
    def itself() -> Sequence[BodyDifference]:
        return compare_value(ActualBody(expectation.body, expectation.media_type, Effort()))

    def compare_value(actual: ActualBody) -> Sequence[BodyDifference]:
        try:
            value = once(parse_json, actual.content)
            if root.bare and expected == value and _same_kinds(kinds, value):
                return _NONE
            # A test that is used once costs more than it saves: it is built for the second value.
            accepts = quick() if next(uses) else None
            if accepts is not None and accepts(value):
                return _NONE
            walk = JsonWalk(actual.effort, expectation.more_allowed)
            return walk.compare(root, None, expected, value)[:MOST_MISMATCHES]
        except JsonError as error:
            return [expectation.differs(actual, f"Failed to parse the actual body: '{error}'")]
        except RecursionError:
            return [expectation.differs(actual, TOO_DEEP)]

    return compare


def _unparsable(expectation: BodyExpectation, sentence: str) -> CompareBody:
    """What is left of an expected body that is no JSON: the very same bytes match."""

    def compare(actual: ActualBody) -> Sequence[BodyDifference]:
        if actual.content == expectation.content:
            return _NONE
        return [expectation.differs(actual, sentence)]

    return compare


def _confusable(value: JsonValue, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], type]]:
    """The leaves that Python takes for equal to one of another kind (`True == 1`), with their kinds.

    What this saves is a walk in Python: everything else compares at the interpreter's speed.
    """
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _confusable(member, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _confusable(item, (*keys, index))
    elif value in (0, 1):
        yield keys, type(value)


def _same_kinds(kinds: Sequence[tuple[tuple[str | int, ...], type]], value: JsonValue) -> bool:
    for keys, kind in kinds:
        leaf = value
        for key in keys:
            leaf = leaf[key]
        if type(leaf) is not kind:
            return False
    return True


class JsonWalk:
    """One walk over an expected value and an actual one; it stops looking after `most` differences.

    With a `most` of 1 it is asked for its verdict alone, and tells nothing about what differs.
    """

    __slots__ = ("effort", "more_allowed", "most", "pairs")

    def __init__(self, effort: Effort, more_allowed: bool, most: int = MOST_MISMATCHES) -> None:
        self.effort = effort
        self.more_allowed = more_allowed
        self.most = most
        self.pairs = MOST_PAIRS

    def compare(self, place: Place, trail: Trail, expected: JsonValue, actual: JsonValue) -> Found:
        """Everything in which the actual value at the trail differs."""
        kind = type(expected)
        if kind is dict:
            if type(actual) is dict:
                return self._objects(place, trail, expected, actual)
            return self._other_container(trail, expected, actual)
        if kind is list:
            if type(actual) is list:
                return self._lists(place, trail, expected, actual)
            return self._other_container(trail, expected, actual)
        return self._scalars(place, trail, expected, actual)

    def _scalars(self, place: Place, trail: Trail, expected: JsonValue, actual: JsonValue) -> Found:
        if place.single is not None:
            verdict = place.single.scalar(expected, actual, place.cascaded, self.effort)
            return _NONE if verdict is None else [self._differs(trail, expected, actual, verdict)]
        if place.rules is not None:
            sentences = place.rules.ask(lambda rule: rule.scalar(expected, actual, place.cascaded, self.effort))
            return [self._differs(trail, expected, actual, sentence) for sentence in sentences]
        if same(expected, actual):
            return _NONE
        sentence = f"Expected {typed(actual)} to be equal to {typed(expected)}"
        return [self._differs(trail, expected, actual, sentence)]

    def _objects(self, place: Place, trail: Trail, expected: Object, actual: Object) -> Found:
        if not expected and actual and not self.more_allowed:
            sentence = f"Expected an empty Map but received {json_text(actual)}"
            return [self._differs(trail, expected, actual, sentence)]
        if place.rules is None:
            return self._inside(place, trail, expected, actual)
        found: list[BodyMismatch] = []
        # What does not depend on the rule is found once: else the cost would grow with every level of nesting.
        inside: Found | None = None
        values: Found | None = None
        # The reference asks for all rules on an object, whatever they are combined with.
        for rule in place.rules.matchers:
            if isinstance(rule, EachValue) and not place.cascaded:
                found += self._values(rule.place, trail, expected, actual)
            elif rule.is_values and not place.cascaded:
                if values is None:
                    values = self._values(place, trail, expected, actual)
                found += values
            else:
                whole = rule.members(expected, actual, place.cascaded)
                if whole is not None:
                    found.append(self._differs(trail, expected, actual, whole))
                if inside is None:
                    inside = self._inside(place, trail, expected, actual)
                found += inside
        return found[: self.most]

    def _inside(self, place: Place, trail: Trail, expected: Object, actual: Object) -> list[BodyMismatch]:
        keys = self._keys(place, trail, expected, actual)
        return keys if len(keys) >= self.most else keys + self._members(place, trail, expected, actual)

    def _members(self, place: Place, trail: Trail, expected: Object, actual: Object) -> list[BodyMismatch]:
        """The members that both have; the commonest cases are decided here, without a call."""
        found: list[BodyMismatch] = []
        known = place.known
        for key, value in expected.items():
            if len(found) >= self.most:
                break
            other = actual.get(key, _MISSING)
            if other is _MISSING:
                continue
            below = known.get(key) or place.remember(key)
            kind = type(value)
            if kind is dict or kind is list:
                if below.bare and same(value, other):
                    continue
            elif below.any_of_its_type and kind is type(other):
                continue
            elif below.single is not None:
                verdict = below.single.scalar(value, other, below.cascaded, self.effort)
                if verdict is not None:
                    found.append(self._differs((trail, key), value, other, verdict))
                continue
            elif below.rules is None and kind is type(other) and value == other:
                continue
            found += self.compare(below, (trail, key), value, other)
        return found

    def _values(self, inner: Place, trail: Trail, expected: Object, actual: Object) -> Found:
        """Values whatever their keys: beside the example of the same key, else beside its first value."""
        if not expected:
            return _NONE
        first = next(iter(expected[key] for key in sorted(expected)))
        found: list[BodyMismatch] = []
        for key, value in actual.items():
            if len(found) >= self.most:
                break
            found += self.compare(inner.child(key), (trail, key), expected.get(key, first), value)
        return found

    def _keys(self, place: Place, trail: Trail, expected: Object, actual: Object) -> list[BodyMismatch]:
        if place.exact is not None:
            rules = place.exact.matchers
            if any(rule.frees_keys for rule in rules):
                return self._each_key(rules, trail, actual)
        if expected.keys() == actual.keys() or (self.more_allowed and expected.keys() <= actual.keys()):
            return []
        if self.more_allowed:
            missing = _key_list(expected.keys() - actual.keys())
            sentence = f"Actual map is missing the following keys: {missing}"
        else:
            sentence = (
                f"Expected a Map with keys [{_key_list(expected)}] but received one with keys [{_key_list(actual)}]"
            )
        return [self._differs(trail, sorted(expected), sorted(actual), sentence)]

    def _each_key(self, rules: Sequence[Matcher], trail: Trail, actual: Object) -> list[BodyMismatch]:
        differences = (
            self._differs((trail, key), "", key, sentence)
            for rule in rules
            if isinstance(rule, EachKey)
            for key in sorted(actual)
            for sentence in rule.key(key, self.effort)
        )
        return list(islice(differences, self.most))

    def _lists(self, place: Place, trail: Trail, expected: list[JsonValue], actual: list[JsonValue]) -> Found:
        if place.rules is None:
            return self._literal_lists(place, trail, expected, actual)
        if not expected:
            return _NONE
        items: Found | None = None
        verdicts: list[Found] = []
        for rule in place.rules.matchers:
            if isinstance(rule, ArrayContains):
                verdicts.append(self._variants(rule, trail, expected, actual))
            elif isinstance(rule, EachValue):
                verdicts.append(_NONE if place.cascaded else self._items(rule.place, trail, expected, actual))
            else:
                whole = rule.items(expected, actual, place.cascaded)
                if items is None:
                    items = self._items(place, trail, expected, actual)
                verdicts.append(items if whole is None else [self._differs(trail, expected, actual, whole), *items])
        if place.rules.any_of and not all(verdicts):
            return _NONE
        if len(verdicts) == 1:
            return verdicts[0]
        return [found for verdict in verdicts for found in verdict][: self.most]

    def _literal_lists(self, place: Place, trail: Trail, expected: list[JsonValue], actual: list[JsonValue]) -> Found:
        if not expected and actual:
            sentence = f"Expected an empty List but received {json_text(actual)}"
            return [self._differs(trail, expected, actual, sentence)]
        found: list[BodyMismatch] = []
        for index, (value, other) in enumerate(zip(expected, actual, strict=False)):
            if len(found) >= self.most:
                break
            below = place.child(index)
            if not (below.bare and same(value, other)):
                found += self.compare(below, (trail, index), value, other)
        if len(expected) != len(actual):
            sentence = f"Expected a List with {len(expected)} elements but received {len(actual)} elements"
            found.append(self._differs(trail, expected, actual, sentence))
        return found

    def _items(self, place: Place, trail: Trail, expected: list[JsonValue], actual: list[JsonValue]) -> Found:
        found: list[BodyMismatch] = []
        for index, value in enumerate(actual):
            if len(found) >= self.most:
                break
            example = expected[index] if index < len(expected) else expected[0]
            found += self.compare(place.child(index), (trail, index), example, value)
        return found

    def _variants(self, rule: ArrayContains, trail: Trail, expected: list[JsonValue], actual: list[JsonValue]) -> Found:
        found: list[BodyMismatch] = []
        for index, place in rule.variants_of(expected):
            if len(found) >= self.most:
                break
            if index >= len(expected):
                sentence = missing_variant(index, len(expected))
                found.append(self._differs(trail, expected, actual, sentence))
            elif not self._holds(place, expected[index], actual):
                if self.pairs < 0:
                    found.append(self._differs(trail, expected, actual, too_many_pairs()))
                    break
                sentence = variant_not_found(index, json_text(expected[index]))
                found.append(self._differs(trail, expected[index], actual, sentence))
        return found

    def _holds(self, place: Place, example: JsonValue, items: list[JsonValue]) -> bool:
        """Whether some item is like the example; not, with `pairs` below 0, when those are too many."""
        return in_budget(lambda _: self._finds(place, example, items), math.inf)

    def _finds(self, place: Place, example: JsonValue, items: list[JsonValue]) -> bool:
        walk = self if self.most == 1 else JsonWalk(self.effort, self.more_allowed, most=1)
        walk.pairs = self.pairs
        found = False
        for item in items:
            walk.pairs -= 1
            if walk.pairs < 0:
                break
            if not walk.compare(place, None, example, item) and walk.pairs >= 0:
                found = True
                break
        self.pairs = walk.pairs
        return found

    def _other_container(self, trail: Trail, expected: JsonValue, actual: JsonValue) -> Found:
        sentence = f"Type mismatch: Expected {typed(actual)} to be the same type as {typed(expected)}"
        return [self._differs(trail, expected, actual, sentence)]

    def _differs(self, trail: Trail, expected: JsonValue, actual: JsonValue, sentence: str) -> BodyMismatch:
        if self.most == 1:
            return _DIFFERENT
        return BodyMismatch(render_trail(trail), json_text(expected), json_text(actual), sentence)


def _key_list(keys: Iterable[str]) -> str:
    return clip(", ".join(sorted(keys)))
