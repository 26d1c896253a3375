"""How many kinds of requests an operation may have: names of parameters and members that vary without end are no kinds.

What is kept does not depend on the order of exchanges. Requests that differ in more than a few names that are data are
taken together, and so are JSON bodies with too many different members: their shape says what they have in common. Pact
has no rule for names of parameters and form fields, so of too many such kinds those are kept that come first in a fixed
random order, and of these the most frequent have interactions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import blake2b
from heapq import nsmallest
from typing import Final

from msgspec.structs import replace

from pact_recorder.inference.messages import ANY_NAME, JSON, MANY_STRUCTURES, AskedKind, spelled
from pact_recorder.inference.operations import is_identifier

MOST_KINDS: Final = 64
"""Kinds of requests of one operation that have interactions, and structures of JSON bodies that are told apart."""

_MOST_NAMED: Final = 8
_MOST_KEPT: Final = 256


def bounded_kinds(kinds: Collection[AskedKind]) -> dict[AskedKind, AskedKind | None]:
    """What kinds become when there are too many of them: another one, or None for those that are left out."""
    if len(kinds) <= _MOST_NAMED and not any(kind.structure == MANY_STRUCTURES or kind.any_names for kind in kinds):
        return {}
    classes = {kind: _family(_anonymous(kind)) for kind in kinds}
    kept = set(classes.values())
    if len(kept) > _MOST_KEPT:
        kept = set(nsmallest(_MOST_KEPT, kept, key=_rank))
    known: dict[AskedKind, AskedKind | None] = {kind: None for kind, each in classes.items() if each not in kept}
    found = [kind for kind, each in classes.items() if each in kept]
    anonymous = _together(found, _anonymous, _MOST_NAMED)
    families = _together([anonymous.get(kind, kind) for kind in found], _family, MOST_KINDS)
    for kind in found:
        named = anonymous.get(kind, kind)
        known[kind] = families.get(named, named)
    return {kind: each for kind, each in known.items() if each != kind}


def _together(
    kinds: Iterable[AskedKind], of: Callable[[AskedKind], AskedKind], most: int
) -> dict[AskedKind, AskedKind]:
    """The kinds that are taken together as one, because more of them have it in common or some already are it."""
    alike: dict[AskedKind, set[AskedKind]] = {}
    for kind in kinds:
        alike.setdefault(of(kind), set()).add(kind)
    return {kind: one for one, each in alike.items() if len(each) > most or one in each for kind in each}


def left_out_kinds(counts: Mapping[AskedKind, int]) -> dict[AskedKind, None]:
    """The kinds that have no interactions, by how many requests are of each: all but the most frequent."""
    if len(counts) <= MOST_KINDS:
        return {}
    kept = nsmallest(MOST_KINDS, counts, key=lambda kind: (-counts[kind], _rank(kind)))
    return dict.fromkeys(counts.keys() - set(kept))


def _anonymous(kind: AskedKind) -> AskedKind:
    """The kind whose parameters and form fields have any names where these are data."""
    names, fields = _without_data(kind.names), _without_data(kind.fields)
    if names == kind.names and fields == kind.fields:
        return kind
    structure = tuple([(name, "") for name in fields]) if fields else kind.structure
    return replace(kind, names=names, structure=structure)


def _without_data(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({ANY_NAME if is_identifier(name) else name for name in names}))


def _family(kind: AskedKind) -> AskedKind:
    """The kind that JSON bodies of any members belong to; other kinds are their own."""
    return replace(kind, structure=MANY_STRUCTURES) if kind.form == JSON else kind


def _rank(kind: AskedKind) -> bytes:
    """A place in a fixed order that looks random."""
    deciding = kind.credentials, kind.conditions, kind.called
    parts = kind.names, kind.form, kind.media_type, spelled(kind.structure), *deciding
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
