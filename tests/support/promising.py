"""Contracts of a few interactions, for tests."""

import json
from typing import Any

from pact_recorder.http import Body
from pact_recorder.matching import ExpectedRequest, ExpectedResponse, MatchingRule, MatchingRules, RuleList
from pact_recorder.pact import Contract, Interaction


def rule(match: str, **attributes: Any) -> RuleList:
    """One rule."""
    return RuleList((MatchingRule(match, attributes),))


def asks(path: str, pattern: str | None = None, method: str = "GET", **more: Any) -> ExpectedRequest:
    """An expected request; `pattern` is a regular expression for its path."""
    categories = {"path": {"$": rule("regex", regex=pattern)}} if pattern is not None else {}
    return ExpectedRequest(method, path, rules=MatchingRules(categories), **more)


def says(document: Any, status: int = 200, **body: RuleList) -> ExpectedResponse:
    """An expected JSON answer; `body` are rules by member, `root` for the whole."""
    places = {("$" if name == "root" else f"$.{name}"): rules for name, rules in body.items()}
    headers = {"Content-Type": ("application/json",)}
    return ExpectedResponse(status, headers, Body(json.dumps(document).encode()), MatchingRules({"body": places}))


def contract(*interactions: Interaction, provider: str = "api.example") -> Contract:
    """A contract."""
    return Contract("web", provider, interactions)


def interaction(description: str, request: ExpectedRequest, response: ExpectedResponse) -> Interaction:
    """An interaction."""
    return Interaction(description, request, response)
