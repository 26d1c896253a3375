"""An interaction without the secrets of its example: a placeholder in their place, and a rule that takes any value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pact_recorder.http import Body, Exchange, Headers, Request, parse_query
from pact_recorder.matching import HeaderValues, MatchingRules, RuleList
from pact_recorder.mock.contracts import example_request, example_response
from pact_recorder.mock.translation import body_rules, placeholder_rules
from pact_recorder.pact import Interaction

Places = Mapping[str, RuleList]


def cleaned(interaction: Interaction, clean: Callable[[Exchange], Exchange]) -> Interaction:
    """The interaction with what `clean` takes out of its example taken out; the same object when it has no secret."""
    asked = example_request(interaction.request)
    exchange = Exchange(asked, example_response(interaction.response))
    found = clean(exchange)
    if found is exchange or (found.request == asked and found.response == exchange.response):
        return interaction
    response = interaction.response
    headers = _headers(response.headers, found.response.headers)
    body = _body(response.body, found.response.body)
    rules = _with(response.rules, header=placeholder_rules(headers))
    if body is not response.body:
        rules = _with(rules, body=body_rules(found.response))
    return replace(
        _with_clean_request(interaction, asked, found.request),
        response=replace(response, headers=headers, body=body, rules=rules),
    )


def _with_clean_request(interaction: Interaction, asked: Request, found: Request) -> Interaction:
    request = interaction.request
    headers, body, query = _headers(request.headers, found.headers), _body(request.body, found.body), request.query
    if query is not None and found.query != asked.query:
        values: dict[str, list[str | None]] = {}
        for name, value in parse_query(found.query or ""):
            values.setdefault(name, []).append(value)
        query = {name: tuple(each) for name, each in values.items()}
    rules = _with(request.rules, header=placeholder_rules(headers), query=placeholder_rules(query or {}))
    if found.path != asked.path:
        rules = _with(rules, path=placeholder_rules({"$": (found.path,)}))
    if body is not request.body:
        rules = _with(rules, body=body_rules(found))
    return replace(
        interaction,
        description=interaction.description.replace(asked.path, found.path),
        request=replace(request, path=found.path, query=query, headers=headers, body=body, rules=rules),
    )


def _headers(expected: HeaderValues, clean: Headers) -> HeaderValues:
    return {name: tuple(clean.get_all(name)) or values for name, values in expected.items()}


def _body(expected: Body | None, clean: Body | None) -> Body | None:
    if expected is None or clean is None or expected.content == clean.content:
        return expected
    return replace(expected, content=clean.content)


def _with(rules: MatchingRules, **categories: Places) -> MatchingRules:
    """The rules with more of them, which go before those at the same places."""
    merged = {name: {**rules.category(name), **places} for name, places in categories.items() if places}
    return MatchingRules({**rules.categories, **merged})
