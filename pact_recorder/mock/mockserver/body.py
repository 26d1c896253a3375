"""The body of a request in MockServer's JSON: its forms, and reading them.

A text is compared exactly; an object or list is JSON of which the request may have more (`ONLY_MATCHING_FIELDS`:
further members and items, any order of items). Of a typed form the member alone decides (`{"regex": "…"}`); `not`
turns it round, `optional` takes a request without a body as well.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.body_forms import NotBody, OptionalBody, ParametersBody
from pact_recorder.mock.mockserver.body_json import json_body
from pact_recorder.mock.mockserver.body_texts import BodyPattern, BytesBody, RegexBody, SubStringBody, TextBody
from pact_recorder.mock.mockserver.fields import read_fields
from pact_recorder.mock.mockserver.graphql import read_graphql
from pact_recorder.mock.mockserver.json_path import JsonPathBody, compiled
from pact_recorder.mock.mockserver.json_schema import Schema, SchemaBody
from pact_recorder.mock.mockserver.xml_body import read_xml
from pact_recorder.mock.mockserver.xpath import read_xpath
from pact_recorder.pact import format_json, parse_json

_MATCH_TYPES = ("ONLY_MATCHING_FIELDS", "STRICT")
_FLAGS = ("not", "optional")


def read_body_pattern(document: JsonValue) -> BodyPattern | None:
    """The pattern of any supported form; None when any body will do. Raises ValueError with a sentence."""
    if document is None or (isinstance(document, str) and not document.strip()):
        return None
    if isinstance(document, str):
        return TextBody(document)
    kind = typed_body(document) if isinstance(document, Mapping) else None
    if kind is None or not isinstance(document, Mapping):
        return json_body(document)
    pattern = _READERS[kind](document)
    if document.get("not"):
        pattern = None if pattern is None else NotBody(pattern)
    return OptionalBody(pattern) if document.get("optional") and pattern is not None else pattern


def typed_body(document: Mapping[str, JsonValue]) -> str | None:
    """The type of a typed body; None for an object that is a JSON body itself.

    Raises ValueError for a type that is not supported and for members that do not belong to the type.
    """
    named = document.get("type")
    kind = named if isinstance(named, str) and named in _ALL_TYPES else None
    kind = kind or next((_TYPE_OF[member] for member in document if member in _TYPE_OF), None)
    if kind is None:
        return None
    if kind not in MEMBERS:
        raise ValueError(f"a body of type {kind} is not supported (supported: {', '.join(MEMBERS)})")
    unknown = document.keys() - MEMBERS[kind] - {"type", "contentType", "rawBytes", *_FLAGS}
    if unknown:
        raise ValueError(f'"{min(unknown)}" is no member of a body of type {kind}')
    for flag in _FLAGS:
        if not isinstance(document.get(flag), (bool, type(None))):
            raise ValueError(f'"{flag}" of a body must be true or false')
    return kind


def member_text(document: Mapping[str, JsonValue], name: str) -> str:
    """A member that must be text. Raises ValueError."""
    value = document.get(name)
    if not isinstance(value, str):
        raise ValueError(f'"{name}" of a body must be text')
    return value


def member_bytes(document: Mapping[str, JsonValue], name: str) -> bytes:
    """A member that must be base64. Raises ValueError."""
    try:
        return b64decode(member_text(document, name), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f'"{name}" of a body must be base64') from None


def json_member(document: Mapping[str, JsonValue]) -> JsonValue:
    """The `json` member, which may be the value itself or its text. Raises ValueError."""
    value = document.get("json")
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except (ValueError, LimitError):
        # A text that is no JSON text is the JSON string itself.
        return value


def recorded_body(body: Body, media_type: MediaType | None) -> dict[str, JsonValue]:
    """A recorded body in the long form of MockServer's recordings: JSON, STRING or BINARY."""
    text = body.text(media_type)
    raw = b64encode(body.content).decode("ascii")
    if text is None or (media_type is not None and not media_type.is_text):
        return {"type": "BINARY", "base64Bytes": raw, **_content_type(media_type)}
    if media_type is not None and media_type.is_json:
        try:
            value = parse_json(text)
            # A text as `json` member would be read as JSON text, so a JSON string is written as its JSON text.
            shown = format_json(value) if isinstance(value, str) else value
            return {"type": "JSON", "json": shown, "rawBytes": raw, **_content_type(media_type)}
        except (ValueError, LimitError):
            pass
    return {"type": "STRING", "string": text, "rawBytes": raw, **_content_type(media_type)}


def _content_type(media_type: MediaType | None) -> dict[str, JsonValue]:
    return {} if media_type is None else {"contentType": str(media_type)}


def _read_string(document: Mapping[str, JsonValue]) -> BodyPattern | None:
    text = member_text(document, "string")
    if not text.strip():
        return None
    return SubStringBody(text) if document.get("subString") else TextBody(text)


def _read_json(document: Mapping[str, JsonValue]) -> BodyPattern:
    kind = document.get("matchType") or _MATCH_TYPES[0]
    if kind not in _MATCH_TYPES:
        raise ValueError(f'"matchType" must be one of {", ".join(_MATCH_TYPES)}')
    return json_body(json_member(document), kind == "STRICT", bool(document.get("matchNumbersAsStrings")))


def _read_json_path(document: Mapping[str, JsonValue]) -> BodyPattern:
    path = member_text(document, "jsonPath")
    compiled(path)
    return JsonPathBody(path)


_READERS: dict[str, Callable[[Mapping[str, JsonValue]], BodyPattern | None]] = {
    "STRING": _read_string,
    "JSON": _read_json,
    "REGEX": lambda document: RegexBody(member_text(document, "regex")),
    "BINARY": lambda document: BytesBody(member_bytes(document, "base64Bytes")),
    "JSON_SCHEMA": lambda document: SchemaBody(Schema(document.get("jsonSchema"))),
    "JSON_PATH": _read_json_path,
    "XML": lambda document: read_xml(member_text(document, "xml")),
    "XPATH": lambda document: read_xpath(member_text(document, "xpath"), document.get("namespacePrefixes")),
    "PARAMETERS": lambda document: ParametersBody(read_fields(document.get("parameters"))),
    "GRAPHQL": read_graphql,
}
MEMBERS = {
    "STRING": {"string", "subString"},
    "JSON": {"json", "matchType", "matchNumbersAsStrings"},
    "REGEX": {"regex"},
    "BINARY": {"base64Bytes"},
    "JSON_SCHEMA": {"jsonSchema"},
    "JSON_PATH": {"jsonPath"},
    "XML": {"xml"},
    "XPATH": {"xpath", "namespacePrefixes"},
    "PARAMETERS": {"parameters"},
    "GRAPHQL": {"query", "operationName", "variablesSchema"},
}
"""The members of each type of body, beside those that all have."""

_TYPE_OF = {
    "string": "STRING", "json": "JSON", "regex": "REGEX", "base64Bytes": "BINARY", "jsonSchema": "JSON_SCHEMA",
    "jsonPath": "JSON_PATH", "xml": "XML", "xmlSchema": "XML_SCHEMA", "xpath": "XPATH", "parameters": "PARAMETERS",
}  # fmt: skip
_ALL_TYPES = frozenset((*_TYPE_OF.values(), "GRAPHQL", "JSON_RPC", "FILE", "WASM", "ALL_OF"))
