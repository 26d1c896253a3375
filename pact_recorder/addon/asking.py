"""What a client asked for, word for word: mitmproxy changes the target and the Host before any hook sees a request.

In regular mode it makes a path of an absolute target, in reverse mode it puts the upstream into Host. Whether the
proxy itself was asked, and under which name, decides who may use the control API. So the layer that reads requests is
told to note both first, and to carry what mitmproxy would not (`trailing.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mitmproxy import http
from mitmproxy.proxy import events, layer
from mitmproxy.proxy.layers.http import HttpLayer, HTTPMode, HttpStream
from mitmproxy.proxy.layers.http._events import RequestHeaders
from mitmproxy.proxy.mode_specs import RegularMode, UpstreamMode

from pact_recorder.addon.trailing import carry_trailers

if TYPE_CHECKING:
    from mitmproxy.proxy.layer import CommandGenerator

Fields = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's head as it came: `origin_form` when a server was asked, not a proxy; `fields` with the Host."""

    origin_form: bool
    fields: Fields


_asked: WeakKeyDictionary[http.Request, Asked] = WeakKeyDictionary()


def asked(request: http.Request) -> Asked:
    """What was asked; of a request that nobody noted nothing is known, so it was not the proxy that was asked."""
    return _asked.get(request) or Asked(origin_form=False, fields=request.headers.fields)


def observe(nextlayer: layer.NextLayer) -> None:
    """Let the layers that mitmproxy has chosen for a connection note what is asked."""
    below = nextlayer.layer
    while below is not None:
        if type(below) is HttpLayer:
            # The layers around it hold this very object, so it cannot be replaced by another one.
            below.__class__ = _NotingLayer
        below = getattr(below, "child_layer", None)


class _NotingLayer(HttpLayer):
    """mitmproxy's layer, which notes each request before it is changed."""

    def event_to_child(self, child: layer.Layer | HttpStream, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, RequestHeaders) and isinstance(child, HttpStream):
            _asked[event.request] = _asked_in(event.request, self)
        elif not isinstance(child, HttpStream):
            carry_trailers(child, event)
        return super().event_to_child(child, event)


def _asked_in(request: http.Request, within: HttpLayer) -> Asked:
    fields = request.headers.fields
    if request.is_http2 or request.is_http3:
        if request.authority:
            fields = ((b"host", request.authority.encode("utf-8", "surrogateescape")), *fields)
        # It has no forms of targets: the same request goes to a server and to a proxy.
        return Asked(within.mode is HTTPMode.transparent and not _is_tunnelled(within), fields)
    return Asked(not request.authority and not _is_tunnelled(within), fields)


def _is_tunnelled(within: HttpLayer) -> bool:
    """Whether the request came through CONNECT: to a proxy too, only otherwise."""
    asked_as_proxy = isinstance(within.context.client.proxy_mode, (RegularMode, UpstreamMode))
    return asked_as_proxy and within.mode is HTTPMode.transparent
