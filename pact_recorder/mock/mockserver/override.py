"""MockServer's `httpOverrideForwardedRequest`, read: how a request is changed on its way, its answer coming back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import regex

from pact_recorder.http import Body, Headers
from pact_recorder.matching import JsonValue
from pact_recorder.mock.actions import BodyChange, FieldsChange, Forward, Pair, RequestChange, ResponseChange
from pact_recorder.mock.mockserver.actions import read_delay, read_host, read_port, read_scheme
from pact_recorder.mock.mockserver.fields import named_values
from pact_recorder.mock.mockserver.framing import refuse_framing
from pact_recorder.mock.mockserver.members import Members, Read, at, members_of, only, optional_members, within
from pact_recorder.mock.mockserver.response import read_body, read_status
from pact_recorder.mock.mockserver.text import java_pattern, translated

_GROUP = re.compile(r"\\(.)|\$(\d{1,2})|\$\{(\w+)\}")
_NO_BREAK = re.compile(r"[^\r\n\0]*").fullmatch
_PRESENT = {"httpRequest": "requestOverride", "httpResponse": "responseOverride"}
_OVERRIDES = ("method", "path", "queryStringParameters", "headers", "cookies", "body", "secure", "socketAddress")
_ANSWERS = ("statusCode", "reasonPhrase", "headers", "cookies", "body")


def read_override(document: Members) -> Forward:
    """The action of an `httpOverrideForwardedRequest` object, in its present form or the older one."""
    document = {_PRESENT.get(name, name): each for name, each in document.items()}
    only(document, ("requestOverride", "requestModifier", "responseOverride", "responseModifier", "delay"))
    host, port, scheme = at("requestOverride", document, _target)
    return Forward(
        host, port, scheme, _request_change(document), _response_change(document), at("delay", document, read_delay)
    )


def _target(document: JsonValue) -> tuple[str | None, int | None, str | None]:
    """Where an overridden request goes: its `socketAddress`, else its Host header."""
    members = optional_members(document)
    address = at("socketAddress", members, optional_members)
    only(address, ("host", "port", "scheme"))
    host, port, scheme = (
        at("host", address, read_host),
        at("port", address, read_port),
        at("scheme", address, read_scheme),
    )
    if scheme is None and isinstance(members.get("secure"), bool):
        scheme = "https" if members["secure"] else "http"
    named = {name.lower(): value for name, value in at("headers", members, _pairs)}.get("host")
    if host is None and named is not None:
        name, colon, digits = named.rpartition(":")
        host, port = (name, read_port(int(digits))) if colon and digits.isdigit() and len(digits) < 6 else (named, port)
        host = read_host(host)
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
        self._override, self._modifier = (at(each, document, optional_members) for each in self._names)

    @property
    def is_empty(self) -> bool:
        return not self._override and not self._modifier

    def check(self, overridden: tuple[str, ...], modified: tuple[str, ...]) -> None:
        """Raises ValueError for a member that is not supported."""
        within(self._names[0], lambda: only(self._override, overridden))
        within(self._names[1], lambda: only(self._modifier, modified))

    def override(self, name: str, read: Callable[[JsonValue], Read]) -> Read:
        return within(self._names[0], lambda: at(name, self._override, read))

    def modifier(self, name: str, read: Callable[[JsonValue], Read]) -> Read:
        return within(self._names[1], lambda: at(name, self._modifier, read))

    def fields(self, name: str) -> FieldsChange:
        read = (_headers, _header_changes) if name == "headers" else (_pairs, _changes)
        return replace(self.modifier(name, read[1]), set=tuple(self.override(name, read[0])))

    def body(self) -> BodyChange | None:
        headers = Headers(self.override("headers", _headers))
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
    changes = members_of(document, ("add", "replace", "remove"))
    remove = changes.get("remove") or []
    if not isinstance(remove, list) or not all(isinstance(each, str) for each in remove):
        raise ValueError("remove must be a list of names")
    replaced, added = _pairs(changes.get("replace")), _pairs(changes.get("add"))
    return FieldsChange((), tuple(replaced), tuple(added), frozenset(map(str, remove)))


def _headers(document: JsonValue) -> list[Pair]:
    pairs = _pairs(document)
    refuse_framing([name for name, _ in pairs])
    return pairs


def _header_changes(document: JsonValue) -> FieldsChange:
    changes = _changes(document)
    refuse_framing([*(name for name, _ in (*changes.replace, *changes.add)), *sorted(changes.remove)])
    return changes


def _pairs(document: JsonValue) -> list[Pair]:
    pairs = [(name, value) for name, values in named_values(document) for value in values]
    if not all(_NO_BREAK(text) for pair in pairs for text in pair):
        raise ValueError("a name or value holds a line break")
    return pairs


def _rewriting(document: JsonValue) -> tuple[regex.Pattern[str] | None, str]:
    """A pattern and what it is replaced by, in Java's forms."""
    if document is None:
        return None, ""
    members = members_of(document, ("regex", "substitution"))
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
