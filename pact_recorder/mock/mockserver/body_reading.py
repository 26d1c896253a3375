"""The body of a request read as JSON, XML or a form: once for all expectations that one request is compared with."""

from __future__ import annotations

import json
from typing import Any

from pact_recorder.http import Body, MediaType, Request, parse_query
from pact_recorder.http.charsets import decoded
from pact_recorder.matching import JsonValue
from pact_recorder.matching.budget import once
from pact_recorder.matching.xml_values import Element, parse_xml
from pact_recorder.pact import parse_json

Pair = tuple[str, str]


def json_of(body: Body | None, media_type: MediaType | None) -> JsonValue:
    """The JSON value, numbers exact. Raises ValueError and LimitError."""
    return once(_json, *_source(body, media_type))


def plain_json_of(body: Body | None, media_type: MediaType | None) -> Any:
    """The JSON value in plain Python values. Raises ValueError."""
    return once(_plain_json, *_source(body, media_type))


def xml_of(body: Body | None, media_type: MediaType | None) -> Element:
    """The root of the XML document. Raises XmlError."""
    return once(_xml, *_source(body, media_type))


def form_of(body: Body | None, media_type: MediaType | None) -> list[Pair]:
    """The parameters of a form."""
    return once(_form, *_source(body, media_type))


def as_declared(body: Body | None, media_type: MediaType | None, declared: str) -> Request:
    """A request with the text as its body, declared as of another type."""
    return once(_declared, *_source(body, media_type), declared)


def parameters(query: str) -> list[Pair]:
    """The parameters of a query."""
    return [(name, value or "") for name, value in parse_query(query)]


def plain_json(text: str) -> Any:
    """The value of a JSON text in plain Python values, as libraries take it. Raises ValueError."""
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _source(body: Body | None, media_type: MediaType | None) -> tuple[bytes, str | None]:
    """What decides about the text of a body."""
    return b"" if body is None else body.content, None if media_type is None else media_type.charset


def _text(content: bytes, charset: str | None) -> str:
    """The text without the mark at its beginning; empty when it is none."""
    return (decoded(content, charset) or "").removeprefix("\ufeff")


def _json(content: bytes, charset: str | None) -> JsonValue:
    return parse_json(_text(content, charset))


def _plain_json(content: bytes, charset: str | None) -> Any:
    return plain_json(_text(content, charset))


def _xml(content: bytes, charset: str | None) -> Element:
    return parse_xml(_text(content, charset))


def _form(content: bytes, charset: str | None) -> list[Pair]:
    return parameters(decoded(content, charset) or "")


def _declared(content: bytes, charset: str | None, declared: str) -> Request:
    text = _text(content, charset).encode("utf-8", "surrogatepass")
    return Request("GET", "/", body=Body(text, media_type=declared))
