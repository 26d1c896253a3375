"""Who a request is for: this program itself, or the world beyond."""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.proxy.mode_specs import ReverseMode

MAGIC_HOST = "pact.recorder"
CONTROL_PREFIX = "/mockserver/"
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})


def is_for_us(flow: http.HTTPFlow) -> bool:
    """Whether the client asked the proxy itself (its own address and port, or the magic host) and no one beyond."""
    return flow.request.pretty_host == MAGIC_HOST or flow.request.host == MAGIC_HOST or _is_own_address(flow)


def is_behind(flow: http.HTTPFlow) -> bool:
    """Whether the client takes the proxy for the provider, as behind a reverse proxy."""
    return isinstance(flow.client_conn.proxy_mode, ReverseMode)


def is_control(flow: http.HTTPFlow) -> bool:
    """Whether the request is for the control API; the same path of another host is ordinary traffic."""
    path = flow.request.path
    if not path.startswith(CONTROL_PREFIX) and path != CONTROL_PREFIX[:-1]:
        return False
    return is_behind(flow) or is_for_us(flow)


def _is_own_address(flow: http.HTTPFlow) -> bool:
    own = flow.client_conn.sockname
    if not own or flow.request.port != own[1]:
        return False
    host = flow.request.host
    return host in _LOOPBACK_NAMES or host == own[0]
