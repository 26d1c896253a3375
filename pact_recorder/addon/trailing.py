"""Trailers over HTTP/1.1: the fields after the last chunk of a chunked body (RFC 9112 §7.1.2).

mitmproxy (10 to 12) carries trailers over HTTP/2 and HTTP/3 only. Over HTTP/1 its layer raises NotImplementedError in
the middle of a connection, which is logged as a crash, and client and provider wait for each other until one gives up.
So the layers of HTTP/1 connections are told here to read trailers into the message, as those of HTTP/2 do, and to write
them where the body goes in chunks. Where it goes with its length there is no place for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import h11
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy import http
from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http._events import (
    RequestEndOfMessage,
    RequestHeaders,
    RequestTrailers,
    ResponseEndOfMessage,
    ResponseTrailers,
)
from mitmproxy.proxy.layers.http._http1 import Http1Client, Http1Connection, Http1Server

if TYPE_CHECKING:
    from mitmproxy.proxy.layer import CommandGenerator
    from mitmproxy.proxy.layers.http._events import HttpEvent

_LAST_CHUNK = b"0\r\n\r\n"


def carry_trailers(connection: layer.Layer, event: events.Event) -> None:
    """Let the layer of an HTTP/1 connection carry trailers; `event` is what it is told next."""
    if type(connection) is Http1Server:
        # mitmproxy holds this very object, so it cannot be replaced by another one.
        connection.__class__ = _Server
    elif isinstance(event, RequestHeaders):
        # Layers for TLS or a proxy may stand before it; it is the last, as mitmproxy finds it too.
        last = connection.context.layers[-1]
        if type(last) is Http1Client:
            last.__class__ = _Client


class _Reader:
    """A reader of a chunked body, which takes the trailers out before mitmproxy sees them."""

    def __init__(self, reader: ChunkedReader, take: Callable[[http.Headers], None]) -> None:
        self._reader = reader
        self._take = take

    def __call__(self, buffer: ReceiveBuffer) -> h11.Data | h11.EndOfMessage | None:
        event = self._reader(buffer)
        if isinstance(event, h11.EndOfMessage) and event.headers:
            # Names in lower case, as HTTP/2 has them, since they may go on there.
            self._take(http.Headers(list(event.headers)))
            return h11.EndOfMessage()
        return event

    def read_eof(self) -> h11.EndOfMessage:
        return self._reader.read_eof()


class _Server(Http1Server):
    """mitmproxy's connection to a client, with trailers."""

    _trailers: http.Headers | None = None

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        if self.request is not None:
            _read_trailers(self, self.request)
        yield from super().read_body(event)

    def send(self, event: HttpEvent) -> CommandGenerator[None]:
        if isinstance(event, ResponseTrailers):
            self._trailers = event.trailers
        elif isinstance(event, ResponseEndOfMessage):
            bodiless = self.request is not None and self.request.method.upper() == "HEAD"
            trailers, self._trailers = self._trailers, None
            yield from _with_trailers(super().send(event), self.conn, None if bodiless else trailers)
        else:
            yield from super().send(event)


class _Client(Http1Client):
    """mitmproxy's connection to a provider, with trailers."""

    _trailers: http.Headers | None = None

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        if self.response is not None:
            _read_trailers(self, self.response)
        yield from super().read_body(event)

    def send(self, event: HttpEvent) -> CommandGenerator[None]:
        if isinstance(event, RequestTrailers):
            self._trailers = event.trailers
        elif isinstance(event, RequestEndOfMessage):
            trailers, self._trailers = self._trailers, None
            yield from _with_trailers(super().send(event), self.conn, trailers)
        else:
            yield from super().send(event)


def _read_trailers(connection: Http1Connection, message: http.Message) -> None:
    """Have the trailers of a message that is being read put into it."""
    if type(connection.body_reader) is ChunkedReader:

        def take(trailers: http.Headers) -> None:
            message.trailers = trailers

        connection.body_reader = _Reader(connection.body_reader, take)  # type: ignore[assignment]


def _with_trailers(
    sending: CommandGenerator[None], connection: Connection, trailers: http.Headers | None
) -> CommandGenerator[None]:
    """The commands that end a message, with the trailers behind the last chunk, where there is one."""
    for command in sending:
        if trailers and isinstance(command, commands.SendData) and command.data == _LAST_CHUNK:
            command, trailers = commands.SendData(connection, _LAST_CHUNK[:-2] + bytes(trailers) + b"\r\n"), None
        yield command
