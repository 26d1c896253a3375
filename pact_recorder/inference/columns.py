"""The shape of many values at once, a column at a time.

All values of one place are looked at together: their types, their different values and the members of objects are
counted by the interpreter's own loops, which is several times faster than walking document after document. The shape
is the same as joining the shapes of the values one by one (a law in the tests).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from itertools import chain

from pact_recorder.inference.operations import tells_identity
from pact_recorder.inference.shapes import DEEPEST, NOTHING, Arrays, Booleans, Objects, Shape, bounded
from pact_recorder.inference.values import Numbers, Texts, numbers_of, texts_of
from pact_recorder.matching import JsonValue

Notice = Callable[[str, Collection[JsonValue]], None]
"""Is told the different integers or texts under a name that may identify something."""

_WORTH_A_COUNTER = 60
_ELEMENT_TEXT = "#text"
_IDENTIFIER_KEY = re.compile(
    r"[0-9]+|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?=.*[0-9])[0-9a-f]{12,}|[0-9]{4}-[0-9]{2}(?:-[0-9]{2}.*)?"
    r"|[^@\s]+@[^@\s]+\.[a-z]+|https?://.*|(?=(?:.*[0-9]){3})(?=.*[A-Z])(?=.*[a-z])[0-9A-Za-z]{16,}",
    re.DOTALL,
)


def shape_of(values: Collection[JsonValue], notice: Notice | None = None) -> Shape:
    """The shape of the values of one place, as `parse_json` gives them; `notice` is told what may identify."""
    return _Fold(notice).column(values, "", DEEPEST)


class _Fold:
    """One pass over a column and everything below it."""

    def __init__(self, notice: Notice | None) -> None:
        self._notice = notice

    def column(self, values: Collection[JsonValue], name: str, levels: int) -> Shape:
        kinds = set(map(type, values))
        if len(kinds) == 1:
            parts = {kinds.pop(): values}
        else:
            parts = {kind: [value for value in values if type(value) is kind] for kind in kinds}
        if levels == 0:
            return _opaque(parts)
        return Shape(
            nulls=len(parts.get(type(None), ())),
            booleans=_booleans(parts.get(bool)),
            integers=self._numbers(parts.get(int), name),
            decimals=self._numbers(parts.get(bytes), ""),
            texts=self._texts(parts.get(str), name),
            arrays=self._arrays(parts.get(list), name, levels),
            objects=self._objects(parts.get(dict), name, levels),
        )

    def _numbers(self, values: Collection[JsonValue] | None, name: str) -> Numbers | None:
        if values is None:
            return None
        counts = _counts(values)
        self._tell(name, counts)
        return numbers_of(counts)

    def _texts(self, values: Collection[str] | None, name: str) -> Texts | None:
        if values is None:
            return None
        counts = _counts(values)
        self._tell(name, counts)
        return texts_of(counts)

    def _tell(self, name: str, values: Collection[JsonValue]) -> None:
        if name and self._notice is not None and _may_identify(name):
            self._notice(name, values)

    def _arrays(self, values: Collection[list[JsonValue]] | None, name: str, levels: int) -> Arrays | None:
        if values is None:
            return None
        items = list(chain.from_iterable(values))
        lengths = list(map(len, values))
        shape = self.column(items, name, levels - 1) if items else NOTHING
        return Arrays(len(lengths), lengths.count(0), max(lengths), shape)

    def _objects(self, values: Collection[dict[str, JsonValue]] | None, own_name: str, levels: int) -> Objects | None:
        if values is None:
            return None
        columns, entries, some_key = _columns(values)
        members = {
            name: self.column(column, own_name if name == _ELEMENT_TEXT else name.lstrip("@"), levels - 1)
            for name, column in columns.items()
        }
        shape = self.column(entries, "", levels - 1) if entries else None
        return bounded(Objects(len(values), members, shape, some_key))


def _columns(
    values: Collection[dict[str, JsonValue]],
) -> tuple[Mapping[str, list[JsonValue]], list[JsonValue], str | None]:
    """The values under each name, the values under names that are identifiers, and the smallest of those names."""
    alike: dict[tuple[str, ...], list[dict[str, JsonValue]]] = {}
    for value in values:
        alike.setdefault(tuple(value), []).append(value)
    columns: dict[str, list[JsonValue]] = {}
    for names, objects in alike.items():
        for name in names:
            columns.setdefault(name, []).extend([each[name] for each in objects])
    entries: list[JsonValue] = []
    identifiers = [name for name in columns if _is_identifier(name)]
    for name in identifiers:
        entries.extend(columns.pop(name))
    return columns, entries, min(identifiers, default=None)


@lru_cache(maxsize=8192)
def _is_identifier(name: str) -> bool:
    return _IDENTIFIER_KEY.fullmatch(name) is not None


_may_identify = lru_cache(maxsize=8192)(tells_identity)


def _counts(values: Collection[JsonValue]) -> dict[JsonValue, int]:
    """How often each value occurs. For a few values a loop is quicker than making a Counter."""
    if len(values) > _WORTH_A_COUNTER:
        return Counter(values)
    counts: dict[JsonValue, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _booleans(values: Collection[bool] | None) -> Booleans | None:
    if values is None:
        return None
    true = sum(values)
    return Booleans(true, len(values) - true)


def _opaque(parts: Mapping[type, Collection[JsonValue]]) -> Shape:
    """Of what is nested too deeply only the kind of its containers counts; the rest is seldom and dropped."""
    arrays, objects = parts.get(list), parts.get(dict)
    return Shape(
        nulls=len(parts.get(type(None), ())),
        booleans=_booleans(parts.get(bool)),
        integers=None if int not in parts else numbers_of(_counts(parts[int])),
        decimals=None if bytes not in parts else numbers_of(_counts(parts[bytes])),
        texts=None if str not in parts else texts_of(_counts(parts[str])),
        arrays=None if arrays is None else Arrays(len(arrays), len(arrays), 0, NOTHING),
        objects=None if objects is None else Objects(len(objects), overflown=True),
    )
