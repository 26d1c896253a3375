"""WireMock's mappings, construct by construct."""

from typing import Any

import pytest

from pact_recorder.recordings.importers.wiremock import is_wiremock, wiremock_expectations

REQUESTS = [
    ({"method": "any"}, {}),
    ({"method": "post", "url": "/a"}, {"method": "POST", "path": "/a"}),
    ({"url": "/a.b?x=1&y"}, {"path": r"/a\.b", "queryStringParameters": {"x": ["1"], "y": [""]}}),
    ({"urlPath": "/a"}, {"path": "/a"}),
    ({"urlPattern": "/a/.*"}, {"path": "/a/.*"}),
    ({"urlPathPattern": "/a/[0-9]+"}, {"path": "/a/[0-9]+"}),
    ({"queryParameters": {"q": {"equalTo": "a.b"}}}, {"queryStringParameters": {"q": [r"a\.b"]}}),
    ({"headers": {"X": {"matches": "a.*"}}}, {"headers": {"X": ["a.*"]}}),
    ({"headers": {"X": {"doesNotMatch": "a.*"}}}, {"headers": {"X": ["!a.*"]}}),
    ({"headers": {"X": {"absent": True}}}, {"headers": {"!X": []}}),
    ({"headers": {"X": {"equalTo": "a", "caseInsensitive": True}}}, {"headers": {"X": ["a"]}}),
    ({"bodyPatterns": [{"equalTo": "a"}]}, {"body": {"type": "STRING", "string": "a"}}),
    ({"bodyPatterns": [{"contains": "a.b"}]}, {"body": {"type": "REGEX", "regex": r".*a\.b.*"}}),
    (
        {"bodyPatterns": [{"equalToJson": {"a": 1}, "ignoreExtraElements": True}]},
        {"body": {"type": "JSON", "json": {"a": 1}, "matchType": "ONLY_MATCHING_FIELDS"}},
    ),
]


@pytest.mark.parametrize(("request_", "expected"), REQUESTS)
def test_a_request_is_mapped(request_: dict[str, Any], expected: dict[str, Any]) -> None:
    mapped = wiremock_expectations({"request": request_, "response": {}})
    assert mapped.warnings == []
    assert mapped.expectations[0]["httpRequest"] == expected


LEFT_OUT = [
    {"request": {"cookies": {"a": {"equalTo": "b"}}}, "response": {}},
    {"request": {"headers": {"X": {"equalToXml": "<a/>"}}}, "response": {}},
    {"request": {"bodyPatterns": [{"matchesJsonPath": "$.a"}]}, "response": {}},
    {"request": {"bodyPatterns": [{"equalTo": "a"}, {"contains": "b"}]}, "response": {}},
    {"request": {"customMatcher": {}}, "response": {}},
    {"request": {}, "response": {"proxyBaseUrl": "http://a"}},
    {"request": {}, "response": {"fault": "EMPTY_RESPONSE"}},
    {"request": {}, "response": {"bodyFileName": "a.json"}},
    {"request": {"urlPattern": "/a\\?x=.*"}, "response": {}},
]


@pytest.mark.parametrize("mapping", LEFT_OUT)
def test_what_would_be_another_mapping_is_left_out_with_a_warning(mapping: dict[str, Any]) -> None:
    mapped = wiremock_expectations({"mappings": [mapping]})
    assert mapped.expectations == []
    assert all(each.keys() == {"item", "construct", "detail"} for each in mapped.warnings)
    assert mapped.warnings


@pytest.mark.parametrize("priority", [float("inf"), float("nan"), 10**400, "high", [1], {"a": 1}])
def test_a_priority_that_is_no_number_is_refused_with_the_mapping(priority: Any) -> None:
    mappings = [{"request": {}, "response": {}}, {"priority": priority, "request": {}, "response": {}}]
    with pytest.raises(ValueError, match=r"^mapping 1: priority must be a whole number of 32 bits$"):
        wiremock_expectations({"mappings": mappings})


def test_an_answer_is_mapped() -> None:
    response = {"status": 404, "statusMessage": "None", "headers": {"A": "1", "B": ["2", "3"]}, "base64Body": "/w=="}
    (made,) = wiremock_expectations({"id": "x", "priority": 9, "request": {}, "response": response}).expectations
    assert made == {
        "id": "x",
        "priority": -4,
        "httpRequest": {},
        "httpResponse": {
            "statusCode": 404,
            "reasonPhrase": "None",
            "headers": {"A": ["1"], "B": ["2", "3"]},
            "body": {"type": "BINARY", "base64Bytes": "/w=="},
        },
    }


@pytest.mark.parametrize(
    ("document", "found"),
    [({"mappings": []}, True), ({"request": {}, "response": {}}, True), ({"request": {}}, False), ({}, False)],
)
def test_mappings_are_recognised(document: dict[str, Any], found: bool) -> None:
    assert is_wiremock(document) is found
