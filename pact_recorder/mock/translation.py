"""A recorded request as an expected one: the parts that select the answer, with redacted values as rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from pact_recorder.http import Body, Request, Response, parse_query
from pact_recorder.http.names import HOP_BY_HOP, PLACEHOLDER, is_secret_header, is_volatile_response_header
from pact_recorder.matching import (
    ExpectedRequest,
    ExpectedResponse,
    JsonValue,
    MatchingRule,
    MatchingRules,
    RuleList,
)
from pact_recorder.matching.content_types import declared_type
from pact_recorder.matching.header_values import header_values
from pact_recorder.matching.paths import is_nameable
from pact_recorder.mock.selectors import ALWAYS, PREFERENCES, Selectors

_REGEX_SPECIAL = re.compile(r"[\\.\[\]{}()*+?^$|#\s-]")
# What a contract does not promise: framing, cookies, which the provider renews, and which software the provider runs.
_UNPROMISED = frozenset(
    {"content-length", "content-encoding", "set-cookie", "server", "via", "x-powered-by", "x-aspnet-version"}
)
_MOST_BODY_RULES = 500
_COOKIES = frozenset({"cookie", "cookie2"})
_PLAIN_MEMBER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def expected_request(request: Request, selectors: Selectors, credentials: bool = False) -> ExpectedRequest:
    """What a recorded request asks of a later one.

    Method, path, query and body as recorded; of the headers Content-Type, Accept unless it accepts anything, the
    selecting ones and, on demand, the credentials (cookies aside). A redacted value becomes a regex rule that takes any
    other in its place.
    """
    query = _query(request)
    headers = _selecting_headers(request, selectors, credentials)
    return ExpectedRequest(
        method=request.method.upper(),
        path=request.path,
        query=query,
        headers=headers,
        body=_plain(request.body),
        rules=_rules(
            path=_single("$", request.path),
            query=placeholder_rules(query or {}),
            header=placeholder_rules(headers),
            body=body_rules(request),
        ),
    )


def expected_response(response: Response) -> ExpectedResponse:
    """What a recorded response promises, literally: status, body, and the headers that do not differ each time.

    A redacted value becomes a regex rule that takes any other in its place.
    """
    promised = {
        name: tuple(header_values(name, values))
        for name, values in response.headers.grouped().items()
        if name.lower() not in HOP_BY_HOP | _UNPROMISED and not is_volatile_response_header(name.lower())
    }
    whole = response.body is not None and not response.body.cut
    return ExpectedResponse(
        status=response.status,
        headers=promised,
        body=_plain(response.body) if whole else None,
        rules=_rules(header=placeholder_rules(promised), body=body_rules(response) if whole else {}),
    )


def _rules(**categories: Mapping[str, RuleList]) -> MatchingRules:
    return MatchingRules({category: places for category, places in categories.items() if places})


def placeholder_rules(values: Mapping[str, Iterable[str | None]]) -> dict[str, RuleList]:
    """A rule for each name among whose values one was redacted: it takes anything in the placeholder's place."""
    return {name: rule for name, of_name in values.items() if (rule := _rule(of_name))}


def _plain(body: Body | None) -> Body | None:
    return None if body is None else replace(body, encoded=None)


def _query(request: Request) -> dict[str, tuple[str | None, ...]] | None:
    if not request.query:
        return None
    values: dict[str, list[str | None]] = {}
    for name, value in parse_query(request.query):
        # A name without "=" equals one with an empty value, and of the two only the latter survives other tools.
        values.setdefault(name, []).append(value or "")
    return {name: tuple(of_name) for name, of_name in values.items()}


def _selecting_headers(request: Request, selectors: Selectors, credentials: bool) -> dict[str, tuple[str, ...]]:
    wanted = (selectors - PREFERENCES) | ALWAYS
    return {
        name: tuple(header_values(name, values))
        for name, values in request.headers.grouped().items()
        if (name.lower() in wanted and not (name.lower() == "accept" and values == ["*/*"]))
        or (credentials and is_secret_header(name) and name.lower() not in _COOKIES)
    }


def _single(place: str, text: str) -> dict[str, RuleList]:
    rule = _rule([text])
    return {place: rule} if rule else {}


def _rule(values: Iterable[str | None]) -> RuleList | None:
    """A regex that takes anything where a value was redacted; None when nothing was."""
    pattern = next((value for value in values if value and PLACEHOLDER.search(value)), None)
    if pattern is None:
        return None
    parts = PLACEHOLDER.split(pattern)
    regex = ".+".join(_REGEX_SPECIAL.sub(_escape, part) for part in parts)
    return RuleList((MatchingRule("regex", {"regex": regex}),))


def _escape(found: re.Match[str]) -> str:
    return "\\" + found.group() if not found.group().isspace() else r"\s"


def body_rules(message: Request | Response) -> dict[str, RuleList]:
    """A rule for each redacted place of a body; none when there are very many, since each is looked for everywhere."""
    found = dict(islice(_body_rules(message), _MOST_BODY_RULES + 1))
    return found if len(found) <= _MOST_BODY_RULES else {}


def _body_rules(message: Request | Response) -> Iterator[tuple[str, RuleList]]:
    body = message.body
    if body is None or b"REDACTED-" not in body.content:
        return
    # The type as which the body is compared: what it looks like when none is declared.
    media_type = declared_type(message.headers, body)
    text = body.text(media_type) or ""
    if media_type is not None and media_type.is_json:
        yield from _json_rules(text)
    elif media_type is not None and media_type.is_form:
        yield from _form_rules(text)
    elif (rule := _rule([text])) and (media_type is None or not (media_type.is_xml or media_type.is_multipart)):
        # For XML or multipart a rule for the whole body would be put to its parts.
        yield "$", rule


def _json_rules(text: str) -> Iterator[tuple[str, RuleList]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        if rule := _rule([text]):
            yield "$", rule
        return
    for place, value in _strings(document):
        if rule := _rule([value]):
            yield place, rule


def _strings(document: JsonValue) -> Iterator[tuple[str, str]]:
    pending: list[tuple[str, JsonValue]] = [("$", document)]
    while pending:
        place, value = pending.pop()
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict):
            pending.extend((place + _member(name), inner) for name, inner in value.items() if is_nameable(name))
        elif isinstance(value, list):
            pending.extend((f"{place}[{index}]", inner) for index, inner in enumerate(value))


def _member(name: str) -> str:
    return f".{name}" if _PLAIN_MEMBER.fullmatch(name) else f"['{name}']"


def _form_rules(text: str) -> Iterator[tuple[str, RuleList]]:
    for name, value in parse_query(text):
        if is_nameable(name) and (rule := _rule([value])):
            yield "$" + _member(name), rule
