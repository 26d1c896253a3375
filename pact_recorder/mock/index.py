"""The index of expected requests: which of them a request can match at all, at a cost that does not grow with them.

Method and literal path are looked up by hash, path rules by their template (`path_templates`) in a tree of segments.
Where several expected requests meet at one place they are told apart by the keys of literal queries and bodies
(`discriminant`). What has neither path nor template is tried for every request; `unindexed` says how many these are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, Protocol, TypeVar

from pact_recorder.http import Request
from pact_recorder.mock.discriminant import BodyForm, Discriminant, RequestKeys
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
_Key = tuple[Hashable | None, Hashable | None]


class _Crowd(Generic[Item]):
    """The expected requests of one place, by what they ask of query and body; few kinds, each with many keys."""

    __slots__ = ("_kinds", "items")

    def __init__(self) -> None:
        self.items: dict[Hashable, tuple[Indexable, Item]] = {}
        self._kinds: dict[_Kind, dict[_Key, dict[Hashable, Item]]] | None = None

    def put(self, key: Hashable, request: Indexable, item: Item) -> None:
        self.items[key] = (request, item)
        if self._kinds is not None:
            self._sort(self._kinds, key)
        elif len(self.items) > 1:
            # One alone needs no keys: the matching engine is asked directly.
            self._kinds = {}
            for each in self.items:
                self._sort(self._kinds, each)

    def remove(self, key: Hashable) -> None:
        request, _ = self.items.pop(key)
        if self._kinds is None:
            return
        kind, place = _sorted_under(request.discriminant())
        with_key = self._kinds[kind][place]
        del with_key[key]
        if not with_key:
            del self._kinds[kind][place]
        if not self._kinds[kind]:
            del self._kinds[kind]

    def candidates(self, keys: RequestKeys) -> Iterator[Item]:
        if self._kinds is None:
            for _, item in self.items.values():
                yield item
            return
        for (query, form), places in self._kinds.items():
            place = (keys.query if query else None, keys.body(form) if form is not None else None)
            found = places.get(place)
            if found is not None:
                yield from found.values()

    def _sort(self, kinds: dict[_Kind, dict[_Key, dict[Hashable, Item]]], key: Hashable) -> None:
        request, item = self.items[key]
        kind, place = _sorted_under(request.discriminant())
        kinds.setdefault(kind, {}).setdefault(place, {})[key] = item


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
        self._crowd(request).put(key, request, item)

    def remove(self, key: Hashable, request: Indexable) -> None:
        """Take the item of a key out, which was put with this expected request."""
        crowd = self._crowd(request)
        crowd.remove(key)
        if not crowd.items:
            self._forget(request)

    def candidates(self, request: Request) -> list[Item]:
        """Every item whose expected request the request may match, in no order."""
        keys = RequestKeys(request)
        return [item for crowd in self._crowds(request) for item in crowd.candidates(keys)]

    def nearby(self, request: Request, most: int) -> list[Item]:
        """At most so many items whose method and path the request may match, whatever its query and body."""
        found = chain.from_iterable(crowd.items.values() for crowd in self._crowds(request))
        return [item for _, item in islice(found, most)]

    def has(self, method: str, path: str) -> bool:
        """Whether an expected request has this very method and path."""
        return (method.upper(), path.casefold()) in self._literal

    @property
    def unindexed(self) -> int:
        """How many expected requests every look-up has to try, because their path is open."""
        return sum(len(crowd.items) for crowd in self._anywhere.values())

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

    def _forget(self, request: Indexable) -> None:
        """Take an empty place away, and the nodes that only led to it."""
        template = _selective(request)
        if request.path is not None:
            del self._literal[request.method, request.path.casefold()]
        elif template is None:
            del self._anywhere[request.method]
        else:
            nodes = [self._templates]
            for segment in template.segments:
                nodes.append(nodes[-1].next[segment])
            del (nodes[-1].onwards if template.open else nodes[-1].here)[request.method]
            for segment, node in zip(reversed(template.segments), reversed(nodes[:-1]), strict=True):
                if node.next[segment].is_bare:
                    del node.next[segment]

    def _crowd(self, request: Indexable) -> _Crowd[Item]:
        """Where an expected request belongs, made when nothing is there yet."""
        if request.path is not None:
            return self._literal.setdefault((request.method, request.path.casefold()), _Crowd())
        template = _selective(request)
        if template is None:
            return self._anywhere.setdefault(request.method, _Crowd())
        node = self._templates
        for segment in template.segments:
            if segment not in node.next:
                node.next[segment] = _Node.empty()
            node = node.next[segment]
        return (node.onwards if template.open else node.here).setdefault(request.method, _Crowd())


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
