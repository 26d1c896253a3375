"""A recorded response made fit to be sent again."""

from __future__ import annotations

from dataclasses import replace

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.http.names import HOP_BY_HOP

_REMADE = frozenset({"content-length", "content-encoding", "date"})
NO_CONTENT = frozenset({204, 304})
"""Statuses whose answers end with their head."""
RESET_CONTENT = 205
"""The status whose answers have an empty body, which has to be said (RFC 9110 §15.3.6)."""


def replayable(response: Response, request: Request, date: str | None) -> Response:
    """The response with framing and dates of this moment.

    Hop-by-hop headers go, `Date` is `date` (an HTTP date; None leaves it to the sender), `Content-Length` is right. A
    body that travelled compressed goes out as the very same bytes when the client accepts the coding or it must, else
    decoded and without `Content-Encoding`. An answer that allowed one origin allows the origin that asks.
    """
    encoded = response.body.encoded if response.body is not None else None
    compressed = encoded is not None and (encoded.always or accepts_coding(request, encoded.coding))
    # An answer to HEAD tells the length of the one to GET.
    keeps_length = response.body is None and request.method == "HEAD"
    remade = _REMADE if response.body is not None else {"date"} if keeps_length else {"date", "content-length"}
    headers = response.headers.without(HOP_BY_HOP | remade)
    fields = [*_allowing(headers, request).fields, *([("Date", date)] if date is not None else [])]
    if encoded is not None and compressed:
        fields.append(("Content-Encoding", encoded.coding))
    content = b"" if response.status == RESET_CONTENT else _content(response.body, compressed)
    if response.status not in NO_CONTENT and request.method != "HEAD":
        fields.append(("Content-Length", str(len(content))))
    return replace(response, headers=Headers(fields), body=None if response.body is None else Body(content))


def accepts_coding(request: Request, coding: str) -> bool:
    """Whether the request's `Accept-Encoding` names every coding of the list with a weight above zero."""
    accepted: dict[str, bool] = {}
    for value in request.headers.get_all("accept-encoding"):
        for choice in value.lower().split(","):
            name, _, weight = choice.partition(";")
            accepted[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    anything = accepted.get("*", False)
    return all(accepted.get(name.strip().lower(), anything) for name in coding.split(","))


def _content(body: Body | None, compressed: bool) -> bytes:
    if body is None:
        return b""
    return body.encoded.content if compressed and body.encoded is not None else body.content


def _allowing(headers: Headers, request: Request) -> Headers:
    origin = request.headers.get("origin")
    allowed = headers.get("access-control-allow-origin")
    if origin is None or allowed in (None, "*", origin):
        return headers
    return headers.with_set("Access-Control-Allow-Origin", origin)
