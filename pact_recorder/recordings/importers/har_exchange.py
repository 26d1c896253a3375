"""A HAR entry as an exchange, as near to what was on the wire as the entry allows.

A HAR file holds decoded text. It goes back to bytes by the declared charset; form parameters without their text
are written as a browser would; headers that an exporter folded into one are taken apart again.
"""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime
from urllib.parse import quote

from pact_recorder.http import Body, Exchange, Headers, MediaType, Request, Response, format_query
from pact_recorder.http.charsets import encoded
from pact_recorder.recordings.document_reading import Origin, split_url
from pact_recorder.recordings.importers.har_documents import (
    HarContent,
    HarEntry,
    HarPair,
    HarPostData,
    HarRequest,
    HarResponse,
)

NO_ANSWER = "no answer (failed, blocked or cancelled)"
NOT_HTTP = "not HTTP (data, blob, extension or WebSocket URL)"
WEBSOCKET = "WebSocket"
NO_BODY_IN_FILE = "the body is not in the file"
NOT_DECODABLE = "the body is not base64 as it says"

_BODILESS = frozenset({204, 304})
_USER = re.compile(r"(?<=://)[^/?#@]*@")
_UNSAFE = re.compile(r"[^!-~]+")
_VERSIONS = {"h2": "HTTP/2.0", "http/2": "HTTP/2.0", "h3": "HTTP/3", "http/3": "HTTP/3", "http/1.0": "HTTP/1.0"}


class SkippedEntry(Exception):
    """An entry that holds no whole exchange."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def exchange_of(entry: HarEntry) -> Exchange:
    """The exchange of an entry; SkippedEntry with the reason when it holds none."""
    response = entry.response
    if response is None or response.status <= 0:
        raise SkippedEntry(NO_ANSWER)
    if response.status == 101:
        raise SkippedEntry(WEBSOCKET)
    if response.status < 200:
        raise SkippedEntry(NO_ANSWER)
    return Exchange(
        request=_request(entry.request),
        response=_response(response, entry.request.method),
        started=_started(entry.startedDateTime),
        duration=_seconds(entry.time) or 0.0,
        first_byte=_first_byte(entry),
    )


def _request(found: HarRequest) -> Request:
    (scheme, host, port), target = _address(found)
    path, mark, query = target.partition("?")
    headers = _headers(found.headers)
    declared = "content-length" in headers or "transfer-encoding" in headers
    body = _posted(found.postData) if found.postData is not None else None
    if body is None and declared:
        body = Body(b"")
    return Request(
        method=_text(found.method),
        path=path,
        query=query if mark else None,
        headers=_with_type(headers, found.postData.mimeType if found.postData and body else ""),
        body=body,
        scheme=scheme,
        host=host,
        port=port,
        http_version=_version(found.httpVersion),
    )


def _response(found: HarResponse, method: str) -> Response:
    bodiless = method.upper() == "HEAD" or found.status in _BODILESS
    body = _answered(found.content or HarContent(), bodiless)
    mime_type = found.content.mimeType if found.content and body and body.content else ""
    return Response(
        status=found.status,
        reason=_text(found.statusText),
        headers=_with_type(_headers(found.headers), mime_type),
        body=body,
        http_version=_version(found.httpVersion),
    )


def _address(found: HarRequest) -> tuple[Origin, str]:
    url = _USER.sub("", found.url.partition("#")[0], count=1)
    scheme, separator, rest = url.partition("://")
    split = split_url(scheme.lower() + separator + _UNSAFE.sub(_percent_encoded, _text(rest)))
    if split is None:
        raise SkippedEntry(NOT_HTTP)
    (scheme, host, port), target = split
    if "?" not in target and found.queryString:
        target += "?" + format_query((_text(pair.name), _text(pair.value)) for pair in found.queryString)
    return (scheme, host.lower(), port), target


def _headers(pairs: list[HarPair]) -> Headers:
    """The fields without HTTP/2's pseudo headers; a field whose value has lines was several."""
    return Headers(
        (_text(pair.name), _text(line.strip("\r")))
        for pair in pairs
        if pair.name and not pair.name.startswith(":")
        for line in pair.value.split("\n")
    )


def _with_type(headers: Headers, mime_type: str) -> Headers:
    """The headers with a Content-Type when only the body's description names one."""
    known = "content-type" in headers or MediaType.parse(mime_type) is None
    return headers if known else headers.with_set("Content-Type", _text(mime_type))


def _posted(found: HarPostData) -> Body | None:
    if not found.text and not found.params:
        return None
    media_type = MediaType.parse(found.mimeType)
    if found.text:
        return Body(_bytes(found.text, found.encoding, media_type))
    if media_type is not None and not media_type.is_form:
        raise SkippedEntry(NO_BODY_IN_FILE)
    pairs = [(_text(pair.name), _text(pair.value)) for pair in found.params]
    return Body(format_query(pairs).encode("ascii"))


def _answered(found: HarContent, bodiless: bool) -> Body | None:
    if found.text is None and (found.size or 0) > 0 and not bodiless:
        raise SkippedEntry(NO_BODY_IN_FILE)
    if bodiless and not found.text:
        return None
    return Body(_bytes(found.text or "", found.encoding, MediaType.parse(found.mimeType)))


def _bytes(text: str, encoding: str | None, media_type: MediaType | None) -> bytes:
    if (encoding or "").lower() == "base64":
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError as error:
            raise SkippedEntry(NOT_DECODABLE) from error
    return encoded(text, None if media_type is None else media_type.charset)


def _started(text: str) -> float:
    """Seconds since the epoch of an ISO 8601 date, 0 when it is none."""
    try:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _first_byte(entry: HarEntry) -> float | None:
    timings = entry.timings
    if timings is None or _seconds(timings.wait) is None:
        return None
    phases = (timings.blocked, timings.dns, timings.connect, timings.send, timings.wait)
    return sum(_seconds(phase) or 0.0 for phase in phases)


def _seconds(milliseconds: float | None) -> float | None:
    """Seconds of a duration in milliseconds; None when there is none, or it is negative or endless."""
    known = milliseconds is not None and 0 <= milliseconds < 1e12
    return milliseconds / 1000 if milliseconds is not None and known else None


def _version(text: str) -> str:
    plain = text.lower().removesuffix(".0") if text.lower() != "http/1.0" else "http/1.0"
    return _VERSIONS.get(plain, "HTTP/1.1")


def _text(text: str) -> str:
    """The text as it would come from the wire: lone surrogates become the bytes they were made of."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")


def _percent_encoded(match: re.Match[str]) -> str:
    return quote(match[0].encode("utf-8", "surrogateescape"))
