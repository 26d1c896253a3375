"""The shape of many values at once, a column at a time.

All values of one place are looked at together: their types, their different values and the members of objects are
counted by the interpreter's own loops, which is several times faster than walking document after document. The shape
is the same as joining the shapes of the values one by one (a law in the tests).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final

from pact_recorder.inference.operations import is_identifier, tells_value
from pact_recorder.inference.shapes import (
    ARRAY,
    BOOLEAN,
    DEEPEST,
    NOTHING,
    NULL,
    NUMBER,
    OBJECT,
    TEXT,
    Arrays,
    Booleans,
    Objects,
    Shape,
    bounded,
    first_key,
    join_all,
)
from pact_recorder.inference.values import LONGEST_KEPT, numbers_of, texts_of
from pact_recorder.matching import JsonValue

Notice = Callable[[str, Collection[JsonValue]], None]
"""Is told the different integers or texts under a name that may identify something, or that a secret has."""

_WORTH_A_COUNTER = 60
_ELEMENT_TEXT = "#text"


def shape_of(values: Collection[JsonValue], notice: Notice | None = None) -> Shape:
    """The shape of the values of one place, as `parse_json` gives them; `notice` is told what may identify."""
    fold = _Fold()
    shape = fold.column(values, "", DEEPEST)
    if notice is not None:
        for name, told in fold.told.items():
            notice(name, told)
    return shape


class _Fold:
    """One pass over a column and everything below it.

    `told` are the different values under names that may identify something; a column has such a name, or an empty one.
    Most columns have a single value when samples are few: these have a shorter way.
    """

    def __init__(self) -> None:
        self.told: dict[str, set[JsonValue]] = {}

    def column(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of all values of a place."""
        if len(values) == 1:
            return self.single(next(iter(values)), name, levels)
        kinds = set(map(type, values))
        if len(kinds) == 1:
            return _OF_MANY[kinds.pop()](self, values, name, levels)
        parts = [(kind, [value for value in values if type(value) is kind]) for kind in kinds]
        return join_all([_OF_MANY[kind](self, part, name, levels) for kind, part in parts])

    def single(self, value: JsonValue, name: str, levels: int) -> Shape:
        """The shape of one value."""
        kind = type(value)
        if kind is str or kind is int:
            if name:
                self._tell(name, (value,))
            return _of_text(value) if kind is str else _of_integer(value)
        if kind is dict and levels:
            return _of_objects(self._object(value, name, levels - 1))
        if kind is bool or value is None:
            return _OF_CONSTANT[value]
        if kind is list and levels:
            return _of_arrays(Arrays(1, 0, len(value), self.column(value, name, levels - 1))) if value else _EMPTY_ARRAY
        return _OF_MANY[kind](self, (value,), name, levels)

    def nulls(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of several nulls."""
        return Shape(len(values), NULL, len(values))

    def booleans(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of several truth values."""
        true = sum(values)
        return Shape(len(values), BOOLEAN, 0, Booleans(true, len(values) - true))

    def integers(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of several integers."""
        counts = _counts(values)
        if name:
            self._tell(name, counts)
        return Shape(len(values), NUMBER, 0, None, numbers_of(counts))

    def decimals(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of several numbers as their digits."""
        return Shape(len(values), NUMBER, 0, None, None, numbers_of(_counts(values)))

    def texts(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of several texts."""
        counts = _counts(values)
        if name:
            self._tell(name, counts)
        return Shape(len(values), TEXT, 0, None, None, None, texts_of(counts))

    def arrays(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of several arrays; of what is nested too deeply only the kind counts."""
        if not levels:
            return _of_arrays(Arrays(len(values), len(values), 0, NOTHING))
        lengths = list(map(len, values))
        items = list(chain.from_iterable(values))
        shape = self.column(items, name, levels - 1) if items else NOTHING
        return _of_arrays(Arrays(len(lengths), lengths.count(0), max(lengths), shape))

    def objects(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        """The shape of several objects; of what is nested too deeply only the kind counts."""
        if not levels:
            return _of_objects(Objects(len(values), overflown=True))
        members: dict[str, Shape] = {}
        entries: dict[str, Collection[JsonValue]] = {}
        for member, column in _columns(values).items():
            told = _told_as(member)
            if told is None:
                entries[member] = column
            else:
                members[member] = self.column(column, told if member != _ELEMENT_TEXT else name, levels - 1)
        if not entries:
            return _of_objects(bounded(Objects(len(values), members)))
        shape = self.column(list(chain.from_iterable(entries.values())), "", levels - 1)
        return _of_objects(bounded(Objects(len(values), members, shape, first_key(entries))))

    def _object(self, value: dict[str, JsonValue], name: str, levels: int) -> Objects:
        members: dict[str, Shape] = {}
        entries: dict[str, JsonValue] = {}
        for member, inner in value.items():
            told = _told_as(member)
            if told is None:
                entries[member] = inner
            elif type(inner) is str and not told and member != _ELEMENT_TEXT:
                # What stands most often in documents is put down without another call.
                members[member] = _of_short_text(inner) if len(inner) <= LONGEST_KEPT else _of_long_text(inner)
            else:
                members[member] = self.single(inner, told if member != _ELEMENT_TEXT else name, levels)
        if not entries:
            return bounded(Objects(1, members))
        return bounded(Objects(1, members, self.column(entries.values(), "", levels), first_key(entries)))

    def _tell(self, name: str, values: Collection[JsonValue]) -> None:
        told = self.told.get(name)
        if told is None:
            told = self.told[name] = set()
        told.update(values)


_OF_MANY: Final[Mapping[type, Callable[[_Fold, Collection[JsonValue], str, int], Shape]]] = {
    type(None): _Fold.nulls,
    bool: _Fold.booleans,
    int: _Fold.integers,
    bytes: _Fold.decimals,
    str: _Fold.texts,
    list: _Fold.arrays,
    dict: _Fold.objects,
}


# The parts of a shape are given by position here and in the fold: by name it takes longer to make, and there is one for
# every member of every document.
def _of_arrays(arrays: Arrays) -> Shape:
    return Shape(arrays.count, ARRAY, 0, None, None, None, None, arrays)


def _of_objects(objects: Objects) -> Shape:
    return Shape(objects.count, OBJECT, 0, None, None, None, None, None, objects)


_OF_CONSTANT: Final = {
    None: Shape(1, NULL, 1),
    True: Shape(1, BOOLEAN, 0, Booleans(1, 0)),
    False: Shape(1, BOOLEAN, 0, Booleans(0, 1)),
}
_EMPTY_ARRAY: Final = _of_arrays(Arrays(1, 1, 0, NOTHING))


def _of_text(text: str) -> Shape:
    return _of_short_text(text) if len(text) <= LONGEST_KEPT else _of_long_text(text)


def _of_long_text(text: str) -> Shape:
    return Shape(1, TEXT, 0, None, None, None, texts_of({text: 1}))


# The same values come again and again; shapes are never changed, so that one can stand in many places.
_of_short_text = lru_cache(maxsize=8192)(_of_long_text)


@lru_cache(maxsize=8192)
def _of_integer(number: int) -> Shape:
    return Shape(1, NUMBER, 0, None, numbers_of({number: 1}))


def _columns(values: Collection[dict[str, JsonValue]]) -> Mapping[str, Collection[JsonValue]]:
    """The values under each name."""
    kinds = set(map(tuple, values))
    if len(kinds) == 1:
        return _transposed(kinds.pop(), values)
    alike: dict[tuple[str, ...], list[dict[str, JsonValue]]] = {}
    for value in values:
        alike.setdefault(tuple(value), []).append(value)
    columns: dict[str, list[JsonValue]] = {}
    for names, objects in alike.items():
        for name, column in _transposed(names, objects).items():
            columns.setdefault(name, []).extend(column)
    return columns


def _transposed(
    names: tuple[str, ...], objects: Collection[dict[str, JsonValue]]
) -> Mapping[str, Collection[JsonValue]]:
    """The columns of objects that all have these names, in this order."""
    return dict(zip(names, zip(*map(dict.values, objects), strict=True), strict=True))


@lru_cache(maxsize=8192)
def _told_as(name: str) -> str | None:
    """As what the values under a name are told: None when it is an identifier itself, empty when they are not."""
    if is_identifier(name):
        return None
    plain = name.lstrip("@")
    return plain if tells_value(plain) else ""


def _counts(values: Collection[JsonValue]) -> dict[JsonValue, int]:
    """How often each value occurs. For a few values a loop is quicker than making a Counter."""
    counts: dict[JsonValue, int] = dict.fromkeys(values, 1)
    if len(counts) == len(values):
        return counts
    if len(values) > _WORTH_A_COUNTER:
        return Counter(values)
    if len(counts) == 1:
        return dict.fromkeys(counts, len(values))
    counts = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
