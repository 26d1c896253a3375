"""What an expectation does with a request beside giving a plain response: MockServer's actions. Values only.

Whoever serves carries them out: waits, forwards, breaks connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import regex

from pact_recorder.http import Body, Headers, Request, Response, format_query, parse_query

Pair = tuple[str, str]
_FRAMING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Reply:
    """A response that is sent after `delay` seconds; with `close` the connection ends with it, None leaves it as is.

    `lasting` says that an equal request gets the same for now, and that nothing comes of asking again but that whoever
    answered is told, with the `note`.
    """

    response: Response
    delay: float = 0.0
    close: bool | None = None
    lasting: bool = False
    note: object = None


@dataclass(frozen=True, slots=True)
class Fault:
    """No response: after `delay` seconds these bytes, if any, as they are, and the end of the connection."""

    content: bytes = b""
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Forward:
    """After `delay` seconds the request goes, changed, to another server; its answer is changed before it is given.

    What is None stays as the client asked for it.
    """

    host: str | None = None
    port: int | None = None
    scheme: str | None = None
    request: RequestChange | None = None
    response: ResponseChange | None = None
    delay: float = 0.0


Action = Response | Reply | Fault | Forward


def response_of(action: Action) -> Response | None:
    """The response that an action always gives; None when it gives none of its own."""
    return action.response if isinstance(action, Reply) else action if isinstance(action, Response) else None


@dataclass(frozen=True, slots=True)
class FieldsChange:
    """What becomes of headers, parameters or cookies, in this order: set, replaced where they are, added, taken out."""

    set: tuple[Pair, ...] = ()
    replace: tuple[Pair, ...] = ()
    add: tuple[Pair, ...] = ()
    remove: frozenset[str] = frozenset()

    def apply(self, pairs: Iterable[Pair], fold: Callable[[str], str] = str) -> list[Pair]:
        """The fields afterwards; `fold` makes names that mean the same equal."""
        changed = list(pairs)
        present = {fold(name) for name, _ in changed}
        changes = (*self.set, *(pair for pair in self.replace if fold(pair[0]) in present))
        replaced = {fold(name) for name, _ in changes}
        changed = [pair for pair in changed if fold(pair[0]) not in replaced]
        gone = {fold(name) for name in self.remove}
        return [pair for pair in (*changed, *changes, *self.add) if fold(pair[0]) not in gone]


@dataclass(frozen=True, slots=True)
class BodyChange:
    """Another body, with the type that it has when no header says."""

    body: Body
    own_type: str | None = None


@dataclass(frozen=True, slots=True)
class RequestChange:
    """How a request is changed before it is forwarded; `pattern` and `substitution` rewrite its path."""

    method: str | None = None
    path: str | None = None
    pattern: regex.Pattern[str] | None = None
    substitution: str = ""
    query: FieldsChange = field(default_factory=FieldsChange)
    headers: FieldsChange = field(default_factory=FieldsChange)
    cookies: FieldsChange = field(default_factory=FieldsChange)
    body: BodyChange | None = None

    def apply(self, request: Request) -> Request:
        """The request to send. Framing headers of a body that is replaced are left to the sender."""
        headers = _with_cookies(Headers(self.headers.apply(request.headers, str.lower)), self.cookies)
        changed = replace(request, method=self.method or request.method, path=self._path(request.path))
        if self.query != FieldsChange():
            pairs = [(name, value or "") for name, value in parse_query(request.query or "")]
            changed = replace(changed, query=format_query(self.query.apply(pairs)) or None)
        return replace(changed, headers=_described(headers, self.body), body=_body(self.body, request.body))

    def _path(self, path: str) -> str:
        path = self.path or path
        if self.pattern is None:
            return path
        try:
            changed = self.pattern.sub(self.substitution, path, timeout=_SECONDS)
        except (TimeoutError, MemoryError):
            return path
        return changed if changed.startswith("/") else f"/{changed}"


@dataclass(frozen=True, slots=True)
class ResponseChange:
    """How the answer to a forwarded request is changed before the client gets it."""

    status: int | None = None
    reason: str | None = None
    headers: FieldsChange = field(default_factory=FieldsChange)
    cookies: FieldsChange = field(default_factory=FieldsChange)
    body: BodyChange | None = None

    def apply(self, response: Response) -> Response:
        """The response to give. Framing headers of a body that is replaced are left to the sender."""
        headers = Headers(self.headers.apply(response.headers, str.lower))
        if self.cookies != FieldsChange():
            named = [(line.partition("=")[0].strip(), line) for line in headers.get_all("set-cookie")]
            lines = self.cookies.apply(named)
            headers = Headers((*headers.without({"set-cookie"}), *(("Set-Cookie", line) for _, line in lines)))
        reason = self.reason if self.reason is not None else "" if self.status is not None else response.reason
        return replace(
            response,
            status=self.status or response.status,
            reason=reason,
            headers=_described(headers, self.body),
            body=_body(self.body, response.body),
        )


def _body(change: BodyChange | None, body: Body | None) -> Body | None:
    return body if change is None else change.body


def _described(headers: Headers, change: BodyChange | None) -> Headers:
    if change is None:
        return headers
    headers = headers.without(_FRAMING)
    return headers if change.own_type is None else headers.with_set("Content-Type", change.own_type)


def _with_cookies(headers: Headers, change: FieldsChange) -> Headers:
    if change == FieldsChange():
        return headers
    parts = (part.partition("=") for line in headers.get_all("cookie") for part in line.split(";"))
    pairs = change.apply((name.strip(), value.strip()) for name, mark, value in parts if mark)
    if not pairs:
        return headers.without({"cookie"})
    return headers.with_set("Cookie", "; ".join(f"{name}={value}" for name, value in pairs))
