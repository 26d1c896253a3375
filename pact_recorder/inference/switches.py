"""What of a request selects the form of its answer: `stream: true` in the body gets an event stream, `false` JSON.

What a boolean member is worth to an interaction is seen from the operation as a whole. It is a switch when what was
answered to requests with `true` never came to others (with `false`, or without it), and the other way round. The header
`Accept` selects when no value of it got answers of two forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pact_recorder.matching import JsonValue

Form: TypeAlias = tuple[str, str]
"""The form of an answer's body and its media type."""

_MOST_ACCEPTED = 16


class Switches:
    """What may select, of so many requests: how often each boolean member of the body was true, and `Accept`.

    `accepted` are the values of that header, None among them where it was missing; beyond a bound only the smallest.
    """

    __slots__ = ("_on", "_seen", "accepted", "requests")

    def __init__(self) -> None:
        self.requests = 0
        self.accepted: frozenset[str | None] = frozenset()
        self._on: Counter[str] = Counter()
        self._seen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, requests: Sequence[tuple[JsonValue, str | None]]) -> Switches:
        """What requests show, by their bodies and values of `Accept`."""
        switches = cls()
        switches.requests = len(requests)
        switches.accepted = _bounded(accept for _, accept in requests)
        members = [item for body, _ in requests if isinstance(body, dict) for item in body.items()]
        switches._on = Counter(name for name, value in members if value is True)
        switches._seen = frozenset(name for name, value in members if value is True or value is False)
        return switches

    @classmethod
    def joined(cls, parts: Sequence[Switches]) -> Switches:
        """What all have seen."""
        if len(parts) == 1:
            return parts[0]
        switches = cls()
        switches.requests = sum(each.requests for each in parts)
        switches.accepted = _bounded(value for each in parts for value in each.accepted)
        switches._on = sum((each._on for each in parts), Counter())
        switches._seen = frozenset[str]().union(*(each._seen for each in parts))
        return switches

    @property
    def names(self) -> frozenset[str]:
        """The members that were true or false."""
        return self._seen

    def is_on(self, name: str) -> bool:
        """Whether a member was true in some request."""
        return self._on[name] > 0

    def is_off(self, name: str) -> bool:
        """Whether a member was false, or not there, in some request."""
        return self._on[name] < self.requests


@dataclass(frozen=True, slots=True)
class Selecting:
    """What selects the form of an operation's answers: members of the body, and the values of `Accept` by form."""

    members: frozenset[str] = frozenset()
    accepted: Mapping[Form, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, answers: Mapping[Form, Sequence[Switches]]) -> Selecting:
        """What selects among the forms, by the requests that got each; nothing when all answers have the same."""
        if len(answers) < 2:
            return cls()
        forms = {form: Switches.joined(each) for form, each in answers.items()}
        names = {name for each in forms.values() for name in each.names}
        members = frozenset(name for name in names if _selects(name, list(forms.values())))
        return cls(members, _accepted(forms))


def _accepted(forms: Mapping[Form, Switches]) -> dict[Form, frozenset[str]]:
    """The values of `Accept` by the form that they got; none when one of them got two, or none was sent."""
    values = [value for each in forms.values() for value in each.accepted]
    if None in values or len(values) != len(set(values)) or len(values) >= _MOST_ACCEPTED:
        return {}
    return {form: frozenset(filter(None, each.accepted)) for form, each in forms.items()}


def _selects(name: str, forms: Sequence[Switches]) -> bool:
    on, off = [each.is_on(name) for each in forms], [each.is_off(name) for each in forms]
    return any(on) and any(off) and not any(map(bool.__and__, on, off))


def _bounded(values: Iterable[str | None]) -> frozenset[str | None]:
    found = set(values)
    if len(found) <= _MOST_ACCEPTED:
        return frozenset(found)
    return frozenset(sorted(found, key=lambda value: (value is not None, value or ""))[:_MOST_ACCEPTED])
