"""Keeping a test off the network: connections of this process to other machines are refused.

Only Python's own sockets are watched, which requests, httpx, urllib3 and aiohttp use.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest


class NetworkBlockedError(OSError):
    """A test whose traffic is replayed tried to reach another machine."""


@contextmanager
def blocked_network(allowed: frozenset[str], advice: str, *, active: bool) -> Iterator[None]:
    """Refuse connections to hosts that are neither this machine nor allowed, while `active`.

    `advice` is a sentence about how to record.
    """
    if not active:
        yield
        return
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked_connect(self: socket.socket, address: Any) -> None:
        _check(self, address, allowed, advice)
        return connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address, allowed, advice)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked_connect)
        patch.setattr(socket.socket, "connect_ex", checked_connect_ex)
        yield


def _check(connecting: socket.socket, address: Any, allowed: frozenset[str], advice: str) -> None:
    if connecting.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return
    host = str(address[0])
    if host in allowed or _is_this_machine(host):
        return
    raise NetworkBlockedError(
        f"A connection to {host}:{address[1]} was refused: the test replays its traffic (mode none). Send it through "
        f"the proxy (pact_recording.url), or allow the host with @pytest.mark.allowed_hosts. {advice}"
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("", "localhost")
