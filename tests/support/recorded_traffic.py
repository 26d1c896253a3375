"""Recorded traffic of the shared corpora as exchanges, as a recorder would have them."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.http.content_coding import CodingError, decode_content

_BODILESS = frozenset({204, 304})
_LIMIT = 10**9


def exchanges_of(path: Path) -> Iterator[Exchange]:
    """Every exchange of a corpus file, in order."""
    with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
        for line in lines:
            entry = json.loads(line)
            yield Exchange(_request(entry["request"]), _response(entry["request"]["method"], entry["response"]))


def by_provider(path: Path) -> dict[str, list[Exchange]]:
    """The exchanges of a corpus file by the authority that they are with."""
    found: dict[str, list[Exchange]] = {}
    for exchange in exchanges_of(path):
        found.setdefault(exchange.request.authority, []).append(exchange)
    return found


def _request(message: dict[str, Any]) -> Request:
    headers = _fields(message)
    body = _body(message, headers)
    declared = body.content or "content-length" in headers or "transfer-encoding" in headers
    return Request(
        message["method"],
        message["path"],
        message["query"] or None,
        headers,
        body if declared else None,
        message["scheme"],
        message["host"],
        message["port"] or (443 if message["scheme"] == "https" else 80),
    )


def _response(method: str, message: dict[str, Any]) -> Response:
    headers = _fields(message)
    body = _body(message, headers)
    bodiless = method == "HEAD" or message["status"] in _BODILESS
    return Response(message["status"], "", headers, None if bodiless and not body.content else body)


def _fields(message: dict[str, Any]) -> Headers:
    return Headers((name, value) for name, value in message["headers"])


def _body(message: dict[str, Any], headers: Headers) -> Body:
    if not message.get("body_b64"):
        return Body((message.get("body") or "").encode("utf-8", "surrogatepass"))
    raw = base64.b64decode(message["body_b64"])
    coding = ", ".join(headers.get_all("content-encoding")).strip()
    try:
        return Body(decode_content(raw, coding, _LIMIT)) if raw and coding else Body(raw)
    except CodingError:
        return Body(raw)
