"""Parameters that take several segments, such as the path of a file: `/contents/{path}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from pact_recorder.http.names import split_words
from pact_recorder.inference.operations.forms import is_word
from pact_recorder.inference.operations.knowledge import Knowledge
from pact_recorder.inference.operations.position import PARAMETER, Position
from pact_recorder.inference.operations.tree import Nodes, endings
from pact_recorder.inference.operations.words import words

_PATH_WORDS: Final = words("path key file filename ref prefix")
_ENOUGH: Final = 0.75
_SEVERAL: Final = 2
_MOST_BEFORE: Final = 2
_DEEPEST: Final = 12
_MOST: Final = 2_000


def tail_member(children: Mapping[str, Nodes], position: Position, known: Knowledge) -> str:
    """The member under which answers hold all that is left of the paths here; empty when it is no such parameter."""
    if not position.before or position.is_resource:
        return ""
    rests = [rest for rest in _rests(children) if all(is_word(text) for text in rest)]
    if max(map(len, rests), default=0) < _SEVERAL:
        return ""
    held = {rest: _holder(rest, position, known) for rest in rests}
    if sum(map(bool, held.values())) < _ENOUGH * len(held):
        return ""
    return min((member for rest, member in held.items() if member and len(rest) >= _SEVERAL), default="")


def _rests(children: Mapping[str, Nodes]) -> Iterator[tuple[str, ...]]:
    """The different ways on from here."""
    seen: set[tuple[str, ...]] = set()
    for text, nodes in children.items():
        for rest, _ in endings(nodes, _DEEPEST):
            whole = (text, *rest)
            if whole not in seen:
                seen.add(whole)
                yield whole
            if len(seen) >= _MOST:
                return


def _holder(rest: tuple[str, ...], position: Position, known: Knowledge) -> str:
    """The member of an answer that holds the rest of a path, alone or with constants before it."""
    for length in range(_MOST_BEFORE + 1):
        before = position.before[len(position.before) - length :]
        if PARAMETER in before:
            break
        members = sorted(member for _, member in known.producers.get(unquote("/".join((*before, *rest))), ()))
        found = next((member for member in members if not _PATH_WORDS.isdisjoint(split_words(member)[-1:])), "")
        if found:
            return found
    return ""
