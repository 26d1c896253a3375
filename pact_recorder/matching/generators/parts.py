"""Generators applied to whole messages, category by category (Pact specification V3 and V4, "Generators")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from pact_recorder.http import Body
from pact_recorder.matching.content_types import declared_type
from pact_recorder.matching.expected import (
    ExpectedMessage,
    ExpectedRequest,
    ExpectedResponse,
    HeaderValues,
    QueryValues,
)
from pact_recorder.matching.generators.bodies import generate_body
from pact_recorder.matching.generators.context import GeneratorContext
from pact_recorder.matching.generators.table import applies, generated
from pact_recorder.matching.json_values import plain_text, wire_value, written_json
from pact_recorder.matching.metadata import metadata_headers
from pact_recorder.matching.paths import Name, PathExpression, PathExpressionError
from pact_recorder.matching.rules import Generator, Generators, JsonValue, MatchingRules

_FIRST_STATUS = 100
_LAST_STATUS = 599


def generate_request(expected: ExpectedRequest, context: GeneratorContext) -> ExpectedRequest:
    """The request with generated values in place of the example's; rules and generators stay as they are."""
    if not expected.generators and not _has_variants(expected.rules):
        return expected
    generators = expected.generators
    headers = _headers(expected.headers, generators, context)
    return replace(
        expected,
        method=_text(expected.method, generators, "method", context),
        path=_text(expected.path, generators, "path", context),
        query=_query(expected.query, generators, context),
        headers=headers,
        body=_body(expected.body, headers, generators, expected.rules, context),
    )


def generate_response(expected: ExpectedResponse, context: GeneratorContext) -> ExpectedResponse:
    """The response with generated values in place of the example's; rules and generators stay as they are."""
    if not expected.generators and not _has_variants(expected.rules):
        return expected
    headers = _headers(expected.headers, expected.generators, context)
    return replace(
        expected,
        status=_status(expected.status, expected.generators, context),
        headers=headers,
        body=_body(expected.body, headers, expected.generators, expected.rules, context),
    )


def generate_message(expected: ExpectedMessage, context: GeneratorContext) -> ExpectedMessage:
    """The message with generated contents and metadata; rules and generators stay as they are."""
    if not expected.generators and not _has_variants(expected.rules):
        return expected
    metadata = dict(expected.metadata)
    for place, generator in _category(expected.generators, "metadata").items():
        key = place if place in metadata else _first_name(place)
        if applies(generator, context):
            metadata[key] = _plain(generated(generator, wire_value(metadata.get(key)), context, f"metadata {key}"))
    contents = _body(expected.contents, metadata_headers(metadata), expected.generators, expected.rules, context)
    return replace(expected, contents=contents, metadata=metadata)


def _category(generators: Generators, name: str) -> Mapping[str, Generator]:
    return generators.categories.get(name, {})


def _has_variants(rules: MatchingRules) -> bool:
    return any(
        rule.match == "arrayContains"
        for category in ("body", "content")
        for rule_list in rules.category(category).values()
        for rule in rule_list.rules
    )


def _text(example: str, generators: Generators, category: str, context: GeneratorContext) -> str:
    for generator in _category(generators, category).values():
        if applies(generator, context):
            example = plain_text(generated(generator, example, context, f"the {category}"))
    return example


def _status(example: int, generators: Generators, context: GeneratorContext) -> int:
    for generator in _category(generators, "status").values():
        if not applies(generator, context):
            continue
        value = plain_text(generated(generator, example, context, "the status"))
        if value.isdecimal() and _FIRST_STATUS <= int(value[:4]) <= _LAST_STATUS:
            example = int(value[:4])
        else:
            context.report(f"The generator {generator.type} at the status was left out: {value[:20]!r} is no status.")
    return example


def _headers(headers: HeaderValues, generators: Generators, context: GeneratorContext) -> HeaderValues:
    changed = dict(headers)
    for name, generator in _category(generators, "header").items():
        if applies(generator, context):
            spelled = next((known for known in changed if known.lower() == name.lower()), name)
            example = next(iter(changed.get(spelled, ())), "")
            changed[spelled] = (plain_text(generated(generator, example, context, f"the header {name}")),)
    return changed


def _query(query: QueryValues | None, generators: Generators, context: GeneratorContext) -> QueryValues | None:
    changed = dict(query or {})
    for name, generator in _category(generators, "query").items():
        if applies(generator, context):
            examples = changed.get(name, ()) or ("",)
            changed[name] = tuple(
                plain_text(generated(generator, example or "", context, f"the query parameter {name}"))
                for example in examples
            )
    return query if query is None and not changed else changed


def _body(
    body: Body | None, headers: HeaderValues, generators: Generators, rules: MatchingRules, context: GeneratorContext
) -> Body | None:
    if body is None:
        return None
    of_body = {**_category(generators, "body"), **_category(generators, "content")}
    rules_of_body = {**rules.category("body"), **rules.category("content")}
    return generate_body(body, declared_type(headers, body), of_body, rules_of_body, context)


def _first_name(place: str) -> str:
    try:
        tokens = PathExpression.parse(place).tokens
    except PathExpressionError:
        return place
    return next((token.name for token in tokens if isinstance(token, Name)), place)


def _plain(value: JsonValue) -> JsonValue:
    """A generated value in the form of any JSON library."""
    return json.loads(written_json(value))
