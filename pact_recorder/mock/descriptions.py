"""Descriptions of interactions: readable, unique and stable (a Broker keys interactions by them)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from pact_recorder.mock.expectation import Expectation

_LONGEST = 250


@dataclass(frozen=True, slots=True)
class Subject:
    """What a description may tell of an interaction, from the plainest to the most particular."""

    given: str | None
    method: str
    path: str
    target: str
    status: int
    host: str

    @classmethod
    def of(cls, expectation: Expectation, method: str, path: str, target: str, status: int) -> Subject:
        """The subject of an expectation; an identifier that is no UUID was chosen by someone and is kept."""
        chosen = expectation.description or (None if _is_uuid(expectation.id) else expectation.id)
        return cls(chosen, method, path, target, status, expectation.host)


_FORMS: tuple[Callable[[Subject], str], ...] = (
    lambda of: of.given or f"{of.method} {of.path}",
    lambda of: of.given or f"{of.method} {of.target}",
    lambda of: f"{of.given or f'{of.method} {of.target}'} ({of.status})",
    lambda of: f"{of.given or f'{of.method} {of.target}'} ({of.status}) at {of.host}",
)


def describe(subjects: Sequence[Subject]) -> list[str]:
    """One description a subject, in order: the plainest form that tells it apart, a number where none does."""
    described: list[str | None] = [None] * len(subjects)
    taken: set[str] = set()
    for form in _FORMS:
        texts = {index: form(subject)[:_LONGEST] for index, subject in enumerate(subjects) if described[index] is None}
        counts = Counter(texts.values())
        for index, text in texts.items():
            if counts[text] == 1 and text not in taken:
                described[index] = text
                taken.add(text)
    return [text or _numbered(_FORMS[-1](subjects[index])[:_LONGEST], taken) for index, text in enumerate(described)]


def _numbered(text: str, taken: set[str]) -> str:
    number = 1
    while (numbered := f"{text} #{number}") in taken:
        number += 1
    taken.add(numbered)
    return numbered


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
