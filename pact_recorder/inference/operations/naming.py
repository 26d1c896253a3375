"""What path parameters are called: after the collection that they are of, else after the member that names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from typing import Final

from pact_recorder.inference.operations.plurals import is_plural, parameter_name, singular
from pact_recorder.inference.operations.words import is_prefix

_OWNED: Final = frozenset({"repo", "repository", "project", "package"})
_VAGUE_FORMS: Final = {"date": "date", "email": "email", "host": "host", "range": "range", "decimal": "version"}
_SHORT: Final = 2


def name_parameter(
    parent: str, followed: bool, members: Sequence[str], forms: Sequence[str], taken: Container[str]
) -> str:
    """A name that no other parameter of the template has.

    `parent` is the constant before (empty when there is none), `followed` says that the next segment is a parameter
    too, `members` are the names under which answers held the values, `forms` the names of their forms.
    """
    wanted = parameter_name(_wanted(parent, followed, members, forms)) or "id"
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _wanted(parent: str, followed: bool, members: Sequence[str], forms: Sequence[str]) -> str:
    member = _commonest(members)
    one = singular(parent)
    if followed and one.lower() in _OWNED:
        return "owner"
    if parent == "compare" and "range" in forms:
        return "basehead"
    if parent and (is_plural(parent) or not (is_prefix(parent) or len(parent) <= _SHORT)):
        return one
    return member or next((_VAGUE_FORMS[form] for form in forms if form in _VAGUE_FORMS), "id")


def _commonest(members: Sequence[str]) -> str:
    counts = Counter(filter(None, members))
    return min(counts, key=lambda name: (-counts[name], name)) if counts else ""
