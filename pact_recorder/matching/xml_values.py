"""XML documents as trees of elements, parsed without document types, entities or external anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

DEEPEST: Final = 200
_MOST_ATTRIBUTES: Final = 10_000
# No URI contains a space, so the separator cannot be mistaken for a part of one.
_SEPARATOR: Final = " "


class XmlError(ValueError):
    """A text is not XML that can be compared; the message says why."""


@dataclass(slots=True)
class Element:
    """An element: `name` is `local` with the namespace's URI and a colon before it when it has one.

    `pieces` are the runs of text in it, one between any two of its elements and comments.
    """

    name: str
    local: str
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in the element, each run stripped of white space at its ends."""
        return "".join(piece.strip() for piece in self.pieces)

    @property
    def size(self) -> int:
        """How many children it has: elements, and runs of text that are more than white space."""
        return len(self.children) + sum(1 for piece in self.pieces if not piece.isspace())


def parse_xml(content: bytes | str) -> Element:
    """The root element of a document. Raises XmlError, for a document type declaration always."""
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.CommentHandler = builder.ignore
    parser.ProcessingInstructionHandler = builder.ignore
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise XmlError(str(error)) from None
    except XmlError:
        raise
    except (LookupError, ValueError) as error:
        raise XmlError(f"it cannot be decoded: {error}") from None
    if builder.root is None:
        raise XmlError("it has no element")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST:
            raise XmlError(f"it is nested more than {DEEPEST} elements deep")
        if len(attributes) > _MOST_ATTRIBUTES:
            raise XmlError(f"an element has more than {_MOST_ATTRIBUTES} attributes")
        element = Element(_qualified(name), name.rpartition(_SEPARATOR)[2], _named(attributes))
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, name: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].pieces.append(text)

    def ignore(self, *parts: str) -> None:
        """A comment or an instruction: it only ends the run of text before it."""

    def doctype(self, *parts: object) -> None:
        raise XmlError("it has a document type declaration, which is refused")


def _qualified(name: str) -> str:
    return name.replace(_SEPARATOR, ":")


def _named(attributes: dict[str, str]) -> dict[str, str]:
    return {_qualified(name): value for name, value in sorted(attributes.items())}
