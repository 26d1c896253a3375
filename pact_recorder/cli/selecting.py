"""Which exchanges of a file are imported: filter expressions, as for flows while recording, put to exchanges."""

from __future__ import annotations

from mitmproxy import connection, flowfilter, http

from pact_recorder.addon.options import wrong_filter
from pact_recorder.cli.arguments import Parser
from pact_recorder.errors import UsageError
from pact_recorder.http import Exchange, Headers, Request, Response
from pact_recorder.recordings import Configuration

_ADDRESS = ("127.0.0.1", 0)


def add_filters(parser: Parser) -> None:
    """Declare `--filter` and `--ignore`."""
    parser.add_argument("--filter", metavar="FILTER", help="take only what matches this mitmproxy filter expression")
    parser.add_argument("--ignore", metavar="FILTER", help="leave out what matches this mitmproxy filter expression")


class Selecting:
    """The choice of exchanges; an option that is given wins over the configuration. Raises UsageError for no filter."""

    def __init__(self, select: str | None, ignore: str | None, configured: Configuration) -> None:
        self._select = _filter("--filter", select or configured.select)
        self._ignore = _filter("--ignore", ignore or configured.ignore)

    def objection(self, exchange: Exchange) -> str:
        """Why an exchange is not taken; empty when it is."""
        if self._select is None and self._ignore is None:
            return ""
        flow = _flow(exchange)
        if self._ignore is not None and flowfilter.match(self._ignore, flow):
            return "ignored"
        return "" if self._select is None or flowfilter.match(self._select, flow) else "not selected"


def _filter(name: str, expression: str) -> flowfilter.TFilter | None:
    if reason := wrong_filter(expression):
        raise UsageError(f"{name}: {reason}")
    return flowfilter.parse(expression) if expression else None


def _flow(exchange: Exchange) -> http.HTTPFlow:
    """The exchange as a flow, as far as filter expressions look at one; who sent it is not known any more."""
    client = connection.Client(peername=_ADDRESS, sockname=_ADDRESS, timestamp_start=exchange.started)
    flow = http.HTTPFlow(client, connection.Server(address=None))
    flow.request, flow.response = _request(exchange.request), _response(exchange.response)
    return flow


def _request(request: Request) -> http.Request:
    port = request.port or (443 if request.scheme == "https" else 80)
    made = http.Request.make(request.method, f"{request.scheme}://placeholder/", _content(request))
    made.headers = _headers(request.headers)
    made.host, made.port, made.path = request.host, port, request.target
    return made


def _response(response: Response) -> http.Response:
    made = http.Response.make(response.status, _content(response))
    made.headers = _headers(response.headers)
    return made


def _content(message: Request | Response) -> bytes:
    return b"" if message.body is None else message.body.content


def _headers(headers: Headers) -> http.Headers:
    return http.Headers(
        [
            (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape"))
            for name, value in headers
            if name.lower() != "content-encoding"
        ]
    )
