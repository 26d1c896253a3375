"""The response of an inferred interaction: what the consumer relies on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pact_recorder.http import Body, Response
from pact_recorder.inference import thresholds
from pact_recorder.inference.findings import Finding, finding
from pact_recorder.inference.formats import rule_of, start_of
from pact_recorder.inference.json_text import json_bytes
from pact_recorder.inference.kin import Kin
from pact_recorder.inference.messages import (
    BINARY,
    EMPTY,
    JSON,
    TEXT,
    XML,
    AnsweredKind,
)
from pact_recorder.inference.operations.operation import literal
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.promises import Promise, promise
from pact_recorder.inference.requests import member
from pact_recorder.inference.response_headers import promised_headers
from pact_recorder.inference.shapes import Shape
from pact_recorder.inference.values import Texts
from pact_recorder.inference.xml_promises import xml_promise
from pact_recorder.matching import ExpectedResponse, MatchingRule, MatchingRules, RuleList
from pact_recorder.matching.json_values import parse_json
from pact_recorder.matching.magic import sniff_binary

_LONGEST_EXAMPLE = 4_096
_TELLING_START = 8
_UNTIL_DIGITS = re.compile(r"[^0-9]*")
_PART_OF_A_WORD = re.compile(r"[\w-]*\Z")
_TYPE = RuleList((MatchingRule("type"),))
# What comes in place of a script or a file when something on the way fails: a page that says so, under the same type.
_NO_PAGE = RuleList((MatchingRule("regex", {"regex": r"(?![ \t\r\n]*<(?i:!doctype|html))[\s\S]*"}),))


@dataclass(slots=True)
class ResponsePromise:
    """An expected response with the findings about its parts."""

    expected: ExpectedResponse
    findings: list[Finding] = field(default_factory=list)


def expected_response(
    kind: AnsweredKind, shape: Shape, example: Response, *, explain: bool = False, kin: Kin | None = None
) -> ResponsePromise:
    """The response that every response of a kind satisfies, made after one of them."""
    findings: list[Finding] = []
    headers, header_rules = promised_headers(kind, member(shape, "header"), example, findings, explain)
    body, body_rules = _body(kind, shape, example, findings, explain, kin)
    categories = {"header": header_rules, "body": body_rules}
    rules = MatchingRules({name: places for name, places in categories.items() if places})
    return ResponsePromise(ExpectedResponse(kind.status, headers, body, rules), findings)


def _body(
    kind: AnsweredKind, shape: Shape, example: Response, findings: list[Finding], explain: bool, kin: Kin | None = None
) -> tuple[Body | None, Mapping[str, RuleList]]:
    if kind.form == EMPTY:
        return Body(b""), {}
    if example.body is None:
        return None, {}
    pages, shape = member(shape, "page").booleans, member(shape, "body")
    if kind.form == JSON:
        return _json(shape, example.body, findings, explain, kin)
    if kind.form == XML:
        return _xml(shape, example, findings, explain)
    if kind.form == BINARY and not kind.media_type:
        # Without a type a document has no form in which bytes read back.
        return None, {}
    if kind.form in (TEXT, BINARY) and shape.texts is not None:
        may_be_page = "html" in kind.media_type or pages is None or pages.true > 0
        said = _text(shape.texts, example, may_be_page) if kind.form == TEXT else _binary(shape.texts, example.body)
        body, rule, words = said
        if explain:
            findings.append(finding("$", shape, words, "all of them are"))
        return body, {"$": rule}
    return None, {}


def _json(
    shape: Shape, example: Body, findings: list[Finding], explain: bool, kin: Kin | None
) -> tuple[Body | None, Mapping[str, RuleList]]:
    made = promise(shape, parse_json(example.content), explain=explain, kin=kin)
    findings += made.findings
    # The document null is no body to Pact.
    if made.example is MISSING or made.example is None:
        return None, {}
    return Body(json_bytes(made.example)), made.rules


def _xml(
    shape: Shape, example: Response, findings: list[Finding], explain: bool
) -> tuple[Body | None, Mapping[str, RuleList]]:
    assert example.body is not None
    made: Promise = xml_promise(shape, example.body.text(example.media_type) or "", explain=explain)
    findings += made.findings
    return (None, {}) if made.example is MISSING else (Body(made.example.encode()), made.rules)


def _text(texts: Texts, example: Response, may_be_page: bool) -> tuple[Body, RuleList, str]:
    assert example.body is not None
    body = Body((example.body.text(example.media_type) or "")[:_LONGEST_EXAMPLE].encode())
    if texts.redacted or texts.empty:
        return body, _TYPE, "text"
    start = _telling_start(texts)
    if texts.count >= thresholds.ALIKE and len(start.strip()) >= _TELLING_START:
        return body, _regex(literal(start) + r"[\s\S]*"), f"text that begins with {start!r}"
    begun = start_of(texts.formats)
    if begun is not None:
        return body, RuleList((rule_of(begun),)), begun.name
    return (body, _TYPE, "text") if may_be_page else (body, _NO_PAGE, "text that is no page of HTML")


def _telling_start(texts: Texts) -> str:
    """What all texts begin with, without what changes: numbers are dates or versions, and half a word is data."""
    start = texts.start or ""
    words = start if start == texts.shortest else _PART_OF_A_WORD.sub("", start)
    until_digits = _UNTIL_DIGITS.match(words)
    return until_digits[0] if until_digits is not None else ""


def _binary(types: Texts, body: Body) -> tuple[Body, RuleList, str]:
    """Bytes that are there; of the type that their first bytes show, when all show the same."""
    shown = Body(body.content[:_LONGEST_EXAMPLE])
    [found, *others] = sorted(types.values) or [""]
    if others or types.empty or not found or sniff_binary(shown.content) != found:
        return shown, _TYPE, "bytes"
    return shown, RuleList((MatchingRule("contentType", {"value": found}),)), f"bytes of the type {found}"


def _regex(pattern: str) -> RuleList:
    return RuleList((MatchingRule("regex", {"regex": pattern}),))
