"""The exchange that a checked document of a session file stands for."""

from __future__ import annotations

import re
from pathlib import Path

from pact_recorder.errors import SessionError
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.http.heads import port_fault
from pact_recorder.http.messages import DEFAULT_PORTS
from pact_recorder.recordings.body_files import BodyFiles
from pact_recorder.recordings.body_forms import load_body
from pact_recorder.recordings.documents import BodyPart, ExchangeDocument, HeaderLine, RequestPart, ResponsePart
from pact_recorder.recordings.yaml_reading import Document

Origin = tuple[str, str, int]
"""Scheme, host and port."""

_URL = re.compile(r"(https?)://(\[[^\]/?]*\]|[^\[\]:/?#@\\\s\x00-\x20\x7f]*)(?::([0-9]{1,5}))?([/?].*)?", re.DOTALL)


def read_exchange(found: ExchangeDocument, path: Path, document: Document, bodies: BodyFiles) -> Exchange:
    """The exchange; SessionError with the line when an address or a body leads nowhere."""
    try:
        return Exchange(
            request=_request(found.request, bodies),
            response=_response(found.response, bodies),
            started=found.started,
            duration=found.duration,
            first_byte=found.first_byte,
        )
    except _Misplaced as error:
        raise SessionError(str(path), str(error), f"line {document.line(error.place)}") from error


def split_url(url: str) -> tuple[Origin, str] | None:
    """Scheme, host and port of an absolute http or https URL, and its target just as it stands there, or None."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scheme, host, port, target = found.groups()
    if port and port_fault(int(port)):
        return None
    target = target or "/"
    if target[0] == "?":
        target = "/" + target
    return (scheme, host.strip("[]"), int(port) if port else DEFAULT_PORTS[scheme]), target


class _Misplaced(ValueError):
    """A reason with the place in the document that it is about."""

    def __init__(self, reason: str, *place: str) -> None:
        super().__init__(reason)
        self.place = place


def _request(part: RequestPart, bodies: BodyFiles) -> Request:
    (scheme, host, port), target = _address(part)
    path, question_mark, query = target.partition("?")
    return Request(
        method=part.method,
        path=path,
        query=query if question_mark else None,
        headers=_headers(part.headers),
        body=_body(part.body, bodies, "request"),
        scheme=scheme,
        host=host,
        port=port,
        http_version=part.version,
        trailers=_headers(part.trailers),
    )


def _response(part: ResponsePart, bodies: BodyFiles) -> Response:
    return Response(
        status=part.status,
        reason=part.reason,
        headers=_headers(part.headers),
        body=_body(part.body, bodies, "response"),
        http_version=part.version,
        trailers=_headers(part.trailers),
    )


def _address(part: RequestPart) -> tuple[Origin, str]:
    if part.url is None:
        return (part.scheme or "", part.host or "", part.port or 0), part.target or ""
    split = split_url(part.url)
    if split is None:
        reason = f"{part.url[:100]!r} is not an absolute URL like https://api.example.com/users?page=2"
        raise _Misplaced(reason, "request", "url")
    return split


def _headers(lines: list[HeaderLine]) -> Headers:
    return Headers(field for line in lines for field in line.items())


def _body(part: BodyPart | None, bodies: BodyFiles, side: str) -> Body | None:
    if part is None:
        return None
    try:
        return load_body(part, bodies)
    except ValueError as error:
        raise _Misplaced(str(error), side, "body") from error
