"""The documents of a session file as YAML text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pact_recorder.http import Headers, Request, Response
from pact_recorder.recordings.body_files import BodyFiles
from pact_recorder.recordings.body_forms import store_body
from pact_recorder.recordings.document_reading import split_url
from pact_recorder.recordings.documents import VERSION, BodyPart, format_places, format_seconds
from pact_recorder.recordings.session import RecordedExchange, SessionHeader
from pact_recorder.recordings.yaml_writing import block, key, scalar

_USUAL_VERSION = "HTTP/1.1"
_USUAL_SCHEMES = ("http", "https")


def header_document(header: SessionHeader, bodies: str) -> str:
    """The first document; `bodies` is the name of the folder of body files."""
    mark = header.journal
    lines = [
        "# A session of pact-recorder. You may edit it: each document below is one request with its response.",
        f"# Bodies that are large or not text are in the folder {bodies.encode('ascii', 'replace').decode()}.",
        "pact-recorder: session",
        f"version: {VERSION}",
        f"name: {scalar(header.name)}",
        f"created: {format_seconds(header.created)}",
        f"tool: {scalar(header.tool)}",
    ]
    if mark is not None:
        lines.append(f"journal: {mark.identifier} {mark.end}" + (f" {mark.missing}" if mark.missing else ""))
    if header.missing:
        lines += ["# Exchanges that were answered while the disk refused to store them.", f"missing: {header.missing}"]
    if header.secrets:
        lines += [
            "# Hints of twelve bits, by which a later process gives the same values the same placeholders.",
            "secrets:",
        ]
        lines += [f"  {placeholder}: '{hint}'" for placeholder, hint in header.secrets.items()]
    return "\n".join(lines) + "\n"


def exchange_document(entry: RecordedExchange, bodies: BodyFiles, inline_limit: int, *, with_places: bool) -> str:
    """The document of an exchange; its large bodies are written beside the file (OSError as raised)."""
    exchange = entry.exchange
    lines = ["---", "request:"]
    lines += _request_lines(exchange.request)
    lines += _rest(exchange.request, bodies, inline_limit)
    lines += ["response:", f"  status: {exchange.response.status}"]
    if exchange.response.reason:
        lines.append(f"  reason: {scalar(exchange.response.reason)}")
    lines += _rest(exchange.response, bodies, inline_limit)
    lines += [f"started: {format_seconds(exchange.started)}", f"duration: {exchange.duration!r}"]
    if exchange.first_byte is not None:
        lines.append(f"first-byte: {exchange.first_byte!r}")
    if entry.count > 1:
        lines.append(f"count: {entry.count}")
    if entry.at and with_places:
        lines.append(f"at: {format_places(entry.at)}")
    return "\n".join(lines) + "\n"


def _request_lines(request: Request) -> list[str]:
    method = f"  method: {scalar(request.method)}"
    if _url_is_exact(request):
        return [method, f"  url: {scalar(request.url)}"]
    return [
        method,
        f"  scheme: {scalar(request.scheme)}",
        f"  host: {scalar(request.host)}",
        f"  port: {request.port}",
        f"  target: {scalar(request.target)}",
    ]


def _url_is_exact(request: Request) -> bool:
    origin = (request.scheme, request.host, request.port)
    return request.scheme in _USUAL_SCHEMES and split_url(request.url) == (origin, request.target)


def _rest(message: Request | Response, bodies: BodyFiles, inline_limit: int) -> Iterator[str]:
    """What requests and responses have in common."""
    if message.http_version != _USUAL_VERSION:
        yield f"  version: {scalar(message.http_version)}"
    yield from _headers("headers", message.headers)
    if message.body is not None:
        yield "  body:"
        yield from _body(store_body(message.body, message.media_type, bodies, inline_limit))
    yield from _headers("trailers", message.trailers)


def _headers(member: str, headers: Headers) -> Iterator[str]:
    if headers:
        yield f"  {member}:"
        for name, value in headers:
            yield f"{_header_key(name)} {scalar(value)}"


@lru_cache(maxsize=4096)
def _header_key(name: str) -> str:
    return f"  - {key(name, 4)}"


def _body(part: BodyPart) -> Iterator[str]:
    texts = {"text": part.text, "json": part.json_text}
    yield from (f"    {name}: {block(text, 6)}" for name, text in texts.items() if text is not None)
    plain = {
        "file": part.file,
        "base64": part.base64,
        "layout": part.layout.value if part.layout else None,
        "charset": part.charset,
        "type": part.type,
    }
    yield from (f"    {name}: {scalar(value)}" for name, value in plain.items() if value is not None)
    if part.size is not None:
        yield f"    size: {part.size}"
    if part.cut:
        yield "    cut: true"
    if part.full_size is not None:
        yield f"    full-size: {part.full_size}"
    if part.encoded is not None:
        yield "    encoded:"
        encoded = part.encoded
        for name, value in (("coding", encoded.coding), ("file", encoded.file), ("digest", encoded.digest)):
            yield f"      {name}: {scalar(value)}"
