"""Requests and responses on their way from and to bytes: what every way of serving shares."""

from __future__ import annotations

import time
from email.utils import formatdate
from functools import lru_cache
from typing import NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.heads import in_one_line, is_field_name
from pact_recorder.http.names import FRAMING
from pact_recorder.http.octets import octets
from pact_recorder.http.remembering import remembered
from pact_recorder.mock.replay import NO_CONTENT, RESET_CONTENT

Fields = list[tuple[bytes, bytes]]
Server = tuple[str, int | None] | None
"""Address and port of a server, where they are known."""

# uvicorn knows statuses up to 599; HTTP has room for all of three digits, and there are services that use them.
STATUS_LINE.update({status: b"HTTP/1.1 %d \r\n" % status for status in range(600, 1000)})
NO_BODY = Body(b"")
_CLOSE = b"connection: close\r\n"
_LONGEST_FIELDS = 4_096


class Asked(NamedTuple):
    """A request as it was on the wire, the names of its fields in lower case, and the server that it came to."""

    method: bytes
    target: bytes
    fields: Fields
    body: bytes
    scheme: str = "http"
    server: Server = None

    def request(self) -> Request:
        """The same as a value."""
        body = Body(self.body) if self.body else NO_BODY
        return request_of(self.method.decode("ascii"), self.target, self.fields, body, self.scheme, self.server)


class Written(NamedTuple):
    """An answer as HTTP/1.1 writes it, before and after what depends on the moment and on the connection.

    `note` is for whoever has to know when it is sent again.
    """

    head: bytes
    dated: bool
    rest: bytes
    note: object = None

    def message(self, last: bool) -> bytes:
        """All of it; with `last` the connection ends with this answer."""
        date_line = b"" if self.dated else _date_line()
        return b"".join((self.head, date_line, _CLOSE if last else b"", self.rest))


def request_of(method: str, target: bytes, fields: Fields, body: Body, scheme: str, server: Server) -> Request:
    """The request with a target in origin form (`/path?query`); bytes that are not UTF-8 become surrogate escapes."""
    path, mark, query = target.partition(b"?")
    host, port = server or ("", None)
    return Request(
        method, text(path), text(query) if mark else None, _headers(tuple(fields)), body, scheme, host, port or 80
    )


@remembered(256, _LONGEST_FIELDS)
def _headers(fields: tuple[tuple[bytes, bytes], ...]) -> Headers:
    """The headers of a request; a client sends the same ones again and again."""
    return Headers([(name.decode("latin-1"), text(value)) for name, value in fields])


def sent(response: Response, method: str, last: bool) -> tuple[Fields, bytes]:
    """The fields and content to send: the length is set anew, a date where there is none.

    With `last` the connection ends with this answer.
    """
    fields = [field for each in response.headers.fields if (field := _encoded(*each)) is not None]
    content = _content(response)
    if "date" not in response.headers:
        fields.append((b"date", date()))
    if last:
        fields.append((b"connection", b"close"))
    if response.status in NO_CONTENT:
        return fields, b""
    fields.append((b"content-length", _length(response, method, content)))
    return fields, b"" if method == "HEAD" else content


def written(response: Response, method: str) -> Written:
    """The answer to a request of a method as HTTP/1.1 writes it."""
    head, dated = _head(response.status, response.headers.fields)
    if response.status in NO_CONTENT:
        return Written(head, dated, b"\r\n")
    content = _content(response)
    return Written(head, dated, _rest(content, _length(response, method, content), method != "HEAD"))


def _rest(content: bytes, length: bytes, given: bool) -> bytes:
    """The end of an answer's head, and its content; many answers share theirs."""
    build = _shared_rest if len(content) <= _LARGEST_SHARED else _build_rest
    return build(content, length, given)


def _build_rest(content: bytes, length: bytes, given: bool) -> bytes:
    return b"content-length: %b\r\n\r\n%b" % (length, content if given else b"")


_LARGEST_SHARED = 4_096
_shared_rest = lru_cache(maxsize=256)(_build_rest)


def _length(response: Response, method: str, content: bytes) -> bytes:
    """The length to tell; that of an answer to HEAD without a body may be told in its headers."""
    told = response.headers.get("content-length") if method == "HEAD" and response.body is None else None
    return told.encode() if told is not None and told.isascii() and told.isdigit() else b"%d" % len(content)


def _content(response: Response) -> bytes:
    return b"" if response.body is None or response.status == RESET_CONTENT else response.body.content


@remembered(1024, _LONGEST_FIELDS)
def _head(status: int, fields: tuple[tuple[str, str], ...]) -> tuple[bytes, bool]:
    """The beginning of an answer's head, and whether it has a date; many answers share theirs."""
    lines = [b"%b: %b\r\n" % field for each in fields if (field := _encoded(*each)) is not None]
    return STATUS_LINE[status] + b"".join(lines), any(name.lower() == "date" for name, _ in fields)


def plain_response(status: int, sentence: str) -> Response:
    """An answer of one sentence."""
    fields = [("Content-Type", "text/plain; charset=utf-8")]
    return Response(status, "", Headers(fields), Body((sentence + "\n").encode()))


def text(value: bytes) -> str:
    """Bytes of the wire as text."""
    return value.decode("utf-8", "surrogateescape")


@remembered(4096)
def _encoded(name: str, value: str) -> tuple[bytes, bytes] | None:
    """A field as it is sent; None for one that is made anew, or has no name that can be sent. Most come again."""
    if name.lower() in FRAMING or not is_field_name(name):
        return None
    return name.lower().encode("ascii"), octets(in_one_line(value))


_dated: tuple[int, bytes, bytes] = (0, b"", b"")


def date() -> bytes:
    """The present moment as an HTTP date."""
    return _of_this_second()[1]


def _date_line() -> bytes:
    return _of_this_second()[2]


def _of_this_second() -> tuple[int, bytes, bytes]:
    """The second, its HTTP date and the field of it, made once a second."""
    global _dated
    now = int(time.time())
    if _dated[0] != now:
        value = formatdate(now, usegmt=True).encode()
        _dated = (now, value, b"date: %b\r\n" % value)
    return _dated
