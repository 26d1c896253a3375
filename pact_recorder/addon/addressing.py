"""Who a request is for: this program itself, or the world beyond."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import IPv6Address, ip_address

from mitmproxy import http
from mitmproxy.connection import Client
from mitmproxy.proxy.mode_specs import RegularMode, ReverseMode, Socks5Mode, UpstreamMode

from pact_recorder.addon.fields import field

MAGIC_HOST = "pact.recorder"
CONTROL_PREFIX = "/mockserver/"
_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


def is_for_us(flow: http.HTTPFlow) -> bool:
    """Whether the client asked the proxy itself (its own address and port, or the magic host) and no one beyond."""
    return _is_own_address(flow) or flow.request.host == MAGIC_HOST or _asked_host(flow.request) == MAGIC_HOST


def is_from_elsewhere(client: Client) -> bool:
    """Whether a client of a listener that is open to any is another machine.

    Transparent, local and WireGuard modes redirect traffic here on purpose, with any address.
    """
    mode = client.proxy_mode
    named = isinstance(mode, (RegularMode, UpstreamMode, ReverseMode, Socks5Mode))
    return named and not _names_loopback(client.peername[0].partition("%")[0])


def is_behind(flow: http.HTTPFlow) -> bool:
    """Whether the client takes the proxy for the provider, as behind a reverse proxy."""
    return isinstance(flow.client_conn.proxy_mode, ReverseMode)


def is_control(flow: http.HTTPFlow) -> bool:
    """Whether the request is for the control API; the same path of another host is ordinary traffic."""
    path = flow.request.path
    if not path.startswith(CONTROL_PREFIX) and path != CONTROL_PREFIX[:-1]:
        return False
    return is_behind(flow) or is_for_us(flow)


def _asked_host(request: http.Request) -> str:
    """The name in the Host header; mitmproxy's `pretty_host` tells the same at twenty times the cost."""
    if request.is_http2 or request.is_http3:
        return (request.host_header or "").partition(":")[0].lower()
    return field(request.headers, b"host").partition(b":")[0].lower().decode("utf-8", "surrogateescape")


def _is_own_address(flow: http.HTTPFlow) -> bool:
    own = flow.client_conn.sockname
    if not own or flow.request.port != own[1]:
        return False
    host = flow.request.host
    return host == own[0] or _names_loopback(host)


def leads_here(address: tuple[str, int] | tuple[str, int, int, int], listeners: set[int]) -> bool:
    """Whether a connection to an address would reach a listener of this process, however the address is spelled."""
    host, port = address[0], address[1]
    if port not in listeners:
        return False
    if _names_loopback(host):
        return True
    with suppress(OSError):
        return any(_is_local(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return False


def _names_loopback(host: str) -> bool:
    name = host.lower().rstrip(".")
    if name in _LOCAL_NAMES:
        return True
    with suppress(ValueError):
        address = ip_address(name)
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return address.is_loopback or address.is_unspecified
    return False


def _is_local(address: object) -> bool:
    """Whether an address is one of this machine: only such a one can be bound to."""
    family = socket.AF_INET6 if ":" in str(address) else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((str(address), 0))
        return True
    return False
