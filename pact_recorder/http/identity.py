"""When two exchanges are the same one seen twice.

An identity is a digest of everything that means something to a consumer. What changes from one run to the
next without a meaning (`names.py`: hop-by-hop and volatile headers), clocks, and what only the connection
decides (HTTP version, reason phrase, scheme, content coding) stay out. It is written into journals, so it
must not depend on the process or the Python that made it: the head is plain ASCII JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from operator import itemgetter

import msgspec

from pact_recorder.http.headers import Headers
from pact_recorder.http.messages import Body, Exchange, Request, Response
from pact_recorder.http.names import HOP_BY_HOP, is_volatile_request_header, is_volatile_response_header
from pact_recorder.http.remembering import remembered

IDENTITY_LENGTH = 32
"""Characters of an identity, all lower-case hexadecimal."""

_DIGEST_BYTES = IDENTITY_LENGTH // 2
_NAME = itemgetter(0)
_write_json = json.JSONEncoder(separators=(",", ":")).encode

_Parts = list[object]
_Contents = list[bytes]


def exchange_identity(exchange: Exchange) -> str:
    """The identity of an exchange: equal for two that differ in nothing that matters to a consumer.

    The order of differently named headers does not count, that of equally named ones (`Set-Cookie`) does.
    """
    contents: _Contents = []
    request, response = exchange.request, exchange.response
    head = [
        _request_line(request),
        _meaningful(request.headers, _request_name),
        _body_head(request.body, contents),
        *_response_head(response, contents),
    ]
    # Nothing when there are none, so that identities in older journals stay what they are.
    if request.trailers or response.trailers:
        head.append(_meaningful(request.trailers, _request_name))
        head.append(_meaningful(response.trailers, _response_name))
    return _digest(head, contents)


def question_identity(request: Request) -> str:
    """The identity of what a request asks, headers aside: method, authority, path, query and body.

    Exchanges with one question and several identities are several answers, whose order is kept.
    """
    contents: _Contents = []
    return _digest([_request_line(request), _body_head(request.body, contents)], contents)


def _request_line(request: Request) -> _Parts:
    return [request.method, request.authority, request.path, request.query]


def _response_head(response: Response, contents: _Contents) -> _Parts:
    headers = _meaningful(response.headers, _response_name)
    return [response.status, headers, _body_head(response.body, contents)]


def _body_head(body: Body | None, contents: _Contents) -> _Parts | None:
    """What the JSON head says of a body; the length there keeps the contents behind it apart."""
    if body is None:
        return None
    contents.append(body.content)
    return [len(body.content), body.cut, body.media_type]


def _meaningful(headers: Headers, meaning: Callable[[str], str | None]) -> list[tuple[str, str]]:
    named = [(meaning(name), value) for name, value in headers.fields]
    return sorted([(name, value) for name, value in named if name is not None], key=_NAME)


@remembered(4096)
def _request_name(name: str) -> str | None:
    """The name in lower case, None for what is noise in a request."""
    return None if name.lower() in HOP_BY_HOP or is_volatile_request_header(name) else name.lower()


@remembered(4096)
def _response_name(name: str) -> str | None:
    """The name in lower case, None for what is noise in a response."""
    return None if name.lower() in HOP_BY_HOP or is_volatile_response_header(name) else name.lower()


def _written(head: _Parts) -> bytes:
    """The head as plain ASCII JSON. Nearly all are ASCII from the start, and then a faster writer says the same."""
    try:
        text = msgspec.json.encode(head)
    except UnicodeEncodeError:
        text = b""
    # The standard library escapes DEL as well.
    return text if text and text.isascii() and b"\x7f" not in text else _write_json(head).encode("ascii")


def _digest(head: _Parts, contents: _Contents) -> str:
    digest = blake2b(_written(head), digest_size=_DIGEST_BYTES)
    for content in contents:
        digest.update(content)
    return digest.hexdigest()
