"""The index of expected requests: which of them a request can match at all, at a cost that does not grow with them.

Method and literal path are looked up by hash, path rules by their template (`path_templates`) in a tree of segments.
Where several expected requests meet at one place they are told apart by the keys of literal queries and bodies
(`discriminant`), or by one literal that a request must have. What has neither path nor template is tried for every
request; `unindexed` says how many these are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Generic, Protocol, TypeVar

from pact_recorder.http import Request
from pact_recorder.mock.discriminant import BodyForm, Discriminant, Need, RequestKeys, Spellings
from pact_recorder.mock.path_templates import ANY, PathTemplate, segments_of


class Indexable(Protocol):
    """An expected request with what it asks of method, path, query and body."""

    @property
    def method(self) -> str | None:
        """The method in capitals when only this one can match, else None."""

    @property
    def path(self) -> str | None:
        """The raw path when only this one (in any case) can match, else None."""

    @property
    def template(self) -> PathTemplate | None:
        """What every path that matches has in common, when it is no single one."""

    def discriminant(self) -> Discriminant:
        """What tells it from others of the same place."""


Item = TypeVar("Item")
_Kind = tuple[bool, BodyForm | None]
_Key = tuple[bytes | None, bytes | None]


_MOST_SPARE = 1_000
_Alike = tuple[Hashable, Item] | dict[Hashable, Item]
"""Items by key that ask the same of query and body: mostly one, which then stands alone."""

_Kinds = dict[_Kind, dict[_Key, _Alike[Item]]]


class _Crowd(Generic[Item]):
    """The expected requests of one place, by what they ask of query and body; few kinds, each with many keys.

    Most places have one, which needs no keys: the matching engine is asked directly. It stands in the crowd itself,
    since with many places it counts how much memory a look-up touches.
    """

    __slots__ = ("_items", "_key", "_kinds", "_needing", "_one", "_request", "_spellings")

    def __init__(self, key: Hashable, request: Indexable, item: Item) -> None:
        self._key, self._request, self._one = key, request, item
        self._items: dict[Hashable, tuple[Indexable, Item]] | None = None
        self._kinds: _Kinds[Item] = {}
        self._needing: _Needing[Item] | None = None
        self._spellings: Spellings | None = None

    def put(self, key: Hashable, request: Indexable, item: Item) -> None:
        if self._items is None:
            self._items, self._spellings = {}, Spellings()
            self._add(self._key, self._request, self._one)
        self._add(key, request, item)

    def remove(self, key: Hashable) -> bool:
        """Take an item out; whether it was the last one."""
        if self._items is None:
            return True
        request, _ = self._items.pop(key)
        if self._needing is not None and self._needing.remove(key):
            return not self._items
        kind, place = _sorted_under(request.discriminant())
        places = self._kinds[kind]
        alike = places[place]
        if isinstance(alike, dict):
            del alike[key]
        if isinstance(alike, tuple) or not alike:
            del places[place]
        if not places:
            del self._kinds[kind]
        return not self._items

    def everything(self) -> Iterator[Item]:
        if self._items is None:
            return iter((self._one,))
        return (item for _, item in self._items.values())

    def collect(self, keys: RequestKeys, into: list[Item]) -> None:
        """Append those that a request with the keys may match."""
        known = self._spellings
        if known is None:
            into.append(self._one)
            return
        for (query, form), places in self._kinds.items():
            place = (keys.query(known) if query else None, keys.body(form, known) if form is not None else None)
            alike = places.get(place)
            if isinstance(alike, tuple):
                into.append(alike[1])
            elif alike is not None:
                into.extend(alike.values())
        if self._needing is not None:
            self._needing.collect(keys, into)

    def __len__(self) -> int:
        return 1 if self._items is None else len(self._items)

    def _add(self, key: Hashable, request: Indexable, item: Item) -> None:
        assert self._items is not None and self._spellings is not None
        self._items[key] = (request, item)
        found = request.discriminant()
        if found.needs:
            self._needing = self._needing or _Needing()
            self._needing.put(key, found.needs, item)
            return
        if len(self._spellings) > 4 * len(self._items) + _MOST_SPARE:
            # Many were taken out again; what is forgotten only takes longer.
            self._spellings.clear()
        self._spellings.add(found)
        kind, place = _sorted_under(found)
        places = self._kinds.setdefault(kind, {})
        alike = places.get(place)
        if alike is None:
            places[place] = (key, item)
        elif isinstance(alike, dict):
            alike[key] = item
        else:
            places[place] = {alike[0]: alike[1], key: item}


class _Needing(Generic[Item]):
    """Items by one of the literals that each of them needs: of several the one that the fewest others stand under."""

    __slots__ = ("_kinds", "_places", "_under")

    def __init__(self) -> None:
        self._under: dict[Need, dict[Hashable, Item]] = {}
        self._places: dict[Hashable, Need] = {}
        self._kinds: Counter[str] = Counter()

    def put(self, key: Hashable, needs: tuple[Need, ...], item: Item) -> None:
        need = min(needs, key=lambda each: len(self._under.get(each, ())))
        self._under.setdefault(need, {})[key] = item
        self._places[key] = need
        self._kinds[need[0]] += 1

    def remove(self, key: Hashable) -> bool:
        """Take an item out; whether it was here."""
        need = self._places.pop(key, None)
        if need is None:
            return False
        del self._under[need][key]
        if not self._under[need]:
            del self._under[need]
        self._kinds[need[0]] -= 1
        return True

    def collect(self, keys: RequestKeys, into: list[Item]) -> None:
        """Append those whose literal a request with the keys has."""
        for kind in (kind for kind, count in self._kinds.items() if count):
            for need in dict.fromkeys(keys.needs(kind)):
                into.extend(self._under.get(need, {}).values())


def _sorted_under(found: Discriminant) -> tuple[_Kind, _Key]:
    return (found.query is not None, found.form), (found.query, found.body)


@dataclass(slots=True)
class _Node(Generic[Item]):
    """A node of the tree of path templates: what ends here, what may go on from here, and the next segments."""

    here: dict[str | None, _Crowd[Item]]
    onwards: dict[str | None, _Crowd[Item]]
    next: dict[str | None, _Node[Item]]

    @classmethod
    def empty(cls) -> _Node[Item]:
        return cls({}, {}, {})

    @property
    def is_bare(self) -> bool:
        """Whether it holds nothing and leads nowhere."""
        return not (self.here or self.onwards or self.next)


class RequestIndex(Generic[Item]):
    """Items by the expected request that each of them has; keys name them and are unique."""

    def __init__(self) -> None:
        self._literal: dict[tuple[str | None, str], _Crowd[Item]] = {}
        self._templates: _Node[Item] = _Node.empty()
        self._anywhere: dict[str | None, _Crowd[Item]] = {}

    def put(self, key: Hashable, request: Indexable, item: Item) -> None:
        """Add an item; its key must not be in use."""
        crowds, place = self._place(request)
        crowd = crowds.get(place)
        if crowd is None:
            crowds[place] = _Crowd(key, request, item)
        else:
            crowd.put(key, request, item)

    def remove(self, key: Hashable, request: Indexable) -> None:
        """Take the item of a key out, which was put with this expected request."""
        crowds, place = self._place(request)
        if crowds[place].remove(key):
            del crowds[place]
            self._prune(request)

    def candidates(self, request: Request) -> list[Item]:
        """Every item whose expected request the request may match, in no order."""
        keys = RequestKeys(request)
        found: list[Item] = []
        for crowd in self._crowds(request):
            crowd.collect(keys, found)
        return found

    def nearby(self, request: Request, most: int) -> list[Item]:
        """At most so many items whose method and path the request may match, whatever its query and body."""
        found = chain.from_iterable(crowd.everything() for crowd in self._crowds(request))
        return list(islice(found, most))

    def has(self, method: str, path: str) -> bool:
        """Whether an expected request has this very method and path."""
        return (method.upper(), path.casefold()) in self._literal

    @property
    def unindexed(self) -> int:
        """How many expected requests every look-up has to try, because their path is open."""
        return sum(map(len, self._anywhere.values()))

    def _crowds(self, request: Request) -> Iterator[_Crowd[Item]]:
        method, path = request.method.upper(), request.path.casefold()
        for place in ((method, path), (None, path)):
            crowd = self._literal.get(place)
            if crowd is not None:
                yield crowd
        if self._templates.next:
            for crowds in _along(self._templates, segments_of(request.path)):
                yield from _of_method(crowds, method)
        if self._anywhere:
            yield from _of_method(self._anywhere, method)

    def _place(self, request: Indexable) -> tuple[dict[Any, _Crowd[Item]], Hashable]:
        """The table and the key in it under which an expected request belongs; nodes on the way are made."""
        path = request.path
        if path is not None:
            folded = path.casefold()
            # Most are in lower case, and then need not be held twice.
            return self._literal, (request.method, path if folded == path else folded)
        template = _selective(request)
        if template is None:
            return self._anywhere, request.method
        node = self._templates
        for segment in template.segments:
            if segment not in node.next:
                node.next[segment] = _Node.empty()
            node = node.next[segment]
        return (node.onwards if template.open else node.here), request.method

    def _prune(self, request: Indexable) -> None:
        """Take the nodes away that led to a template only."""
        template = _selective(request) if request.path is None else None
        if template is None:
            return
        nodes = [self._templates]
        for segment in template.segments:
            nodes.append(nodes[-1].next[segment])
        for segment, node in zip(reversed(template.segments), reversed(nodes[:-1]), strict=True):
            if node.next[segment].is_bare:
                del node.next[segment]


def _selective(request: Indexable) -> PathTemplate | None:
    template = request.template
    return template if template is not None and template.is_selective else None


def _of_method(crowds: dict[str | None, _Crowd[Item]], method: str) -> Iterator[_Crowd[Item]]:
    for wanted in (method, None):
        if wanted in crowds:
            yield crowds[wanted]


def _along(root: _Node[Item], segments: list[str]) -> Iterator[dict[str | None, _Crowd[Item]]]:
    """What the nodes hold that a path leads to."""
    nodes = [root]
    for segment in segments:
        for node in nodes:
            if node.onwards:
                yield node.onwards
        nodes = [node.next[step] for node in nodes for step in (segment, ANY) if step in node.next]
        if not nodes:
            return
    for node in nodes:
        yield node.onwards
        yield node.here
