"""Small builders of expected messages and their rules, for tests of the matching engine."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.matching import (
    BodyMismatch,
    ExpectedRequest,
    ExpectedResponse,
    MatchingRule,
    MatchingRules,
    Mismatch,
    RuleList,
    match_request,
    match_response,
)

Rule = Mapping[str, Any]
Rules = Mapping[str, Rule | Sequence[Rule]]


def rule(document: Rule) -> MatchingRule:
    """A rule of its document form."""
    return MatchingRule(document["match"], {name: value for name, value in document.items() if name != "match"})


def rule_list(documents: Rule | Sequence[Rule], combine: str = "AND") -> RuleList:
    """One rule, or several, at a place."""
    each = [documents] if isinstance(documents, Mapping) else documents
    return RuleList(tuple(map(rule, each)), combine)


def rules(combine: str = "AND", **categories: Rules) -> MatchingRules:
    """Rules by category and place; `body={"$.a": {"match": "type"}}`."""
    return MatchingRules(
        {
            category: {place: rule_list(documents, combine) for place, documents in places.items()}
            for category, places in categories.items()
        }
    )


def json_body(value: Any) -> Body:
    """A JSON body: the text itself when it is bytes."""
    return Body(value if isinstance(value, bytes) else json.dumps(value).encode())


def json_response(expected: Any, actual: Any, places: Rules | None = None, combine: str = "AND") -> list[Mismatch]:
    """The mismatches of a JSON response under body rules."""
    wanted = ExpectedResponse(body=json_body(expected), rules=rules(combine, body=places or {}), headers=JSON)
    return match_response(wanted, Response(200, headers=JSON_FIELDS, body=json_body(actual)))


def json_request(expected: Any, actual: Any, places: Rules | None = None, combine: str = "AND") -> list[Mismatch]:
    """The mismatches of a JSON request under body rules."""
    wanted = ExpectedRequest("POST", body=json_body(expected), rules=rules(combine, body=places or {}), headers=JSON)
    return match_request(wanted, Request("POST", "/", headers=JSON_FIELDS, body=json_body(actual)))


def typed_response(
    media_type: str, expected: bytes, actual: bytes, places: Rules | None = None, combine: str = "AND"
) -> list[Mismatch]:
    """The mismatches of a response of a content type under body rules."""
    wanted = ExpectedResponse(
        body=Body(expected), rules=rules(combine, body=places or {}), headers={"Content-Type": (media_type,)}
    )
    return match_response(wanted, Response(200, headers=Headers([("Content-Type", media_type)]), body=Body(actual)))


def typed_request(
    media_type: str, expected: bytes, actual: bytes, places: Rules | None = None, combine: str = "AND"
) -> list[Mismatch]:
    """The mismatches of a request of a content type under body rules."""
    wanted = ExpectedRequest(
        "POST",
        body=Body(expected),
        rules=rules(combine, body=places or {}),
        headers={"Content-Type": (media_type,)},
    )
    fields = Headers([("Content-Type", media_type)])
    return match_request(wanted, Request("POST", "/", headers=fields, body=Body(actual)))


def body_texts(mismatches: Sequence[Mismatch]) -> list[str]:
    """`path -> sentence` of each body mismatch."""
    assert all(isinstance(found, BodyMismatch) for found in mismatches), mismatches
    return [str(found) for found in mismatches]


JSON = {"Content-Type": ("application/json",)}
JSON_FIELDS = Headers([("Content-Type", "application/json")])
