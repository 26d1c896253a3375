"""Promises put to the matching engine: what a contract with them accepts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.json_text import json_bytes
from pact_recorder.inference.promises import Promise, promise
from pact_recorder.matching import (
    ExpectedRequest,
    ExpectedResponse,
    JsonValue,
    MatchingRules,
    compile_request,
    compile_response,
)
from pact_recorder.matching.json_values import parse_json

_JSON = {"Content-Type": ("application/json",)}
_HEADERS = Headers([("Content-Type", "application/json")])


def parsed(document: JsonValue) -> JsonValue:
    """A document as it comes from the wire: decimals are their digits."""
    return parse_json(json.dumps(document).encode())


def promised(documents: Sequence[JsonValue], sample: int = 0, *, is_request: bool = False) -> Promise:
    """What is promised of documents, made after one of them."""
    known = [parsed(document) for document in documents]
    return promise(shape_of(known), known[sample], is_request=is_request, explain=True)


def accepts(made: Promise, document: JsonValue) -> bool:
    """Whether an answer with the document is what was promised."""
    expected = ExpectedResponse(200, _JSON, Body(json_bytes(made.example)), MatchingRules({"body": made.rules}))
    return not compile_response(expected).match(Response(200, "", _HEADERS, Body(json.dumps(document).encode())))


def accepts_request(made: Promise, document: JsonValue) -> bool:
    """Whether a request with the document is what was promised."""
    expected = ExpectedRequest(
        "POST", "/", None, _JSON, Body(json_bytes(made.example)), MatchingRules({"body": made.rules})
    )
    request = Request("POST", "/", headers=_HEADERS, body=Body(json.dumps(document).encode()))
    return not compile_request(expected).match(request)
