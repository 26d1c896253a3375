"""XML documents as plain values, so that shapes are made of them as of JSON; and as markup, to write examples.

Both are read with the engine's eyes (`matching.xml_values`): prefixes do not matter, namespaces do, a document type
declaration is refused. The plain value knows neither prefixes nor the order of elements; the markup keeps both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pact_recorder.matching import JsonValue
from pact_recorder.matching.xml_values import Element, XmlError, parse_xml

TEXT: Final = "#text"
"""The member of an element's value that holds its text."""

_MARK: Final = "<"
# Elsewhere URIs, and long names with digits, are taken for identifiers that name the entries of a map.
_LIKE_AN_IDENTIFIER = re.compile(r"[0-9:]").search
_NAMESPACES: Final[Mapping[str, str]] = {"xml": "http://www.w3.org/XML/1998/namespace"}
_TEXT_ESCAPES: Final = {"\r": "&#13;"}

Content: TypeAlias = "str | Markup"


def read_xml(text: str) -> JsonValue | None:
    """The document as a value; None when it cannot be compared: not well formed, nested too deeply, with a DTD.

    `{root: element}`; an element is an object of `@name` with the text of each attribute, the key of each name of
    children (`key_of`) with a list of elements, and `#text` with its text when there is any.
    """
    try:
        root = parse_xml(text)
    except XmlError:
        return None
    return {key_of(root.name): _plain(root)}


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
    try:
        parse_xml(text)
    except XmlError:
        return None
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.XmlDeclHandler = builder.declare
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    # With a handler of their own they end a run of text, as they do for the engine.
    parser.CommentHandler = parser.ProcessingInstructionHandler = builder.ignore
    parser.Parse(text, True)
    return Document(builder.declaration, builder.found)


class _Builder:
    """Makes markup of what the parser reads; each open element has the prefixes that are declared there."""

    def __init__(self) -> None:
        self.declaration = ""
        self._open: list[tuple[Markup, list[Content], Mapping[str, str]]] = []
        self._found: list[Markup] = []

    @property
    def found(self) -> Markup:
        """The root, once everything is read."""
        return self._found[0]

    def declare(self, version: str, encoding: str | None, standalone: int) -> None:
        named = ' encoding="UTF-8"' if encoding else ""
        alone = {1: ' standalone="yes"', 0: ' standalone="no"'}.get(standalone, "")
        self.declaration = f'<?xml version="{version}"{named}{alone}?>\n'

    def start(self, written: str, flat: list[str]) -> None:
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        declared = [(name, value) for name, value in pairs if name == "xmlns" or name.startswith("xmlns:")]
        prefixes = self._open[-1][2] if self._open else _NAMESPACES
        if declared:
            prefixes = {**prefixes, **{name.partition(":")[2]: uri for name, uri in declared}}
        others = [(name, value) for name, value in pairs if (name, value) not in declared]
        attributes = [
            Attribute(_resolved(name, prefixes) if ":" in name else name, name, value) for name, value in others
        ]
        content: list[Content] = []
        markup = Markup(_resolved(written, prefixes), written, declared, attributes, content)
        siblings = self._open[-1][1] if self._open else self._found
        siblings.append(markup)
        self._open.append((markup, content, prefixes))

    def end(self, written: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1][1].append(text)

    def ignore(self, *parts: str) -> None:
        """A comment or an instruction: it only ends the run of text before it."""


def _resolved(written: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = written.rpartition(":")
    uri = prefixes.get(prefix)
    return f"{uri}:{local}" if uri else local


def _apart(content: Sequence[Content]) -> Iterator[Content]:
    """The content without blank runs; runs of text that now touch are stripped, as the engine does with each."""
    pieces = [piece for piece in content if isinstance(piece, Markup) or piece.strip()]
    touch = any(isinstance(one, str) and isinstance(other, str) for one, other in pairwise(pieces))
    return (piece.strip() if touch and isinstance(piece, str) else piece for piece in pieces)


def _written(piece: Content) -> str:
    return str(piece) if isinstance(piece, Markup) else escape(piece, _TEXT_ESCAPES)


def _plain(element: Element) -> dict[str, JsonValue]:
    value: dict[str, JsonValue] = {f"@{name}": text for name, text in element.attributes.items()}
    for child in element.children:
        key = key_of(child.name)
        plain = _plain(child)
        if key in value:
            value[key].append(plain)
        else:
            value[key] = [plain]
    text = element.text
    if text:
        value[TEXT] = text
    return value
