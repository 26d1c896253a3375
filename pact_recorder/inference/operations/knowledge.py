"""What the whole traffic of a provider says about words: which answers hold them, where else they stand in paths."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from pact_recorder.inference.operations.evidence import Evidence
from pact_recorder.inference.operations.forms import affixes
from pact_recorder.inference.operations.place import Place

_ENVELOPE_SHARE: Final = 0.25
_FEWEST_FOR_ENVELOPE: Final = 8
_LONGEST_JOINED: Final = 3


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Facts that judging a word needs.

    `producers` are the places and members whose answers hold a text (a segment, or some that follow each other),
    `contexts` the different segments after which a word stands, `collections` the words before identifiers, `counts` in
    how many of the `answering` places a name is that answers use, `envelope` those names that most answers have.
    """

    seen: Mapping[Place, Evidence]
    producers: Mapping[str, tuple[tuple[Place, str], ...]]
    contexts: Mapping[str, frozenset[str]]
    collections: frozenset[str]
    envelope: frozenset[str]
    counts: Mapping[str, int]
    answering: int

    @property
    def members(self) -> Collection[str]:
        """The names that answers use."""
        return self.counts.keys()

    def envelope_beside(self, places: Iterable[Place]) -> frozenset[str]:
        """Those names in the answers of some places that most answers of all others have as well."""
        own = [self.seen[place].members for place in places]
        counts = Counter(name for names in own for name in names)
        least = _least(self.answering - sum(map(bool, own)))
        return frozenset(name for name, count in counts.items() if self.counts[name] - count >= least)


def know(skeletons: Mapping[Place, tuple[str, ...]], seen: Mapping[Place, Evidence]) -> Knowledge:
    """What the places of one provider say.

    The answers of other providers are left out: the same word there is seldom the same thing.
    """
    contexts: dict[str, set[str]] = defaultdict(set)
    collections: set[str] = set()
    texts: set[str] = set()
    for skeleton in set(skeletons.values()):
        for index, text in enumerate(skeleton):
            if "{" in text:
                collections.update(skeleton[index - 1 : index] if index else ())
            elif text:
                contexts[text].add(context(skeleton[:index]))
                texts.update(spellings(skeleton, index))
                texts.add(unquote("/".join(skeleton[index:])))
    counts = Counter(name for place in skeletons for name in seen[place].members)
    answering = sum(1 for place in skeletons if seen[place].members)
    least = _least(answering)
    return Knowledge(
        seen,
        _producers(skeletons, seen, texts),
        {word: frozenset(found) for word, found in contexts.items()},
        frozenset(collections),
        frozenset(name for name, count in counts.items() if count >= least),
        counts,
        answering,
    )


def _least(answering: int) -> float:
    """In how many places a name is that is of no one thing."""
    return max(_FEWEST_FOR_ENVELOPE, answering * _ENVELOPE_SHARE)


def context(before: Sequence[str]) -> str:
    """What stands before a segment: the last segment, or when that is a parameter, the one before with a mark."""
    if not before or "{" not in before[-1]:
        return "".join(before[-1:])
    return "/".join([*(text for text in before[-2:-1] if "{" not in text), "{}"])


def spellings(skeleton: tuple[str, ...], index: int) -> Iterator[str]:
    """How answers may spell a word of a path: alone, without its extension, with the segments before it."""
    text = skeleton[index]
    yield unquote(text)
    before, inner, after = affixes(text)
    if before or after:
        yield unquote(inner)
    for length in range(2, _LONGEST_JOINED + 1):
        start = index - length + 1
        if start < 0 or any("{" in part for part in skeleton[start:index]):
            break
        yield unquote("/".join(skeleton[start : index + 1]))


def _producers(
    places: Iterable[Place], seen: Mapping[Place, Evidence], texts: Iterable[str]
) -> dict[str, tuple[tuple[Place, str], ...]]:
    """Where each of the texts was found in the answers of these places."""
    wanted: set[str | int | bytes] = set(texts)
    found: dict[str, list[tuple[Place, str]]] = defaultdict(list)
    for place in places:
        for member, sample in sorted(seen[place].produced.items()):
            for value in wanted & sample.values():
                if isinstance(value, str):
                    found[value].append((place, member))
    return {text: tuple(where) for text, where in found.items()}
