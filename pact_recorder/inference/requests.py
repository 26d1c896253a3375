"""The request of an inferred interaction: what the consumer promises to send.

The example is a recorded request as it was. Path parameters, query parameters that vary and scalars of bodies carry
rules; the names of parameters and members are exact, as Pact demands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pact_recorder.http import Body, Request, parse_query
from pact_recorder.inference.batches import batch_promise
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
    type_pattern,
)
from pact_recorder.inference.operations import Name, Operation, is_identifier
from pact_recorder.inference.operations.operation import literal
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.promises import Promise, promise
from pact_recorder.inference.shapes import NOTHING, Shape
from pact_recorder.inference.switches import BODY, FIELD, HEADER, QUERY, SELECTING_NAMES, Selected, Value
from pact_recorder.inference.xml_promises import xml_promise
from pact_recorder.matching import ExpectedRequest, JsonValue, MatchingRule, MatchingRules, RuleList
from pact_recorder.matching.json_values import parse_json
from pact_recorder.matching.paths import render_key
from pact_recorder.mock import translation

_TYPE = RuleList((MatchingRule("type"),))
_NOTHING = Selected()
_SELECTS = "it selects the form of the answer"
_DOCUMENT = "a document that asks for the same"
_NAMES_THE_CALL = "it names the operation"
# One value of a parameter is data when it looks like it; a plain word may select what is answered.
_WORD = re.compile(r"[A-Za-z][A-Za-z_.,+-]*|true|false|\d{4}-\d{2}-\d{2}(?:-preview)?|")
_CALLING_HEADERS = frozenset({"x-amz-target", "soapaction"})
_XML_RPC_METHOD = "$.methodCall.methodName['#text']"
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
    headers, rules = _deciding_headers(kind, example)
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
        self._named = {name.place: name for name in kind.called}
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
            "query": self._parameters(member(self._shape, "query"), QUERY, query),
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
        """The findings about headers that decide the answer; those that select its form have theirs already."""
        conditions, selected = dict(self._kind.conditions), self._selected.of(HEADER)
        for name, (value, *_) in sorted(headers.items()):
            lower = name.lower()
            if lower in selected:
                continue
            rule, why = "its form" if name in rules else f"as recorded: {value}", _WHY_SENT.get(lower, _NAMES_THE_CALL)
            if lower in self._kind.credentials:
                scheme, space, _ = value.partition(" ")
                rule = f"any of the scheme {scheme}" if space else "any value"
            if lower in self._kind.credentials or lower in conditions:
                why = "the answer depends on it"
            self._findings.append(self._counted(f"header.{name}", rule, why))

    def _headers(self, example: Request) -> tuple[dict[str, tuple[str, ...]], dict[str, RuleList]]:
        headers, rules = _deciding_headers(self._kind, example)
        headers |= {name: (value,) for name, value in example.headers if name.lower() in _CALLING_HEADERS}
        self._select_by(headers, rules, example)
        media_type = self._kind.media_type
        if self._kind.form in (NONE, EMPTY) or not media_type:
            return headers, rules
        recorded = example.headers.get("content-type") or media_type
        headers["Content-Type"] = (recorded,)
        if self._kind.form == JSON and not is_plain_json(media_type):
            headers["Content-Type"] = ("application/json",)
            rules["Content-Type"] = _regex(type_pattern("application/json", media_type))
        elif "$" in self._named:
            # The reference takes a GraphQL document for JSON, which it never is.
            headers["Content-Type"] = ("text/plain",)
            rules["Content-Type"] = _regex(type_pattern("text/plain", media_type))
        elif recorded != media_type:
            # The character set may be said or not, and the boundary of parts is another one each time.
            rules["Content-Type"] = _regex(rf"(?i){literal(media_type)}\s*(?:;.*)?")
        return headers, rules

    def _select_by(self, headers: dict[str, tuple[str, ...]], rules: dict[str, RuleList], example: Request) -> None:
        """Ask for the headers that select the form of the answer."""
        for lower, values in self._selected.of(HEADER).items():
            name = next((each for each, _ in example.headers if each.lower() == lower), lower)
            headers[name] = tuple(example.headers.get_all(lower))
            if len(values) > 1:
                rules[name] = _one_of(values)
            if self._explain:
                self._findings.append(_selecting(finding(f"header.{name}", self._shape, None, ""), values))

    def _body(self, example: Request) -> tuple[Body | None, Mapping[str, RuleList]]:
        if example.body is None or example.body.cut or not example.body.content:
            return None, {}
        shape = member(self._shape, "body")
        if self._kind.form == FORM:
            fields = _pairs(example.body.text(example.media_type))
            rules = {f"${render_key(name)}": rule for name, rule in self._parameters(shape, FIELD, fields).items()}
            return Body(example.body.content), rules
        if self._kind.form == XML:
            text = example.body.text(example.media_type) or ""
            return self._promised(xml_promise(shape, text, is_request=True, explain=self._explain), str.encode)
        if self._kind.form == JSON:
            document = parse_json(example.body.content)
            if document is None:
                return None, {}  # the document null is no body to Pact
            made = promise(shape, document, is_request=True, explain=self._explain)
            return self._promised(batch_promise(made, shape, document, self._named.keys()), json_bytes)
        if "$" in self._named:
            return Body(example.body.content), {"$": _regex(self._named["$"].pattern)}
        return None, {}

    def _promised(
        self, made: Promise, written: Callable[[JsonValue], bytes]
    ) -> tuple[Body | None, dict[str, RuleList]]:
        members = {name: value for name, (value,) in self._selected.of(BODY).items()}
        switches = {f"${render_key(name)}": value for name, value in members.items()}
        for each in made.findings:
            if each.path in switches:
                each = _selecting(each, ["true" if switches[each.path] else "false"])
            elif each.path in self._named and each.rule is not None:
                each = _as_named(each, self._named[each.path])
            self._findings.append(each)
        if made.example is MISSING:
            if self._explain:
                why = "members differ, and a request may have no others"
                self._findings.append(finding("$", member(self._shape, "body"), None, why))
            return None, {}
        rules = {place: rule for place, rule in made.rules.items() if place not in switches}
        if switches:
            made.example.update(members)
        # What names the call is no data.
        rules |= {place: _regex(name.pattern) for place, name in self._named.items() if place in rules}
        exact = {_XML_RPC_METHOD, *(place for place, name in self._named.items() if name.exact)}
        return Body(written(made.example)), {place: rule for place, rule in rules.items() if place not in exact}

    def _parameters(self, shape: Shape, where: str, example: Iterable[str]) -> dict[str, RuleList]:
        """The rules of query parameters or form fields: their values are lists of texts."""
        if shape.objects is None:
            return {}
        rules = {}
        selected = self._selected.of(where)
        shown = "body" if where == FIELD else where
        members = dict(shape.objects.members)
        if shape.objects.entries is not None:
            members |= {name: shape.objects.entries for name in example if is_identifier(name)}
            if self._explain:
                self._findings.append(
                    finding(f"{shown}.*", shape.objects.entries, None, "names of parameters are data")
                )
        for name, values in sorted(members.items()):
            items = values.arrays.items if values.arrays is not None else NOTHING
            named = self._named.get(name) if where == QUERY else None
            rule, words, why = self._parameter(name, items, selected.get(name, ()), named)
            if rule is not None:
                rules[name] = rule
            if self._explain:
                self._findings.append(finding(f"{shown}.{name}", items, words, why))
        return rules

    def _parameter(
        self, name: str, items: Shape, selected: Sequence[Value], named: Name | None
    ) -> tuple[RuleList | None, str, str]:
        if selected:
            rule = _one_of(selected) if len(selected) > 1 else None
            return rule, f"one of {_listed(selected)}" if rule else "as recorded", _SELECTS
        texts = items.texts
        if texts is None:
            return None, "as recorded", "it has no value"
        if self._operation.call.startswith(f"{name}=") or (named is not None and named.exact):
            return None, "as recorded", _NAMES_THE_CALL
        if named is not None:
            return _regex(named.pattern), _DOCUMENT, _NAMES_THE_CALL
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


def _deciding_headers(kind: AskedKind, example: Request) -> tuple[dict[str, tuple[str, ...]], dict[str, RuleList]]:
    """The headers that decide the answer: any credentials of the same scheme will do, and any condition of a kind."""
    conditions = dict(kind.conditions)
    headers: dict[str, tuple[str, ...]] = {}
    rules: dict[str, RuleList] = {}
    for name, value in example.headers:
        lower = name.lower()
        if name in headers or not (lower in kind.credentials or lower in conditions):
            continue
        headers[name] = tuple(example.headers.get_all(name)) if lower in conditions else (value,)
        if not conditions.get(lower):
            scheme, space, _ = value.partition(" ")
            rules[name] = _regex(rf"{literal(scheme)} .+" if space and lower not in conditions else ".+")
    return headers, rules


def _selecting(switch: Finding, values: Sequence[Value]) -> Finding:
    """The finding about a part of the request that selects."""
    said = f"as recorded: {values[0]}" if len(values) == 1 else f"one of {_listed(values)}"
    return replace(switch, rule=said, why=_SELECTS)


def _one_of(values: Sequence[Value]) -> RuleList:
    return _regex("|".join(literal(str(value)) for value in values))


def _listed(values: Sequence[Value]) -> str:
    return ", ".join(map(str, values))


def _as_named(text: Finding, name: Name) -> Finding:
    words = "as recorded" if name.exact else "one of the names of this batch" if "[*]" in name.place else _DOCUMENT
    return replace(text, rule=words, why=_NAMES_THE_CALL)


def _selects(name: str, value: str) -> bool:
    return name.lower() in SELECTING_NAMES or _WORD.fullmatch(value) is not None


def _pairs(query: str | None) -> dict[str, tuple[str | None, ...]]:
    pairs: dict[str, tuple[str | None, ...]] = {}
    for name, value in parse_query(query or ""):
        pairs[name] = (*pairs.get(name, ()), value)
    return pairs


def _regex(pattern: str) -> RuleList:
    return RuleList((MatchingRule("regex", {"regex": pattern}),))
