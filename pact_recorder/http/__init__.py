"""The request and response values everything above speaks: pure, without I/O and without mitmproxy."""

from pact_recorder.http.headers import Headers
from pact_recorder.http.media_type import MediaType
from pact_recorder.http.messages import Body, EncodedBody, Exchange, Request, Response
from pact_recorder.http.query import format_query, parse_query

__all__ = [
    "Body",
    "EncodedBody",
    "Exchange",
    "Headers",
    "MediaType",
    "Request",
    "Response",
    "format_query",
    "parse_query",
]
