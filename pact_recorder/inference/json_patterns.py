"""Regular expressions for the JSON text of a container that may be null: as much of its shape as a pattern can say.

Below an example of null Pact compares nothing but this text (see `promises`). The pattern asks for the members that are
always there, with what their values begin with, and for what the first item of an array begins and the last one ends
with. It may take too much, since a member of that name may lie deeper as well, and never too little.
"""

from __future__ import annotations

import re

from pact_recorder.inference import thresholds
from pact_recorder.inference.shapes import Arrays, Objects, Shape

_MOST_NAMES = 20
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+").fullmatch
_BEGINNINGS = {"text": '"', "number": r"\-0-9", "boolean": "tf", "object": r"\{", "array": r"\["}
_ENDINGS = {"text": '"', "number": "0-9", "boolean": "e", "object": r"\}", "array": r"\]"}


def null_or(shape: Shape) -> str:
    """The pattern of the JSON text of a place that is null or the one kind of container that the shape shows."""
    if shape.objects is not None:
        return rf"null|{_object(shape.objects)}"
    return "null|" + (r"\[[\s\S]*\]" if shape.arrays is None else _array(shape.arrays))


def _object(objects: Objects) -> str:
    if objects.count < thresholds.FEW or objects.is_map:
        return r"\{[\s\S]*\}"
    always = [
        rf'(?=[\s\S]*"{name}":\s*{_one_of(_BEGINNINGS, member, "n")})'
        for name, member in sorted(objects.members.items())
        if member.seen == objects.count and member.kinds and _PLAIN_NAME(name)
    ]
    return rf"(?=\{{){''.join(always[:_MOST_NAMES])}[\s\S]*\}}" if always else r"\{[\s\S]*\}"


def _array(arrays: Arrays) -> str:
    if arrays.count - arrays.empty < thresholds.FEW or not arrays.items.kinds:
        return r"\[[\s\S]*\]"
    # An item of one character is the first and the last.
    first, last = _one_of(_BEGINNINGS, arrays.items, "n"), _one_of(_ENDINGS, arrays.items, "l")
    return rf"\[\s*(?:{first}(?:[\s\S]*{last})?)?\s*\]"


def _one_of(characters: dict[str, str], shape: Shape, null: str) -> str:
    """A class of what the values of a shape begin, or end, with; a scalar may be null for all that is known."""
    nulls = null if shape.nulls or shape.kinds - {"object", "array"} else ""
    return f"[{''.join(characters[kind] for kind in sorted(shape.kinds))}{nulls}]"
