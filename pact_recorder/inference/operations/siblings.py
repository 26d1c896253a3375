"""What words at one place of a path say about each other: those that are asked and answered alike are alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pact_recorder.inference.operations.forms import affixes, is_word
from pact_recorder.inference.operations.knowledge import Knowledge
from pact_recorder.inference.operations.members import MEDIUM, identity_strength
from pact_recorder.inference.operations.plurals import is_plural
from pact_recorder.inference.operations.position import PARAMETER, Position, Verdict
from pact_recorder.inference.operations.tree import Answers, Profile
from pact_recorder.inference.operations.weighing import Word
from pact_recorder.inference.operations.words import RESERVED, is_version

_ALIKE: Final = 0.5
_NEARLY_THE_SAME: Final = 0.75
_LEAST_TELLING: Final = 2
_MORE_TELLING: Final = 3
_ASKED_ONLY: Final = -1.75
_FEWEST_ALIKE: Final = 4
_FEWEST_ALIKE_AFTER_PLURAL: Final = 3
_VERY_MANY: Final = 8
_FEWEST_NUMBERED: Final = 3
_FEWEST_NUMBERED_AFTER_PLURAL: Final = 2
_NUMBERS: Final = re.compile(r"\d+")
_ITSELF: Final = ("GET", "", ())


def joining(
    words: Iterable[Word], companies: Mapping[str, Profile], many: bool, known: Knowledge
) -> dict[str, Verdict]:
    """Words that are asked and answered as the parameters beside them are.

    `companies` is what those look like together, by their extension; `many` says that they are too many to be looked at
    one by one.
    """
    found: dict[str, Verdict] = {}
    for word in words:
        company = companies.get(affixes(word.text)[2]) or companies.get("")
        if company is None or word.is_structure:
            continue
        if _alike(word.profile, company, known) or _asked_alike(word, company, many):
            found[word.text] = Verdict("asked and answered like its siblings")
    return found


def alike(words: Sequence[Word], position: Position, known: Knowledge) -> dict[str, Verdict]:
    """Words without any evidence but that they are many, and that they all give the same kind of thing.

    What else could be its collections and views, whose names are plurals or lead further, is left out. Very many below
    a plural need neither a member that identifies nor an end there, and some names that look like plurals go with them.
    """
    if position.is_resource or position.parent == PARAMETER:
        return {}
    after_plural = is_plural(position.parent)
    fewest = _FEWEST_ALIKE_AFTER_PLURAL if after_plural else _FEWEST_ALIKE
    groups = _groups(filter(_is_single, words), fewest, known.envelope, _LEAST_TELLING)
    unnamed = [word for word in words if _may_be_one(word)] if after_plural else []
    if len(unnamed) >= _VERY_MANY:
        places = (place for word in unnamed for node in word.nodes for place in node.all_places())
        groups += _groups(unnamed, _VERY_MANY, known.envelope_beside(places), _MORE_TELLING)
    return {text: Verdict(f"{len(group)} siblings with answers alike") for group in groups for text in group}


def numbered(texts: Iterable[str], after_plural: bool) -> dict[str, Verdict]:
    """Words that only differ in numbers: `disk1` and `disk2`, `show-15-2.html` and `show-17-1.html`.

    After a plural values are expected: there two are enough, and the whole word is the value.
    """
    families: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        if not is_version(text) and text.lower() not in RESERVED:
            families[_NUMBERS.sub("", text)].append(text)
    found: dict[str, Verdict] = {}
    for family in families.values():
        if len(family) >= (_FEWEST_NUMBERED_AFTER_PLURAL if after_plural else _FEWEST_NUMBERED):
            around = ("", "") if after_plural else _around_numbers(family)
            found |= dict.fromkeys(family, Verdict(f"{len(family)} siblings that differ in numbers", "", *around))
    return found


def _around_numbers(family: Sequence[str]) -> tuple[str, str]:
    """The constant text before the first number and the extension, as far as each word has something between."""
    before = re.split(r"\d", min(family, key=lambda text: (len(text), text)), maxsplit=1)[0]
    after = affixes(family[0])[2]
    fits = all(text.startswith(before) and len(text) > len(before) + len(after) for text in family)
    return (before, after) if fits else ("", after)


def _alike(one: Profile, other: Profile, known: Knowledge) -> bool:
    """Whether two give answers with the same telling members, or have the same things below."""
    shared = one.answers.keys() & other.answers.keys()
    if any(_overlap(one.answers[key], other.answers[key], known.envelope) >= _ALIKE for key in shared):
        return True
    return any(is_word(text) and text.lower() not in RESERVED for text in one.below & other.below)


def _overlap(one: Answers, other: Answers, envelope: frozenset[str], telling: int = _LEAST_TELLING) -> float:
    """How much of the telling members of two answers is in both, from 0 to 1; 0 when too few tell anything."""
    first, second = one.members - envelope, other.members - envelope
    both = len(first & second)
    return both / len(first | second) if both >= telling else 0.0


def _asked_alike(word: Word, company: Profile, many: bool) -> bool:
    """Whether a word is asked for as its siblings are, and the answers hold nothing that says another thing."""
    answers, others = word.profile.answers, company.answers
    if any(each.members and each.succeeded for each in answers.values()):
        return False
    if all(each.statuses and not each.succeeded for each in answers.values()):
        return many or answers.keys() <= others.keys()
    succeeded = [key for key, each in answers.items() if each.succeeded]
    return (
        bool(succeeded)
        and word.weight > _ASKED_ONLY
        and all(key in others and not others[key].members for key in succeeded)
    )


def _is_single(word: Word) -> bool:
    """Whether a word may be one thing of many."""
    answers = word.profile.answers.get(_ITSELF)
    return (
        answers is not None
        and any(identity_strength(name) >= MEDIUM for name in answers.members)
        and _may_be_one(word)
        and not is_plural(word.text)
        and not any(node.children for node in word.nodes)
    )


def _may_be_one(word: Word) -> bool:
    """Whether nothing speaks against a word being one thing of many: it is no view, and leads to no other things."""
    return not word.is_structure and not any("{" in text for text in word.profile.below)


def _groups(words: Iterable[Word], fewest: int, envelope: frozenset[str], telling: int) -> list[list[str]]:
    """The texts of words in groups that are asked for the same, with answers nearly the same.

    In each at least so many are no plurals.
    """
    groups: list[tuple[Profile, list[str]]] = []
    for word in words:
        for together, group in groups:
            if _nearly_the_same(word.profile, together, envelope, telling):
                group.append(word.text)
                break
        else:
            groups.append((word.profile, [word.text]))
    return [group for _, group in groups if len(group) - sum(map(is_plural, group)) >= fewest]


def _nearly_the_same(one: Profile, other: Profile, envelope: frozenset[str], telling: int) -> bool:
    if one.below != other.below or one.answers.keys() != other.answers.keys():
        return False
    return any(
        _overlap(answers, other.answers[key], envelope, telling) >= _NEARLY_THE_SAME
        for key, answers in one.answers.items()
    )
