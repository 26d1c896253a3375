"""Matchers that hold other rules: `values`, `eachKey`, `eachValue` and `arrayContains`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from typing_extensions import override

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers.equality import Equality
from pact_recorder.matching.matchers.matcher import Matcher, Verdict
from pact_recorder.matching.matchers.places import Place, Rules
from pact_recorder.matching.rules import JsonValue


class _OnCollections(Matcher):
    """A rule about the inside of lists and objects: these themselves, and scalars below, are fine."""

    __slots__ = ()

    @override
    def members(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], cascaded: bool) -> Verdict:
        return None


class Values(Equality):
    """Keys are ignored: each value is compared with that of the same key, else with the first of the example."""

    __slots__ = ()
    name: ClassVar[str] = "values"
    is_values: ClassVar[bool] = True
    frees_keys: ClassVar[bool] = True
    cascades: ClassVar[bool] = False

    @override
    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        return None

    @override
    def members(self, expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], cascaded: bool) -> Verdict:
        return None


class EachKey(_OnCollections):
    """Every key of the object passes the rules inside."""

    __slots__ = ("rules",)
    name: ClassVar[str] = "eachKey"
    frees_keys: ClassVar[bool] = True
    cascades: ClassVar[bool] = False

    def __init__(self, rules: Sequence[Matcher]) -> None:
        self.rules = rules

    def key(self, key: str, effort: Effort) -> list[str]:
        """The sentences about one key, none when it passes."""
        verdicts = (rule.text("", key, False, effort) for rule in self.rules)
        return [verdict for verdict in verdicts if verdict is not None]


class EachValue(_OnCollections):
    """Every value of the object, or item of the list, passes the rules inside; `place` is where these stand."""

    __slots__ = ("place",)
    name: ClassVar[str] = "eachValue"
    is_values: ClassVar[bool] = True
    frees_keys: ClassVar[bool] = True
    cascades: ClassVar[bool] = False

    def __init__(self, place: Place) -> None:
        self.place = place


class ArrayContains(_OnCollections):
    """For each variant some item of the list is like the example at the variant's index, by the variant's rules."""

    __slots__ = ("variants",)
    name: ClassVar[str] = "arrayContains"
    is_values: ClassVar[bool] = True

    def __init__(self, variants: Sequence[tuple[int, Place]]) -> None:
        self.variants = variants

    def variants_of(self, example: Sequence[JsonValue]) -> Sequence[tuple[int, Place]]:
        """The variants; without any, one for each item of the example, compared by equality."""
        if self.variants:
            return self.variants
        equality = Place.everywhere(Rules((Equality(),)))
        return [(index, equality) for index in range(len(example))]
