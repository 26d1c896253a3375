"""Who may use the control API: programs on this machine that ask it directly, and whoever has the token.

Two things on this machine are not "programs on this machine". A browser runs what strangers wrote: its requests have an
`Origin` or `Sec-Fetch-Site`, or a name in `Host` that a stranger's DNS pointed here, or come through the proxy. And a
reverse proxy passes on what strangers sent, which its forwarding headers say. All of these need the token.
"""

from __future__ import annotations

import hmac
import logging
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from pact_recorder.http import Headers

_log = logging.getLogger(__name__)
_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
_USUAL_PORTS = {"http": 80, "https": 443}
# Exactly what a client writes there: no user, no second value, no port in another spelling.
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::([1-9][0-9]{0,4}))?")
# No program that asks directly writes a header with such a word in its name: of a hop, of a proxy, or of a network or
# service that passes requests on ...
_OF_A_HOP = frozenset(
    (
        "forwarded", "forward", "via", "proxy", "proxied", "original", "rewrite", "loop", "ssl",
        "akamai", "appengine", "arr", "azure", "cf", "cloudfront", "envoy", "fastly", "fly", "haproxy", "incap", "nf",
        "sucuri", "tailscale", "varnish", "vercel",
    )
)  # fmt: skip
# ... nor one that ends by saying that it is an address: X-Real-IP, CF-Connecting-IPv6, X-Azure-ClientIP, Remote-Addr.
_ADDRESSES = frozenset(("ip", "ipv4", "ipv6", "addr", "clientip", "realip", "remoteip", "socketip", "userip"))
_HOW = (
    "set a control token (pact_control_token_file, PACT_RECORDER_TOKEN) and send it as Authorization: Bearer <token>."
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request may not use the control API: a status and one sentence that says how to allow it."""

    status: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from and what it asked for, as it was on the wire.

    `peer_host` is the address of the other end of the connection and `own` address and port of this end (None:
    unknown). `origin_form` says that the target was a path: the caller took this program for a server, not a proxy.
    """

    peer_host: str | None
    headers: Headers
    own: tuple[str, int] | None = None
    scheme: str = "http"
    origin_form: bool = False


_FROM_ELSEWHERE = Refusal(403, f"The control API answers only this machine: call it from here, or {_HOW}")
_FORWARDED_HERE = Refusal(
    403, f"The control API does not answer what another proxy passed on: call it directly, or {_HOW}"
)
_FROM_A_PAGE = Refusal(
    403, f"The control API does not answer web pages (the request has an Origin or Sec-Fetch-Site header): {_HOW}"
)
_THROUGH_THE_PROXY = Refusal(
    403,
    "The control API does not answer requests that come through the proxy, since any page in a browser can send "
    f"those: call it at the proxy's own address (curl --noproxy '*', or NO_PROXY=127.0.0.1), or {_HOW}",
)
_WRONG_TOKEN = Refusal(
    403,
    "The control API needs its token for this request, and the one in Authorization is wrong: send the one that is set "
    "(pact_control_token_file, PACT_RECORDER_TOKEN) as Authorization: Bearer <token>.",
)
_NOT_OUR_NAME = Refusal(
    403,
    "The control API answers only to its own address in the Host header (127.0.0.1 or localhost, with its port): "
    f"use that, or {_HOW}",
)


def allowed(caller: Caller, token: str | None) -> Refusal | None:
    """None when a request may use the control API, else why not. `token` is the configured one, if any."""
    if token and carries_token(caller.headers, token):
        return None
    refusal = _refused_without_token(caller)
    return _WRONG_TOKEN if refusal is not None and token and "authorization" in caller.headers else refusal


def _refused_without_token(caller: Caller) -> Refusal | None:
    if not is_loopback(caller.peer_host):
        return _FROM_ELSEWHERE
    # A client of the proxy writes headers of a hop, too (Proxy-Connection): nobody else has to have passed it on.
    if caller.origin_form and any(map(_is_of_a_hop, {name for name, _ in caller.headers})):
        return _FORWARDED_HERE
    if "origin" in caller.headers or caller.headers.get("sec-fetch-site") not in (None, "none"):
        return _FROM_A_PAGE
    if not caller.origin_form:
        return _THROUGH_THE_PROXY
    return None if _names_us(caller) else _NOT_OUR_NAME


class Doorkeeper:
    """Judges callers, and logs the first refusal of each kind: whoever knocks a thousand times fills no log."""

    def __init__(self) -> None:
        self._told: set[Refusal] = set()

    def refusal(self, caller: Caller, token: str | None, method: str, path: str) -> Refusal | None:
        """As `allowed`; `method` and `path` are for the log."""
        refusal = allowed(caller, token)
        if refusal is not None and refusal not in self._told:
            self._told.add(refusal)
            shown = ascii(f"{method[:20]} {path[:200]}")
            _log.warning("Refused %s from %s (told once): %s", shown, caller.peer_host, refusal.sentence)
        return refusal


def carries_token(headers: Headers, token: str) -> bool:
    """Whether the one Authorization header is `Bearer` and the token."""
    given = headers.get_all("authorization")
    if len(given) != 1:
        return False
    scheme, _, value = given[0].strip().partition(" ")
    # compare_digest takes as long for a wrong token as for the right one; bytes, since text must be ASCII there.
    same = hmac.compare_digest(_bytes(value.strip()), _bytes(token))
    return scheme.lower() == "bearer" and same


def _is_of_a_hop(name: str) -> bool:
    """Whether a header says that somebody passed the request on, as `Forwarded`, `Via` and their kin do."""
    words = name.lower().replace("_", "-").split("-")
    return not _OF_A_HOP.isdisjoint(words) or words[-1] in _ADDRESSES


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _names_us(caller: Caller) -> bool:
    """Whether the one Host header is this end of the connection, or a name that can only be this machine."""
    given = caller.headers.get_all("host")
    found = _HOST.fullmatch(given[0].strip().lower()) if len(given) == 1 else None
    if found is None or caller.own is None:
        return False
    host, port = found[1] or found[2], int(found[3]) if found[3] else _USUAL_PORTS.get(caller.scheme)
    if port != caller.own[1]:
        return False
    named = _address(host)
    if named is None:
        return host.removesuffix(".") in _LOCAL_NAMES
    return named.is_loopback or named == _address(caller.own[0])


def is_loopback(host: str | None) -> bool:
    """Whether an address is one that only this machine has, also as IPv6 writes an address of IPv4."""
    address = _address(host)
    return address is not None and address.is_loopback


def _address(host: str | None) -> IPv4Address | IPv6Address | None:
    try:
        # An IPv6 address may carry a zone: fe80::1%eth0.
        address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
