"""Interactions without secrets: placeholders in their place, and rules that take any value there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Protocol

from pact_recorder.http import Body, Exchange, Headers, Request, Response, parse_query
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.matching import HeaderValues, JsonValue, MatchingRules, RuleList
from pact_recorder.matching.paths import Name, PathExpression, PathExpressionError
from pact_recorder.mock.contracts import example_request, example_response
from pact_recorder.mock.translation import body_rules, placeholder_rules
from pact_recorder.pact import AnyInteraction, Interaction, ProviderState, format_json, parse_json

Places = Mapping[str, RuleList]

_ESCAPED = re.compile(r"\\([^A-Za-z0-9])")
_JSON = Headers([("Content-Type", "application/json")])
# Anything shorter stands in many a rule by chance.
_SHORTEST_SECRET = 4


class Cleaning(Protocol):
    """What takes secrets out, and remembers them."""

    def exchange(self, exchange: Exchange, /) -> Exchange:
        """The exchange without secrets; the same object when it has none."""

    def known_replaced(self, text: str, /) -> str:
        """The text without the secrets that are known so far."""


def cleaned(
    interactions: tuple[AnyInteraction, ...], clean: Cleaning | None
) -> tuple[tuple[AnyInteraction, ...], tuple[str, ...]]:
    """The interactions without secrets, and a sentence for each that is left out since one of its rules holds a secret.

    One that has no secret is the same object. Without `clean` all are.
    """
    if clean is None:
        return interactions, ()
    for each in interactions:
        if isinstance(each, Interaction):
            # What the last one shows to be a secret may stand in the first.
            clean.exchange(_example(each))
    kept: list[AnyInteraction] = []
    left_out: list[str] = []
    for each in interactions:
        if isinstance(each, Interaction):
            before = _example(each)
            after = clean.exchange(before)
            found = _with_clean_texts(_with_clean_example(each, before, after), clean)
            if _rules_hold_secret(each, found, set(_taken_out(before, after)), clean):
                left_out.append(f"{found.description}: one of its rules or generators holds a secret")
                continue
            each = found
        kept.append(each)
    return tuple(kept), tuple(left_out)


def _example(interaction: Interaction) -> Exchange:
    return Exchange(example_request(interaction.request), example_response(interaction.response))


def _with_clean_example(interaction: Interaction, before: Exchange, after: Exchange) -> Interaction:
    if after is before or (after.request == before.request and after.response == before.response):
        return interaction
    response = interaction.response
    headers = _headers(response.headers, after.response.headers)
    body = _body(response.body, after.response.body)
    rules = _with(response.rules, header=placeholder_rules(headers))
    if body is not response.body:
        rules = _with(rules, body=body_rules(after.response))
    return replace(
        _with_clean_request(interaction, before.request, after.request),
        response=replace(response, headers=headers, body=body, rules=rules),
    )


def _with_clean_request(interaction: Interaction, asked: Request, found: Request) -> Interaction:
    request = interaction.request
    headers, body = _headers(request.headers, found.headers), _body(request.body, found.body)
    query, query_text = request.query, request.query_text
    if query is not None and found.query != asked.query:
        values: dict[str, list[str | None]] = {}
        for name, value in parse_query(found.query or ""):
            values.setdefault(name, []).append(value)
        query, query_text = {name: tuple(each) for name, each in values.items()}, query_text and found.query
    rules = _with(request.rules, header=placeholder_rules(headers), query=placeholder_rules(query or {}))
    if found.path != asked.path:
        rules = _with(rules, path=placeholder_rules({"$": (found.path,)}))
    if body is not request.body:
        rules = _with(rules, body=body_rules(found))
    return replace(
        interaction,
        description=interaction.description.replace(asked.path, found.path),
        request=replace(
            request, path=found.path, query=query, query_text=query_text, headers=headers, body=body, rules=rules
        ),
    )


def _headers(expected: HeaderValues, clean: Headers) -> HeaderValues:
    return {name: tuple(clean.get_all(name)) or values for name, values in expected.items()}


def _body(expected: Body | None, clean: Body | None) -> Body | None:
    if expected is None or clean is None or expected.content == clean.content:
        return expected
    return replace(expected, content=clean.content)


def _with(rules: MatchingRules, **categories: Places) -> MatchingRules:
    """The rules with more of them, which take the place of those at the same places, however they are spelled."""
    merged = {}
    for category, places in categories.items():
        taken = {_place(category, text) for text in places}
        others = {text: each for text, each in rules.category(category).items() if _place(category, text) not in taken}
        if places:
            merged[category] = {**others, **places}
    return MatchingRules({**rules.categories, **merged})


def _place(category: str, text: str) -> object:
    """Equal for two spellings of the same place."""
    by_name = category in ("header", "query")
    if by_name and not text.startswith("$"):
        return text.lower() if category == "header" else text
    try:
        tokens = PathExpression.parse(text).tokens
    except PathExpressionError:
        return text
    match tokens:
        case [_, Name(name), *_] if by_name:
            return _place(category, name)
    return tokens


def _with_clean_texts(interaction: Interaction, clean: Cleaning) -> Interaction:
    """The interaction with clean texts for people: its description, its provider states, its comments."""
    states = [[state.name, dict(state.params)] for state in interaction.provider_states]
    before = [interaction.description, states, dict(interaction.comments)]
    message = Request("POST", "/", headers=_JSON, body=Body(format_json(before).encode()))
    after = clean.exchange(Exchange(message, Response(200))).request
    if after is message or after.body is None:
        return interaction
    description, states, comments = parse_json(after.body.content.decode())
    found = tuple(ProviderState(name, params) for name, params in states)
    return replace(interaction, description=description, provider_states=found, comments=comments)


def _rules_hold_secret(before: Interaction, after: Interaction, secrets: set[str], clean: Cleaning) -> bool:
    """Whether a secret stands in a rule or generator that the interaction still has."""
    old = (before.request.rules, before.response.rules)
    new = (after.request.rules, after.response.rules)
    kept = [
        (place, rules)
        for then, now in zip(old, new, strict=True)
        for category, places in now.categories.items()
        for place, rules in places.items()
        if then.category(category).get(place) is rules
    ]
    generators = (after.request.generators.categories, after.response.generators.categories)
    made = [pair for categories in generators for places in categories.values() for pair in places.items()]
    attributes = [rule.attributes for _, rules in kept for rule in rules.rules]
    texts = list(_texts([*attributes, *(generator.attributes for _, generator in made)]))
    # As a regular expression spells them.
    texts += [_ESCAPED.sub(r"\1", text) for text in texts if "\\" in text]
    if any(secret in text for secret in secrets if len(secret) >= _SHORTEST_SECRET for text in texts):
        return True
    whole = "\n".join([*texts, *(place for place, _ in (*kept, *made))])
    return clean.known_replaced(whole) != whole


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)


def _taken_out(before: Exchange, after: Exchange) -> Iterator[str]:
    """What placeholders of the exchange have taken the place of, also what is too plain to be known by its value."""
    pairs = zip(_message_texts(before), _message_texts(after), strict=False)
    return chain.from_iterable(_replaced(text, clean) for text, clean in pairs if text != clean)


def _message_texts(exchange: Exchange) -> Iterator[str]:
    request, response = exchange.request, exchange.response
    yield from (request.path, request.query or "")
    for message in (request, response):
        yield message.body.content.decode("utf-8", "surrogateescape") if message.body is not None else ""
    for message in (request, response):
        yield from (value for _, value in message.headers)


def _replaced(text: str, clean: str) -> Iterator[str]:
    """What stands in a text where its clean form has placeholders."""
    first, *rest = PLACEHOLDER.split(clean)
    if not text.startswith(first):
        return
    position = len(first)
    for number, part in enumerate(rest, start=1):
        end = text.find(part, position) if number < len(rest) else len(text) - len(part)
        if end < position:
            return
        yield text[position:end]
        position = end + len(part)
