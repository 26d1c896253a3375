"""Interactions without secrets, cleaned by the redactor that cleans recordings."""

from typing import Any

import pytest

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.matching import match_request, match_response
from pact_recorder.mock.cleaned import cleaned
from pact_recorder.mock.contracts import example_request, example_response
from pact_recorder.pact import Interaction, read_contract

SECRET, PLAIN = "hunter2-S3cret.Value99", "swordfish"
JSON = {"Content-Type": "application/json"}
LOGIN = {"headers": JSON, "body": {"password": SECRET, "user": "me"}}
BEARER = {"headers": {"Authorization": f"Bearer {SECRET}"}}


def interaction(
    request: dict[str, Any] | None = None, response: dict[str, Any] | None = None, **other: Any
) -> Interaction:
    document = {
        "consumer": {"name": "a"},
        "provider": {"name": "b"},
        "interactions": [
            {
                "type": "Synchronous/HTTP",
                "description": "d",
                "request": {"method": "POST", "path": "/login", **(request or {})},
                "response": {"status": 200, **(response or {})},
                **other,
            }
        ],
        "metadata": {"pactSpecification": {"version": "4.0" if "comments" in other else "3.0.0"}},
    }
    (found,) = read_contract(document, "a contract").interactions
    assert isinstance(found, Interaction)
    return found


def rules(category: str, place: str, **rule: Any) -> dict[str, Any]:
    return {"matchingRules": {category: {place: {"matchers": [rule]}}}}


def clean(*given: Interaction) -> tuple[list[Interaction], tuple[str, ...]]:
    kept, left_out = cleaned(given, Redactor(RedactionRules.default()))
    return [each for each in kept if isinstance(each, Interaction)], left_out


def the_clean(given: Interaction) -> Interaction:
    (found,), left_out = clean(given)
    assert left_out == ()
    assert SECRET not in repr(found)
    assert match_request(found.request, example_request(found.request)) == []
    assert match_response(found.response, example_response(found.response)) == []
    return found


def places(found: Interaction) -> list[tuple[str, str]]:
    of_both = (found.request.rules, found.response.rules)
    return [(name, place) for each in of_both for name, category in each.categories.items() for place in category]


def test_an_interaction_without_a_secret_is_the_same() -> None:
    plain = interaction({"body": {"a": 1.50}}, providerStates=[{"name": "s", "params": {"n": 1.50}}])
    (found,), _ = clean(plain)
    assert found is plain


def test_without_anything_that_cleans_all_stays() -> None:
    given = (interaction(LOGIN),)
    assert cleaned(given, None) == (given, ())


def test_a_placeholder_stands_for_any_value_in_every_place() -> None:
    asked = {
        "path": f"/reset/{SECRET}",
        "query": {"token": [SECRET], "page": ["2"]},
        "headers": {"X-Api-Key": SECRET, **JSON},
        "body": {"password": SECRET, "b": 1},
    }
    given = interaction(asked, {"headers": {"X-Api-Key": SECRET}, "body": SECRET}, description=f"POST /reset/{SECRET}")
    found = the_clean(given)
    assert found.description == f"POST {found.request.path}"
    assert places(found) == [
        ("header", "X-Api-Key"),
        ("query", "token"),
        ("path", "$"),
        ("body", "$.password"),
        ("header", "X-Api-Key"),
        ("body", "$"),
    ]
    assert found.request.query is not None
    assert found.request.query["page"] == ("2",)


@pytest.mark.parametrize(
    ("request_", "response"),
    [
        (LOGIN | rules("body", "$.password", match="regex", regex=SECRET), {}),
        (LOGIN | rules("body", "$['password']", match="regex", regex=SECRET), {}),
        (LOGIN | rules("body", "$['password']", match="regex", regex=SECRET.replace(".", "\\.")), {}),
        (BEARER | rules("header", "authorization", match="include", value=SECRET), {}),
        ({"query": {"token": [SECRET]}} | rules("query", "token", match="regex", regex=SECRET), {}),
        ({"query": {"token": [SECRET]}} | rules("query", "$.token[0]", match="regex", regex=SECRET), {}),
        ({}, {"headers": {"Set-Cookie": f"sid={SECRET}"}} | rules("header", "set-cookie", match="regex", regex=SECRET)),
    ],
)  # fmt: skip
def test_no_rule_but_the_placeholder_s_stays_at_its_place(request_: dict[str, Any], response: dict[str, Any]) -> None:
    assert len(places(the_clean(interaction(request_, response)))) == 1


def test_rules_of_other_and_of_wider_places_stay() -> None:
    loose = {"$.*": {"matchers": [{"match": "type"}]}, "$.user": {"matchers": [{"match": "regex", "regex": "[a-z]+"}]}}
    found = the_clean(interaction(LOGIN | {"matchingRules": {"body": loose}}))
    assert places(found) == [("body", "$.*"), ("body", "$.user"), ("body", "$.password")]


@pytest.mark.parametrize(
    "rule",
    [
        rules("body", "$.*", match="regex", regex=SECRET),
        rules("body", "$.*", match="regex", regex=".*" + SECRET.replace(".", "\\.").replace("-", "\\-")),
        rules("body", "$", match="arrayContains", variants=[{"index": 0, "rules": {"$.x": {"matchers": [SECRET]}}}]),
        rules("header", "X-Other", match="regex", regex=f"a|{SECRET}"),
        rules("body", f"$['{SECRET}']", match="type"),
        {"generators": {"body": {"$.user": {"type": "Regex", "regex": SECRET}}}},
    ],
)  # fmt: skip
def test_what_has_a_secret_in_another_rule_is_left_out(rule: dict[str, Any]) -> None:
    assert clean(interaction(LOGIN | rule, description=f"as {SECRET}")) == (
        [],
        ("as REDACTED-password-1: one of its rules or generators holds a secret",),
    )


def test_a_secret_that_may_be_a_word_is_looked_for_in_the_rules_of_its_own_interaction() -> None:
    body = {"headers": JSON, "body": {"password": PLAIN, "user": "me"}}
    holding = rules("body", "$.*", match="regex", regex=PLAIN)
    found, left_out = clean(interaction(body | holding), interaction(rules("header", "x", match="regex", regex=PLAIN)))
    assert (len(found), len(left_out)) == (1, 1)


@pytest.mark.parametrize("word", ["password", "type", "regex"])
def test_a_secret_like_the_name_of_its_place_is_no_secret_in_rules(word: str) -> None:
    found = the_clean(interaction({"headers": JSON, "body": {"password": word}} | rules("body", "$.*", match="type")))
    assert len(places(found)) == 2


def test_provider_states_descriptions_and_comments_lose_their_secrets() -> None:
    states = [{"name": f"password is {SECRET}", "params": {"id": 7, "access_token": PLAIN, "x": [SECRET]}}]
    given = interaction(LOGIN, providerStates=states, description=f"as {SECRET}", comments={"text": [f"with {SECRET}"]})
    found = the_clean(given)
    assert found.description == "as REDACTED-password-1"
    assert found.comments == {"text": ["with REDACTED-password-1"]}
    (state,) = found.provider_states
    assert state.name == "password is REDACTED-password-1"
    assert state.params == {"id": 7, "access_token": "REDACTED-access_token-1", "x": ["REDACTED-password-1"]}


def test_what_the_last_interaction_shows_to_be_a_secret_stands_in_no_other() -> None:
    found, _ = clean(interaction(providerStates=[{"name": f"there is {SECRET}"}]), interaction(LOGIN))
    assert SECRET not in repr(found)


def test_a_query_that_is_compared_as_text_loses_its_secrets() -> None:
    contract = {
        "consumer": {"name": "a"},
        "provider": {"name": "b"},
        "interactions": [
            {
                "description": "d",
                "request": {"method": "get", "path": "/", "query": f"token={SECRET}"},
                "response": {"status": 200},
            }
        ],
    }
    (given,) = read_contract(contract, "a contract").interactions
    assert isinstance(given, Interaction)
    assert the_clean(given).request.query == {"token": ("REDACTED-token-1",)}
