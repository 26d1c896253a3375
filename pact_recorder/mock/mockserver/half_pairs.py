"""Halves of surrogate pairs in an expectation: JSON can write them (`"\\ud800"`), text on the wire cannot hold them.

JSON bodies carry them as the escapes that they were. In headers, parameters, cookies and paths those from U+DC80 to
U+DCFF stand for bytes that are not UTF-8, as recordings show them. Everywhere else nothing could be sent, written or
compared, so there they are found before anything is set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.body import typed_body

_HALF = re.compile(r"[\ud800-\udfff]").search
_NO_BYTE = re.compile(r"[\ud800-\udc7f\udd00-\udfff]").search
_OF_BYTES = frozenset({"headers", "cookies", "path", "queryStringParameters", "pathParameters"})


def half_pair(document: JsonValue) -> tuple[str, str] | None:
    """The place of a half that cannot be carried, with a sentence about it; None when there is none."""
    pending: list[tuple[str, JsonValue, bool]] = [("", document, False)]
    while pending:
        place, value, of_bytes = pending.pop()
        if isinstance(value, str):
            found = (_NO_BYTE if of_bytes else _HALF)(value)
            if found is not None:
                return place, f"holds \\u{ord(found[0]):04x}, half of a surrogate pair, which is no text"
        elif isinstance(value, Mapping):
            for name in value:
                found = (_NO_BYTE if of_bytes else _HALF)(name)
                if found is not None:
                    return place, f"has a name with \\u{ord(found[0]):04x}, half of a surrogate pair, which is no text"
            pending += _members(place, value, of_bytes)
        elif isinstance(value, list):
            pending += [(f"{place}/{number}", each, of_bytes) for number, each in enumerate(value)]
    return None


def _members(place: str, value: Mapping[str, JsonValue], of_bytes: bool) -> Iterator[tuple[str, JsonValue, bool]]:
    for name, each in value.items():
        if name != "body":
            yield f"{place}/{name}", each, of_bytes or name in _OF_BYTES
        elif isinstance(each, Mapping):
            yield from _of_body(f"{place}/{name}", each)
        elif isinstance(each, str):
            yield f"{place}/{name}", each, False


def _of_body(place: str, body: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue, bool]]:
    """The members of a typed body that are no JSON value."""
    try:
        if typed_body(body) is None:
            return
    except ValueError:
        # Its own reader says what is wrong.
        return
    for name, each in body.items():
        if name != "json" or isinstance(each, str):
            yield f"{place}/{name}", each, False
