"""A JSON body as a list of its nodes, and the body with one of them changed.

A changed body shares everything else with the original, so that a change costs what its path is long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import kind
from pact_recorder.verification.mutants_profile import DEPTH, Profile, is_free_key

_MOST_NODES = 5_000
_MOST_ITEMS = 30

Key = str | int


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a document: `keys` lead to it, `path` has `[*]` for every index, `above` is the path of its parent."""

    keys: tuple[Key, ...]
    path: str
    above: str
    value: JsonValue

    @property
    def key(self) -> Key:
        """Its own key; empty at the root."""
        return self.keys[-1] if self.keys else ""

    @property
    def is_member(self) -> bool:
        """Whether it is a member of an object."""
        return isinstance(self.key, str) and bool(self.keys)

    @property
    def in_array(self) -> bool:
        """Whether an array is above it."""
        return any(isinstance(key, int) for key in self.keys)

    @property
    def shown(self) -> str:
        """Where it is, for people."""
        return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)


class Document:
    """A JSON body whose nodes may be changed; `echo` is the text of the request, whose values it may repeat."""

    def __init__(self, root: JsonValue, profile: Profile, echo: str) -> None:
        self.root = root
        self.profile = profile
        self._echo = echo

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The nodes, the root first: a few thousand at most, some dozens of each array."""
        return tuple(self._walk())

    @cached_property
    def fields(self) -> tuple[Place, ...]:
        """The members of objects that are no maps."""
        return tuple(
            place
            for place in self.places
            if place.is_member and not is_free_key(str(place.key)) and not self.profile.is_map(place.above)
        )

    def of_kind(self, *kinds: str) -> Iterator[Place]:
        """The nodes of some kinds."""
        return (place for place in self.places if kind(place.value) in kinds)

    def is_echo(self, value: JsonValue) -> bool:
        """Whether a value may come from the request."""
        text = value.decode() if isinstance(value, bytes) else str(value)
        return len(text) >= 3 and text in self._echo

    def parent(self, place: Place) -> JsonValue:
        """The object or array that holds a node."""
        value = self.root
        for key in place.keys[:-1]:
            value = value[key]
        return value

    def replaced(self, place: Place, value: JsonValue) -> JsonValue:
        """The document with another value at a node."""
        return (
            _changed(self.root, place.keys, lambda container, key: _put(container, key, value)) if place.keys else value
        )

    def without(self, place: Place) -> JsonValue:
        """The document without a member."""
        return _changed(self.root, place.keys, lambda members, key: _without(members, key))

    def renamed(self, place: Place, name: str) -> JsonValue:
        """The document with another name for a member, at the same place."""
        return _changed(
            self.root,
            place.keys,
            lambda members, key: {(name if each == key else each): value for each, value in members.items()},
        )

    def _walk(self) -> Iterator[Place]:
        level = [Place((), "$", "", self.root)]
        count = 0
        # Level by level, so that a bound leaves out what lies deep and not what comes late.
        while level and count < _MOST_NODES:
            level = level[: _MOST_NODES - count]
            count += len(level)
            yield from level
            level = [below for place in level if len(place.keys) < DEPTH for below in _below(place)]


def _below(place: Place) -> Iterator[Place]:
    if isinstance(place.value, dict):
        for name, value in place.value.items():
            yield Place((*place.keys, name), f"{place.path}.{name}", place.path, value)
    elif isinstance(place.value, list):
        for index, value in enumerate(place.value[:_MOST_ITEMS]):
            yield Place((*place.keys, index), f"{place.path}[*]", place.path, value)


def _changed(value: JsonValue, keys: tuple[Key, ...], change: Callable[[JsonValue, Key], JsonValue]) -> JsonValue:
    key, *rest = keys
    if not rest:
        return change(value, key)
    return _put(value, key, _changed(value[key], tuple(rest), change))


def _put(container: JsonValue, key: Key, value: JsonValue) -> JsonValue:
    if isinstance(container, dict):
        return {**container, key: value}
    assert isinstance(key, int)
    return [*container[:key], value, *container[key + 1 :]]


def _without(members: JsonValue, key: Key) -> JsonValue:
    return {name: value for name, value in members.items() if name != key}
