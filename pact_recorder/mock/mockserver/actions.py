"""MockServer's actions, read: `httpForward`, `httpError`, and responses that say more than what is answered.

What is wrong with one is a ValueError with a sentence that begins with the member that is wrong or not supported.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pact_recorder.http import Response
from pact_recorder.http.names import FRAMING
from pact_recorder.matching import JsonValue
from pact_recorder.mock.actions import Fault, Forward, Reply
from pact_recorder.mock.mockserver.body import member_bytes
from pact_recorder.mock.mockserver.framing import framed
from pact_recorder.mock.mockserver.members import Members, at, members_of, only, within
from pact_recorder.mock.mockserver.response import CONNECTION, read_response

UNITS = {
    "NANOSECONDS": 1e-9,
    "MICROSECONDS": 1e-6,
    "MILLISECONDS": 1e-3,
    "SECONDS": 1.0,
    "MINUTES": 60.0,
    "HOURS": 3_600.0,
    "DAYS": 86_400.0,
}
"""The seconds of each unit of time."""

_LONGEST_DELAY = 86_400.0
_HIGHEST_PORT = 65_535
_HOST = re.compile(r"[A-Za-z0-9._:\-]{1,255}|\[[0-9A-Fa-f:.]+\]").fullmatch


def read_reply(document: Members, as_given: bool = True, to_head: bool = False) -> Response | Reply:
    """The answer of an `httpResponse` object, with what it says of time and connection.

    `to_head` says that it answers `HEAD` alone. Without `as_given` it is a recording, whose framing is made anew and
    whose `Content-Encoding` holds for clients that accept it.
    """
    response = read_response({name: each for name, each in document.items() if name not in CONNECTION}, as_given)
    delay = at("delay", document, read_delay)
    close = at("connectionOptions", document, _read_connection)
    if as_given:
        response, closes = framed(response, to_head)
        close = closes if close is None else close
    else:
        response = replace(response, headers=response.headers.without(FRAMING))
    return response if not delay and close is None else Reply(response, delay, close)


def read_delay(document: JsonValue) -> float:
    """The seconds of a `delay` (`{"timeUnit": "SECONDS", "value": 1}`); 0 when there is none."""
    if document is None:
        return 0.0
    members = members_of(document, ("timeUnit", "value"))
    unit, value = members.get("timeUnit") or "MILLISECONDS", members.get("value") or 0
    if not isinstance(unit, str) or unit not in UNITS:
        raise ValueError(f"timeUnit must be one of {', '.join(UNITS)}")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10**15:
        raise ValueError("value must be a whole number that is not negative")
    seconds = value * UNITS[unit]
    if seconds > _LONGEST_DELAY:
        raise ValueError("must not be longer than a day")
    return seconds


def read_forward(document: Members) -> Forward:
    """The action of an `httpForward` object."""
    only(document, ("host", "port", "scheme", "delay"))
    scheme = at("scheme", document, read_scheme) or "http"
    host = at("host", document, read_host)
    if host is None:
        raise ValueError("host: is missing")
    port = at("port", document, read_port) or (443 if scheme == "https" else 80)
    return Forward(host, port, scheme, delay=at("delay", document, read_delay))


def read_error(document: Members) -> Fault:
    """The action of an `httpError` object. The connection always ends with it."""
    only(document, ("dropConnection", "responseBytes", "delay"))
    drop = document.get("dropConnection")
    if not isinstance(drop, (bool, type(None))):
        raise ValueError("dropConnection: must be true or false")
    given = document.get("responseBytes") is not None
    content = within("responseBytes", lambda: member_bytes(document, "responseBytes")) if given else b""
    if not drop and not content:
        raise ValueError("dropConnection: must be true unless there are responseBytes")
    return Fault(content, at("delay", document, read_delay))


def _read_connection(document: JsonValue) -> bool | None:
    """Whether the connection ends with the answer; None when nothing is said."""
    if document is None:
        return None
    members = members_of(document, ("closeSocket", "keepAliveOverride"))
    for name, value in members.items():
        if not isinstance(value, (bool, type(None))):
            raise ValueError(f"{name} must be true or false")
    if members.get("closeSocket"):
        return True
    keep = members.get("keepAliveOverride")
    return None if keep is None else not keep


def read_scheme(value: JsonValue) -> str | None:
    """The scheme of a destination in lower case. Raises ValueError."""
    if value is not None and (not isinstance(value, str) or value.upper() not in ("HTTP", "HTTPS")):
        raise ValueError("must be one of HTTP, HTTPS")
    return None if value is None else str(value).lower()


def read_host(value: JsonValue) -> str | None:
    """The host of a destination. Raises ValueError."""
    if value is None:
        return None
    if not isinstance(value, str) or _HOST(value) is None:
        raise ValueError("must be the name or address of a host")
    return value.strip("[]")


def read_port(value: JsonValue) -> int | None:
    """The port of a destination. Raises ValueError."""
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _HIGHEST_PORT):
        raise ValueError(f"must be a whole number from 1 to {_HIGHEST_PORT}")
    return value if isinstance(value, int) else None
