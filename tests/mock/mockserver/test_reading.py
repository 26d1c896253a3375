import contextlib
import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pact_recorder.errors import UsageError
from pact_recorder.http import Request, Response
from pact_recorder.mock import Exhausted
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.pact import ProviderState

ACTION = {"httpResponse": {"statusCode": 201}}


def read(document: Any, now: float = 0.0) -> Any:
    return read_expectations(json.dumps(document), now, identifier=lambda: "made")


def test_defaults() -> None:
    (expectation,) = read(ACTION)
    assert (expectation.id, expectation.priority, expectation.remaining, expectation.expires) == ("made", 0, None, None)
    assert expectation.answers[0].status == 201
    assert expectation.pattern.method is None


def test_identifiers_are_made_when_none_is_given() -> None:
    one, other = read_expectations(json.dumps([ACTION, ACTION]), 0.0)
    assert one.id != other.id


LIFE = [
    ({"times": {"unlimited": True}}, None, None),
    ({"times": {"remainingTimes": 2, "unlimited": False}}, 2, None),
    ({"times": None, "timeToLive": None}, None, None),
    ({"timeToLive": {"unlimited": True}}, None, None),
    ({"timeToLive": {"timeUnit": "SECONDS", "timeToLive": 5}}, None, 105.0),
    ({"timeToLive": {"timeUnit": "MINUTES", "timeToLive": 1}}, None, 160.0),
    ({"timeToLive": {"timeUnit": "MILLISECONDS", "timeToLive": 500}}, None, 100.5),
    ({"timeToLive": {"timeUnit": "DAYS", "timeToLive": 1}}, None, 86_500.0),
]


@pytest.mark.parametrize(("members", "remaining", "expires"), LIFE)
def test_times_and_time_to_live(members: Any, remaining: int | None, expires: float | None) -> None:
    (expectation,) = read(ACTION | members, now=100.0)
    assert (expectation.remaining, expectation.expires) == (remaining, expires)


def test_several_answers_follow_each_other_in_a_circle() -> None:
    (expectation,) = read({"httpResponses": [{"statusCode": 200}, {"statusCode": 500}], "responseMode": "SEQUENTIAL"})
    taken = [expectation.take(Exhausted.REPEAT_LAST).status for _ in range(3)]
    assert taken == [200, 500, 200]


NEEDED = '"" needs an action, one of httpResponse, httpResponses, httpForward, httpOverrideForwardedRequest, httpError'
OVERRIDE = "httpOverrideForwardedRequest"
WRONG = [
    ({}, NEEDED),
    ({"httpRequest": {}}, '"" needs an action'),
    ({"httpResponses": []}, '"" needs an action'),
    (ACTION | {"httpResponses": [{}]}, '"/httpResponses" cannot stand beside httpResponse'),
    (ACTION | {"httpError": {"dropConnection": True}}, '"/httpError" cannot stand beside httpResponse'),
    ({"httpTemplate": {"template": "a"}}, '"/httpTemplate" is not supported'),
    ({"httpResponseTemplate": {"template": "a"}}, '"/httpResponseTemplate" is not supported'),
    ({"httpClassCallback": {"callbackClass": "a"}}, '"/httpClassCallback" is not supported'),
    ({"httpObjectCallback": {"clientId": "a"}}, '"/httpObjectCallback" is not supported'),
    ({"httpSseResponse": {}}, '"/httpSseResponse" is not supported'),
    (ACTION | {"rateLimit": {}}, '"/rateLimit" is not supported'),
    (ACTION | {"percentage": 50}, '"/percentage" is not supported'),
    (ACTION | {"nonsense": 1}, '"/nonsense" is not supported'),
    (ACTION | {"responseMode": "RANDOM"}, '"/responseMode" has a meaning beside httpResponses only'),
    ({"httpResponses": [{}], "responseMode": "WEIGHTED"}, '"/responseMode"'),
    (ACTION | {"scenarioState": "a"}, '"/scenarioState" needs a scenarioName beside it'),
    (ACTION | {"newScenarioState": "a"}, '"/newScenarioState" needs a scenarioName beside it'),
    (ACTION | {"scenarioName": 1}, '"/scenarioName" must be text'),
    (ACTION | {"priority": "1"}, '"/priority" must be a whole number'),
    (ACTION | {"priority": True}, '"/priority" must be a whole number'),
    (ACTION | {"id": 1}, '"/id" must be text'),
    (ACTION | {"times": {"remainingTimes": -1}}, '"/times/remainingTimes"'),
    (ACTION | {"times": {"count": 1}}, '"/times/count" is not supported'),
    (ACTION | {"timeToLive": {"timeToLive": 1}}, '"/timeToLive/timeUnit"'),
    (ACTION | {"timeToLive": {"timeUnit": "YEARS", "timeToLive": 1}}, '"/timeToLive/timeUnit"'),
    (ACTION | {"timeToLive": {"timeUnit": "DAYS", "timeToLive": 10**400}}, '"/timeToLive/timeToLive"'),
    ({"httpResponse": "text"}, '"/httpResponse"'),
    ({"httpResponse": {"delay": {"value": "1"}}}, '"/httpResponse/delay" value must be a whole number'),
    ({"httpResponse": {"delay": {"value": 2, "timeUnit": "DAYS"}}}, '"/httpResponse/delay" must not be longer'),
    ({"httpResponse": {"delay": {"distribution": {}}}}, '"/httpResponse/delay" distribution is not supported'),
    ({"httpResponse": {"connectionOptions": {"chunkSize": 1}}}, '"/httpResponse/connectionOptions" chunkSize is not'),
    ({"httpResponse": {"body": {"string": "a", "not": True}}}, '"/httpResponse/body"'),
    ({"httpResponse": {"trailers": {"a": "1"}}}, '"/httpResponse/trailers" is not supported'),
    ({"httpResponses": [{}, {"x": 1}]}, '"/httpResponses/1/x" is not supported'),
    (ACTION | {"httpRequest": {"jwt": {"issuer": "b"}}}, '"/httpRequest/jwt" is not supported'),
    (ACTION | {"httpRequest": {"body": {"xpath": "/a["}}}, '"/httpRequest/body" it is no XPath'),
    (
        ACTION | {"httpRequest": {"body": {"jsonSchema": {"items": {"$ref": "https://a.example/b"}}}}},
        '"/httpRequest/body" the reference "https://a.example/b" leads out of the schema, and nothing is fetched',
    ),
    (
        ACTION | {"httpRequest": {"headers": {"X": {"schema": {"$ref": "#/nowhere"}}}}},
        '"/httpRequest/headers" the value of "X": the reference "#/nowhere" leads to no place in the schema',
    ),
    (ACTION | {"httpRequest": "/a"}, '"/httpRequest" must be an object'),
    ({"httpForward": {}}, '"/httpForward/host" is missing'),
    ({"httpForward": {"host": "a/b"}}, '"/httpForward/host" must be the name'),
    ({"httpForward": {"host": "a", "port": 0}}, '"/httpForward/port" must be a whole number'),
    ({"httpForward": {"host": "a", "scheme": "FTP"}}, '"/httpForward/scheme" must be one of'),
    ({"httpForward": {"host": "a", "path": "/"}}, '"/httpForward/path" is not supported'),
    ({"httpError": {}}, '"/httpError/dropConnection"'),
    ({"httpError": {"responseBytes": "%"}}, '"/httpError/responseBytes"'),
    ({"httpError": {"streamError": 1}}, '"/httpError/streamError" is not supported'),
    (
        {OVERRIDE: {"requestOverride": {"keepAlive": True}}},
        f'"/{OVERRIDE}/requestOverride" keepAlive: is not supported',
    ),
    ({OVERRIDE: {"requestOverride": {"path": "a"}}}, f'"/{OVERRIDE}/requestOverride" path: must begin'),
    (
        {OVERRIDE: {"requestOverride": {"headers": {"a": "b\r\nc"}}}},
        f'"/{OVERRIDE}/requestOverride" headers: a name or',
    ),
    (
        {OVERRIDE: {"responseOverride": {"headers": {"Content-Length": "1"}}}},
        f'"/{OVERRIDE}/responseOverride" headers: Content-Length is made of the message that is sent, and cannot be',
    ),
    (
        {OVERRIDE: {"responseModifier": {"headers": {"remove": ["content-encoding"]}}}},
        f'"/{OVERRIDE}/responseModifier" headers: content-encoding is made of the message',
    ),
    (
        {OVERRIDE: {"requestModifier": {"headers": {"add": {"Transfer-Encoding": "chunked"}}}}},
        f'"/{OVERRIDE}/requestModifier" headers: Transfer-Encoding is made of the message',
    ),
    (
        {OVERRIDE: {"requestOverride": {"headers": {"Connection": "close"}}}},
        f'"/{OVERRIDE}/requestOverride" headers: Connection is made of the message',
    ),
    ({"httpResponse": {"headers": {"Content-Length": "1"}}}, '"/httpResponse/headers" Content-Length is 1, but'),
    (
        {"httpRequest": {"method": "HEAD", "not": True}, "httpResponse": {"headers": {"Content-Length": "1"}}},
        '"/httpResponse/headers" Content-Length is 1, but the body has 0 bytes',
    ),
    ({OVERRIDE: {"responseOverride": {"statusCode": 1}}}, f'"/{OVERRIDE}/responseOverride" statusCode: must be'),
    (
        {OVERRIDE: {"requestModifier": {"path": {"regex": "("}}}},
        f'"/{OVERRIDE}/requestModifier" path: cannot be applied',
    ),
    ({OVERRIDE: {"requestModifier": {"headers": {"remove": "a"}}}}, f'"/{OVERRIDE}/requestModifier" headers: remove'),
    (
        {OVERRIDE: {"responseModifier": {"jsonPatch": []}}},
        f'"/{OVERRIDE}/responseModifier" jsonPatch: is not supported',
    ),
    ([ACTION, {"httpForward": {}}], '"/1/httpForward/host" is missing'),
    (
        {"httpResponse": {"statusCode": 200, "dely": 1}},
        '"/httpResponse/dely" is not supported in a response (supported: statusCode, reasonPhrase, headers, cookies, '
        'body, delay, connectionOptions), did you mean "delay"?',
    ),
    (
        ACTION | {"httpRequest": {"pth": "/"}},
        '"/httpRequest/pth" is not supported in a request (supported: method, path,',
    ),
    (ACTION | {"httpReqest": {}}, '"/httpReqest" is not supported in an expectation (supported: id, priority, httpReq'),
    (
        ACTION | {"times": {"remainingTime": 1}},
        '"/times/remainingTime" is not supported in times (supported: remainingTimes, unlimited), did you mean "remain',
    ),
    (
        {"httpResponse": {"delay": {"valeu": 1}}},
        '"/httpResponse/delay" valeu is not supported (supported: timeUnit, value), did you mean "value"?',
    ),
    ([ACTION, 1], '"/1" must be an object'),
    ("text", '"" must be an object'),
]


@pytest.mark.parametrize(("document", "problem"), WRONG)
def test_what_is_wrong_or_not_supported_is_named_in_mockservers_words(document: Any, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(document)
    text = str(caught.value)
    assert text.startswith("incorrect expectation json format for:\n\n  ")
    assert "\n\n schema validation errors:\n\n  1 error" in text
    assert f"   - {problem}" in text


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_expectation(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_expectations(text, 0.0)
    assert str(caught.value) == (f'1 error:\n - an expectation or expectation array is required but value was "{text}"')


@pytest.mark.parametrize("text", ["{", "{'a': 1}", "// {}", "NaN", "[" * 10_000 + "]" * 10_000])
def test_only_strict_json_is_read(text: str) -> None:
    with pytest.raises(UsageError, match="is not JSON") as caught:
        read_expectations(text, 0.0)
    assert len(str(caught.value)) < 5_000


def test_what_is_stored_has_lists_whatever_the_form() -> None:
    (expectation,) = read(
        {
            "httpRequest": {"path": "/a", "method": "GET", "headers": [{"name": "a", "values": ["1"]}], "body": None},
            "httpResponse": {"headers": {"X": "?1"}, "body": "text"},
        }
    )
    assert expectation.document == {
        "httpRequest": {"headers": {"a": ["1"]}, "method": "GET", "path": "/a"},
        "httpResponse": {"body": "text", "headers": {"X": ["?1"]}},
    }


STORED = [
    (
        {"httpRequest": {"cookies": [{"name": "a", "value": "1"}], "pathParameters": {"id": "1"}, "path": "/{id}"}},
        {"httpRequest": {"cookies": {"a": "1"}, "path": "/{id}", "pathParameters": {"id": ["1"]}}},
    ),
    ({"httpRequest": {"path": {"schema": {}}, "not": True}}, {"httpRequest": {"not": True, "path": {"schema": {}}}}),
    (
        {"scenarioName": "s", "scenarioState": "a", "newScenarioState": "b"},
        {"scenarioName": "s", "scenarioState": "a", "newScenarioState": "b"},
    ),
]


@pytest.mark.parametrize(("document", "stored"), STORED)
def test_everything_that_was_set_is_stored(document: Any, stored: Any) -> None:
    (expectation,) = read(ACTION | document)
    assert expectation.document is not None
    assert dict(expectation.document) == stored | ACTION


ACTIONS = [
    {"httpForward": {"host": "a", "port": 1, "scheme": "HTTPS"}},
    {"httpError": {"dropConnection": True}},
    {"httpResponse": {"delay": {"timeUnit": "SECONDS", "value": 1}}},
    {"httpResponses": [{}, {}], "responseMode": "RANDOM"},
]


@pytest.mark.parametrize("document", ACTIONS)
def test_an_action_is_stored_as_it_was_set(document: Any) -> None:
    (expectation,) = read(document)
    assert expectation.document == document


def test_the_older_form_of_an_override_is_stored_in_the_present_one() -> None:
    (expectation,) = read({OVERRIDE: {"httpRequest": {"headers": {"a": "1"}}, "httpResponse": {"statusCode": 201}}})
    assert expectation.document == {
        OVERRIDE: {"requestOverride": {"headers": {"a": ["1"]}}, "responseOverride": {"statusCode": 201}}
    }


def test_a_server_that_sends_nothing_refuses_to_forward() -> None:
    for document in ({"httpForward": {"host": "a"}}, {OVERRIDE: {}}):
        with pytest.raises(UsageError, match="is not supported by this server, which sends no requests anywhere"):
            read_expectations(json.dumps(document), 0.0, forwards=False)


def test_one_of_several_is_picked() -> None:
    text = json.dumps({"httpResponses": [{"statusCode": 201}, {"statusCode": 202}], "responseMode": "RANDOM"})
    (expectation,) = read_expectations(text, 0.0, pick=lambda count: count - 1)
    taken = [expectation.take(Exhausted.MISS) for _ in range(3)]
    assert [each.status for each in taken if isinstance(each, Response)] == [202] * 3


def test_a_gating_scenario_is_a_provider_state() -> None:
    (gated,) = read(ACTION | {"scenarioName": "pact-provider-state", "scenarioState": "a user exists"})
    assert gated.provider_states == (ProviderState("a user exists"),)
    (other,) = read(ACTION | {"scenarioName": "other", "scenarioState": "a user exists"})
    assert other.provider_states == ()


FULL = {
    "id": "a",
    "priority": 1,
    "httpRequest": {
        "method": "GET",
        "path": "/{a}",
        "pathParameters": {"a": ["1"]},
        "queryStringParameters": {"keyMatchStyle": "SUB_SET", "b": {"schema": {"type": "string"}}},
        "headers": [{"name": "c", "values": ["d"]}],
        "cookies": {"e": "f"},
        "body": {"type": "JSON", "json": {"g": 1}, "matchType": "STRICT", "not": True},
        "secure": True,
        "keepAlive": True,
        "protocol": "HTTP_2",
        "not": True,
    },
    "scenarioName": "h",
    "scenarioState": "i",
    "newScenarioState": "j",
    "times": {"remainingTimes": 1},
    "timeToLive": {"timeUnit": "DAYS", "timeToLive": 1},
}
FULL_ACTIONS: list[dict[str, Any]] = [
    {
        "httpResponse": {
            "statusCode": 200,
            "reasonPhrase": "k",
            "headers": {"l": ["m"]},
            "cookies": {"n": "o"},
            "body": {"type": "STRING", "string": "p", "contentType": "text/plain"},
            "delay": {"timeUnit": "SECONDS", "value": 1},
            "connectionOptions": {"closeSocket": True, "keepAliveOverride": False},
        }
    },
    {"httpResponses": [{}, {"statusCode": 201}], "responseMode": "RANDOM"},
    {"httpForward": {"host": "q", "port": 1, "scheme": "HTTPS", "delay": {"value": 1}}},
    {"httpError": {"dropConnection": True, "responseBytes": "AA==", "delay": {"value": 1}}},
    {
        OVERRIDE: {
            "requestOverride": {"method": "PUT", "path": "/r", "headers": {"Host": "s:1"}, "body": {"t": 1},
                                "socketAddress": {"host": "u", "port": 1, "scheme": "HTTP"}, "secure": True},
            "requestModifier": {"path": {"regex": "v", "substitution": "$0"}, "headers": {"remove": ["w"]},
                                "queryStringParameters": {"add": {"x": "y"}, "replace": {"x": ["z"]}}},
            "responseOverride": {"statusCode": 200, "reasonPhrase": "a", "cookies": {"b": "c"}, "body": "d"},
            "responseModifier": {"cookies": {"remove": ["e"]}},
            "delay": {"value": 1},
        }
    },
]  # fmt: skip
TYPED = [
    {"jsonSchema": {"type": "object"}},
    {"jsonPath": "$.a"},
    {"xpath": "/p:a", "namespacePrefixes": {"p": "u"}},
    {"xml": "<a/>"},
    {"parameters": {"a": "1"}},
    {"base64Bytes": "AA=="},
    {"regex": "a"},
    {"string": "a", "subString": True},
    {"type": "GRAPHQL", "query": "{a}", "operationName": "b", "variablesSchema": {"type": "object"}},
]
WHOLE = [FULL | action for action in FULL_ACTIONS] + [ACTION | {"httpRequest": {"body": body}} for body in TYPED]


@pytest.mark.parametrize("document", WHOLE, ids=str)
def test_every_field_is_read(document: Any) -> None:
    assert len(read(document)) == 1


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def places(document: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value in a document but the whole."""
    for key, value in document.items() if isinstance(document, dict) else enumerate(document):
        yield (*above, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*above, key))


@settings(max_examples=400)
@given(st.sampled_from(WHOLE), st.data(), anything)
def test_whatever_stands_in_the_place_of_a_value_is_read_or_refused(document: Any, data: Any, value: Any) -> None:
    changed = copy.deepcopy(document)
    *above, last = data.draw(st.sampled_from(list(places(changed))))
    at = changed
    for key in above:
        at = at[key]
    at[last] = value
    with contextlib.suppress(UsageError):
        (expectation,) = read(changed)
        assert expectation.match(Request("GET", "/1")) is not None
        assert expectation.lacking() is not None
