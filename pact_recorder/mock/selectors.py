"""Which request headers select a recorded answer (design: method, path, query, body and the headers that matter).

They are those named by the answer's `Vary`, `Content-Type`, `Accept` unless it accepts anything, those that name the
operation where many share a path (`X-Amz-Target`, `SOAPAction`), `Range` when the answer is about a range, the
conditional headers when the answer is about a condition, and `Prefer` when it says which was applied. Volatile and
hop-by-hop headers never take part; `Accept-Encoding` does not either, since bodies are compared decoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pact_recorder.http import Exchange, MediaType, Request, Response
from pact_recorder.http.names import HOP_BY_HOP, is_secret_header, is_volatile_request_header
from pact_recorder.http.remembering import remembered
from pact_recorder.mock.fingerprint import mask

ALWAYS = frozenset({"content-type", "accept"})
_VALIDATORS = frozenset({"if-none-match", "if-modified-since"})
CONDITIONAL = _VALIDATORS | {"if-match", "if-unmodified-since"}
_RANGE = frozenset({"range"})
_NEEDED = {304: _VALIDATORS, 412: CONDITIONAL, 206: _RANGE, 416: _RANGE}
_NOTHING: frozenset[str] = frozenset()
# They name the operation where many share a path.
_CALLING = frozenset({"x-amz-target", "soapaction"})
_NEVER = frozenset({"accept-encoding", "host", "content-length", "*", ""})
# They choose among recorded answers when their value is known, but never make a request miss.
PREFERENCES = frozenset({"cookie", "origin"})
_MOST_SELECTORS = 32
# The place of `Accept` among the required values.
_ACCEPT = 1

Selectors = frozenset[str]


def selectors_of(exchange: Exchange) -> Selectors:
    """Lower-case names of the request headers that selected this answer, beyond those that always do."""
    names = {name for value in exchange.response.headers.get_all("vary") for name in _named(value)}
    names |= {name for name in _CALLING if name in exchange.request.headers}
    names |= needed_for(exchange.response.status)
    if "preference-applied" in exchange.response.headers:
        names.add("prefer")
    return frozenset(sorted(names)[:_MOST_SELECTORS])


def needed_for(status: int) -> frozenset[str]:
    """Lower-case names of the request headers that an answer of a status depends on (RFC 9110 §13, §14)."""
    return _NEEDED.get(status, _NOTHING)


def varied_by(response: Response) -> frozenset[str]:
    """Lower-case names that an answer's `Vary` has, without those that carry credentials or are only preferred to."""
    value = response.headers.get("vary")
    return _NOTHING if value is None else _plainly_named(value)


@remembered(1024)
def _plainly_named(value: str) -> frozenset[str]:
    return frozenset(name for name in _named(value) if name not in PREFERENCES and not is_secret_header(name))


@remembered(1024)
def _named(value: str) -> frozenset[str]:
    """The names in a line of `Vary` that may select."""
    return frozenset(name for each in value.split(",") if _may_select(name := each.strip().lower()))


def _may_select(name: str) -> bool:
    return (
        name not in _NEVER
        and name not in ALWAYS
        and name not in HOP_BY_HOP
        and (name in PREFERENCES or is_secret_header(name) or not is_volatile_request_header(name))
    )


class Preferences(NamedTuple):
    """What chooses among recorded answers and never makes a request miss.

    `credentials` says which credentials a request carries, not their values; `values` are those that select by `Vary`,
    and the redacted ones of path, query and body.
    """

    credentials: tuple[str, ...]
    values: tuple[str, ...]


def credentials_of(request: Request) -> tuple[str, ...]:
    """Which credentials a request carries: `authorization:Bearer`, `cookie:`, `x-api-key:`."""
    carried = {
        f"{name.lower()}:{value.partition(' ')[0] if ' ' in value and name.lower() != 'cookie' else ''}"
        for name, value in request.headers
        if is_secret_header(name)
    }
    return tuple(sorted(carried))


def selecting_values(request: Request, selectors: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values of the selecting headers: those that must agree, and those that are only preferred to."""
    required: list[str] = [_content_type(request), _accept(request)]  # see _ACCEPT
    preferred: list[str] = []
    for name in sorted(selectors):
        values = request.headers.get_all(name)
        if name in PREFERENCES:
            preferred.extend(f"{name}:{value}" for value in values)
        elif name in CONDITIONAL:
            required.append(f"{name}?{bool(values)}")
        elif is_secret_header(name):
            required.append(f"{name}?{_schemes(values)}")
            preferred.extend(f"{name}:{value}" for value in values)
        else:
            # Several lines of a field are one list, however it is divided into lines (RFC 9110 §5.3).
            listed = ",".join(part.strip() for part in ",".join(values).split(","))
            required.append(f"{name}:{mask(listed, preferred)}")
    return tuple(required), tuple(preferred)


def accepts_anything(required: tuple[str, ...]) -> bool:
    """Whether the required values, as `selecting_values` gives them, are of a request that accepts any type."""
    return not required[_ACCEPT]


def but_for_accept(required: tuple[str, ...]) -> tuple[str, ...]:
    """The required values without that of `Accept`."""
    return required[:_ACCEPT] + required[_ACCEPT + 1 :]


def _content_type(request: Request) -> str:
    media_type = MediaType.parse(request.headers.get("content-type"))
    if media_type is None:
        return request.headers.get("content-type") or ""
    parameters = sorted(
        f"{name}={value.lower()}" for name, value in media_type.parameters.items() if name != "boundary"
    )
    return ";".join([media_type.essence, *parameters])


def _accept(request: Request) -> str:
    value = ",".join(request.headers.get_all("accept"))
    return "" if value.strip() == "*/*" else ",".join(part.strip() for part in value.split(","))


def _schemes(values: list[str]) -> str:
    return ",".join(value.partition(" ")[0] if " " in value else "" for value in values) if values else "absent"
