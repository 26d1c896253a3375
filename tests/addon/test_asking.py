"""What is noted of a request before mitmproxy changes it; e2e/test_strangers.py drives it through real proxies."""

import gc

import pytest
from mitmproxy import http
from mitmproxy.connection import Client
from mitmproxy.options import Options
from mitmproxy.proxy import context, layer
from mitmproxy.proxy.layers.http import HttpLayer, HTTPMode, HttpStream
from mitmproxy.proxy.layers.http._events import RequestHeaders
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import tflow, tutils

from pact_recorder.addon import asking
from pact_recorder.addon.asking import asked, observe

TUNNEL = HTTPMode.transparent


def noted(mode: str, within: HTTPMode, request: http.Request) -> asking.Asked:
    """What is noted when the layer of a connection hands a request on."""
    client: Client = tflow.tclient_conn()
    client.proxy_mode = ProxyMode.parse(mode)
    nextlayer = layer.NextLayer(context.Context(client, Options()))
    nextlayer.layer = HttpLayer(nextlayer.context, within)
    observe(nextlayer)
    stream = HttpStream(nextlayer.context, 1)
    # What comes of it is mitmproxy's business.
    nextlayer.layer.event_to_child(stream, RequestHeaders(1, request, end_stream=True))
    request.headers["host"] = "changed.example"
    request.authority = ""
    return asked(request)


@pytest.mark.parametrize(
    ("mode", "within", "authority", "version", "origin_form"),
    [
        ("regular", HTTPMode.regular, b"", b"HTTP/1.1", True),
        ("regular", HTTPMode.regular, b"a.example", b"HTTP/1.1", False),
        ("regular", HTTPMode.regular, b"a.example", b"HTTP/2.0", False),
        ("regular", TUNNEL, b"", b"HTTP/1.1", False),
        ("regular", TUNNEL, b"a.example", b"HTTP/2.0", False),
        ("upstream:http://u.example", HTTPMode.upstream, b"", b"HTTP/1.1", True),
        ("upstream:http://u.example", TUNNEL, b"", b"HTTP/1.1", False),
        ("reverse:http://u.example", TUNNEL, b"", b"HTTP/1.1", True),
        ("reverse:http://u.example", TUNNEL, b"a.example", b"HTTP/1.1", False),
        ("reverse:http://u.example", TUNNEL, b"a.example", b"HTTP/2.0", True),
        ("socks5", TUNNEL, b"", b"HTTP/1.1", True),
    ],
)
def test_whether_a_server_was_asked(
    mode: str, within: HTTPMode, authority: bytes, version: bytes, origin_form: bool
) -> None:
    request = tutils.treq(authority=authority, http_version=version, headers=((b"host", b"own.example"),))
    found = noted(mode, within, request)
    assert found.origin_form is origin_form
    assert (b"host", b"own.example") in found.fields
    # HTTP/2 has its host elsewhere, and may have both.
    assert ((b"host", b"a.example") in found.fields) is (version == b"HTTP/2.0")


def test_of_a_request_that_nobody_noted_nothing_is_believed() -> None:
    assert asked(tutils.treq()).origin_form is False


def test_notes_go_with_their_requests() -> None:
    gc.collect()
    before = len(asking._asked)
    noted("regular", HTTPMode.regular, tutils.treq())
    gc.collect()
    assert len(asking._asked) == before
