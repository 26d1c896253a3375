"""The notation of the suite's table cells and quoted texts.

A body is `file: NAME`, `JSON: VALUE`, `XML: TEXT`, `EMPTY`, or the text itself; a file that ends in `-body.xml`
describes a body (its content type, and its contents in plain text or base64, with the line ends it wants).
Headers are `'Name: value', 'Name: value'`; rules and generators are `JSON: VALUE` or the name of a fixture.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from xml.etree import ElementTree

from compatibility.suite import fixture_bytes
from pact_recorder.http import Body

_HEADER = re.compile(r"'([^:']+):\s*([^']*)'")
_TYPE_OF_ENDING = {
    ".json": "application/json",
    ".xml": "application/xml",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
}
_TYPE_OF_MARK = {"JSON": "application/json", "XML": "application/xml"}


@dataclass(frozen=True, slots=True)
class BodyCell:
    """A body as a cell gives it; `media_type` is None for plain text, which leaves the declared type alone."""

    body: Body | None
    media_type: str | None = None


def body_cell(text: str) -> BodyCell | None:
    """The body of a cell; None when the cell is blank."""
    if not text:
        return None
    if text == "EMPTY":
        return BodyCell(Body(b""))
    mark, colon, rest = text.partition(":")
    if colon and mark == "file":
        return _file_body(rest.strip())
    if colon and mark in _TYPE_OF_MARK:
        return BodyCell(Body(rest.strip().encode()), _TYPE_OF_MARK[mark])
    return BodyCell(Body(text.encode()))


def document_body(name: str) -> BodyCell:
    """The body of a document that a step names: `basic`, `basic.json` or `file: xml-body.xml`."""
    name = name.removeprefix("file:").strip()
    return _file_body(name if PurePath(name).suffix else f"{name}.json")


def json_cell(text: str) -> Any:
    """The value of `JSON: VALUE`, or of the fixture that the cell names."""
    mark, colon, rest = text.partition(":")
    return json.loads(rest if colon and mark == "JSON" else fixture_bytes(text))


def value_cell(text: str) -> Any:
    """A value of metadata: `JSON: VALUE`, else the text."""
    return json_cell(text) if text.startswith("JSON:") else text


def header_fields(text: str) -> list[tuple[str, str]]:
    """The header lines of a cell, in order."""
    fields: list[tuple[str, str]] = _HEADER.findall(text)
    assert 2 * len(fields) == text.count("'"), f"not headers: {text}"
    return fields


def unescaped(text: str) -> str:
    """The text between a step's quotes, with `\\"` as a quote."""
    return text.replace('\\"', '"')


def _file_body(name: str) -> BodyCell:
    content = fixture_bytes(name)
    if name.endswith("-body.xml"):
        return _described_body(content)
    return BodyCell(Body(content), _TYPE_OF_ENDING[PurePath(name).suffix])


def _described_body(description: bytes) -> BodyCell:
    root = ElementTree.fromstring(description)
    contents = root.find("contents")
    assert contents is not None
    text = (contents.text or "").strip()
    if contents.get("eol") == "CRLF":
        text = "\r\n".join(text.split("\n"))
    content = b64decode(text) if contents.get("encoding") == "base64" else text.encode()
    return BodyCell(Body(content), root.findtext("contentType"))
