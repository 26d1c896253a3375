"""XML with some of its attributes and texts replaced, everything else as it was up to the spelling of markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from xml.parsers import expat

from pact_recorder.matching.xml_values import DEEPEST, XmlError

Named = Callable[[Sequence[str]], bool]
Change = Callable[[Sequence[str], str], str]
TEXT: Final = "#text"


def rewrite_xml(content: bytes, named: Named, change: Change) -> bytes:
    """The document in UTF-8 with the values that `named` says changed by `change`.

    Both get the trail of names as written, prefixes included, then `@name` for an attribute or `#text` for text.
    An element that is named but has no text gets one. Raises XmlError, for a document type declaration always.
    """
    writer = _Writer(named, change)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.XmlDeclHandler = writer.declaration
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.characters
    parser.CommentHandler = writer.comment
    parser.ProcessingInstructionHandler = writer.instruction
    parser.StartDoctypeDeclHandler = writer.doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise XmlError(str(error)) from None
    return "".join(writer.pieces).encode()


# In attributes white space is written as codes, or parsers would make spaces of it.
_IN_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE: Final = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


class _Writer:
    """Writes what the parser reads; the start of an element stays open until it is known whether it is empty."""

    def __init__(self, named: Named, change: Change) -> None:
        self.pieces: list[str] = []
        self._named = named
        self._change = change
        self._trail: list[str] = []
        self._has_text: list[bool] = []
        self._open = False

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        named = ' encoding="UTF-8"' if encoding else ""
        alone = {1: ' standalone="yes"', 0: ' standalone="no"'}.get(standalone, "")
        self.pieces.append(f'<?xml version="{version}"{named}{alone}?>')

    def start(self, name: str, attributes: list[str]) -> None:
        if len(self._trail) >= DEEPEST:
            raise XmlError(f"it is nested more than {DEEPEST} elements deep")
        self._close()
        self._trail.append(name)
        self._has_text.append(False)
        self.pieces.append(f"<{name}")
        for attribute, value in zip(attributes[::2], attributes[1::2], strict=True):
            self.pieces.append(f' {attribute}="{self._changed(f"@{attribute}", value).translate(_IN_ATTRIBUTE)}"')
        self._open = True

    def end(self, name: str) -> None:
        if not self._has_text[-1] and self._named([*self._trail, TEXT]):
            self.characters("")
        if self._open:
            self.pieces.append("/>")
            self._open = False
        else:
            self.pieces.append(f"</{name}>")
        self._trail.pop()
        self._has_text.pop()

    def characters(self, text: str) -> None:
        self._close()
        self._has_text[-1] = True
        self.pieces.append(self._changed(TEXT, text).translate(_IN_TEXT))

    def comment(self, text: str) -> None:
        self._close()
        self.pieces.append(f"<!--{text}-->")

    def instruction(self, target: str, text: str) -> None:
        self._close()
        self.pieces.append(f"<?{target} {text}?>")

    def doctype(self, *parts: object) -> None:
        raise XmlError("it has a document type declaration, which is refused")

    def _changed(self, last: str, value: str) -> str:
        trail = [*self._trail, last]
        return self._change(trail, value) if self._named(trail) else value

    def _close(self) -> None:
        if self._open:
            self.pieces.append(">")
            self._open = False
