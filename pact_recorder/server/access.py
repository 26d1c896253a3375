"""Who may use the control API: programs on this machine, and whoever has the token.

A browser on this machine is not "this machine": any page that it shows could call the API, and says so by an
`Origin` header, so such a request needs the token as well.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from pact_recorder.http import Headers


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request may not use the control API: a status and one sentence that says how to allow it."""

    status: int
    sentence: str


_FROM_ELSEWHERE = Refusal(
    403,
    "The control API answers only this machine: call it from here, or set pact_control_token and send it as "
    "Authorization: Bearer <token>.",
)
_FROM_A_PAGE = Refusal(
    403,
    "The control API does not answer web pages (the request has an Origin header): set pact_control_token and send "
    "it as Authorization: Bearer <token>.",
)


def allowed(peer_host: str | None, headers: Headers, token: str | None) -> Refusal | None:
    """None when a request may use the control API, else why not.

    `peer_host` is the address of the other end of the connection (None: unknown), `token` the configured control
    token (None or empty: there is none).
    """
    if token and _carries(headers, token):
        return None
    if not _is_loopback(peer_host):
        return _FROM_ELSEWHERE
    return _FROM_A_PAGE if "origin" in headers else None


def _carries(headers: Headers, token: str) -> bool:
    scheme, _, given = (headers.get("authorization") or "").strip().partition(" ")
    # compare_digest takes as long for a wrong token as for the right one; bytes, since text must be ASCII there.
    same = hmac.compare_digest(_bytes(given.strip()), _bytes(token))
    return scheme.lower() == "bearer" and same


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_loopback(host: str | None) -> bool:
    try:
        # An IPv6 address may carry a zone: fe80::1%eth0.
        address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
