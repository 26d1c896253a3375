from typing import Any

import pytest
from generating import context, generators

from pact_recorder.matching import GeneratorMode
from pact_recorder.matching.generators.table import generated

STATE = {"id": 7, "name": "Al", "price": 1.5, "none": None, "yes": True, "text": "42", "list": [1, 2.5]}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"expression": "${id}"}, 7),
        ({"expression": "id"}, 7),
        ({"expression": "/users/${id}/${name}"}, "/users/7/Al"),
        ({"expression": "${id}", "dataType": "STRING"}, "7"),
        ({"expression": "${id}", "dataType": "RAW"}, 7),
        ({"expression": "${list}"}, [1, b"2.5"]),
        ({"expression": "${list}", "dataType": "STRING"}, "[1,2.5]"),
        ({"expression": "${text}", "dataType": "INTEGER"}, 42),
        ({"expression": "${price}", "dataType": "INTEGER"}, 1),
        ({"expression": "${yes}", "dataType": "INTEGER"}, 1),
        ({"expression": "${none}", "dataType": "INTEGER"}, 0),
        ({"expression": "${text}", "dataType": "DECIMAL"}, b"42.0"),
        ({"expression": "${id}", "dataType": "FLOAT"}, b"7.0"),
        ({"expression": "${price}", "dataType": "decimal"}, b"1.5"),
        ({"expression": "${id}", "dataType": "BOOLEAN"}, True),
        ({"expression": "${none}", "dataType": "BOOLEAN"}, False),
        ({"expression": "${price}", "dataType": "BOOLEAN"}, True),
        ({"expression": "${}"}, ""),
    ],
)
def test_provider_state(attributes: dict[str, Any], expected: Any) -> None:
    [generator] = generators(body={"$": {"type": "ProviderState", **attributes}}).categories["body"].values()
    assert generated(generator, "x", context(GeneratorMode.PROVIDER, state=STATE), "$") == expected


@pytest.mark.parametrize(
    ("attributes", "url", "expected"),
    [
        ({"example": "http://a:80/x/1", "regex": r".*(/x/\d+)"}, "http://127.0.0.1:9", "http://127.0.0.1:9/x/1"),
        ({"example": "http://a:80/x/1", "regex": r".*(/x/\d+)$"}, "http://b/", "http://b/x/1"),
        ({"example": "see http://a/x now", "regex": r"http://a(/x)"}, "http://b", "see http://b/x now"),
    ],
)
def test_mock_server_url(attributes: dict[str, Any], url: str, expected: str) -> None:
    [generator] = generators(body={"$": {"type": "MockServerURL", **attributes}}).categories["body"].values()
    assert generated(generator, "x", context(url=url), "$") == expected
