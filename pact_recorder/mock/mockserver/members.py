"""Reading members of an object, where what is wrong is a sentence that begins with the member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from pact_recorder.matching import JsonValue

Members = Mapping[str, JsonValue]
Read = TypeVar("Read")
_LONGEST_COMPARED = 60


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one may mean."""
    folded = {each.lower(): each for each in known}
    near = get_close_matches(name[:_LONGEST_COMPARED].lower(), folded, 1, 0.6)
    return folded[near[0]] if near else None


def not_supported(name: str, supported: Iterable[str], where: str = "") -> str:
    """What is said of a member that is not supported `where` it stands: which there are, and the nearest."""
    known = tuple(supported)
    meant = nearest(name, known)
    place = f" in {where}" if where else ""
    advice = f', did you mean "{meant}"?' if meant is not None else ""
    return f"is not supported{place} (supported: {', '.join(known)}){advice}"


def optional_members(document: JsonValue) -> Members:
    """The members of an object, none when it is not given. Raises ValueError."""
    if not isinstance(document, (Mapping, type(None))):
        raise ValueError("must be an object")
    return document or {}


def members_of(document: JsonValue, supported: tuple[str, ...]) -> Members:
    """The members of an object that may have only these. Raises ValueError."""
    members = optional_members(document)
    unknown = next((name for name, value in members.items() if name not in supported and value is not None), None)
    if unknown is not None:
        raise ValueError(f"{unknown} {not_supported(unknown, supported)}")
    return members


def only(document: Members, supported: tuple[str, ...]) -> None:
    """Raises ValueError for a member that is not supported, beginning with it."""
    for name, value in document.items():
        if name not in supported and value is not None:
            raise ValueError(f"{name}: {not_supported(name, supported)}")


def at(name: str, document: Members, read: Callable[[JsonValue], Read]) -> Read:
    """What is read of a member; errors begin with it."""
    return within(name, lambda: read(document.get(name)))


def within(name: str, read: Callable[[], Read]) -> Read:
    """What is read; errors begin with the name."""
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
