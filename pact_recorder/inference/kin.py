"""Objects of the same kind elsewhere: what few samples of one place cannot show, those of others may.

An API shows the same things in many places: a user as the owner of a repository, the author of a comment, a member of a
team. Objects whose members have nearly the same names are taken for the same kind of thing. Where a place has few
samples, its kin says which members may be absent and which values may be null.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pact_recorder.inference.shapes import Objects, Shape

_FEWEST_NAMES = 4
_ALIKE = 0.75


class Kin:
    """The objects of all operations of a provider, by kind."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        found: dict[frozenset[str], list[Objects]] = defaultdict(list)
        for objects in _objects(shapes):
            found[frozenset(objects.members)].append(objects)
        self._kind_of = _kinds(list(found))
        self._members: dict[int, _Kind] = {}
        for names, each in found.items():
            kind = self._members.setdefault(self._kind_of[names], _Kind(0, {}))
            for objects in each:
                kind.take(objects)

    def of(self, objects: Objects) -> _Kind | None:
        """The kind of some objects; None when they are alone."""
        number = self._kind_of.get(frozenset(objects.members))
        return None if number is None else self._members[number]


@dataclass(slots=True)
class _Kind:
    count: int
    members: dict[str, list[int]]

    def take(self, objects: Objects) -> None:
        self.count += objects.count
        for name, shape in objects.members.items():
            seen = self.members.setdefault(name, [0, 0])
            seen[0] += shape.seen
            seen[1] += shape.nulls

    def absent(self, name: str) -> float:
        seen, _ = self.members.get(name, (0, 0))
        return (self.count - seen) / self.count

    def null(self, name: str) -> float:
        seen, nulls = self.members.get(name, (0, 0))
        return nulls / seen if seen else 0.0


def _objects(shapes: Iterable[Shape]) -> Iterator[Objects]:
    pending = list(shapes)
    while pending:
        shape = pending.pop()
        if shape.arrays is not None:
            pending.append(shape.arrays.items)
        if shape.objects is not None:
            pending += shape.objects.members.values()
            if shape.objects.entries is not None:
                pending.append(shape.objects.entries)
            if len(shape.objects.members) >= _FEWEST_NAMES and not shape.objects.is_map:
                yield shape.objects


def _kinds(sets: list[frozenset[str]]) -> dict[frozenset[str], int]:
    """A number for each set of names; the same for those that are alike, directly or through others."""
    frequency = Counter(name for names in sets for name in names)
    parents = list(range(len(sets)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    by_name: dict[str, list[int]] = defaultdict(list)
    for place, names in sorted(enumerate(sets), key=lambda item: len(item[1])):
        rare = sorted(names, key=lambda name: (frequency[name], name))
        # Two sets that are alike share one of their rarest names.
        prefix = rare[: len(rare) - int(_ALIKE * len(rare) + 0.999) + 1]
        near = {other for name in prefix for other in by_name[name]}
        for other in near:
            common = len(names & sets[other])
            if common >= _ALIKE * (len(names) + len(sets[other]) - common):
                parents[root(place)] = root(other)
        for name in prefix:
            by_name[name].append(place)
    return {names: root(place) for place, names in enumerate(sets)}
