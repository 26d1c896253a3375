"""What of a request selects the form of its answer: `stream: true` in the body gets an event stream, `false` JSON.

What a boolean member is worth to an interaction is seen from the operation as a whole. It is a switch when what was
answered to requests with `true` never came to others (with `false`, or without it), and the other way round, and it
never was anything else. The header `Accept` selects when no value of it got answers of two forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TypeAlias

from pact_recorder.matching import JsonValue

Form: TypeAlias = tuple[str, str]
"""The form of an answer's body and its media type."""

Setting: TypeAlias = tuple[tuple[tuple[str, bool | None], ...], str | None]
"""The members of a request's body, None for those that are no boolean, and its header `Accept`."""

Settings: TypeAlias = frozenset[Setting]
"""The different settings of requests; so many that one more says nothing are `TOO_MANY`."""

NO_SETTINGS: Settings = frozenset()
TOO_MANY: Settings = frozenset([((("", True),), None), ((("", False),), None)])
"""Stands for any settings: nothing selects with it."""

_MOST = 64


def setting_of(body: JsonValue, accept: Sequence[str]) -> Setting:
    """What of a request may select, by its body and the lines of `Accept`."""
    accepted = ", ".join(accept) if accept else None
    if type(body) is not dict or not (True in body.values() or False in body.values()):
        return (), accepted
    members = [(name, body[name] if type(body[name]) is bool else None) for name in sorted(body)]
    return tuple(members), accepted


def settings_of(parts: Iterable[AbstractSet[Setting]]) -> Settings:
    """All the settings of all parts."""
    found = NO_SETTINGS.union(*parts)
    return TOO_MANY if len(found) > _MOST or found >= TOO_MANY else found


@dataclass(frozen=True, slots=True)
class Selected:
    """What of the requests that one interaction stands for has to stay as it is: members of the body, and `Accept`."""

    members: Mapping[str, bool] = field(default_factory=dict)
    accept: str | None = None


@dataclass(frozen=True, slots=True)
class Selecting:
    """What selects the form of an operation's answers: members of the body, and whether `Accept` does."""

    members: frozenset[str] = frozenset()
    accept: bool = False

    def of_all(self, requests: Settings) -> Selected:
        """What selects, and was the same in all these requests."""
        if not requests:
            return Selected()
        common = set.intersection(*(set(members) for members, _ in requests))
        members = {name: value for name, value in common if name in self.members and value is not None}
        accepted = {accept for _, accept in requests}
        return Selected(members, accepted.pop() if self.accept and len(accepted) == 1 else None)

    @classmethod
    def of(cls, answers: Mapping[Form, Sequence[Settings]]) -> Selecting:
        """What selects among the forms, by the requests that got each; nothing when all answers have the same."""
        if len(answers) < 2:
            return cls()
        forms = {form: settings_of(each) for form, each in answers.items()}
        if TOO_MANY in forms.values():
            return cls()
        names = {name for each in forms.values() for members, _ in each for name, value in members if value is not None}
        accepted = [accept for each in forms.values() for accept in {accept for _, accept in each}]
        return cls(
            frozenset(name for name in names if _selects(name, forms.values())),
            None not in accepted and len(accepted) == len(set(accepted)),
        )


def _selects(name: str, forms: Iterable[Settings]) -> bool:
    values = [{dict(members).get(name, False) for members, _ in each} for each in forms]
    return all(len(each) == 1 for each in values) and set().union(*values) == {True, False}
