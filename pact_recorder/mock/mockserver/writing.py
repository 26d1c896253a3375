"""Writing active expectations in MockServer's JSON, whatever they came from; members in alphabetical order.

What the control API set is shown as it was set. A recorded expectation shows the request that it answers, with the
headers that take part in matching and the host; one of a contract shows its example, where a rule becomes the pattern
that MockServer's own import of contracts makes of it, and its first provider state as the scenario that MockServer has
for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pact_recorder.http import Body, Headers, MediaType, Response, parse_query
from pact_recorder.http.names import FRAMING
from pact_recorder.matching import ExpectedRequest, JsonValue, MatchingRule, RuleList
from pact_recorder.mock.expectation import Expectation, RecordedExpectation, RuledExpectation
from pact_recorder.mock.mockserver.body import recorded_body
from pact_recorder.mock.mockserver.response import write_response
from pact_recorder.mock.mockserver.text import escaped
from pact_recorder.mock.scenarios import PROVIDER_STATE

_UNLIMITED: Mapping[str, JsonValue] = {"unlimited": True}


def write_expectation(expectation: Expectation, *, all_headers: bool = False) -> dict[str, JsonValue]:
    """The stored form of an active expectation.

    `all_headers` shows every header of a recorded request, and not only those that take part in matching.
    """
    document: dict[str, JsonValue] = {"times": _UNLIMITED, "timeToLive": _UNLIMITED}
    if isinstance(expectation, RuledExpectation) and expectation.document is not None:
        document |= expectation.document
    else:
        document["httpRequest"] = write_request(expectation, all_headers=all_headers)
        document |= _responses(expectation.responses())
        document |= _provider_state(expectation)
    if isinstance(expectation, RuledExpectation) and expectation.remaining is not None:
        document["times"] = {"remainingTimes": expectation.remaining}
    document |= {"id": expectation.id, "priority": expectation.priority}
    return {name: document[name] for name in sorted(document)}


def write_request(expectation: Expectation, *, all_headers: bool = False) -> dict[str, JsonValue]:
    """The `httpRequest` of a recorded expectation, or of a contract's."""
    if isinstance(expectation, RecordedExpectation):
        return _recorded_request(expectation, all_headers)
    return _expected_request(expectation.expected())


def _provider_state(expectation: Expectation) -> dict[str, JsonValue]:
    states = expectation.provider_states if isinstance(expectation, RuledExpectation) else ()
    named = next((state.name for state in states if state.name.strip()), None)
    return {} if named is None else {"scenarioName": PROVIDER_STATE, "scenarioState": named}


def _responses(responses: Iterable[Response]) -> dict[str, JsonValue]:
    written = [write_response(response) for response in responses]
    return {"httpResponse": written[0]} if len(written) == 1 else {"httpResponses": written}


def _recorded_request(expectation: RecordedExpectation, all_headers: bool) -> dict[str, JsonValue]:
    request = expectation.exchange().request
    selecting = {name.lower() for name in expectation.expected().headers}
    shown = request.headers.without(FRAMING)
    if not all_headers:
        shown = Headers((name, value) for name, value in shown if name.lower() in selecting)
    if request.authority and "host" not in shown:
        shown = Headers((("Host", request.headers.get("host") or request.authority), *shown))
    return _request(
        request.method, request.path, parse_query(request.query or ""), shown, _body(request.body, request.media_type)
    )


def _expected_request(expected: ExpectedRequest | None) -> dict[str, JsonValue]:
    if expected is None:
        return {}
    query, headers = expected.rules.category("query"), expected.rules.category("header")
    path = expected.rules.category("path").get("$")
    shown: dict[str, JsonValue] = {"method": escaped(expected.method), "path": _ruled(expected.path, path)}
    if expected.query:
        shown["queryStringParameters"] = {
            name: [_ruled(value or "", query.get(name)) for value in values] for name, values in expected.query.items()
        }
    if expected.headers:
        shown["headers"] = {
            name: [_ruled(value, headers.get(name)) for value in values] for name, values in expected.headers.items()
        }
    shown |= _body(expected.body, expected.media_type)
    return {name: shown[name] for name in sorted(shown)}


def _request(
    method: str, path: str, query: list[tuple[str, str | None]], headers: Headers, body: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    document: dict[str, JsonValue] = {**body}
    if len(headers):
        document["headers"] = {
            escaped(name): [escaped(value) for value in values] for name, values in headers.grouped().items()
        }
    document |= {"method": escaped(method), "path": escaped(path)}
    if query:
        parameters: dict[str, list[str]] = {}
        for name, value in query:
            parameters.setdefault(escaped(name), []).append(escaped(value or ""))
        document["queryStringParameters"] = parameters
    return document


def _body(body: Body | None, media_type: MediaType | None) -> dict[str, JsonValue]:
    if body is None or not body.content:
        return {}
    written = recorded_body(body, media_type)
    if written["type"] == "JSON":
        # What was recorded is matched as it is; MockServer's own default would take more.
        written["matchType"] = "STRICT"
    return {"body": written}


def _include(rule: MatchingRule) -> str:
    return rf".*\Q{rule.attributes.get('value', '')}\E.*"


def _anything(rule: MatchingRule) -> str:
    return ".+"


_PATTERNS: dict[str, Callable[[MatchingRule], str]] = {
    "regex": lambda rule: str(rule.attributes.get("regex", "")),
    "include": _include,
    **dict.fromkeys(("type", "number", "integer", "decimal", "boolean"), _anything),
}


def _ruled(value: str, rules: RuleList | None) -> str:
    """The text of a value under rules: the pattern of the first, else exactly the value."""
    write = _PATTERNS.get(rules.rules[0].match) if rules is not None and rules.rules else None
    return escaped(value) if write is None or rules is None else write(rules.rules[0])
