"""The Rust reference reads what is written here, and bodies are read as it reads them."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from pact_recorder.pact import Contract, Interaction, format_contract, read_contract
from tests.pact.reference import reference_response_bodies
from tests.pact.strategies import contracts, interactions

JSON, TEXT, PNG = "application/json", "text/plain", "image/png"
STRINGS = [
    "", "hello", '"hello"', "[1]", '{"a":1}', "null", "12 monkeys", "aGVsbG8=", "aGVsbG8", "a b c d", "<a/>", "é",
]  # fmt: skip
VALUES = [None, 5, True, [1, 1.5], {"a": {"b": []}}]
V4_CONTENTS = [
    {"content": ""},
    {"content": None},
    {"content": None, "contentType": JSON},
    {"content": "hello", "contentType": JSON},
    {"content": "hello"},
    {"content": "hello", "contentType": TEXT},
    {"content": '{"a":1}', "contentType": JSON, "encoded": False},
    {"content": '{"a":1}', "contentType": JSON, "encoded": "json"},
    {"content": "aGVsbG8=", "contentType": JSON, "encoded": "base64"},
    {"content": "aGVsbG8=", "encoded": "base64"},
    {"content": "hello", "contentType": TEXT, "encoded": "base64"},
    {"content": "aGVsbG8=", "contentType": PNG, "encoded": False},
    {"content": {"a": 1}},
    {"content": [1], "encoded": "json"},
    {"a": 1},
    [1],
    5,
]


def document(body: object, declared: str | None, version: str) -> str:
    response = {"status": 200, "headers": {"Content-Type": declared} if declared else {}, "body": body}
    interaction = {
        "type": "Synchronous/HTTP",
        "description": "d",
        "request": {"method": "GET", "path": "/"},
        "response": response,
    }
    if version != "4.0":
        del interaction["type"]
    return json.dumps(
        {
            "consumer": {"name": "c"},
            "provider": {"name": "p"},
            "interactions": [interaction],
            "metadata": {"pactSpecification": {"version": version}},
        }
    )


def check_same(text: str) -> None:
    ours = read_contract(text, "x").interactions[0].response.body
    assert [ours.content] == reference_response_bodies(text)


@pytest.mark.parametrize("body", STRINGS + VALUES)
@pytest.mark.parametrize("declared", [JSON, TEXT, PNG, "application/octet-stream", "application/hal+json"])
@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "3.0.0"])
def test_bodies_before_v4_are_read_as_the_reference_reads_them(body, declared: str, version: str) -> None:
    check_same(document(body, declared, version))


@pytest.mark.parametrize("body", V4_CONTENTS)
@pytest.mark.parametrize("declared", [JSON, None])
def test_bodies_of_v4_are_read_as_the_reference_reads_them(body, declared: str | None) -> None:
    check_same(document(body, declared, "4.0"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(contracts(interactions))
def test_the_reference_reads_what_is_written(contract: Contract) -> None:
    for version in (2, 3, 4):
        bodies = reference_response_bodies(format_contract(contract, version))
        assert bodies is not None
        assert len(bodies) == len(contract.interactions)
    for interaction, body in zip(contract.interactions, bodies, strict=True):
        assert body == content_of(interaction) or json_of(body) == json_of(content_of(interaction))


def content_of(interaction: Interaction) -> bytes:
    body = interaction.response.body
    return b"" if body is None else body.content


def json_of(content: bytes) -> object:
    """The JSON value with numbers as the reference keeps them."""
    return json.loads(content, parse_int=float)
