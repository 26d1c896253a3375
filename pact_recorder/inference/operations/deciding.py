"""From places to operations: the tree of each provider is walked from the root, and every fork is judged.

What is judged a parameter is taken as one: the places below its values are walked together. Of the constants and the
parameters at one fork no two take the same request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pact_recorder.inference.operations.evidence import Evidence
from pact_recorder.inference.operations.forms import ANY
from pact_recorder.inference.operations.judging import judge
from pact_recorder.inference.operations.knowledge import Knowledge, know
from pact_recorder.inference.operations.naming import name_parameter
from pact_recorder.inference.operations.operation import Operation, Segment
from pact_recorder.inference.operations.parameters import constant, name_of, parameters, with_exclusions
from pact_recorder.inference.operations.place import Place
from pact_recorder.inference.operations.position import Position, Verdict
from pact_recorder.inference.operations.skeletons import Skeletons
from pact_recorder.inference.operations.tails import tail_member
from pact_recorder.inference.operations.tree import Node, Nodes, followers

_Trail = tuple[Segment, ...]


def decide(seen: Mapping[Place, Evidence], skeletons: Skeletons) -> dict[Place, Operation]:
    """The operation of every place, from what was seen there."""
    providers: dict[str, dict[Place, tuple[str, ...]]] = defaultdict(dict)
    for place in sorted(seen):
        providers[place.provider][place] = skeletons.settled(place.provider, place.skeleton)
    operations: dict[Place, Operation] = {}
    for provider, places in providers.items():
        for place, segments in _Walk(know(places, seen)).templates(places):
            operations[place] = Operation(provider, place.method, segments, place.call)
    return _with_calls(operations)


def _with_calls(operations: dict[Place, Operation]) -> dict[Place, Operation]:
    """Where calls are too many to be told apart, they are not."""
    without = {place: replace(found, call="") for place, found in operations.items() if place.call}
    uncounted = {without[place] for place in without if place.call == ANY}
    merged = {place: found for place, found in without.items() if found in uncounted}
    return {**operations, **merged}


@dataclass(frozen=True, slots=True)
class _Fork:
    """What follows at one position, and what was judged of it; `member` is there when all of it is one parameter."""

    position: Position
    children: Mapping[str, Nodes]
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    member: str = ""


class _Walk:
    """The way through one provider's tree."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known

    def templates(self, places: Mapping[Place, tuple[str, ...]]) -> Iterator[tuple[Place, _Trail]]:
        """Every place with the segments of its template."""
        root = Node()
        for place, skeleton in places.items():
            root.insert(place, skeleton)
        yield from self._below([root], self._fork([root], Position()), ())

    def _fork(self, nodes: Nodes, position: Position) -> _Fork:
        children = followers(nodes)
        member = tail_member(children, position, self._known) if children else ""
        if member or not children:
            return _Fork(position, children, {}, member)
        return _Fork(position, children, judge(children, position, self._known))

    def _below(self, nodes: Nodes, fork: _Fork, trail: _Trail) -> Iterator[tuple[Place, _Trail]]:
        yield from ((place, trail) for node in nodes for place in node.places)
        if fork.member:
            yield from _tail(fork, trail)
            return
        constants = {text: constant(text) for text in fork.children if text not in fork.verdicts}
        for text, segment in constants.items():
            each = fork.children[text]
            yield from self._below(each, self._fork(each, fork.position.then(segment.text)), (*trail, segment))
        found = parameters(fork.children, fork.verdicts)
        for parameter, excluded in with_exclusions(found, constants, len(trail), self._known.seen):
            below = self._fork(parameter.nodes, fork.position.then_any(parameter.values))
            segment = Segment(
                name=name_of(parameter, fork.position, bool(below.verdicts), trail),
                pattern=parameter.pattern,
                before=parameter.before,
                after=parameter.after,
                excluded=excluded,
                tail=parameter.is_tail,
                why=parameter.why(len(trail), self._known.seen),
            )
            yield from self._below(parameter.nodes, below, (*trail, segment))


def _tail(fork: _Fork, trail: _Trail) -> Iterator[tuple[Place, _Trail]]:
    name = name_parameter("", False, [fork.member], [], {segment.name for segment in trail})
    segment = Segment(name=name, pattern=".+", tail=True, why=f"whole paths are produced as `{fork.member}`")
    for nodes in fork.children.values():
        yield from ((place, (*trail, segment)) for node in nodes for place in node.all_places())
