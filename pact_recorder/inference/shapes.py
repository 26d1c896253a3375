"""Shapes: what a place in documents was seen to hold, with counts.

Shapes form a join semi-lattice with evidence: `join` is commutative and associative, and idempotent in what may occur
(the counts add up, since they count samples). So shapes of parts of a recording, made in any order, join to the shape
of the whole, and old samples are never read again. A shape is bounded in size, whatever is joined into it: values are
kept up to `values.KEPT`, members of an object up to `MOST_MEMBERS` and levels up to `DEEPEST`.

Shapes are values and never changed. There is one for every member of every document, which is why they are structs:
these are made in a fraction of the time that a dataclass takes. They form trees, so that the garbage collector need not
know them; looking through them again and again would take it longer than making them took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct, field

from pact_recorder.inference.values import Numbers, Texts, join_numbers, join_texts
from pact_recorder.pact.portable import is_portable_text

_Part = TypeVar("_Part")

MOST_MEMBERS = 500
"""Different names that an object may have before its members are taken for the entries of a map."""

_FEWEST_OF_A_MAP = 8

Kinds: TypeAlias = frozenset[str]

NULL: Final[Kinds] = frozenset()
BOOLEAN: Final[Kinds] = frozenset({"boolean"})
NUMBER: Final[Kinds] = frozenset({"number"})
TEXT: Final[Kinds] = frozenset({"text"})
ARRAY: Final[Kinds] = frozenset({"array"})
OBJECT: Final[Kinds] = frozenset({"object"})

DEEPEST = 40
"""Levels of nesting that are looked into; what is below counts as a container of anything."""


class Booleans(Struct, frozen=True, gc=False):
    """How often true and how often false."""

    true: int = 0
    false: int = 0

    @property
    def count(self) -> int:
        """How many there were."""
        return self.true + self.false


class Arrays(Struct, frozen=True, gc=False):
    """The arrays of a place: how many, how many of them empty, the lengths, and the shape of all their items."""

    count: int
    empty: int
    longest: int
    items: Shape


class Objects(Struct, frozen=True, gc=False):
    """The objects of a place: how many, and the shape under each name.

    How often a member was there is its shape's `seen`. Members under names that are identifiers are `entries` of a map,
    whatever their names; so is everything once there are more than `MOST_MEMBERS` names. `some_key` is the first
    name of an entry, as `first_key` has it.
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


class Shape(Struct, frozen=True, gc=False):
    """What a place was seen to hold: how often null, and the evidence of each kind of value.

    `seen` is how many values there were, of whatever kind; `kinds` are those that occurred, null aside: integers and
    decimals are both a number. Both follow from the parts and stand beside them, because they are asked for often.
    """

    seen: int = 0
    kinds: Kinds = NULL
    nulls: int = 0
    booleans: Booleans | None = None
    integers: Numbers | None = None
    decimals: Numbers | None = None
    texts: Texts | None = None
    arrays: Arrays | None = None
    objects: Objects | None = None

    @property
    def present(self) -> int:
        """How many values other than null."""
        return self.seen - self.nulls

    @property
    def varies(self) -> bool:
        """Whether it is not always one and the same text or number."""
        scalars = [each for each in (self.texts, self.integers, self.decimals) if each is not None]
        return len(scalars) != 1 or scalars[0].distinct > 1 or scalars[0].more or self.booleans is not None


NOTHING = Shape()
"""The shape of a place that was never seen."""


def join(one: Shape, other: Shape) -> Shape:
    """The shape of what either has seen."""
    return join_all((one, other))


def join_all(shapes: Iterable[Shape]) -> Shape:
    """The shape of what any of them has seen."""
    parts = [each for each in shapes if each is not NOTHING]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    # Written out, for it takes a third of the time that going kind by kind takes: at most places there is one.
    seen = 0
    kinds = parts[0].kinds
    nulls = 0
    booleans: list[Booleans] = []
    integers: list[Numbers] = []
    decimals: list[Numbers] = []
    texts: list[Texts] = []
    arrays: list[Arrays] = []
    objects: list[Objects] = []
    for each in parts:
        seen += each.seen
        if each.kinds is not kinds:
            kinds |= each.kinds
        nulls += each.nulls
        if each.texts is not None:
            texts.append(each.texts)
        if each.integers is not None:
            integers.append(each.integers)
        if each.objects is not None:
            objects.append(each.objects)
        if each.arrays is not None:
            arrays.append(each.arrays)
        if each.booleans is not None:
            booleans.append(each.booleans)
        if each.decimals is not None:
            decimals.append(each.decimals)
    return Shape(
        seen,
        kinds,
        nulls,
        _joined(booleans, _join_booleans) if booleans else None,
        _joined(integers, join_numbers) if integers else None,
        _joined(decimals, join_numbers) if decimals else None,
        _joined(texts, join_texts) if texts else None,
        _joined(arrays, _join_arrays) if arrays else None,
        _joined(objects, _join_objects) if objects else None,
    )


def first_key(keys: Iterable[str]) -> str | None:
    """The smallest of those names that a contract can show, else of all; None of none."""
    return min(keys, key=lambda name: (not is_portable_text(name), name), default=None)


def bounded(objects: Objects) -> Objects:
    """The objects with all their members taken for entries when these are too many."""
    if not objects.overflown and len(objects.members) <= MOST_MEMBERS:
        return objects
    entries = join_all([*objects.members.values(), objects.entries or NOTHING])
    keys = [*objects.members, *filter(None, [objects.some_key])]
    return Objects(objects.count, {}, entries, first_key(keys), overflown=True)


def _joined(parts: list[_Part], join_parts: Callable[[list[_Part]], _Part]) -> _Part:
    return join_parts(parts) if len(parts) > 1 else parts[0]


def _join_booleans(parts: list[Booleans]) -> Booleans:
    return Booleans(sum([each.true for each in parts]), sum([each.false for each in parts]))


def _join_arrays(parts: list[Arrays]) -> Arrays:
    return Arrays(
        sum([each.count for each in parts]),
        sum([each.empty for each in parts]),
        max([each.longest for each in parts]),
        join_all([each.items for each in parts]),
    )


def _join_objects(parts: list[Objects]) -> Objects:
    columns: dict[str, list[Shape]] = {}
    for part in parts:
        for name, shape in part.members.items():
            columns.setdefault(name, []).append(shape)
    entries = [each.entries for each in parts if each.entries is not None]
    return bounded(
        Objects(
            count=sum([each.count for each in parts]),
            members={name: join_all(column) for name, column in columns.items()},
            entries=join_all(entries) if entries else None,
            some_key=first_key([each.some_key for each in parts if each.some_key is not None]),
            overflown=any(each.overflown for each in parts),
        )
    )
