"""An `httpRequest` that describes one request, and no matcher: as MockServer's logs hold them, read."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from pact_recorder.http import Body, Headers, Request, format_query
from pact_recorder.http.heads import field_fault, method_fault
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.body import read_body_pattern
from pact_recorder.mock.mockserver.fields import named_values

_PATH_CHARACTERS = "/:@!$&'()*+,;=-._~%"


def read_request(document: Mapping[str, JsonValue]) -> Request:
    """The request: what a member leaves open is GET, `/`, and nothing.

    Raises ValueError with a sentence that names the member that is wrong.
    """
    headers = [(name, value) for name, values in _named("headers", document) for value in values]
    cookies = "; ".join(f"{name}={value}" for name, values in _named("cookies", document) for value in values)
    if cookies and not any(name.lower() == "cookie" for name, _ in headers):
        headers.append(("Cookie", cookies))
    pairs: list[tuple[str, str | None]] = [
        (name, value) for name, values in _named("queryStringParameters", document) for value in values
    ]
    body = _body(document)
    if body is not None and body.media_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", body.media_type))
    host, port = _authority(next((value for name, value in headers if name.lower() == "host"), ""))
    secure = document.get("secure") is True
    method = _text("method", document) or "GET"
    fault = next(filter(None, (method_fault(method), *(field_fault(name, value) for name, value in headers))), "")
    if fault:
        raise ValueError(fault)
    return Request(
        method=method,
        path=quote(_text("path", document) or "/", safe=_PATH_CHARACTERS),
        query=format_query(pairs) if pairs else None,
        headers=Headers(headers),
        body=body,
        scheme="https" if secure else "http",
        host=host,
        port=port or (443 if secure else 80),
    )


def _text(name: str, document: Mapping[str, JsonValue]) -> str:
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name}: must be text")
    return (value or "").strip()


def _named(name: str, document: Mapping[str, JsonValue]) -> list[tuple[str, tuple[str, ...]]]:
    try:
        return list(named_values(document.get(name)))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _body(document: Mapping[str, JsonValue]) -> Body | None:
    try:
        pattern = read_body_pattern(document.get("body"))
    except ValueError as error:
        raise ValueError(f"body: {error}") from None
    return None if pattern is None else pattern.example


def _authority(host: str) -> tuple[str, int]:
    name, colon, port = host.rpartition(":")
    if colon and port.isascii() and port.isdigit() and len(port) <= 5:
        return name.strip("[]"), int(port)
    return host.strip("[]"), 0
