"""The headers of an inferred response: which are promised, in what form, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from pact_recorder.http import Response
from pact_recorder.http.names import HOP_BY_HOP, is_secret_header, is_volatile_response_header
from pact_recorder.inference import thresholds
from pact_recorder.inference.findings import Finding, finding
from pact_recorder.inference.formats import format_of, rule_of
from pact_recorder.inference.messages import JSON, AnsweredKind, is_plain_json, type_pattern
from pact_recorder.inference.operations.operation import literal
from pact_recorder.inference.operations.words import words
from pact_recorder.inference.shapes import Shape
from pact_recorder.inference.values import Texts
from pact_recorder.matching import MatchingRule, RuleList

_MOST_LEFT_OUT: Final = 40
_VOLATILE: Final = frozenset({"etag", "last-modified"})
_BODILESS: Final = frozenset({204, 304})  # some servers say the type of what they do not send, others do not
_TYPE: Final = RuleList((MatchingRule("type"),))
_FORMS: Final = {
    "allow": r"[A-Za-z]+(?:\s*,\s*[A-Za-z]+)*",
    "retry-after": r"\d+|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT",
}
_INFRASTRUCTURE: Final = HOP_BY_HOP | words(
    """
    server vary x-powered-by x-aspnet-version x-aspnetmvc-version strict-transport-security x-frame-options
    x-content-type-options x-xss-protection x-download-options x-permitted-cross-domain-policies x-dns-prefetch-control
    referrer-policy content-security-policy content-security-policy-report-only permissions-policy feature-policy
    origin-agent-cluster expect-ct p3p pragma content-length content-encoding accept-ranges x-robots-tag x-ua-compatible
    """
)
_INFRASTRUCTURE_FAMILIES: Final = ("access-control-", "cross-origin-", "cf-", "x-amz-cf-", "x-envoy-", "x-kong-")
_PAGING: Final = words(
    "link x-total-count x-total x-total-pages x-page x-per-page x-next-page x-prev-page content-range"
)


def promised_headers(
    kind: AnsweredKind, shape: Shape, example: Response, findings: list[Finding], explain: bool
) -> tuple[dict[str, tuple[str, ...]], dict[str, RuleList]]:
    """The headers that all answers of a kind have, as one of them spells them, with their rules."""
    headers: dict[str, tuple[str, ...]] = {}
    rules: dict[str, RuleList] = {}
    for name, values in sorted(shape.objects.members.items()) if shape.objects is not None else ():
        always = shape.objects is not None and values.seen == shape.objects.count
        recorded = example.headers.get(name)
        if not always or values.texts is None or recorded is None or _lacks_samples(name, values.seen):
            continue
        if name == "content-type" and kind.status in _BODILESS:
            continue
        shown, rule = (
            _content_type(kind, values.texts)
            if name == "content-type"
            else (recorded, _header_rule(name, values.texts))
        )
        written = next(each for each, _ in example.headers if each.lower() == name)
        headers[written] = (shown,)
        if rule is not None:
            rules[written] = rule
        if explain:
            findings.append(finding(f"header.{written}", values, "its form" if rule else "as recorded", "always there"))
    return headers, rules


def left_out_headers(
    kind: AnsweredKind, example: Response, always: Collection[str], promised: Collection[str], count: int
) -> list[Finding]:
    """The headers that each of `count` answers had (`always`, in lower case) and that are not promised."""
    known = {name.lower() for name in promised}
    written = {name.lower(): name for name, _ in example.headers}
    names = sorted(name for name in always if name not in known and name in written)
    return [
        Finding(f"header.{written[name]}", None, count, samples=count, why=_why_not(name, kind, count))
        for name in names[:_MOST_LEFT_OUT]
    ]


def _why_not(name: str, kind: AnsweredKind, count: int) -> str:
    if _lacks_samples(name, count):
        return f"fewer than {thresholds.A_HEADER} answers had it"
    if name == "content-type" and kind.status in _BODILESS:
        return "it tells the type of what is not sent"
    if name in _INFRASTRUCTURE or name.startswith(_INFRASTRUCTURE_FAMILIES):
        return "it belongs to the connection or the infrastructure"
    if is_secret_header(name):
        return "it is a secret, or sets one"
    if is_volatile_response_header(name):
        return "it changes from one answer to the next"
    if name in _PAGING:
        return "it depends on the page: the last one, or the only one, may lack it"
    return "consumers are not known to act on it"


def _lacks_samples(name: str, count: int) -> bool:
    return name in _VOLATILE and count < thresholds.A_HEADER


def _content_type(kind: AnsweredKind, texts: Texts) -> tuple[str, RuleList | None]:
    essence = kind.media_type
    if not essence:
        return min(texts.values, default=texts.shortest), _TYPE
    if kind.form == JSON and not is_plain_json(essence):
        return "application/json", _regex(type_pattern("application/json", essence))
    if not texts.more and all(text.partition(";")[0].strip() == essence for text in texts.values):
        return essence, None
    # Another case, or another boundary each time.
    return essence, _regex(rf"(?i){literal(essence)}\s*(?:;.*)?")


def _header_rule(name: str, texts: Texts) -> RuleList:
    form = _FORMS.get(name)
    if form is not None:
        known = not texts.more and texts.values and not texts.empty and not texts.redacted
        return _regex(form) if known and all(re.fullmatch(form, text) for text in texts.values) else _TYPE
    found = format_of(texts.formats, texts.distinct, "location")
    if found is not None:
        return RuleList((rule_of(found, optional=texts.empty > 0),))
    if texts.start is not None and texts.start.startswith("/") and not texts.empty and not texts.redacted:
        return _regex("/.*")
    return _TYPE


def _regex(pattern: str) -> RuleList:
    return RuleList((MatchingRule("regex", {"regex": pattern}),))
