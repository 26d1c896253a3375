"""MockServer's actions, read: `httpForward`, `httpOverrideForwardedRequest`, `httpError`, and delayed responses.

What is wrong with one is a ValueError with a sentence that begins with the member that is wrong or not supported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

import regex

from pact_recorder.http import Body, Headers, Response
from pact_recorder.matching import JsonValue
from pact_recorder.mock.actions import (
    BodyChange,
    Fault,
    FieldsChange,
    Forward,
    Pair,
    Reply,
    RequestChange,
    ResponseChange,
)
from pact_recorder.mock.mockserver_body import member_bytes
from pact_recorder.mock.mockserver_fields import named_values
from pact_recorder.mock.mockserver_response import read_body, read_response, read_status
from pact_recorder.mock.mockserver_text import java_pattern, translated

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
_GROUP = re.compile(r"\\(.)|\$(\d{1,2})|\$\{(\w+)\}")
_NO_BREAK = re.compile(r"[^\r\n\0]*").fullmatch
_HOST = re.compile(r"[A-Za-z0-9._:\-]{1,255}|\[[0-9A-Fa-f:.]+\]").fullmatch
Members = Mapping[str, JsonValue]
Read = TypeVar("Read")


def read_reply(document: Members) -> Response | Reply:
    """The answer of an `httpResponse` object, with what it says of time and connection."""
    response = read_response({name: each for name, each in document.items() if name not in _CONNECTION})
    delay = _at("delay", document, read_delay)
    close = _at("connectionOptions", document, _read_connection)
    return response if not delay and close is None else Reply(response, delay, close)


def read_delay(document: JsonValue) -> float:
    """The seconds of a `delay` (`{"timeUnit": "SECONDS", "value": 1}`); 0 when there is none."""
    if document is None:
        return 0.0
    members = _members(document, ("timeUnit", "value"))
    unit, value = members.get("timeUnit") or "MILLISECONDS", members.get("value") or 0
    if unit not in UNITS:
        raise ValueError(f"timeUnit must be one of {', '.join(UNITS)}")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10**15:
        raise ValueError("value must be a whole number that is not negative")
    seconds = value * UNITS[str(unit)]
    if seconds > _LONGEST_DELAY:
        raise ValueError("must not be longer than a day")
    return seconds


def read_forward(document: Members) -> Forward:
    """The action of an `httpForward` object."""
    _only(document, ("host", "port", "scheme", "delay"))
    scheme = _at("scheme", document, _scheme) or "http"
    host = _at("host", document, _host)
    if host is None:
        raise ValueError("host: is missing")
    port = _at("port", document, _port) or (443 if scheme == "https" else 80)
    return Forward(host, port, scheme, delay=_at("delay", document, read_delay))


def read_override(document: Members) -> Forward:
    """The action of an `httpOverrideForwardedRequest` object, in its present form or the older one."""
    document = {_PRESENT.get(name, name): each for name, each in document.items()}
    _only(document, ("requestOverride", "requestModifier", "responseOverride", "responseModifier", "delay"))
    host, port, scheme = _at("requestOverride", document, _target)
    return Forward(
        host, port, scheme, _request_change(document), _response_change(document), _at("delay", document, read_delay)
    )


def read_error(document: Members) -> Fault:
    """The action of an `httpError` object. The connection always ends with it."""
    _only(document, ("dropConnection", "responseBytes", "delay"))
    drop = document.get("dropConnection")
    if not isinstance(drop, (bool, type(None))):
        raise ValueError("dropConnection: must be true or false")
    given = document.get("responseBytes") is not None
    content = _within("responseBytes", lambda: member_bytes(document, "responseBytes")) if given else b""
    if not drop and not content:
        raise ValueError("dropConnection: must be true unless there are responseBytes")
    return Fault(content, _at("delay", document, read_delay))


_CONNECTION = ("delay", "connectionOptions")
_PRESENT = {"httpRequest": "requestOverride", "httpResponse": "responseOverride"}
_OVERRIDES = ("method", "path", "queryStringParameters", "headers", "cookies", "body", "secure", "socketAddress")
_ANSWERS = ("statusCode", "reasonPhrase", "headers", "cookies", "body")


def _read_connection(document: JsonValue) -> bool | None:
    """Whether the connection ends with the answer; None when nothing is said."""
    if document is None:
        return None
    members = _members(document, ("closeSocket", "keepAliveOverride"))
    for name, value in members.items():
        if not isinstance(value, (bool, type(None))):
            raise ValueError(f"{name} must be true or false")
    if members.get("closeSocket"):
        return True
    keep = members.get("keepAliveOverride")
    return None if keep is None else not keep


def _target(document: JsonValue) -> tuple[str | None, int | None, str | None]:
    """Where an overridden request goes: its `socketAddress`, else its Host header."""
    members = _optional_members(document)
    address = _at("socketAddress", members, _optional_members)
    _only(address, ("host", "port", "scheme"))
    host, port, scheme = (_at("host", address, _host), _at("port", address, _port), _at("scheme", address, _scheme))
    if scheme is None and isinstance(members.get("secure"), bool):
        scheme = "https" if members["secure"] else "http"
    named = {name.lower(): value for name, value in _at("headers", members, _pairs)}.get("host")
    if host is None and named is not None:
        name, colon, digits = named.rpartition(":")
        host, port = (name, _port(int(digits))) if colon and digits.isdigit() and len(digits) < 6 else (named, port)
        host = _host(host)
    if host is not None and port is None:
        port = 443 if scheme == "https" else 80
    return host, port, scheme


def _request_change(document: Members) -> RequestChange | None:
    part = _Part("request", document)
    part.check(_OVERRIDES, ("path", "queryStringParameters", "headers", "cookies"))
    if part.is_empty:
        return None
    pattern, substitution = part.modifier("path", _rewriting)
    return RequestChange(
        part.override("method", _line),
        part.override("path", _path),
        pattern,
        substitution,
        part.fields("queryStringParameters"),
        part.fields("headers"),
        part.fields("cookies"),
        part.body(),
    )


def _response_change(document: Members) -> ResponseChange | None:
    part = _Part("response", document)
    part.check(_ANSWERS, ("headers", "cookies"))
    if part.is_empty:
        return None
    cookies = part.fields("cookies")
    return ResponseChange(
        part.override("statusCode", lambda status: None if status is None else read_status(status)),
        part.override("reasonPhrase", _line),
        part.fields("headers"),
        FieldsChange(_lines(cookies.set), _lines(cookies.replace), _lines(cookies.add), cookies.remove),
        part.body(),
    )


class _Part:
    """What is overridden and what is modified of a request or a response."""

    def __init__(self, name: str, document: Members) -> None:
        self._names = (f"{name}Override", f"{name}Modifier")
        self._override, self._modifier = (_at(each, document, _optional_members) for each in self._names)

    @property
    def is_empty(self) -> bool:
        return not self._override and not self._modifier

    def check(self, overridden: tuple[str, ...], modified: tuple[str, ...]) -> None:
        """Raises ValueError for a member that is not supported."""
        _within(self._names[0], lambda: _only(self._override, overridden))
        _within(self._names[1], lambda: _only(self._modifier, modified))

    def override(self, name: str, read: Callable[[JsonValue], Read]) -> Read:
        return _within(self._names[0], lambda: _at(name, self._override, read))

    def modifier(self, name: str, read: Callable[[JsonValue], Read]) -> Read:
        return _within(self._names[1], lambda: _at(name, self._modifier, read))

    def fields(self, name: str) -> FieldsChange:
        changes = self.modifier(name, _changes)
        return replace(changes, set=tuple(self.override(name, _pairs)))

    def body(self) -> BodyChange | None:
        headers = Headers(self.override("headers", _pairs))
        return self.override("body", lambda body: _body_change(body, headers))


def _lines(cookies: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Cookies as the lines that set them."""
    return tuple((name, f"{name}={value}") for name, value in cookies)


def _body_change(document: JsonValue, headers: Headers) -> BodyChange | None:
    if document is None:
        return None
    content, own_type = read_body(document, headers)
    return BodyChange(Body(content), None if "content-type" in headers else own_type)


def _changes(document: JsonValue) -> FieldsChange:
    changes = _members(document, ("add", "replace", "remove"))
    remove = changes.get("remove") or []
    if not isinstance(remove, list) or not all(isinstance(each, str) for each in remove):
        raise ValueError("remove must be a list of names")
    replaced, added = _pairs(changes.get("replace")), _pairs(changes.get("add"))
    return FieldsChange((), tuple(replaced), tuple(added), frozenset(map(str, remove)))


def _pairs(document: JsonValue) -> list[Pair]:
    pairs = [(name, value) for name, values in named_values(document) for value in values]
    if not all(_NO_BREAK(text) for pair in pairs for text in pair):
        raise ValueError("a name or value holds a line break")
    return pairs


def _rewriting(document: JsonValue) -> tuple[regex.Pattern[str] | None, str]:
    """A pattern and what it is replaced by, in Java's forms."""
    if document is None:
        return None, ""
    members = _members(document, ("regex", "substitution"))
    pattern, substitution = members.get("regex"), members.get("substitution") or ""
    if not isinstance(pattern, str) or not isinstance(substitution, str):
        raise ValueError("regex and substitution must be text")
    try:
        compiled = regex.compile(translated(pattern), regex.VERSION1)
        made = _GROUP.sub(_group, substitution)
        compiled.sub(made, "")
    except (regex.error, ValueError, IndexError, RecursionError) as error:
        raise ValueError(f"cannot be applied: {error}") from None
    if java_pattern(pattern) is None:
        raise ValueError("the regular expression is too long")
    return compiled, made


def _group(found: re.Match[str]) -> str:
    escaped, number, name = found.groups()
    if escaped is not None:
        return "\\\\" if escaped == "\\" else escaped
    return f"\\g<{number or name}>"


def _scheme(value: JsonValue) -> str | None:
    if value is not None and (not isinstance(value, str) or value.upper() not in ("HTTP", "HTTPS")):
        raise ValueError("must be one of HTTP, HTTPS")
    return None if value is None else str(value).lower()


def _host(value: JsonValue) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or _HOST(value) is None:
        raise ValueError("must be the name or address of a host")
    return value.strip("[]")


def _port(value: JsonValue) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _HIGHEST_PORT):
        raise ValueError(f"must be a whole number from 1 to {_HIGHEST_PORT}")
    return value if isinstance(value, int) else None


def _line(value: JsonValue) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("must be text in one line")
    return value


def _path(value: JsonValue) -> str | None:
    path = _line(value)
    if path is not None and (not path.startswith("/") or any(each in path for each in "?# ")):
        raise ValueError("must begin with a slash, without query and blanks")
    return path


def _optional_members(document: JsonValue) -> Members:
    if not isinstance(document, (Mapping, type(None))):
        raise ValueError("must be an object")
    return document or {}


def _members(document: JsonValue, supported: tuple[str, ...]) -> Members:
    members = _optional_members(document)
    unknown = next((name for name, value in members.items() if name not in supported and value is not None), None)
    if unknown is not None:
        raise ValueError(f"{unknown} is not supported (supported: {', '.join(supported)})")
    return members


def _only(document: Members, supported: tuple[str, ...]) -> None:
    for name, value in document.items():
        if name not in supported and value is not None:
            raise ValueError(f"{name}: is not supported (supported: {', '.join(supported)})")


def _at(name: str, document: Members, read: Callable[[JsonValue], Read]) -> Read:
    """What is read of a member; errors begin with it."""
    return _within(name, lambda: read(document.get(name)))


def _within(name: str, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
