"""The references (`$ref`) of a JSON schema: all of them lead to places in the schema itself, since nothing is fetched.

They are followed when the schema is set, so that one which leads elsewhere, nowhere or to what is no schema is told
then, and not by a request that never matches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from jsonschema import SchemaError
from jsonschema.protocols import Validator
from referencing import Registry, Resource, Specification
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT7, specification_with

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_MOST_OUTSIDE = 1_000
# What the library raises for documents that it was not made for.
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)


def local_registry(schema: Any, kind: type[Validator]) -> Registry[Any]:
    """What a validator of this kind looks references of a valid schema up in.

    Raises ValueError with a sentence for a reference that does not lead to a place in the schema.
    """
    specification = specification_with(str(kind.META_SCHEMA.get("$schema")), default=DRAFT7)
    root = specification.create_resource(schema)
    registry: Registry[Any] = Registry().with_resource(root.id() or "", root)
    # Without what has a name of its own, places by their paths can still be looked up.
    with suppress(*_UNREADABLE):
        registry = registry.crawl()
    _Walk(kind, specification).follow(root, registry.resolver(root.id() or ""))
    return registry


class _Walk:
    """One way through a schema and all that it refers to."""

    def __init__(self, kind: type[Validator], specification: Specification[Any]) -> None:
        self._kind = kind
        self._specification = specification
        self._seen: set[int] = set()
        self._outside = 0

    def follow(self, root: Resource[Any], resolver: Any) -> None:
        """Look up every reference that can be met. Raises ValueError."""
        places = [(root, resolver)]
        targets: list[Any] = []
        while places or targets:
            if places:
                place, resolver = places.pop()
                targets += self._look(place, resolver, places)
            else:
                target = targets.pop()
                if not isinstance(target.contents, bool) and id(target.contents) not in self._seen:
                    self._check(target.contents)
                    places.append((self._specification.create_resource(target.contents), target.resolver))

    def _look(self, place: Resource[Any], resolver: Any, places: list[tuple[Resource[Any], Any]]) -> list[Any]:
        """What a place refers to; the schemas in it come to the others."""
        if not isinstance(place.contents, Mapping) or id(place.contents) in self._seen:
            return []
        self._seen.add(id(place.contents))
        try:
            within = resolver.in_subresource(place)
            places += [(each, within) for each in place.subresources()]
        except _UNREADABLE:
            raise ValueError("the schema mixes forms that its draft does not have") from None
        return [_looked_up(reference, within) for reference in _references(place.contents)]

    def _check(self, schema: Any) -> None:
        """A place outside of those that hold schemas was not judged with the whole."""
        self._outside += 1
        if self._outside > _MOST_OUTSIDE:
            raise ValueError(f"the schema refers to more than {_MOST_OUTSIDE:,} places outside of its definitions")
        try:
            self._kind.check_schema(schema)
        except SchemaError as error:
            raise ValueError(f"the schema refers to what is not a valid schema: {error.message[:200]}") from None


def _references(schema: Mapping[str, Any]) -> Iterator[str]:
    return (schema[name] for name in _REFERENCES if isinstance(schema.get(name), str))


def _looked_up(reference: str, resolver: Any) -> Any:
    try:
        return resolver.lookup(reference)
    except (Unresolvable, *_UNREADABLE):
        raise ValueError(_sentence(reference)) from None


def _sentence(reference: str) -> str:
    shown = f'the reference "{reference[:100]}"'
    if reference.startswith("#"):
        return f"{shown} leads to no place in the schema"
    return (
        f"{shown} leads out of the schema, and nothing is fetched: put what it names into the schema (under "
        '"definitions" or "$defs") and refer to it there ("#/definitions/name")'
    )
