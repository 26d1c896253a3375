"""Header fields in the order and spelling of the wire, looked up without regard to case (RFC 9110 §5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Self


class Headers:
    """An immutable list of header fields.

    Names keep their spelling and order, repeated fields stay apart (`Set-Cookie`), look-ups ignore case.
    Values are text; bytes that are not UTF-8 are carried as surrogate escapes, so nothing is lost.
    """

    __slots__ = ("fields",)

    fields: tuple[tuple[str, str], ...]

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self.fields = tuple(fields)

    def get(self, name: str) -> str | None:
        """The first value of the field, or None when it is absent."""
        # Most names differ in length already, which is found out sooner.
        wanted, length = name.lower(), len(name)
        for key, value in self.fields:
            if len(key) == length and key.lower() == wanted:
                return value
        return None

    def get_all(self, name: str) -> list[str]:
        """Every value of the field, one per header line."""
        wanted, length = name.lower(), len(name)
        return [value for key, value in self.fields if len(key) == length and key.lower() == wanted]

    def without(self, names: Iterable[str]) -> Self:
        """The same fields less those named (lower case)."""
        dropped = frozenset(names)
        return type(self)(field for field in self.fields if field[0].lower() not in dropped)

    def with_set(self, name: str, value: str) -> Self:
        """The same fields with exactly one field of this name, at the place of the first, else at the end."""
        wanted = name.lower()
        kept: list[tuple[str, str]] = []
        placed = False
        for key, old in self.fields:
            if key.lower() != wanted:
                kept.append((key, old))
            elif not placed:
                kept.append((key, value))
                placed = True
        if not placed:
            kept.append((name, value))
        return type(self)(kept)

    def mapped(self, change: Callable[[str, str], str]) -> Self:
        """The same fields with each value replaced by `change(name, value)`."""
        return type(self)((name, change(name, value)) for name, value in self.fields)

    def grouped(self) -> dict[str, list[str]]:
        """First spelling of each name with all its values, in order of first appearance."""
        spelling: dict[str, str] = {}
        groups: dict[str, list[str]] = {}
        for name, value in self.fields:
            groups.setdefault(spelling.setdefault(name.lower(), name), []).append(value)
        return groups

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self.fields == other.fields

    def __hash__(self) -> int:
        return hash(self.fields)

    def __repr__(self) -> str:
        return f"Headers({list(self.fields)!r})"
