"""Batches of calls whose items have different parameters, of which a request else says nothing but "an array"."""

from __future__ import annotations

from collections.abc import Collection

from pact_recorder.inference.promises import ANYTHING, Promise
from pact_recorder.inference.shapes import OBJECT, Shape
from pact_recorder.matching import JsonValue
from pact_recorder.matching.paths import is_nameable, render_key


def batch_promise(made: Promise, shape: Shape, sample: JsonValue, named: Collection[str]) -> Promise:
    """What is promised of a batch with the places in its items that name calls: these stay, all else may be anything.

    It is what was `made` where the items have different members, since a request may have no others.
    """
    items = shape.arrays.items if shape.arrays is not None else None
    if made.example != [] or items is None or items.objects is None or items.kinds != OBJECT or items.nulls:
        return made
    members = items.objects.members
    always = all(member.seen == items.objects.count for member in members.values())
    if not always or items.objects.entries is not None or not all(map(is_nameable, members)):
        return made
    places = {name: f"$[*]{render_key(name)}" for name in members}
    kept = {name for name, place in places.items() if place in named}
    if not kept or not isinstance(sample, list):
        return made
    example: JsonValue = [{name: item[name] if name in kept else None for name in item} for item in sample]
    return Promise(example, {**made.rules, **dict.fromkeys(places.values(), ANYTHING)}, made.findings)
