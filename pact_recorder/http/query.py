"""Query strings and URL-encoded forms: pairs in order, as browsers write them (WHATWG URL §5)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote_plus, unquote_to_bytes

from pact_recorder.http.octets import octets


def parse_query(text: str) -> list[tuple[str, str | None]]:
    """Decoded name and value pairs in order; a name without `=` has the value None, empty pieces are dropped.

    `+` is a space and `%XX` is UTF-8; bytes that are not UTF-8 become surrogate escapes.
    """
    pairs: list[tuple[str, str | None]] = []
    for piece in text.split("&"):
        if piece:
            name, equals, value = piece.partition("=")
            pairs.append((_decode(name), _decode(value) if equals else None))
    return pairs


def format_query(pairs: Iterable[tuple[str, str | None]]) -> str:
    """The query string of the pairs; the inverse of `parse_query` up to the choice of escapes."""
    return "&".join(_encode(name) if value is None else f"{_encode(name)}={_encode(value)}" for name, value in pairs)


def _decode(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    return unquote_to_bytes(text.replace("+", " ").encode("utf-8", "surrogateescape")).decode(
        "utf-8", "surrogateescape"
    )


def _encode(text: str) -> str:
    return quote_plus(octets(text))
