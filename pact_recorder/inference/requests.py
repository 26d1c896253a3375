"""The request of an inferred interaction: what the consumer promises to send.

The example is a recorded request as it was. Path parameters, query parameters that vary and scalars of bodies carry
rules; the names of parameters and members are exact, as Pact demands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from pact_recorder.http import Body, Request, parse_query
from pact_recorder.inference.findings import Finding, counted, finding
from pact_recorder.inference.formats import format_of, rule_of
from pact_recorder.inference.json_text import json_bytes
from pact_recorder.inference.messages import (
    EMPTY,
    FORM,
    JSON,
    NONE,
    TEXT,
    XML,
    AskedKind,
    is_plain_json,
    json_type_pattern,
)
from pact_recorder.inference.operations import Operation
from pact_recorder.inference.operations.operation import literal
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.promises import Promise, promise
from pact_recorder.inference.shapes import NOTHING, Shape
from pact_recorder.inference.switches import Selected
from pact_recorder.inference.xml_promises import xml_promise
from pact_recorder.matching import ExpectedRequest, JsonValue, MatchingRule, MatchingRules, RuleList
from pact_recorder.matching.json_values import parse_json
from pact_recorder.matching.paths import render_key
from pact_recorder.mock import translation

_TYPE = RuleList((MatchingRule("type"),))
_NOTHING = Selected()
# One value of a parameter is data when it looks like it; a plain word may select what is answered.
_WORD = re.compile(r"[A-Za-z][A-Za-z_.,+-]*|true|false|\d{4}-\d{2}-\d{2}(?:-preview)?|")
_CALLING_HEADERS = frozenset({"x-amz-target", "soapaction"})
_CALLING_PLACES = frozenset(
    {"$.method", "$.action", "$.operationName", "$.jsonrpc", "$.doc_id", "$.methodCall.methodName['#text']"}
)
_SELECTING_NAMES = frozenset({"api-version", "version", "v", "format", "alt", "action"})
_WHY_SENT = {"content-type": "it is the type of the body"}


@dataclass(slots=True)
class RequestPromise:
    """An expected request with the findings about its parts."""

    expected: ExpectedRequest
    findings: list[Finding] = field(default_factory=list)


def expected_request(
    operation: Operation,
    kind: AskedKind,
    shape: Shape,
    example: Request,
    selected: Selected = _NOTHING,
    *,
    explain: bool = False,
) -> RequestPromise:
    """The request that every request of a kind matches, made after one of them.

    What is `selected` selects the form of the answer and stays as it is.
    """
    return _Asking(operation, kind, shape, selected, explain).made(example)


def member(shape: Shape, name: str) -> Shape:
    """The shape under a name of a document that is always an object."""
    return NOTHING if shape.objects is None else shape.objects.members.get(name, NOTHING)


def literal_request(kind: AskedKind, example: Request) -> ExpectedRequest:
    """The request that only the very same request matches: what failed once says nothing of others.

    A redacted value may be any other, as in a literal contract.
    """
    literally = translation.expected_request(example, frozenset())
    headers, rules = _credentials(kind, example)
    headers |= {name: value for name, value in literally.headers.items() if name.lower() == "content-type"}
    categories = {**literally.rules.categories, "header": rules}
    known = MatchingRules({name: places for name, places in categories.items() if places})
    body = literally.body if kind.form in (JSON, FORM, XML, TEXT) else None
    return replace(literally, headers=headers, body=body, rules=known)


def left_out_credentials(kind: AskedKind, sent: Collection[str], example: Request, count: int) -> list[Finding]:
    """The findings about credentials that all of `count` requests had (`sent`) and that are not asked for."""
    written = {name.lower(): name for name, _ in example.headers}
    return [
        Finding(f"header.{written.get(name, name)}", None, count, samples=count, why="no answer shows that it matters")
        for name in sorted(sent)
        if name not in kind.credentials
    ]


class _Asking:
    def __init__(self, operation: Operation, kind: AskedKind, shape: Shape, selected: Selected, explain: bool) -> None:
        self._operation = operation
        self._kind = kind
        self._shape = shape
        self._selected = selected
        self._explain = explain
        self._findings: list[Finding] = []

    def made(self, example: Request) -> RequestPromise:
        query = _pairs(example.query)
        path_rules = self._path()
        headers, header_rules = self._headers(example)
        if self._explain:
            self._tell_headers(headers, header_rules)
        body, body_rules = self._body(example)
        categories: dict[str, Mapping[str, RuleList]] = {
            "path": path_rules,
            "query": self._parameters(member(self._shape, "query"), "query."),
            "header": header_rules,
            "body": body_rules,
        }
        rules = MatchingRules({name: places for name, places in categories.items() if places})
        expected = ExpectedRequest(example.method.upper(), example.path, query or None, headers, body, rules)
        return RequestPromise(expected, self._findings)

    def _path(self) -> dict[str, RuleList]:
        pattern = self._operation.path_pattern
        if pattern is None:
            return {}
        if self._explain:
            varying = ", ".join(segment.template for segment in self._operation.segments if segment.name)
            self._findings.append(self._counted("path", f"as {pattern}", f"{varying} may be another"))
        return {"$": _regex(pattern)}

    def _counted(self, path: str, rule: str, why: str) -> Finding:
        """The finding about a place of all requests, whose values are not counted one by one."""
        return Finding(path, rule, self._shape.seen, samples=self._shape.seen, why=why)

    def _tell_headers(self, headers: Mapping[str, tuple[str, ...]], rules: Mapping[str, RuleList]) -> None:
        """The findings about headers that decide the answer."""
        for name, (value, *_) in sorted(headers.items()):
            if name.lower() in self._kind.credentials:
                scheme, space, _ = value.partition(" ")
                rule = f"any of the scheme {scheme}" if space else "any value"
                self._findings.append(self._counted(f"header.{name}", rule, "the answer depends on it"))
            elif name != "Accept":
                rule = "its form" if name in rules else f"as recorded: {value}"
                self._findings.append(
                    self._counted(f"header.{name}", rule, _WHY_SENT.get(name.lower(), "it names what is called"))
                )

    def _headers(self, example: Request) -> tuple[dict[str, tuple[str, ...]], dict[str, RuleList]]:
        headers, rules = _credentials(self._kind, example)
        headers |= {name: (value,) for name, value in example.headers if name.lower() in _CALLING_HEADERS}
        if self._selected.accept is not None:
            headers["Accept"] = (self._selected.accept,)
            if self._explain:
                seen = finding("header.Accept", self._shape, None, "")
                self._findings.append(_as_recorded(seen, self._selected.accept))
        media_type = self._kind.media_type
        if self._kind.form in (NONE, EMPTY) or not media_type:
            return headers, rules
        recorded = example.headers.get("content-type") or media_type
        headers["Content-Type"] = (recorded,)
        if self._kind.form == JSON and not is_plain_json(media_type):
            headers["Content-Type"] = ("application/json",)
            rules["Content-Type"] = _regex(json_type_pattern(media_type))
        elif recorded != media_type:
            # The character set may be said or not, and the boundary of parts is another one each time.
            rules["Content-Type"] = _regex(rf"(?i){literal(media_type)}\s*(?:;.*)?")
        return headers, rules

    def _body(self, example: Request) -> tuple[Body | None, Mapping[str, RuleList]]:
        if example.body is None or example.body.cut or not example.body.content:
            return None, {}
        shape = member(self._shape, "body")
        if self._kind.form == FORM:
            rules = {f"${render_key(name)}": rule for name, rule in self._parameters(shape, "body.").items()}
            return Body(example.body.content), rules
        if self._kind.form == XML:
            text = example.body.text(example.media_type) or ""
            return self._promised(xml_promise(shape, text, is_request=True, explain=self._explain), str.encode)
        if self._kind.form == JSON:
            document = parse_json(example.body.content)
            return self._promised(promise(shape, document, is_request=True, explain=self._explain), json_bytes)
        return None, {}

    def _promised(
        self, made: Promise, written: Callable[[JsonValue], bytes]
    ) -> tuple[Body | None, dict[str, RuleList]]:
        switches = {f"${render_key(name)}": value for name, value in self._selected.members.items()}
        self._findings += [
            _as_recorded(each, "true" if switches[each.path] else "false") if each.path in switches else each
            for each in made.findings
        ]
        if made.example is MISSING:
            return None, {}
        rules = {place: rule for place, rule in made.rules.items() if place not in switches}
        if switches:
            made.example.update(self._selected.members)
        if self._operation.call:
            # What names the operation is no data.
            for place in _CALLING_PLACES & rules.keys():
                del rules[place]
            if "$.query" in rules and "$.operationName" not in made.rules:
                rules["$.query"] = _naming(self._operation.call)
        return Body(written(made.example)), rules

    def _parameters(self, shape: Shape, where: str) -> dict[str, RuleList]:
        """The rules of query parameters or form fields: their values are lists of texts."""
        rules = {}
        for name, values in sorted(shape.objects.members.items()) if shape.objects is not None else ():
            items = values.arrays.items if values.arrays is not None else NOTHING
            rule, words, why = self._parameter(name, items)
            if rule is not None:
                rules[name] = rule
            if self._explain:
                self._findings.append(finding(f"{where}{name}", items, words, why))
        return rules

    def _parameter(self, name: str, items: Shape) -> tuple[RuleList | None, str, str]:
        texts = items.texts
        if texts is None:
            return None, "as recorded", "it has no value"
        if f"{name}=" in self._operation.call:
            return None, "as recorded", "it names the operation"
        only = min(texts.values, default="")
        varies = texts.distinct > 1 or texts.more or texts.redacted or texts.empty or items.nulls
        if not varies and _selects(name, only):
            return (
                None,
                "as recorded",
                f"it never was anything else in {counted(texts.count, 'request')} and may select the answer",
            )
        found = format_of(texts.formats, texts.distinct)
        if found is not None and not texts.redacted and not items.nulls:
            return RuleList((rule_of(found, optional=texts.empty > 0),)), found.name, "all values are"
        return _TYPE, "any value", "one value" if texts.distinct == 1 else f"{texts.distinct} different values"


def _credentials(kind: AskedKind, example: Request) -> tuple[dict[str, tuple[str, ...]], dict[str, RuleList]]:
    """The headers whose credentials decide the answer: any of the same scheme will do."""
    headers: dict[str, tuple[str, ...]] = {}
    rules: dict[str, RuleList] = {}
    for name, value in example.headers:
        if name.lower() in kind.credentials and name not in headers:
            scheme, space, _ = value.partition(" ")
            headers[name] = (value,)
            rules[name] = _regex(rf"{literal(scheme)} .+" if space else ".+")
    return headers, rules


def _as_recorded(switch: Finding, value: str) -> Finding:
    return replace(switch, rule=f"as recorded: {value}", why="it selects the form of the answer")


def _naming(call: str) -> RuleList:
    """A rule for a GraphQL document: it speaks of the operation's name."""
    return _regex(rf"[\s\S]*{literal(call.split()[-1])}[\s\S]*")


def _selects(name: str, value: str) -> bool:
    return name.lower() in _SELECTING_NAMES or _WORD.fullmatch(value) is not None


def _pairs(query: str | None) -> dict[str, tuple[str | None, ...]]:
    pairs: dict[str, tuple[str | None, ...]] = {}
    for name, value in parse_query(query or ""):
        pairs[name] = (*pairs.get(name, ()), value)
    return pairs


def _regex(pattern: str) -> RuleList:
    return RuleList((MatchingRule("regex", {"regex": pattern}),))
