"""Parameters that take several segments, such as the path of a file: `/contents/{path}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from pact_recorder.http.names import split_words
from pact_recorder.inference.operations.knowledge import Knowledge
from pact_recorder.inference.operations.position import Position
from pact_recorder.inference.operations.tree import Nodes, endings
from pact_recorder.inference.operations.words import words

_PATH_WORDS: Final = words("path key file filename ref prefix")
_ENOUGH: Final = 0.75
_DEEPEST: Final = 12
_MOST: Final = 2_000


def tail_member(children: Mapping[str, Nodes], position: Position, known: Knowledge) -> str:
    """The member under which answers hold all that is left of the paths here; empty when it is no such parameter."""
    if not position.before or position.is_resource:
        return ""
    rests = list(_rests(children))
    if len({len(rest) for rest in rests}) < 2 and max(map(len, rests), default=0) < 2:
        return ""
    held = [_holder(rest, known) for rest in rests]
    several = [member for rest, member in zip(rests, held, strict=True) if len(rest) > 1]
    proven = sorted(filter(None, several))
    if not proven or len(list(filter(None, held))) < _ENOUGH * len(held):
        return ""
    return proven[0]


def _rests(children: Mapping[str, Nodes]) -> Iterator[tuple[str, ...]]:
    """The different ways on from here, as long as they are words."""
    seen: set[tuple[str, ...]] = set()
    for text, nodes in children.items():
        for rest, _ in endings(nodes, _DEEPEST):
            whole = (text, *rest)
            if whole not in seen:
                seen.add(whole)
                yield whole
            if len(seen) >= _MOST:
                return


def _holder(rest: tuple[str, ...], known: Knowledge) -> str:
    if any("{" in text for text in rest):
        return ""
    members = sorted(member for _, member in known.producers.get(unquote("/".join(rest)), ()))
    return next((member for member in members if _names_a_path(member)), "")


def _names_a_path(member: str) -> bool:
    return not _PATH_WORDS.isdisjoint(split_words(member)[-1:])
