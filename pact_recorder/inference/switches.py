"""What of a request selects the form of its answer: `stream: true` in the body gets an event stream, `false` JSON.

What a boolean member is worth to an interaction is seen from the operation as a whole. It is a switch when what was
answered to requests with `true` never came to others (with `false`, or without it), and the other way round. The header
`Accept` selects when no value of it got answers of two forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TypeAlias

from pact_recorder.matching import JsonValue

Form: TypeAlias = tuple[str, str]
"""The form of an answer's body and its media type."""

Setting: TypeAlias = tuple[tuple[tuple[str, bool], ...], str | None]
"""The boolean members of a request's body, and its header `Accept`."""

Settings: TypeAlias = frozenset[Setting]
"""The different settings of requests; so many that one more says nothing are `TOO_MANY`."""

NO_SETTINGS: Settings = frozenset()
TOO_MANY: Settings = frozenset([((("", True),), None), ((("", False),), None)])
"""Stands for any settings: nothing selects with it."""

_MOST = 64


def setting_of(body: JsonValue, accept: str | None) -> Setting:
    """What of a request may select, by its body and `Accept`."""
    if type(body) is not dict:
        return (), accept
    return tuple(sorted([item for item in body.items() if item[1] is True or item[1] is False])), accept


def settings_of(parts: Iterable[AbstractSet[Setting]]) -> Settings:
    """All the settings of all parts."""
    found = NO_SETTINGS.union(*parts)
    return TOO_MANY if len(found) > _MOST or found >= TOO_MANY else found


@dataclass(frozen=True, slots=True)
class Selecting:
    """What selects the form of an operation's answers: members of the body, and the values of `Accept` by form."""

    members: frozenset[str] = frozenset()
    accepted: Mapping[Form, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, answers: Mapping[Form, Sequence[Settings]]) -> Selecting:
        """What selects among the forms, by the requests that got each; nothing when all answers have the same."""
        if len(answers) < 2:
            return cls()
        forms = {form: settings_of(each) for form, each in answers.items()}
        if TOO_MANY in forms.values():
            return cls()
        names = {name for each in forms.values() for members, _ in each for name, _ in members}
        return cls(frozenset(name for name in names if _selects(name, forms.values())), _accepted(forms))


def _selects(name: str, forms: Iterable[Settings]) -> bool:
    values = [{(name, True) in members for members, _ in each} for each in forms]
    return all(len(each) == 1 for each in values) and len(set().union(*values)) == 2


def _accepted(forms: Mapping[Form, Settings]) -> dict[Form, frozenset[str]]:
    """The values of `Accept` by the form that they got; none when one of them got two, or none was sent."""
    by_form = {form: {accept for _, accept in each} for form, each in forms.items()}
    values = [value for each in by_form.values() for value in each]
    if None in values or len(values) != len(set(values)):
        return {}
    return {form: frozenset(filter(None, each)) for form, each in by_form.items()}
