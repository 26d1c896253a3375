"""Headers of an answer in MockServer's JSON that say how it travels: honoured, made anew and told, or refused.

What is sent must end where it says, or the next answer on the connection is lost. So a length that is not that of the
body, and what is between two neighbours only (RFC 9110 §7.6.1), is refused by name; what comes to the same when it is
made anew, as in answers that others recorded, is taken, and `remade` tells it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from pact_recorder.http import Body, Headers, Response
from pact_recorder.http.heads import is_field_name, is_field_value
from pact_recorder.http.names import FRAMING, HOP_BY_HOP
from pact_recorder.matching import JsonValue
from pact_recorder.mock.replay import NO_CONTENT, RESET_CONTENT

_TAKEN = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "proxy-connection"})
_OTHERWISE = "leave it out, or send the answer byte by byte with httpError and responseBytes"
_TOLD = {
    "date": "is of the moment when it is sent",
    "transfer-encoding": "is not sent, since an answer is sent with its length",
    "keep-alive": "is not sent, since it is between two neighbours only",
    "proxy-connection": "is not sent, since it is between two neighbours only",
}


def framed(response: Response, to_head: bool) -> tuple[Response, bool | None]:
    """An answer without its framing headers, and whether they end the connection (None: as the client wants it).

    `to_head` says that it answers `HEAD` alone, so that a length without a body is that of the answer to `GET`.
    Raises ValueError with a sentence that begins with `headers`.
    """
    for name, value in response.headers:
        if not (is_field_name(name) and is_field_value(value)):
            raise ValueError(f"headers: {name[:60]!r} cannot be sent: a name is a token, a value is in one line")
        if name.lower() in HOP_BY_HOP - _TAKEN:
            raise ValueError(f"headers: {name} is between two neighbours only and not supported: {_OTHERWISE}")
    _check_transfer_coding(response.headers)
    closes = _closes(response.headers)
    length = _length(response, to_head)
    plain = replace(response, headers=response.headers.without(FRAMING))
    if length is None:
        return plain, closes
    return replace(plain, headers=plain.headers.with_set("Content-Length", length), body=None), closes


def refuse_framing(names: Collection[str]) -> None:
    """Raise ValueError for a header that a change of a passing message cannot have."""
    for name in names:
        if name.lower() in FRAMING | {"content-encoding"}:
            raise ValueError(f"{name[:60]} is made of the message that is sent, and cannot be changed: leave it out")


def remade(document: Mapping[str, JsonValue]) -> Iterator[str]:
    """What of the stored form of an expectation is answered otherwise than it was set, a sentence each."""
    single, several = document.get("httpResponse"), document.get("httpResponses")
    if isinstance(single, Mapping):
        yield from _remade("/httpResponse", single)
    for number, each in enumerate(several if isinstance(several, list) else ()):
        if isinstance(each, Mapping):
            yield from _remade(f"/httpResponses/{number}", each)


def _remade(place: str, answer: Mapping[str, JsonValue]) -> Iterator[str]:
    headers = answer.get("headers")
    names = {str(name).lower(): name for name in headers} if isinstance(headers, Mapping) else {}
    for name, shown in names.items():
        if name in _TOLD:
            yield f"{place}/headers/{shown} {_TOLD[name]}"
    if {"content-length", "content-encoding"} <= names.keys():
        yield f"{place}/headers/{names['content-length']} is that of the body as it is sent"
    if answer.get("body") and answer.get("statusCode") in (*NO_CONTENT, RESET_CONTENT):
        yield f"{place}/body is not sent, since an answer with the status {answer['statusCode']} has none in HTTP"


def _check_transfer_coding(headers: Headers) -> None:
    for value in _tokens(headers, "transfer-encoding"):
        if value not in ("chunked", "identity"):
            raise ValueError(f"headers: the Transfer-Encoding {value[:60]!r} is not supported: {_OTHERWISE}")


def _closes(headers: Headers) -> bool | None:
    options = _tokens(headers, "connection")
    unknown = next((each for each in options if each not in ("close", "keep-alive")), None)
    if unknown is not None:
        raise ValueError(f"headers: the Connection option {unknown[:60]!r} is not supported: {_OTHERWISE}")
    return True if "close" in options else None


def _tokens(headers: Headers, name: str) -> list[str]:
    values = (token.strip().lower() for value in headers.get_all(name) for token in value.split(","))
    return [value for value in values if value]


def _length(response: Response, to_head: bool) -> str | None:
    """The length to tell beside no body, None for that of the body. Raises ValueError for any other."""
    given = {value.strip() for value in response.headers.get_all("content-length")}
    if not given:
        return None
    length = given.pop()
    if given or not (length.isascii() and length.isdigit() and len(length) < 19):
        raise ValueError("headers: Content-Length must be one whole number")
    body = response.body or Body(b"")
    if int(length) == len(body.content) or (body.encoded is not None and body.content):
        return None
    if to_head and not body.content:
        return str(int(length))
    size = f"{len(body.content):,} bytes"
    raise ValueError(f"headers: Content-Length is {length}, but the body has {size}: {_OTHERWISE}")
