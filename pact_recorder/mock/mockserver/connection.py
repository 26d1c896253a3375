"""What MockServer's request matchers say of the connection: `secure`, `keepAlive` and `protocol`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pact_recorder.http import Request
from pact_recorder.matching import HeaderMismatch, JsonValue, Mismatch

_PROTOCOLS = {"HTTP_1_1": "HTTP/1", "HTTP_2": "HTTP/2", "HTTP_3": "HTTP/3"}


@dataclass(frozen=True, slots=True)
class ConnectionPattern:
    """What is expected of the connection; None takes any."""

    secure: bool | None = None
    keep_alive: bool | None = None
    protocol: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether any connection will do."""
        return self == _ANY

    def differences(self, request: Request) -> list[Mismatch]:
        """Why a request does not come as expected, as mismatches of the pseudo-headers that say so."""
        found: list[Mismatch] = []
        for member, of in _ACTUAL.items():
            expected, actual = getattr(self, member), of(request)
            if expected is not None and expected != actual:
                sentence = f"Expected {_MEMBERS[member]} to be {_shown(expected)} but was {_shown(actual)}"
                found.append(HeaderMismatch(_MEMBERS[member], _shown(expected), _shown(actual), sentence))
        return found


def read_connection(members: Mapping[str, JsonValue]) -> ConnectionPattern:
    """The pattern of an `httpRequest`'s members. Raises ValueError that begins with the member that is wrong."""
    for name in ("secure", "keepAlive"):
        if not isinstance(members.get(name), (bool, type(None))):
            raise ValueError(f"{name}: must be true or false")
    protocol = members.get("protocol") or None
    if protocol is not None and (not isinstance(protocol, str) or protocol not in _PROTOCOLS):
        raise ValueError(f"protocol: must be one of {', '.join(_PROTOCOLS)}")
    secure, keep_alive = members.get("secure"), members.get("keepAlive")
    return ConnectionPattern(
        secure if isinstance(secure, bool) else None,
        keep_alive if isinstance(keep_alive, bool) else None,
        protocol,
    )


def _keeps_alive(request: Request) -> bool:
    """Whether the client wants the connection kept (RFC 9112 §9.3)."""
    options = {option.strip().lower() for value in request.headers.get_all("connection") for option in value.split(",")}
    return "close" not in options and (request.http_version != "HTTP/1.0" or "keep-alive" in options)


def _protocol(request: Request) -> str | None:
    return next((name for name, begins in _PROTOCOLS.items() if request.http_version.startswith(begins)), None)


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_ANY = ConnectionPattern()
_MEMBERS = {"secure": "secure", "keep_alive": "keepAlive", "protocol": "protocol"}
_ACTUAL: Mapping[str, Callable[[Request], object]] = {
    "secure": lambda request: request.scheme == "https",
    "keep_alive": _keeps_alive,
    "protocol": _protocol,
}
