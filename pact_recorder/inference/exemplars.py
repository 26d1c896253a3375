"""A value of a shape, for an example whose own recording has none at that place."""

from __future__ import annotations

from pact_recorder.inference.shapes import Arrays, Objects, Shape
from pact_recorder.matching import JsonValue
from pact_recorder.pact.portable import is_portable_scalar

_ANY_DECIMAL = b"0.5"
_ANY_INTEGER = 1


def exemplar(shape: Shape) -> JsonValue:
    """A value that the shape has seen, or one made of such values; null when it has seen only that."""
    if shape.objects is not None:
        return _object(shape.objects)
    if shape.arrays is not None:
        return _array(shape.arrays)
    return scalar_exemplar(shape)


def scalar_exemplar(shape: Shape) -> JsonValue:
    """The smallest text, number or truth value that the shape has seen; null when it has seen none.

    When a contract can show none of the texts or numbers, it is another one.
    """
    if shape.texts is not None:
        return shape.texts.example
    if shape.decimals is not None:
        return min(filter(is_portable_scalar, shape.decimals.values), default=_ANY_DECIMAL)
    if shape.integers is not None:
        return min(filter(is_portable_scalar, shape.integers.values), default=_ANY_INTEGER)
    if shape.booleans is not None:
        return shape.booleans.true > 0
    return None


def _object(objects: Objects) -> JsonValue:
    made = {name: exemplar(shape) for name, shape in sorted(objects.members.items()) if shape.seen == objects.count}
    if not made and objects.entries is not None and objects.some_key is not None:
        return {objects.some_key: exemplar(objects.entries)}
    return made


def _array(arrays: Arrays) -> JsonValue:
    return [exemplar(arrays.items)] if arrays.longest else []
