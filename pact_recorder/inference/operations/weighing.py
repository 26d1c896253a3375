"""How much speaks for a word of a path being the value of a parameter, by itself.

An answer that holds the word under the name of an identifier speaks for it; what it means, where it stands and where
else it is used speak against. The two are added up; the figures are only meant in relation to each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from pact_recorder.inference.operations.forms import affixes
from pact_recorder.inference.operations.knowledge import Knowledge, spellings
from pact_recorder.inference.operations.members import MEDIUM, STRONG, WEAK, identity_strength
from pact_recorder.inference.operations.place import Place
from pact_recorder.inference.operations.plurals import is_plural
from pact_recorder.inference.operations.position import PARAMETER, Position, Verdict
from pact_recorder.inference.operations.tree import Nodes, Profile, profile
from pact_recorder.inference.operations.words import RESERVED, VERSION

_ITSELF: Final = 2.0
"""An identifier in the answer to the very request that names it: the thing asked for is called so."""
_WITH_PATH: Final = 1.5
"""The answer holds the word together with the segments before it: `octocat/hello`, `refs/heads/main`."""
_UNRELATED: Final = -1.0
"""Names, unlike identifiers, coincide: a zone may be called `users`."""
_AFTER_PLURAL: Final = 1.0
_RESERVED: Final = -4.0
_RESOURCE: Final = -3.0
_AFTER_PARAMETER: Final = -1.5
_BEFORE_PARAMETER: Final = -1.5
_COLLECTION: Final = -1.5
_IS_MEMBER: Final = -1.5
_ELSEWHERE: Final = -1.0
_MOST_ELSEWHERE: Final = 2
_STRUCTURE: Final = -2.0
_SURE: Final = 2.0
_MOST_PARENTS: Final = 64


@dataclass(frozen=True, slots=True)
class Word:
    """A word at a position with its weight, the best evidence for it (`why` is empty without), and how it is asked.

    `is_sure` says that the evidence is no coincidence.
    """

    text: str
    nodes: Nodes
    weight: float
    evidence: Verdict
    is_sure: bool
    profile: Profile

    @property
    def is_structure(self) -> bool:
        """Whether it is no value, whatever stands beside it."""
        return self.text.lower() in RESERVED or (is_plural(self.text) and self.weight < _STRUCTURE)


def weigh(text: str, nodes: Nodes, position: Position, known: Knowledge) -> Word:
    """A word with all that speaks for and against it."""
    strength, evidence = _evidence(text, nodes, position, known)
    weight = strength + _meaning(text, nodes, position) + _use(text, position, known)
    is_sure = strength > STRONG or weight >= _SURE
    return Word(text, nodes, weight, evidence, is_sure, profile(nodes, known.seen))


def _evidence(text: str, nodes: Nodes, position: Position, known: Knowledge) -> tuple[float, Verdict]:
    """How surely an answer names a thing so, and which."""
    best = (0.0, Verdict(""))
    producers = [
        (spelled, place, member)
        for spelled in _spellings(text, position)
        for place, member in known.producers.get(spelled, ())
    ]
    own = {place for node in nodes for place in node.all_places()} if producers else set()
    ends = {place for node in nodes for place in (*node.places, *node.with_slash)}
    for spelled, place, member in producers:
        is_related = place in own or position.parent in place.skeleton
        strength = _strength(spelled, member, place in ends, is_related)
        if strength > best[0]:
            source = "its own answer" if place in own else _shown(place)
            best = strength, Verdict(f"produced by {source} as `{member}`", member, *_around(text, spelled))
    return best


def _spellings(text: str, position: Position) -> Iterator[str]:
    """How answers may spell the word: alone, or with what stands before it."""
    yield from spellings((*position.before, text), len(position.before))
    if position.parent == PARAMETER:
        before = sorted(parent for parent in position.parents if "{" not in parent)
        yield from (unquote(f"{parent}/{text}") for parent in before[:_MOST_PARENTS])


def _strength(spelled: str, member: str, is_itself: bool, is_related: bool) -> float:
    strength = identity_strength(member) or WEAK
    if "/" in spelled:
        return max(strength, MEDIUM) + _WITH_PATH
    if strength > MEDIUM:
        return strength + (_ITSELF if is_itself else 0.0)
    return strength if is_related else strength + _UNRELATED


def _around(text: str, spelled: str) -> tuple[str, str]:
    """The constant text around a value that stands within the word."""
    before, inner, after = affixes(text)
    return (before, after) if spelled == inner != text else ("", "")


def _shown(place: Place) -> str:
    return " ".join(filter(None, (place.method, "/" + "/".join(place.skeleton), place.call)))


def _meaning(text: str, nodes: Nodes, position: Position) -> float:
    """What a word's meaning and its place in the path say."""
    weight = _AFTER_PLURAL if is_plural(position.parent) else 0.0
    if text.lower() in RESERVED:
        weight += _RESERVED
    if position.is_resource or (VERSION.fullmatch(text) and not is_plural(position.parent)):
        weight += _RESOURCE
    if position.parent == PARAMETER:
        weight += _AFTER_PARAMETER
    if any("{" in below for node in nodes for below in node.children):
        weight += _BEFORE_PARAMETER
    return weight


def _use(text: str, position: Position, known: Knowledge) -> float:
    """What a word's use elsewhere says: the more often it is structure there, the more it is here."""
    weight = _COLLECTION if text in known.collections and is_plural(text) else 0.0
    if text in known.members:
        weight += _IS_MEMBER
    elsewhere = len(known.contexts.get(text, frozenset()) - position.parents)
    return weight + _ELSEWHERE * min(elsewhere, _MOST_ELSEWHERE)
