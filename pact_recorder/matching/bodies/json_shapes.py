"""A quick test of JSON bodies that are as expected, ahead of the walk that explains those that are not.

Most bodies that are matched match, and differ from the example only in the values that rules leave free. For an
expected value and its place a test is built once that looks at a whole object at a time: the kinds of all members, the
values of those that no rule frees, and only then the rules that look closer. It may say yes only where the walk
(`json_body`) finds nothing; what it does not understand it leaves to the walk, which always decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Final

from pact_recorder.matching.effort import NO_EFFORT
from pact_recorder.matching.matchers import Place
from pact_recorder.matching.matchers.equality import Type
from pact_recorder.matching.matchers.matcher import Matcher
from pact_recorder.matching.rules import JsonValue

Accepts = Callable[[JsonValue], bool]
"""Whether an actual value is surely as expected."""

MOST_NODES: Final = 10_000
"""Values of an example beyond which no test is built for it: the walk needs no memory."""

_DEEPEST: Final = 100
_Values = Sequence[JsonValue]


def quick_test(place: Place, expected: JsonValue, more_allowed: bool) -> Accepts | None:
    """The quick test for an expected value, None when there is none for its rules or its size."""
    return _node(place, expected, more_allowed) if _is_small(expected) else None


def _is_small(value: JsonValue) -> bool:
    level, nodes, depth = [value], 0, 0
    while level:
        nodes += len(level)
        depth += 1
        if nodes > MOST_NODES or depth > _DEEPEST:
            return False
        members = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = list(chain.from_iterable(members))
    return True


def _node(place: Place, expected: JsonValue, more_allowed: bool) -> Accepts | None:
    if isinstance(expected, dict):
        return _object(place, expected, more_allowed)
    if isinstance(expected, list):
        return _list(place, expected, more_allowed)
    return _scalar(place, expected)


def _scalar(place: Place, expected: JsonValue) -> Accepts:
    kind = type(expected)
    if place.rules is None:
        return lambda actual: type(actual) is kind and bool(actual == expected)
    if _is_of_kind(place, kind):
        return lambda actual: type(actual) is kind or _closer(place, expected, actual)
    if place.single is not None and (test := place.single.quick_test()) is not None:
        return lambda actual: test(actual) or _closer(place, expected, actual)
    return lambda actual: _closer(place, expected, actual)


def _closer(place: Place, expected: JsonValue, actual: JsonValue) -> bool:
    if type(actual) is dict or type(actual) is list:
        return False
    assert place.rules is not None
    return not place.rules.ask(lambda rule: rule.scalar(expected, actual, place.cascaded, NO_EFFORT))


def _is_of_kind(place: Place, kind: type) -> bool:
    """Whether a value of the example's kind is accepted whatever it is."""
    return place.any_of_its_type or (place.single is not None and kind in place.single.accepted_kinds)


def _object(place: Place, expected: Mapping[str, JsonValue], more_allowed: bool) -> Accepts | None:
    if not expected:
        return (lambda actual: type(actual) is dict and (more_allowed or not actual)) if place.rules is None else None
    rules = _own_rules(place)
    if rules is None:
        return None
    tests = {key: _node(place.child(key), value, more_allowed) for key, value in expected.items()}
    if any(test is None for test in tests.values()):
        return None
    size = len(expected)
    values_of = _values_of(list(expected))
    accepts_values = _members(place, expected, {key: test for key, test in tests.items() if test is not None})

    def accepts(actual: JsonValue) -> bool:
        if type(actual) is not dict or (len(actual) != size and not (more_allowed and len(actual) > size)):
            return False
        try:
            values = values_of(actual)
        except KeyError:
            return False
        if not accepts_values(values):
            return False
        return not rules or all(rule.members(expected, actual, place.cascaded) is None for rule in rules)

    return accepts


def _members(
    place: Place, expected: Mapping[str, JsonValue], tests: Mapping[str, Accepts]
) -> Callable[[_Values], bool]:
    """The test of an object's members, given in the order of the example."""
    kinds = tuple(map(type, expected.values()))
    places = [place.child(key) for key in expected]
    # Of the example's kind or not at all, so that True is not taken for 1; decimals may be spelled in other ways.
    fixed = [
        index
        for index, kind in enumerate(kinds)
        if places[index].rules is None and kind is not dict and kind is not list
    ]
    fixed_values = tuple(list(expected.values())[index] for index in fixed)
    fixed_of = _values_of(fixed)
    closer = [
        (index, test)
        for index, test in enumerate(tests.values())
        if index not in fixed and (kinds[index] in (dict, list) or not _is_of_kind(places[index], kinds[index]))
    ]
    each = list(tests.values())

    def accepts(values: _Values) -> bool:
        if tuple(map(type, values)) != kinds:
            return all(test(value) for test, value in zip(each, values, strict=True))
        if fixed and fixed_of(values) != fixed_values:
            return False
        # A loop, since the frame of a generator costs more than most tests.
        for index, test in closer:  # noqa: SIM110
            if not test(values[index]):
                return False
        return True

    return accepts


def _values_of(keys: Sequence[str] | Sequence[int]) -> Callable[[JsonValue], _Values]:
    """What takes the values of several keys at once, as a tuple."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda container: tuple(container[key] for key in keys)


def _list(place: Place, expected: Sequence[JsonValue], more_allowed: bool) -> Accepts | None:
    rules = _own_rules(place)
    if rules is None or not place.items_are_alike:
        return None
    if not expected:
        free = place.rules is not None
        return lambda actual: type(actual) is list and (free or not actual)
    tests = [_node(place.child(index), item, more_allowed) for index, item in enumerate(expected)]
    known = [test for test in tests if test is not None]
    if len(known) < len(tests):
        return None
    return _items(place, expected, rules, known)


def _items(place: Place, expected: _Values, rules: Sequence[Matcher], tests: Sequence[Accepts]) -> Accepts:
    size, first = len(tests), tests[0]
    free = place.rules is not None

    def accepts(actual: JsonValue) -> bool:
        if type(actual) is not list or (not free and len(actual) != size):
            return False
        for test, value in zip(tests, actual, strict=False):
            if not test(value):
                return False
        for value in actual[size:]:
            if not first(value):
                return False
        return not rules or all(rule.items(expected, actual, place.cascaded) is None for rule in rules)

    return accepts


def _own_rules(place: Place) -> Sequence[Matcher] | None:
    """The rules that look at a list or object as a whole, none for those that change how its inside is compared."""
    kept = () if place.exact is None else place.exact.matchers
    if any(rule.frees_keys for rule in kept):
        return None
    if place.rules is None:
        return ()
    if any(rule.is_values or rule.frees_keys for rule in place.rules.matchers):
        return None
    return [rule for rule in place.rules.matchers if not (isinstance(rule, Type) and _sizes_nothing(rule, place))]


def _sizes_nothing(rule: Type, place: Place) -> bool:
    return place.cascaded or (rule.minimum is None and rule.maximum is None)
