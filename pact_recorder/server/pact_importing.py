"""Contracts imported as expectations: by our own engine, with every matching rule of their requests.

An interaction is known by its description, so that importing again replaces it. It waits for its provider states where
these count; the scenario `pact-provider-state` chooses one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pact_recorder.capture.redaction import Redactor
from pact_recorder.errors import LimitError, PactRecorderError, UsageError
from pact_recorder.http import Exchange
from pact_recorder.matching import MatchingRules
from pact_recorder.mock import Origin, RuledExpectation, example_request, expectations_of
from pact_recorder.mock.contracts import ContractRequest, Generate
from pact_recorder.pact import Contract, Interaction, parse_json, read_contract

_DEEPEST = 250
_FIELD = re.compile(r"\$(?:\.(?P<dotted>[^\[\]]+)|\['(?P<quoted>[^']+)'\])(?:\[\d+\])?")
_NOT_A_CONTRACT = "not a valid Pact contract — missing or empty 'interactions' array"


def read_pact_text(text: str) -> Any:
    """The JSON of a contract. Raises UsageError in MockServer's words."""
    if not text.strip() or text.strip() == '""':
        raise UsageError("a Pact contract is required, but the body is empty")
    try:
        return parse_json(text, max_depth=_DEEPEST)
    except (ValueError, LimitError) as error:
        raise UsageError(f"failed to parse Pact JSON: {error}") from None


def read_imported(document: Any) -> Contract:
    """The contract of a document; interactions without a request are left out. Raises UsageError."""
    entries = document.get("interactions") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not entries:
        raise UsageError(_NOT_A_CONTRACT)
    kept = [_named(number, each) for number, each in enumerate(entries) if isinstance(each, dict) and "request" in each]
    try:
        return read_contract({**document, "interactions": kept}, "Pact contract", max_depth=_DEEPEST)
    except PactRecorderError as error:
        raise UsageError(f"failed to parse Pact JSON: {error}") from None


def imported(contract: Contract, redactor: Redactor | None, generate: Generate | None) -> Iterator[RuledExpectation]:
    """The expectations of a contract; with a redactor answers lose secrets, and requests do not ask for credentials."""
    for each in contract.interactions:
        if isinstance(each, Interaction):
            alone = replace(contract, interactions=(each,))
            for expectation in expectations_of(alone, each.description, generate):
                expectation.id, expectation.origin = each.description, Origin.API
                if redactor is not None:
                    _take_secrets_out(expectation, each, redactor)
                yield expectation


def _named(number: int, entry: dict[str, Any]) -> dict[str, Any]:
    described = {"response": {}, **entry, "description": entry.get("description") or f"pact-{number}"}
    rules = entry.get("matchingRules")
    return _with_rules(described, rules) if isinstance(rules, dict) else described


def _with_rules(entry: dict[str, Any], rules: dict[str, Any]) -> dict[str, Any]:
    """The interaction with the rules that MockServer writes beside request and response, at the place of Pact's own."""
    moved = {name: value for name, value in entry.items() if name != "matchingRules"}
    for part in ("request", "response"):
        message, found = moved.get(part), rules.get(part)
        if isinstance(message, dict) and isinstance(found, dict) and "matchingRules" not in message:
            moved[part] = {
                **message,
                "matchingRules": {place: _respelled(place, each) for place, each in found.items()},
            }
    return moved


def _respelled(category: str, rules: Any) -> Any:
    """Rules of fields by the fields' names, where MockServer has paths."""
    if category not in ("query", "header") or not isinstance(rules, dict):
        return rules
    named: dict[str, Any] = {}
    for place, each in rules.items():
        named.setdefault(_field_of(place), each)
    return named


def _field_of(place: str) -> str:
    """The name of the field that a rule is for, also where it is written as a path."""
    found = _FIELD.fullmatch(place)
    return found["dotted"] or found["quoted"] if found else place


def _take_secrets_out(expectation: RuledExpectation, interaction: Interaction, redactor: Redactor) -> None:
    asked = example_request(interaction.request)
    clean = redactor.exchange(Exchange(asked, expectation.answers[0]))
    if clean.response is not expectation.answers[0]:
        expectation.answers, expectation.fresh = (clean.response,), None
    proofs = {name.lower() for name, value in asked.headers if value not in clean.request.headers.get_all(name)}
    if proofs:
        request = interaction.request
        headers = {name: each for name, each in request.headers.items() if name.lower() not in proofs}
        # A rule may say the very secret.
        kept = {
            place: rules
            for place, rules in request.rules.category("header").items()
            if _field_of(place).lower() not in proofs
        }
        rules = MatchingRules({**request.rules.categories, "header": kept})
        expectation.pattern = ContractRequest(replace(request, headers=headers, rules=rules))
