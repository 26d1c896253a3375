"""An expected request of MockServer's in Pact's terms: an example, and rules that loosen it."""

from __future__ import annotations

from dataclasses import replace

from pact_recorder.http import Body
from pact_recorder.matching import ExpectedRequest, MatchingRule, MatchingRules, RuleList
from pact_recorder.mock.mockserver.body_texts import BodyPattern
from pact_recorder.mock.mockserver.example import example_of
from pact_recorder.mock.mockserver.fields import FieldsPattern
from pact_recorder.mock.mockserver.text import TextPattern, java_pattern, translated

_Rules = dict[str, dict[str, RuleList]]


class NoEquivalentError(Exception):
    """A part of the request has no equivalent in Pact; the message names it."""


def expected_of(
    method: TextPattern,
    path: TextPattern,
    query: FieldsPattern,
    headers: FieldsPattern,
    cookies: FieldsPattern,
    body: BodyPattern | None,
) -> ExpectedRequest:
    """The request in Pact's terms. Raises NoEquivalentError."""
    if method.negated or method.is_pattern or method.schema is not None:
        raise NoEquivalentError(f"the method {_shown(method)}")
    if path.negated:
        raise NoEquivalentError(f"the path {_shown(path)}")
    rules: _Rules = {}
    shown_path = _example(path, "path", "$", rules) or "/"
    shown_query = _examples(query, "query", rules)
    shown_headers = _examples(headers, "header", rules) | _cookie_header(cookies)
    declared = any(name.lower() == "content-type" for name in shown_headers)
    shown_body = _example_body(body, declared)
    if body is not None:
        rules |= {category: dict(places) for category, places in body.rules.categories.items()}
    return ExpectedRequest(
        method=method.text.upper().strip() or "GET",
        path=shown_path,
        query=shown_query or None,
        headers=shown_headers,
        body=shown_body,
        rules=MatchingRules(rules),
    )


def _example(text: TextPattern, category: str, place: str, rules: _Rules) -> str:
    """The example of a text; a pattern puts a rule beside it. Raises NoEquivalentError."""
    if text.schema is not None:
        raise NoEquivalentError(f"the schema of the {category}")
    if not text.is_pattern:
        return text.text
    compiled = java_pattern(text.text)
    example = None if compiled is None else example_of(compiled, translated(text.text))
    if example is None:
        raise NoEquivalentError(f"the pattern of the {category} {place[:60]!r}, of which no example could be made")
    rule = MatchingRule("regex", {"regex": translated(text.text)})
    rules.setdefault(category, {})[place] = RuleList((rule,))
    return example


def _examples(fields: FieldsPattern, category: str, rules: _Rules) -> dict[str, tuple[str, ...]]:
    kept = fields.kept()
    if kept is None:
        raise NoEquivalentError(f"a {category} with a pattern for a name or a schema for a value")
    examples: dict[str, tuple[str, ...]] = {}
    for name, values in kept.items():
        meant = {value.text for value in values if value.is_pattern}
        if len(meant) > 1:
            # One rule holds for all values of a name.
            raise NoEquivalentError(f"the different patterns of the {category} {name[:60]!r}")
        examples[name] = tuple(_example(value, category, name, rules) for value in values)
    return examples


def _cookie_header(cookies: FieldsPattern) -> dict[str, tuple[str, ...]]:
    """Cookies as the header that carries them; only plain ones have an equivalent."""
    kept = cookies.kept()
    if kept is None or any(value.is_pattern for values in kept.values() for value in values):
        raise NoEquivalentError("a cookie that is no plain text")
    pairs = [f"{name}={value.text}" for name, values in kept.items() for value in values]
    return {"Cookie": ("; ".join(pairs),)} if pairs else {}


def _example_body(body: BodyPattern | None, declared: bool) -> Body | None:
    if body is None:
        return None
    example = body.example
    if example is None:
        raise NoEquivalentError(f"a body matcher of this kind ({type(body).__name__.removesuffix('Body')})")
    return replace(example, media_type=None) if declared else example


def _shown(text: TextPattern) -> str:
    return repr(str(text)[:60])
