"""Descriptions of inferred interactions: the operation's name, and a suffix only where two must be told apart.

A Broker keys interactions by description, so a description does not depend on how often something was recorded: of the
interactions of an operation the plainest success has the plain name, and the others say in what they differ from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pact_recorder.inference.messages import BROKEN, EMPTY, JSON, NONE, AnsweredKind, AskedKind, Structure, spelled

_LONGEST = 250
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """What a description may tell of an interaction of an operation."""

    asked: AskedKind
    answered: AnsweredKind

    @property
    def plainness(self) -> tuple[bool, int, int, int, str]:
        """The order of the interactions of an operation: successes first, then what asks for least."""
        asked, answered = self.asked, self.answered
        failed = not 200 <= answered.status < 300
        kind = asked.names, asked.form, asked.media_type, spelled(asked.structure), asked.credentials, asked.called
        return failed, answered.status, len(asked.names), _size(asked.structure), repr((*kind, answered))


def plainest_first(subjects: Iterable[Subject]) -> list[Subject]:
    """The subjects of an operation by their plainness, whatever the order in which they come."""
    found = list(subjects)
    return sorted(found, key=lambda subject: subject.plainness) if len(found) > 1 else found


def describe(operation: str, subjects: Sequence[Subject]) -> list[str]:
    """One description for each subject of an operation, the plainest first; all different."""
    described: list[str] = []
    taken: set[str] = set()
    for subject in subjects:
        words = [word for form in _FORMS if (word := form(subject, subjects[0]))]
        text = f"{operation} ({', '.join(words)})" if words else operation
        described.append(_unique(text, taken))
    return described


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
        names = [name for name, _ in asked.structure] if isinstance(asked.structure, tuple) else []
        words.append(_listed(names) if names else "another body")
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


_FORMS: tuple[Callable[[Subject, Subject], str], ...] = (_status, _query, _sent, _authenticated, _got)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"


def _size(structure: Structure) -> int:
    if isinstance(structure, tuple):
        return sum(1 + _size(inner) for _, inner in structure)
    return sum(map(_size, structure)) if isinstance(structure, frozenset) else 0


def _unique(text: str, taken: set[str]) -> str:
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    numbered, number = short, 1
    while numbered in taken:
        number += 1
        numbered = f"{short} #{number}"
    taken.add(numbered)
    return numbered
