"""Which of the segments at one place of a path are the values of a parameter, and which are constants.

A word needs evidence to be a parameter, and none to be a constant. First each speaks for itself; then those that look
like the ones that are surely values join them; at last those without any evidence are looked at together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from pact_recorder.inference.operations.forms import ANY, FIXED, is_word, marked
from pact_recorder.inference.operations.knowledge import Knowledge
from pact_recorder.inference.operations.plurals import is_plural
from pact_recorder.inference.operations.position import Position, Verdict
from pact_recorder.inference.operations.siblings import alike, joining, numbered
from pact_recorder.inference.operations.tree import Nodes, Profile, joined, profile
from pact_recorder.inference.operations.weighing import Word, weigh

_ENOUGH: Final = 0.75
_FEWEST_RESOURCES: Final = 2


def judge(children: Mapping[str, Nodes], position: Position, known: Knowledge) -> dict[str, Verdict]:
    """Those of the segments that are values of a parameter. Forms and what a hint forces always are."""
    found = {text: Verdict("") for text in children if "{" in text and not text.startswith(FIXED)}
    companies: dict[str, list[Profile]] = defaultdict(list)
    for text in found:
        if text.startswith("{"):
            companies[text.rpartition("}")[2]].append(profile(children[text], known.seen))
    # A version, such as 1, is none beside other numbers.
    found |= {text: Verdict("") for text in children if is_word(text) and marked(text) in found}
    words = [weigh(text, nodes, position, known) for text, nodes in children.items() if is_word(text)]
    words = _left(words, found)
    proven = _proven(words, position, alone=not found)
    for word in proven:
        found[word.text] = word.evidence
        companies[word.evidence.after].append(word.profile)
    if not position.is_resource or ANY in found:
        together = {extension: joined(profiles) for extension, profiles in companies.items()}
        found |= joining(_left(words, found), together, ANY in found, known)
    found |= alike(_left(words, found), position, known)
    return found | numbered([word.text for word in _left(words, found)], is_plural(position.parent))


def _proven(words: list[Word], position: Position, alone: bool) -> list[Word]:
    """Words whose own evidence is enough.

    A few names out of many that some answer happens to hold are none, when there is nothing else (`alone`); where
    resources are named, one is none.
    """
    proven = [word for word in words if word.evidence.why and word.weight >= _ENOUGH]
    if position.is_resource and len(proven) < _FEWEST_RESOURCES:
        return []
    few = len(proven) == 1 or 2 * len(proven) <= len(words)
    by_chance = alone and few and not any(word.is_sure for word in proven)
    return [] if by_chance else proven


def _left(words: list[Word], found: Mapping[str, Verdict]) -> list[Word]:
    return [word for word in words if word.text not in found]
