"""Shapes: what a place in documents was seen to hold, with counts.

Shapes form a join semi-lattice with evidence: `join` is commutative and associative, and idempotent in what may occur
(the counts add up, since they count samples). So shapes of parts of a recording, made in any order, join to the shape
of the whole, and old samples are never read again. A shape is bounded in size, whatever is joined into it: values are
kept up to `values.KEPT`, members of an object up to `MOST_MEMBERS` and levels up to `DEEPEST`.

Shapes are values and never changed. Their classes are not frozen all the same, since a frozen one costs several times
as much to make, and there is one for every member of every document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

from pact_recorder.inference.values import Numbers, Texts, join_numbers, join_texts

MOST_MEMBERS = 500
"""Different names that an object may have before its members are taken for the entries of a map."""

_FEWEST_OF_A_MAP = 8

DEEPEST = 40
"""Levels of nesting that are looked into; what is below counts as a container of anything."""


@dataclass(slots=True)
class Booleans:
    """How often true and how often false."""

    true: int = 0
    false: int = 0

    @property
    def count(self) -> int:
        """How many there were."""
        return self.true + self.false


@dataclass(slots=True)
class Arrays:
    """The arrays of a place: how many, how many of them empty, the lengths, and the shape of all their items."""

    count: int
    empty: int
    longest: int
    items: Shape


@dataclass(slots=True)
class Objects:
    """The objects of a place: how many, and the shape under each name.

    How often a member was there is its shape's `seen`. Members under names that are identifiers are `entries` of a map,
    whatever their names; so is everything once there are more than `MOST_MEMBERS` names. `some_key` is the smallest
    name of an entry.
    """

    count: int
    members: Mapping[str, Shape] = field(default_factory=dict)
    entries: Shape | None = None
    some_key: str | None = None
    overflown: bool = False

    @property
    def is_map(self) -> bool:
        """Whether the names of members are data: identifiers, too many, or many that are alike and never all there."""
        if self.entries is not None:
            return not self.members
        if self.count < 2 or len(self.members) < _FEWEST_OF_A_MAP:
            return False
        most = max(each.seen for each in self.members.values())
        return most * 2 <= self.count and len(set().union(*(each.kinds for each in self.members.values()))) <= 1


@dataclass(slots=True)
class Shape:
    """What a place was seen to hold: how often null, and the evidence of each kind of value."""

    nulls: int = 0
    booleans: Booleans | None = None
    integers: Numbers | None = None
    decimals: Numbers | None = None
    texts: Texts | None = None
    arrays: Arrays | None = None
    objects: Objects | None = None

    @property
    def seen(self) -> int:
        """How many values, of whatever kind."""
        return self.nulls + self.present

    @property
    def present(self) -> int:
        """How many values other than null."""
        parts = (self.booleans, self.integers, self.decimals, self.texts, self.arrays, self.objects)
        return sum(part.count for part in parts if part is not None)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of value that occurred, null aside: integers and decimals are both `number`."""
        parts = (
            ("boolean", self.booleans),
            ("number", self.integers or self.decimals),
            ("text", self.texts),
            ("array", self.arrays),
            ("object", self.objects),
        )
        return frozenset(name for name, part in parts if part is not None)


NOTHING = Shape()
"""The shape of a place that was never seen."""


def join(one: Shape, other: Shape) -> Shape:
    """The shape of what either has seen."""
    if one is NOTHING or other is NOTHING:
        return one if other is NOTHING else other
    return Shape(
        nulls=one.nulls + other.nulls,
        booleans=_join_booleans(one.booleans, other.booleans),
        integers=join_numbers(one.integers, other.integers),
        decimals=join_numbers(one.decimals, other.decimals),
        texts=join_texts(one.texts, other.texts),
        arrays=_join_arrays(one.arrays, other.arrays),
        objects=_join_objects(one.objects, other.objects),
    )


def join_all(shapes: Iterable[Shape]) -> Shape:
    """The shape of what any of them has seen."""
    return reduce(join, shapes, NOTHING)


def bounded(objects: Objects) -> Objects:
    """The objects with all their members taken for entries when these are too many."""
    if not objects.overflown and len(objects.members) <= MOST_MEMBERS:
        return objects
    entries = join_all([*objects.members.values(), objects.entries or NOTHING])
    keys = [*objects.members, *filter(None, [objects.some_key])]
    return Objects(objects.count, {}, entries, min(keys, default=None), overflown=True)


def _join_booleans(one: Booleans | None, other: Booleans | None) -> Booleans | None:
    if one is None or other is None:
        return one or other
    return Booleans(one.true + other.true, one.false + other.false)


def _join_arrays(one: Arrays | None, other: Arrays | None) -> Arrays | None:
    if one is None or other is None:
        return one or other
    return Arrays(
        count=one.count + other.count,
        empty=one.empty + other.empty,
        longest=max(one.longest, other.longest),
        items=join(one.items, other.items),
    )


def _join_objects(one: Objects | None, other: Objects | None) -> Objects | None:
    if one is None or other is None:
        return one or other
    members = dict(one.members)
    for name, shape in other.members.items():
        members[name] = join(members.get(name, NOTHING), shape)
    keys = [key for key in (one.some_key, other.some_key) if key is not None]
    return bounded(
        Objects(
            count=one.count + other.count,
            members=members,
            entries=_join_entries(one.entries, other.entries),
            some_key=min(keys, default=None),
            overflown=one.overflown or other.overflown,
        )
    )


def _join_entries(one: Shape | None, other: Shape | None) -> Shape | None:
    if one is None or other is None:
        return one or other
    return join(one, other)
