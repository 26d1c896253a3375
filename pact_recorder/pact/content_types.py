"""Where a message declares the type of its content."""

from __future__ import annotations

from collections.abc import Mapping

from pact_recorder.matching.expected import HeaderValues
from pact_recorder.matching.rules import JsonValue

_METADATA_NAMES = frozenset(("contenttype", "content-type"))


def declared_type(headers: HeaderValues) -> str | None:
    """The Content-Type of a request or response as its headers spell it."""
    return next((values[0] for name, values in headers.items() if name.lower() == "content-type" and values), None)


def message_type(metadata: Mapping[str, JsonValue]) -> str | None:
    """The content type of a message as its metadata spells it (`contentType`, or `content-type`)."""
    for name, value in metadata.items():
        if name.lower() in _METADATA_NAMES and isinstance(value, str):
            return value
    return None
