"""XML documents as plain values, so that shapes are made of them as of JSON; and as markup, to write examples.

Both are read with the engine's eyes (`matching.xml_values`): prefixes do not matter, namespaces do, a document type
declaration is refused. The plain value knows neither prefixes nor the order of elements; the markup keeps both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from pact_recorder.matching import JsonValue
from pact_recorder.matching.xml_values import SEPARATOR, XmlError, named, parse, parser_for, qualified, refuse_excess

TEXT: Final = "#text"
"""The member of an element's value that holds its text."""

_MARK: Final = "<"
# Elsewhere URIs, and long names with digits, are taken for identifiers that name the entries of a map.
_LIKE_AN_IDENTIFIER = re.compile(r"[0-9:]").search
_TEXT_ESCAPES: Final = {"\r": "&#13;"}

Content: TypeAlias = "str | Markup"


def read_xml(text: str) -> JsonValue | None:
    """The document as a value; None when it cannot be compared: not well formed, nested too deeply, with a DTD.

    `{root: element}`; an element is an object of `@name` with the text of each attribute, the key of each name of
    children (`key_of`) with a list of elements, and `#text` with its text when there is any.
    """
    builder = _Values()
    try:
        parse(parser_for(builder.start, builder.end, builder.characters), text)
    except XmlError:
        return None
    return builder.document


def key_of(name: str) -> str:
    """The member that elements of a name are under: the name, marked when it could be taken for an identifier."""
    return _MARK + name if _LIKE_AN_IDENTIFIER(name) else name


def name_of(key: str) -> str:
    """The name of the elements under a member."""
    return key.removeprefix(_MARK)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its name as the engine has it, as it is written, and its value."""

    name: str
    written: str
    value: str


@dataclass(frozen=True, slots=True)
class Markup:
    """An element as it is written, without comments and instructions.

    `name` is the name as the engine has it and `written` that of the tag, `namespaces` are the declarations that stand
    in the tag (`xmlns` and `xmlns:prefix`), and `content` the runs of text and the elements in their order.
    """

    name: str
    written: str
    namespaces: Sequence[tuple[str, str]] = ()
    attributes: Sequence[Attribute] = ()
    content: Sequence[Content] = ()

    @property
    def children(self) -> Iterator[Markup]:
        """The elements directly in it."""
        return (piece for piece in self.content if isinstance(piece, Markup))

    @property
    def text(self) -> str:
        """The text directly in it, as the engine compares it."""
        return "".join(piece.strip() for piece in self.content if isinstance(piece, str))

    def __str__(self) -> str:
        values = [*self.namespaces, *((each.written, each.value) for each in self.attributes)]
        tag = self.written + "".join(f" {name}={quoteattr(value)}" for name, value in values)
        inner = "".join(map(_written, _apart(self.content)))
        return f"<{tag}>{inner}</{self.written}>" if inner else f"<{tag}/>"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is written: the XML declaration (empty without one) and the root."""

    declaration: str
    root: Markup

    def __str__(self) -> str:
        return self.declaration + str(self.root)


def read_markup(text: str) -> Document | None:
    """The document as it is written; None when `read_xml` refuses it. Its declaration says UTF-8, as examples are."""
    builder = _Written()
    parser = parser_for(builder.start, builder.end, builder.characters)
    parser.ordered_attributes = True
    parser.namespace_prefixes = True
    parser.XmlDeclHandler = builder.declare
    parser.StartNamespaceDeclHandler = builder.declare_namespace
    try:
        parse(parser, text)
    except XmlError:
        return None
    return Document(builder.declaration, builder.root)


class _Values:
    """Makes plain values of what the parser reads."""

    def __init__(self) -> None:
        self.document: dict[str, JsonValue] = {}
        self._open: list[tuple[dict[str, JsonValue], list[str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        refuse_excess(len(self._open), attributes)
        value: dict[str, JsonValue] = {f"@{name}": text for name, text in named(attributes).items()}
        key = _key(name)
        if not self._open:
            self.document[key] = value
        else:
            self._open[-1][0].setdefault(key, []).append(value)
        self._open.append((value, []))

    def end(self, name: str) -> None:
        value, pieces = self._open.pop()
        if pieces:
            value[TEXT] = "".join(pieces)

    def characters(self, text: str) -> None:
        stripped = text.strip()
        if stripped:
            self._open[-1][1].append(stripped)


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    return key_of(qualified(name))


class _Written:
    """Makes markup of what the parser reads, which tells prefixes as well."""

    def __init__(self) -> None:
        self.declaration = ""
        self.root = Markup("", "")
        self._open: list[list[Content]] = []
        self._declared: list[tuple[str, str]] = []

    def declare(self, version: str, encoding: str | None, standalone: int) -> None:
        named = ' encoding="UTF-8"' if encoding else ""
        alone = {1: ' standalone="yes"', 0: ' standalone="no"'}.get(standalone, "")
        self.declaration = f'<?xml version="{version}"{named}{alone}?>\n'

    def declare_namespace(self, prefix: str | None, uri: str | None) -> None:
        self._declared.append((f"xmlns:{prefix}" if prefix else "xmlns", uri or ""))

    def start(self, name: str, flat: list[str]) -> None:
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        refuse_excess(len(self._open), pairs)
        attributes = [Attribute(*_spelled(attribute), value) for attribute, value in pairs]
        content: list[Content] = []
        markup = Markup(*_spelled(name), self._declared, attributes, content)
        if self._open:
            self._open[-1].append(markup)
        else:
            self.root = markup
        self._open.append(content)
        self._declared = []

    def end(self, name: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1].append(text)


@lru_cache(maxsize=1024)
def _spelled(name: str) -> tuple[str, str]:
    """A name as the engine has it and as it is written, of what the parser tells: URI, local name and prefix."""
    uri, _, rest = name.partition(SEPARATOR)
    local, _, prefix = rest.partition(SEPARATOR)
    if not local:
        return uri, uri
    return f"{uri}:{local}", f"{prefix}:{local}" if prefix else local


def _apart(content: Sequence[Content]) -> Iterator[Content]:
    """The content without blank runs; runs of text that now touch are stripped, as the engine does with each."""
    pieces = [piece for piece in content if isinstance(piece, Markup) or piece.strip()]
    touch = any(isinstance(one, str) and isinstance(other, str) for one, other in pairwise(pieces))
    return (piece.strip() if touch and isinstance(piece, str) else piece for piece in pieces)


def _written(piece: Content) -> str:
    return str(piece) if isinstance(piece, Markup) else escape(piece, _TEXT_ESCAPES)
