"""XML documents as trees of elements, parsed without document types, entities or external anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from pact_recorder.matching.budget import check_budget

DEEPEST: Final = 200
_MOST_ATTRIBUTES: Final = 10_000
_READ_AT_ONCE: Final = 1_000
SEPARATOR: Final = " "
"""Between the URI and the rest of a name that the parser tells: no URI contains a space."""


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
    """The root element of a document. Raises XmlError, for a document type declaration always; SpentError (budget)."""
    builder = _Builder()
    parse(parser_for(builder.start, builder.end, builder.characters), content)
    if builder.root is None:
        raise XmlError("it has no element")
    return builder.root


def parser_for(
    start: Callable[..., None], end: Callable[[str], None], characters: Callable[[str], None]
) -> expat.XMLParserType:
    """A parser with the engine's eyes, to be told what else it shall tell, and then used by `parse`.

    `start` is told the name of an element and its attributes, and has to call `refuse_excess`. Names have the URI of
    their namespace and `SEPARATOR` before them. Elements, comments and instructions end a run of characters.
    """
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.CommentHandler = parser.ProcessingInstructionHandler = _ignore
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def parse(parser: expat.XMLParserType, content: bytes | str) -> None:
    """Let a parser of `parser_for` read a document. Raises XmlError, for a document type declaration always."""
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise XmlError(str(error)) from None
    except XmlError:
        raise
    except (LookupError, ValueError) as error:
        raise XmlError(f"it cannot be decoded: {error}") from None


def refuse_excess(depth: int, attributes: Sized) -> None:
    """Raise XmlError for an element inside so many others, or with so many attributes, that it is not read."""
    if depth >= DEEPEST:
        raise XmlError(f"it is nested more than {DEEPEST} elements deep")
    if len(attributes) > _MOST_ATTRIBUTES:
        raise XmlError(f"an element has more than {_MOST_ATTRIBUTES} attributes")


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.read = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        refuse_excess(len(self.open), attributes)
        self.read += 1
        if not self.read % _READ_AT_ONCE:
            check_budget()
        element = Element(qualified(name), name.rpartition(SEPARATOR)[2], named(attributes))
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


def _ignore(*parts: str) -> None:
    """A comment or an instruction: that somebody listens ends the run of text before it."""


def _refuse_doctype(*parts: object) -> None:
    raise XmlError("it has a document type declaration, which is refused")


def qualified(name: str) -> str:
    """A name that the parser tells as the engine has it: the namespace's URI and a colon before it."""
    return name.replace(SEPARATOR, ":")


def named(attributes: dict[str, str]) -> dict[str, str]:
    """The attributes as the engine has them, by name."""
    return {qualified(name): value for name, value in sorted(attributes.items())} if attributes else {}
