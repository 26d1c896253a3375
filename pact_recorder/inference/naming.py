"""Descriptions of inferred interactions: the operation's name, and a suffix only where two must be told apart.

A Broker keys interactions by description, so a description does not depend on how often something was recorded: of the
interactions of an operation the plainest success has the plain name, and the others say in what they differ from it.
What words cannot tell apart has a few digits of a digest behind: unlike a number, it is the same when others come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from pact_recorder.inference.messages import BROKEN, EMPTY, JSON, NONE, AnsweredKind, AskedKind, Structure, spelled

_LONGEST = 250
_LONGEST_NAME = 60
_MOST_NAMES = 6
_DIGEST_BYTES = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """What a description may tell of an interaction of an operation.

    `only` identifies the one exchange that it stands for, where there are several such of a kind.
    """

    asked: AskedKind
    answered: AnsweredKind
    only: str = ""

    @property
    def plainness(self) -> tuple[bool, int, int, int, str]:
        """The order of the interactions of an operation: successes first, then what asks for least."""
        asked, answered = self.asked, self.answered
        failed = not 200 <= answered.status < 300
        deciding = asked.credentials, asked.conditions, asked.called
        kind = asked.names, asked.form, asked.media_type, spelled(asked.structure), *deciding, answered
        return failed, answered.status, len(asked.names) + len(asked.conditions), _size(asked.structure), repr(kind)

    @property
    def digest(self) -> str:
        """A short text that depends on nothing else; not on credentials, which are left out when they do not matter."""
        asked = self.asked
        deciding = asked.conditions, asked.called
        kind = asked.names, asked.form, asked.media_type, spelled(asked.structure), *deciding, self.answered, self.only
        return blake2b(repr(kind).encode("utf-8", "backslashreplace"), digest_size=_DIGEST_BYTES).hexdigest()


def plainest_first(subjects: Iterable[Subject]) -> list[Subject]:
    """The subjects of an operation by their plainness, whatever the order in which they come."""
    found = list(subjects)
    return sorted(found, key=lambda subject: subject.plainness) if len(found) > 1 else found


def describe(operation: str, subjects: Sequence[Subject]) -> list[str]:
    """One description for each subject of an operation, the plainest first; all different."""
    texts = [_shortened(operation)]
    if len(subjects) == 1:
        return texts
    for subject in subjects[1:]:
        words = [word for form in _FORMS if (word := form(subject, subjects[0]))]
        texts.append(_with_suffix(operation, words))
    counts = Counter(texts)
    for number, subject in enumerate(subjects[1:], 1):
        # What a status asks for need not be said beside the status, unless another has it as well.
        if counts[texts[number]] > 1 and subject.asked.conditions:
            words = [word for form in (*_FORMS, _conditioned) if (word := form(subject, subjects[0]))]
            texts[number] = _with_suffix(operation, words)
    counts = Counter(texts)
    taken: set[str] = set()
    return [
        _unique(f"{text} #{subject.digest}" if number and counts[text] > 1 else text, taken)
        for number, (text, subject) in enumerate(zip(texts, subjects, strict=False))
    ]


def _with_suffix(operation: str, words: Sequence[str]) -> str:
    return _shortened(f"{operation} ({', '.join(words)})" if words else operation)


def _status(subject: Subject, plainest: Subject) -> str:
    status = subject.answered.status
    return "" if status == plainest.answered.status else str(status)


def _query(subject: Subject, plainest: Subject) -> str:
    names = subject.asked.names
    if names == plainest.asked.names:
        return ""
    return f"with {_listed(names)}" if names else "without a query"


def _sent(subject: Subject, plainest: Subject) -> str:
    asked, other = subject.asked, plainest.asked
    words = []
    if (asked.form, asked.media_type) != (other.form, other.media_type):
        words.append("without a body" if asked.form == NONE else f"as {asked.media_type or asked.form}")
    if asked.structure != other.structure and asked.structure:
        words.append(_listed(_telling(asked.structure, other.structure)) or "another body")
    return f"sent {' '.join(words)}" if words else ""


def _got(subject: Subject, plainest: Subject) -> str:
    answered, other = subject.answered, plainest.answered
    if answered.status != other.status or answered == other:
        return ""
    if answered.form == JSON and other.form == JSON and answered.media_type == other.media_type:
        return {"dict": "an object", "list": "an array"}.get(answered.root, "a value")
    if answered.form in (NONE, EMPTY):
        return "no content"
    if answered.form == BROKEN:
        return f"broken {answered.media_type}".strip()
    return f"as {answered.media_type or answered.form}"


def _authenticated(subject: Subject, plainest: Subject) -> str:
    if subject.asked.credentials == plainest.asked.credentials:
        return ""
    return f"with {_listed(subject.asked.credentials)}" if subject.asked.credentials else "without credentials"


def _conditioned(subject: Subject, plainest: Subject) -> str:
    asked = [f"{name}: {value}" if value else name for name, value in subject.asked.conditions]
    return f"with {_listed(asked)}" if asked else ""


_FORMS: tuple[Callable[[Subject, Subject], str], ...] = (_status, _query, _sent, _authenticated, _got)


def _telling(own: Structure, other: Structure) -> list[str]:
    """The names in a body that tell it from another: the first ones, or where both have the same, those below."""
    names = [name for name, _ in own] if isinstance(own, tuple) else []
    if not isinstance(other, tuple) or names != [name for name, _ in other]:
        return names
    below = [*_beyond([own], [other])] or [f"without {path}" for path in _beyond([other], [own])]
    return below or names


def _beyond(own: Iterable[Structure], others: Iterable[Structure], path: str = "") -> Iterator[str]:
    """The paths of members that the structures have and the others do not, without those below such."""
    known = _members(others)
    for name, inner in sorted(_members(own).items()):
        if name in known:
            yield from _beyond(inner, known[name], f"{path}{name}.")
        else:
            yield f"{path}{name}"


def _members(structures: Iterable[Structure]) -> dict[str, list[Structure]]:
    """What is under each name in any of the structures, or in the items of arrays among them."""
    members: dict[str, list[Structure]] = {}
    for structure in structures:
        if isinstance(structure, tuple):
            for name, inner in structure:
                members.setdefault(name, []).append(inner)
        elif isinstance(structure, frozenset):
            for name, inners in _members(structure).items():
                members.setdefault(name, []).extend(inners)
    return members


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(_cut, names[:_MOST_NAMES]))
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"


def _size(structure: Structure) -> int:
    if isinstance(structure, tuple):
        return sum(1 + _size(inner) for _, inner in structure)
    return sum(map(_size, structure)) if isinstance(structure, frozenset) else 0


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _unique(text: str, taken: set[str]) -> str:
    numbered, number = text, 1
    while numbered in taken:
        number += 1
        numbered = f"{text} #{number}"
    taken.add(numbered)
    return numbered
