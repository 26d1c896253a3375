"""The fingerprint of a request: what a recorded answer is looked up by.

Two requests have the same digest exactly when the matching engine would call them equal in query and body: the order
of parameters and of JSON members, JSON white space, a multipart boundary and whether an empty body was sent do not
count; values do, as they were on the wire (1 is not 1.0). A body without a type is taken for what it looks like.
Redacted values are masked in the digest and listed beside it, so that a client with other credentials finds the
recording, and one whose credentials are known finds its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from pact_recorder.http import Body, MediaType, Request, parse_query
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.matching.content_types import declared_type

# Stands for a redacted value.
MASK = "\x00*"
_MAX_JSON_NESTING_ERRORS = (ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Where to look for a request's recording.

    `place` is method and path, `digest` stands for query and body, and `secrets` are the redacted values in them,
    in order of appearance.
    """

    place: tuple[str, str]
    digest: bytes
    secrets: tuple[str, ...]


def fingerprint(request: Request) -> Fingerprint:
    """The fingerprint of a redacted request."""
    secrets: list[str] = []
    path, query, body = _parts(request, secrets)
    seal = blake2b(digest_size=16)
    seal.update(query + b"\x00")
    seal.update(body)
    return Fingerprint((request.method.upper(), path), seal.digest(), tuple(secrets))


def masked_parts(request: Request) -> tuple[bytes, bytes, bytes]:
    """Path, query and body as they are compared: in one spelling, with a mask for each redacted value."""
    path, query, body = _parts(request, [])
    return path.encode("utf-8", "surrogatepass"), query, body


def _parts(request: Request, secrets: list[str]) -> tuple[str, bytes, bytes]:
    path = mask(request.path, secrets)
    query = _query_text(request.query, secrets).encode("utf-8", "surrogatepass")
    return path, query, _body_bytes(request.body, declared_type(request.headers, request.body), secrets)


def mask(text: str, secrets: list[str]) -> str:
    """The text with each placeholder of a redacted value masked; what was masked is appended to `secrets`."""
    if "REDACTED-" not in text:
        return text

    def note(found: re.Match[str]) -> str:
        secrets.append(found.group())
        return MASK

    return PLACEHOLDER.sub(note, text)


def _query_text(query: str | None, secrets: list[str]) -> str:
    # Separators alone (`?&`) are no parameters.
    pairs = parse_query(query) if query else []
    return _pairs_text(pairs, secrets) if pairs else ""


def _pairs_text(pairs: Iterable[tuple[str, str | None]], secrets: list[str]) -> str:
    # A name without "=" equals one with an empty value; the order of one name's values counts, that of names does not.
    ordered = sorted(((name, value or "") for name, value in pairs), key=lambda pair: pair[0])
    return mask(json.dumps(ordered), secrets)


def _body_bytes(body: Body | None, media_type: MediaType | None, secrets: list[str]) -> bytes:
    if body is None or not body.content:
        return b""
    if media_type is not None and media_type.is_multipart:
        return _without_boundary(body.content, media_type.parameters.get("boundary"), secrets)
    text = body.text(media_type) if b"REDACTED-" in body.content or _structured(media_type) else None
    if text is None:
        return body.content
    if media_type is not None and media_type.is_json:
        return _canonical_json(text, secrets)
    if media_type is not None and media_type.is_form:
        return _pairs_text(parse_query(text), secrets).encode("utf-8", "surrogatepass")
    return mask(text, secrets).encode("utf-8", "surrogatepass")


def _structured(media_type: MediaType | None) -> bool:
    return media_type is not None and (media_type.is_json or media_type.is_form)


def _canonical_json(text: str, secrets: list[str]) -> bytes:
    try:
        # The lexeme of a number is kept, marked so that it cannot meet a string of the same letters.
        value = json.loads(text, parse_float=_lexeme, parse_int=_lexeme)
        canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    except _MAX_JSON_NESTING_ERRORS:
        return mask(text, secrets).encode("utf-8", "surrogatepass")
    return mask(canonical, secrets).encode()


def _lexeme(text: str) -> str:
    return f"\x01{text}"


def _without_boundary(content: bytes, boundary: str | None, secrets: list[str]) -> bytes:
    if boundary:
        content = content.replace(boundary.encode("utf-8", "surrogateescape"), b"")
    if b"REDACTED-" in content:
        return mask(content.decode("latin-1"), secrets).encode("latin-1")
    return content
