"""YAML documents as nested dicts, lists and texts, with the line of everything.

Every scalar is the text that stands there: what a value means is for its reader to say, so a header value
of `1.10` or `no` stays what it is. Aliases, tags and repeated keys are refused and the depth is bounded: a
hostile file costs no more than its size.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml
from yaml.events import (
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from yaml.reader import ReaderError

from pact_recorder.errors import SessionError, StorageError

MAX_DEPTH = 8
_TOO_DEEP = f"this is nested more than {MAX_DEPTH} levels deep"

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
"""What a value of a document can be."""

Place = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""

PARSER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML has it, which is ten times as fast."""

_BINARY = "tag:yaml.org,2002:binary"
_HARMLESS_TAGS = frozenset({None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its content, and the line (from 1) of each value in it."""

    content: Tree
    lines: dict[Place, int] = field(repr=False)

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it when it is not there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines[place]


def read_documents(path: Path, parser: type[yaml.CSafeLoader | yaml.SafeLoader] = PARSER) -> Iterator[Document]:
    """The documents of a file, one after the other.

    Raises SessionError with the line for whatever is not YAML or not allowed here, StorageError when the file
    cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from _Composer(path, parser(file)).documents()
    except OSError as error:
        raise StorageError(f"The session {path} cannot be read: {error.strerror}.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # Newer libyaml has a bound of its own, and meets it before this reader sees the first value.
        too_deep = error.problem == "exceeded maximum nesting depth"
        reason = _TOO_DEEP if too_deep else f"this is not YAML: {error.problem or error.context}"
        raise SessionError(str(path), reason, f"line {mark.line + 1}" if mark else "") from error
    except ReaderError as error:
        reason = f"this is not YAML: {error.reason} (character {error.character!r})"
        raise SessionError(str(path), reason, f"line {_line_at(path, error.position)}") from error


def _line_at(path: Path, position: int) -> int:
    with path.open("rb") as file:
        return file.read(position).count(b"\n") + 1


class _Composer:
    """Builds the documents of one file from the parser's events."""

    def __init__(self, path: Path, parser: yaml.CSafeLoader | yaml.SafeLoader) -> None:
        self._path = path
        self._parser = parser
        self._lines: dict[Place, int] = {}

    def documents(self) -> Iterator[Document]:
        while (event := self._parser.get_event()) is not None:
            if isinstance(event, DocumentStartEvent):
                self._lines = {}
                content = self._value(self._next(), ())
                yield Document(content, self._lines)

    def _next(self) -> Event:
        event = self._parser.get_event()
        assert event is not None  # the parser ends no document without saying so
        return event

    def _value(self, event: Event, place: Place) -> Tree:
        self._lines[place] = _line_of(event)
        if not isinstance(event, ScalarEvent | CollectionStartEvent) or event.anchor is not None:
            raise self._refusal(event, "anchors (&) and aliases (*) are not allowed: write the value out")
        if isinstance(event, ScalarEvent):
            return self._text(event)
        if event.tag not in _HARMLESS_TAGS:
            raise self._refusal(event, f"the tag {event.tag} is not allowed: remove it")
        if len(place) == MAX_DEPTH:
            raise self._refusal(event, _TOO_DEEP)
        return self._mapping(place) if isinstance(event, MappingStartEvent) else self._sequence(place)

    def _mapping(self, place: Place) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        while isinstance(event := self._next(), NodeEvent):
            if not isinstance(event, ScalarEvent) or event.anchor is not None:
                raise self._refusal(event, "a key must be a plain text")
            key = self._text(event)
            if key in found:
                raise self._refusal(event, f'the key "{key}" stands here twice')
            found[key] = self._value(self._next(), (*place, key))
        return found

    def _sequence(self, place: Place) -> list[Tree]:
        found: list[Tree] = []
        while isinstance(event := self._next(), NodeEvent):
            found.append(self._value(event, (*place, len(found))))
        return found

    def _text(self, event: ScalarEvent) -> str:
        if event.tag in _HARMLESS_TAGS:
            return event.value
        if event.tag != _BINARY:
            raise self._refusal(event, f"the tag {event.tag} is not allowed: remove it")
        try:
            return b64decode(event.value, validate=True).decode("utf-8", "surrogateescape")
        except ValueError as error:
            raise self._refusal(event, f"the !!binary value is not base64: {error}") from error

    def _refusal(self, event: Event, reason: str) -> SessionError:
        return SessionError(str(self._path), reason, f"line {_line_of(event)}")


def _line_of(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1
