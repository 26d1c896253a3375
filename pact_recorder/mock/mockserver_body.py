"""The body of a request in MockServer's JSON: its forms, and how each is compared.

A text is compared exactly; an object or list is JSON of which the request may have more (`ONLY_MATCHING_FIELDS`:
further members and items, any order of items). Typed forms are STRING, REGEX, JSON with `matchType`, and BINARY; the
member alone decides (`{"regex": "…"}`).
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType, Request
from pact_recorder.matching import (
    ExpectedRequest,
    JsonValue,
    MatchingRule,
    MatchingRules,
    RuleList,
    match_request,
)
from pact_recorder.mock.mockserver_containment import contains
from pact_recorder.mock.mockserver_example import example_of
from pact_recorder.mock.mockserver_text import fully_matches, java_pattern, translated
from pact_recorder.pact import format_json, parse_json

_JSON_UNIT = "${json-unit."
_NO_RULES = MatchingRules()
_MATCH_TYPES = ("ONLY_MATCHING_FIELDS", "STRICT")


class BodyPattern(Protocol):
    """What decides whether a body is the expected one."""

    @property
    def example(self) -> Body | None:
        """A body that it takes; None when none can be made."""

    @property
    def rules(self) -> MatchingRules:
        """The rules that loosen the example in a contract."""

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body, in a sentence; None when it is as expected."""


@dataclass(frozen=True, slots=True)
class TextBody:
    """Exactly this text."""

    text: str
    rules: MatchingRules = _NO_RULES

    @property
    def example(self) -> Body:
        """The text."""
        return Body(self.text.encode("utf-8", "surrogatepass"))

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when its text is this one."""
        if body is not None and body.text(media_type) == self.text:
            return None
        return f"Expected the body '{_shown(self.text)}' but was {_shown_body(body, media_type)}"


@dataclass(frozen=True, slots=True)
class BytesBody:
    """Exactly these bytes."""

    content: bytes
    rules: MatchingRules = _NO_RULES

    @property
    def example(self) -> Body:
        """The bytes."""
        return Body(self.content)

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when it is these bytes."""
        if body is not None and body.content == self.content:
            return None
        size = "none" if body is None else f"{len(body.content)} others"
        return f"Expected a binary body of {len(self.content)} bytes but was {size}"


@dataclass(frozen=True, slots=True)
class RegexBody:
    """A text that a Java regular expression matches as a whole."""

    pattern: str

    @property
    def example(self) -> Body | None:
        """A text that the pattern matches."""
        compiled = java_pattern(self.pattern)
        text = None if compiled is None else example_of(compiled, translated(self.pattern))
        return None if text is None else Body(text.encode("utf-8", "surrogatepass"))

    @property
    def rules(self) -> MatchingRules:
        """The pattern as a rule for the whole body."""
        rule = MatchingRule("regex", {"regex": translated(self.pattern)})
        return MatchingRules({"body": {"$": RuleList((rule,))}})

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when the pattern matches it."""
        text = body.text(media_type) if body is not None else None
        compiled = java_pattern(self.pattern)
        if text is not None and compiled is not None and fully_matches(compiled, text):
            return None
        return f"Expected a body that matches '{_shown(self.pattern)}' but was {_shown_body(body, media_type)}"


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON value: one that has at least what this one has will do."""

    value: JsonValue
    rules: MatchingRules = _NO_RULES

    @property
    def example(self) -> Body:
        """The value, declared as JSON."""
        return _json_example(self.value)

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when it contains the expected JSON."""
        try:
            actual = parse_json(_json_text(body, media_type))
        except (ValueError, LimitError):
            return f"Expected a JSON body but was {_shown_body(body, media_type)}"
        if contains(actual, self.value):
            return None
        return f"Expected JSON containing '{_shown(format_json(self.value))}' but was {_shown_body(body, media_type)}"


@dataclass(frozen=True, slots=True)
class StrictJsonBody:
    """Exactly this JSON value: what the matching engine calls equal."""

    value: JsonValue
    rules: MatchingRules = _NO_RULES

    @property
    def example(self) -> Body:
        """The value, declared as JSON."""
        return _json_example(self.value)

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body, the first difference; None when it is the expected JSON."""
        # The type is left out of it: MockServer reads any body as JSON when JSON is expected.
        text = _json_text(body, media_type).encode("utf-8", "surrogatepass")
        actual = Request("GET", "/", body=Body(text, media_type="application/json"))
        found = match_request(ExpectedRequest(body=self.example), actual)
        return found[0].sentence if found else None


def read_body_pattern(document: JsonValue) -> BodyPattern | None:
    """The pattern of any supported form; None when any body will do. Raises ValueError with a sentence."""
    if document is None or (isinstance(document, str) and not document.strip()):
        return None
    if isinstance(document, Mapping):
        kind = typed_body(document)
        return _json(document, False) if kind is None else _READERS[kind](document)
    return TextBody(document) if isinstance(document, str) else _json(document, False)


def typed_body(document: Mapping[str, JsonValue]) -> str | None:
    """The type of a typed body; None for an object that is a JSON body itself.

    Raises ValueError for a type that is not supported and for members that do not belong to the type.
    """
    named = document.get("type")
    kind = named if isinstance(named, str) and named in _ALL_TYPES else None
    kind = kind or next((_TYPE_OF[member] for member in document if member in _TYPE_OF), None)
    if kind is None:
        return None
    if kind not in _MEMBERS:
        raise ValueError(f"a body of type {kind} is not supported (supported: {', '.join(_MEMBERS)})")
    unknown = document.keys() - _MEMBERS[kind] - {"type", "contentType", "rawBytes", "not", "optional"}
    if unknown:
        raise ValueError(f'"{min(unknown)}" is no member of a body of type {kind}')
    for flag in ("not", "optional", "subString", "matchNumbersAsStrings"):
        if document.get(flag):
            raise ValueError(f'"{flag}" of a body is not supported')
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
    return TextBody(text) if text.strip() else None


def _read_json(document: Mapping[str, JsonValue]) -> BodyPattern:
    kind = document.get("matchType", _MATCH_TYPES[0])
    if kind not in _MATCH_TYPES:
        raise ValueError(f'"matchType" must be one of {", ".join(_MATCH_TYPES)}')
    return _json(json_member(document), kind == "STRICT")


def _json(value: JsonValue, strict: bool) -> BodyPattern:
    if _JSON_UNIT in format_json(value):
        raise ValueError(f"json-unit placeholders ({_JSON_UNIT}…}}) in a body are not supported")
    return StrictJsonBody(value) if strict else JsonBody(value)


def _json_example(value: JsonValue) -> Body:
    return Body(format_json(value).encode("utf-8", "surrogatepass"), media_type="application/json")


def _json_text(body: Body | None, media_type: MediaType | None) -> str:
    text = body.text(media_type) if body is not None else None
    return (text or "").removeprefix("\ufeff")


_READERS: dict[str, Callable[[Mapping[str, JsonValue]], BodyPattern | None]] = {
    "STRING": _read_string,
    "JSON": _read_json,
    "REGEX": lambda document: RegexBody(member_text(document, "regex")),
    "BINARY": lambda document: BytesBody(member_bytes(document, "base64Bytes")),
}
_MEMBERS = {
    "STRING": {"string", "subString"},
    "JSON": {"json", "matchType", "matchNumbersAsStrings"},
    "REGEX": {"regex"},
    "BINARY": {"base64Bytes"},
    "XML": {"xml"},
}
_TYPE_OF = {
    "string": "STRING", "json": "JSON", "regex": "REGEX", "base64Bytes": "BINARY", "jsonSchema": "JSON_SCHEMA",
    "jsonPath": "JSON_PATH", "xml": "XML", "xmlSchema": "XML_SCHEMA", "xpath": "XPATH", "parameters": "PARAMETERS",
}  # fmt: skip
_ALL_TYPES = frozenset((*_TYPE_OF.values(), "GRAPHQL", "JSON_RPC", "FILE", "WASM"))


def _shown(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}..."


def _shown_body(body: Body | None, media_type: MediaType | None) -> str:
    if body is None or not body.content:
        return "empty"
    text = body.text(media_type)
    return f"{len(body.content)} bytes" if text is None else f"'{_shown(text)}'"
