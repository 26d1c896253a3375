"""JSON text of documents whose decimals are their digits, as `parse_json` gives them."""

from __future__ import annotations

import json

from pact_recorder.matching import JsonValue
from pact_recorder.pact.json_text import ExactNumber, format_json

_written = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def json_bytes(document: JsonValue) -> bytes:
    """The document as JSON in UTF-8, numbers with the digits that were recorded."""
    try:
        # Decimals are the only bytes in a document; without them the interpreter's own writer serves.
        return _written(document).encode()
    except (TypeError, UnicodeEncodeError):
        return format_json(_with_numbers(document)).encode()


def _with_numbers(value: JsonValue) -> JsonValue:
    if isinstance(value, bytes):
        return ExactNumber(value.decode())
    if isinstance(value, dict):
        return {name: _with_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_numbers(each) for each in value]
    return value
