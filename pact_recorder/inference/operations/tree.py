"""The places of a provider as a tree of path segments, and what can be read off a part of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pact_recorder.inference.operations.evidence import Evidence
from pact_recorder.inference.operations.forms import FIXED
from pact_recorder.inference.operations.place import Place


@dataclass(slots=True, eq=False)
class Node:
    """A point of the tree: the places that end here, and the segments that follow."""

    places: list[Place] = field(default_factory=list)
    children: dict[str, Node] = field(default_factory=dict)

    def insert(self, place: Place, skeleton: Iterable[str]) -> None:
        """Put a place at the end of its skeleton."""
        node = self
        for text in skeleton:
            node = node.children.setdefault(text, Node())
        node.places.append(place)

    @property
    def with_slash(self) -> list[Place]:
        """The places of the same path with a slash at its end."""
        return self.children[""].places if "" in self.children else []

    def all_places(self) -> Iterator[Place]:
        """Every place here and below."""
        yield from self.places
        for child in self.children.values():
            yield from child.all_places()


Nodes = list[Node]
"""Points of the tree that are one, because segments before them are parameters."""


def followers(nodes: Nodes) -> dict[str, Nodes]:
    """What follows points that are one, by segment, in the order of the segments' texts.

    A word that a hint makes a constant for some requests is one for all.
    """
    found: dict[str, Nodes] = defaultdict(list)
    for node in nodes:
        for text, child in node.children.items():
            found[text].append(child)
    for text in [text for text in found if FIXED + text in found]:
        found[FIXED + text] += found.pop(text)
    return dict(sorted(found.items()))


def endings(nodes: Nodes, depth: int) -> Iterator[tuple[tuple[str, ...], Place]]:
    """What is below, with the segments that lead there, at most `depth` of them."""
    for node in nodes:
        for place in node.places:
            yield (), place
        if depth:
            for text, child in node.children.items():
                if not child.children or depth == 1:
                    yield from [((text,), place) for place in child.places]
                else:
                    yield from [((text, *rest), place) for rest, place in endings([child], depth - 1)]


@dataclass(slots=True)
class Answers:
    """What the answers to one kind of request were like."""

    statuses: set[int] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def add(self, evidence: Evidence) -> None:
        """Join what another place has shown."""
        self.statuses.update([status // 100 for status in evidence.answers])
        self.members |= evidence.members

    @property
    def succeeded(self) -> bool:
        """Whether one of them was no error."""
        return not self.statuses.isdisjoint((2, 3))


AnswersByRequest = dict[tuple[str, str, tuple[str, ...]], Answers]
"""Answers by method, call and the segments that follow."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one looks like to whom asks: its answers, and the segments that follow right `below`."""

    answers: AnswersByRequest
    below: frozenset[str]


def profile(nodes: Nodes, seen: Mapping[Place, Evidence], depth: int = 2) -> Profile:
    """The answers here and up to `depth` segments below."""
    found: AnswersByRequest = defaultdict(Answers)
    for rest, place in endings(nodes, depth):
        found[place.method, place.call, rest].add(seen[place])
    return Profile(dict(found), frozenset(text for node in nodes for text in node.children))


def joined(profiles: Sequence[Profile]) -> Profile:
    """What several look like together."""
    found: AnswersByRequest = defaultdict(Answers)
    for each in profiles:
        for key, answers in each.answers.items():
            found[key].statuses |= answers.statuses
            found[key].members |= answers.members
    return Profile(dict(found), frozenset().union(*(each.below for each in profiles)))
