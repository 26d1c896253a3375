"""What the siblings of an answer show: other answers of the same operation with the same status.

Labels rest on it: a member that some sibling lacks is not required, a null that some sibling has breaks nobody. With
fewer than two siblings there is no evidence, and every question gets the answer that suspects least of the samples.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import kind
from pact_recorder.verification.mutants_forms import WORD, form_of

NULL, OBJECT, ARRAY, STRING, INTEGER, DECIMAL, BOOLEAN = (
    "Null", "Object", "Array", "String", "Integer", "Decimal", "Boolean",
)  # fmt: skip
DEPTH = 12
"""Levels of a document that are looked at."""
_LEAST_SAMPLES = 2
_MOST_NODES = 20_000
_MOST_VALUES = 400
_CHOICE_NAMES = """
    type kind object state status role event action permission visibility severity priority mode method level category
    result phase currency country language locale unit protocol scheme encoding format class sort order scope
    """
_CHOICE_WORDS = frozenset(_CHOICE_NAMES.split())
_CHOICE_ENDINGS = ("_type", "_state", "_status", "-type", "-state", "-status", "Type", "State", "Status")
_FREE_KEY = re.compile(r"\d+|.*(?:[/ .:@]|[0-9a-f]{8}).*")


class Node:
    """What was seen at one place."""

    __slots__ = ("empty", "forms", "kinds", "members", "objects", "seen", "values")

    def __init__(self) -> None:
        self.seen = 0
        self.kinds: Counter[str] = Counter()
        self.forms: Counter[str] = Counter()
        self.values: Counter[str] = Counter()
        self.members: Counter[str] = Counter()
        self.objects = 0
        self.empty = 0

    def note(self, value: JsonValue) -> None:
        """Count a value."""
        self.seen += 1
        self.kinds[kind(value)] += 1
        if isinstance(value, dict):
            self.objects += 1
            self.members.update(value.keys())
        elif isinstance(value, list):
            self.empty += not value
        else:
            if isinstance(value, str):
                self.forms[form_of(value)] += 1
            if len(self.values) < _MOST_VALUES:
                self.values[f"{kind(value)} {str(value)[:200]}"] += 1


class Profile:
    """The siblings of an answer, and the statuses of the whole operation. One owner adds to it."""

    __slots__ = ("_nodes", "samples", "statuses")

    def __init__(self) -> None:
        self.samples = 0
        self.statuses: Counter[int] = Counter()
        self._nodes: dict[str, Node] = {}

    def add(self, document: JsonValue) -> None:
        """Take in the parsed JSON body of a sibling."""
        self.samples += 1
        pending: list[tuple[str, JsonValue, int]] = [("$", document, 0)]
        while pending:
            path, value, depth = pending.pop()
            node = self._nodes.get(path)
            if node is None:
                if len(self._nodes) >= _MOST_NODES:
                    continue
                node = self._nodes[path] = Node()
            node.note(value)
            if depth < DEPTH:
                pending.extend((below, item, depth + 1) for below, item in _children(path, value))

    @property
    def speaks(self) -> bool:
        """Whether there are siblings enough to say something."""
        return self.samples >= _LEAST_SAMPLES

    def at(self, path: str) -> Node:
        """What was seen at a place, an empty node when nothing was or nothing can be said."""
        return (self._nodes.get(path) if self.speaks else None) or _NOTHING

    def requires(self, parent: str, name: str) -> bool:
        """Whether no sibling lacks a member."""
        node = self.at(parent)
        return not self.speaks or (node.objects > 0 and node.members[name] == node.objects)

    def lacks(self, parent: str, name: str) -> bool:
        """Whether some siblings have a member and others do not."""
        node = self.at(parent)
        return 0 < node.members[name] < node.objects

    def shows(self, path: str, *kinds: str) -> bool:
        """Whether a sibling has a value of one of the kinds there."""
        return any(self.at(path).kinds[each] for each in kinds)

    def is_map(self, path: str) -> bool:
        """Whether the keys of an object are free: many, of which few are in every sibling."""
        node = self.at(path)
        if node.objects < 2 or len(node.members) <= 6:
            return False
        return sum(count == node.objects for count in node.members.values()) * 5 < len(node.members)

    def has_one_form(self, path: str, least: int = 1) -> bool:
        """Whether all of at least so many texts there have the same form."""
        node = self.at(path)
        return not self.speaks or (len(node.forms) == 1 and node.seen >= least)

    def varies(self, path: str, least: int) -> bool:
        """Whether siblings show so many different values there."""
        return not self.speaks or len(self.at(path).values) >= least

    def choices(self, path: str, name: str | int) -> list[str]:
        """The values of what looks like an enumeration; empty when it does not."""
        node = self.at(path)
        values = [text.partition(" ")[2] for text in node.values if not text.startswith(NULL)]
        few = 2 <= len(values) <= 6 and len(values) * 3 <= node.seen and node.seen >= 8
        words = set(node.forms) == {WORD} and set(node.kinds) <= {STRING, NULL}
        named = isinstance(name, int) or is_enum_name(name)
        return sorted(values) if few and words and named and max(map(len, values)) <= 30 else []


_NOTHING = Node()


def is_enum_name(name: str | int) -> bool:
    """Whether a member of this name usually holds one of a few words."""
    return isinstance(name, str) and (name.lower() in _CHOICE_WORDS or name.endswith(_CHOICE_ENDINGS))


def is_free_key(name: str) -> bool:
    """Whether a key looks like a value (an identifier, a path, an address), not like the name of a field."""
    return _FREE_KEY.fullmatch(name[:500]) is not None


def _children(path: str, value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield f"{path}.{name}", member
    elif isinstance(value, list):
        for item in value:
            yield f"{path}[*]", item
