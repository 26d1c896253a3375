"""Compatibility suite: what consumers' tests of V3 and V4 define and write: HTTP and both kinds of messages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from compatibility.cells import document_body, unescaped, value_cell
from compatibility.defining import Definition, ProcessingError
from compatibility.kinds import is_of_kind, value_at
from compatibility.suite import paths
from compatibility.tables import Table, json_members, message_of, metadata_of, rows, with_contents
from pytest_bdd import given, parsers, scenarios, then, when

from pact_recorder.pact import AnyInteraction, ProviderState, load_contract

FEATURES = (
    "V3/http_consumer",
    "V3/message_consumer",
    "V4/http_consumer",
    "V4/message_consumer",
    "V4/synchronous_message_consumer",
    "V4/v4",
)
scenarios(*paths(*FEATURES))

KIND = r"(?P<kind>HTTP|message|synchronous message)"
PART = r"(?:(?P<part>request|response) )?"
NUMBERS = {"first": 0, "second": 1}


@pytest.fixture
def definition(version: int, tmp_path: Path) -> Definition:
    return Definition(version, tmp_path)


@given("an integration is being defined for a consumer test")
def begin_http(definition: Definition) -> None:
    definition.begin("HTTP")


@given(parsers.re(rf"an? {KIND} (interaction|integration) is being defined for a consumer test"))
def begin(definition: Definition, kind: str) -> None:
    definition.begin(kind)


@given(parsers.re(r'a provider state "(?P<name>[^"]*)"( for the( synchronous)? message)? is specified'))
def specify_state(definition: Definition, name: str) -> None:
    add_state(definition, ProviderState(name))


@given(
    parsers.re(
        r'a provider state "(?P<name>[^"]*)"( for the( synchronous)? message)? is specified with the following data:'
    )
)
def specify_state_with_data(definition: Definition, name: str, datatable: Table) -> None:
    (data,) = map(json_members, rows(datatable))
    add_state(definition, ProviderState(name, data))


@given(parsers.re(rf'a key of "(?P<key>.*)" is specified for the {KIND} interaction'))
def specify_key(definition: Definition, key: str) -> None:
    definition.change(key=key)


@given(parsers.re(rf"the {KIND} interaction is marked as pending"))
def mark_pending(definition: Definition) -> None:
    definition.change(pending=True)


@given(parsers.re(rf'a comment "(?P<comment>.*)" is added to the {KIND} interaction'))
def add_comment(definition: Definition, comment: str) -> None:
    definition.change(comments={"text": [comment]})


@given(parsers.re(rf'the message {PART}payload contains the "(?P<name>.*)" (JSON )?document'))
def set_payload(definition: Definition, part: str | None, name: str) -> None:
    definition.change_message(part, lambda message: with_contents(message, document_body(name)))


@given(parsers.re(rf"the message {PART}contains the following metadata:"))
def set_metadata(definition: Definition, part: str | None, datatable: Table) -> None:
    added = metadata_of(datatable)
    definition.change_message(part, lambda message: replace(message, metadata={**message.metadata, **added}))


@given(parsers.re(rf"the message {PART}is configured with the following:"))
def configure(definition: Definition, part: str | None, datatable: Table) -> None:
    (row,) = rows(datatable)
    definition.change_message(part, lambda message: message_of(row, definition.version, message))


@given("a message is defined")
def define_message(definition: Definition) -> None:
    definition.change_message(None, lambda message: with_contents(message, document_body("basic")))


@when("the Pact file for the test is generated")
def write(definition: Definition) -> None:
    definition.write()


@when("the message is successfully processed")
def process(definition: Definition) -> None:
    definition.process(lambda interaction: None)


@when(parsers.re(r'the message is NOT successfully processed with a "(?P<error>.*)" exception'))
def process_and_fail(definition: Definition, error: str) -> None:
    def consumer(interaction: AnyInteraction) -> None:
        raise ProcessingError(error)

    definition.process(consumer)


@then(parsers.re(r'the received message payload will contain the "(?P<name>.*)" (JSON )?document'))
def received_document(definition: Definition, name: str) -> None:
    assert definition.received_message(None).contents == document_body(name).body


@then(parsers.re(r'the received message content type will be "(?P<media_type>.*)"'))
def received_type(definition: Definition, media_type: str) -> None:
    assert definition.received_message(None).metadata["contentType"] == media_type


@then(parsers.re(rf'the received message {PART}metadata will contain "(?P<key>[^"]*)" == "(?P<value>.*)"'))
def received_metadata(definition: Definition, part: str | None, key: str, value: str) -> None:
    assert definition.received_message(part).metadata[key] == value_cell(unescaped(value))


@then(parsers.re(rf'the received message {PART}metadata will contain "(?P<key>[^"]*)" replaced with an "(?P<kind>.*)"'))
def received_generated_metadata(definition: Definition, part: str | None, key: str, kind: str) -> None:
    assert is_of_kind(definition.received_message(part).metadata[key], kind)


@then(parsers.re(rf'the message {PART}contents for "(?P<path>.*)" will have been replaced with an "(?P<kind>.*)"'))
def received_generated_contents(definition: Definition, part: str | None, path: str, kind: str) -> None:
    assert is_of_kind(value_at(definition.received_message(part).contents, path), kind)


@then("the consumer test will have passed")
def passed(definition: Definition) -> None:
    assert definition.error is None


@then("the consumer test will have failed")
def failed(definition: Definition) -> None:
    assert definition.error is not None


@then(parsers.re(r'the consumer test error will be "(?P<error>.*)"'))
def failed_with(definition: Definition, error: str) -> None:
    assert definition.error == error


@then("a Pact file for the message interaction will have been written")
def wrote(definition: Definition) -> None:
    assert definition.file is not None
    contract = load_contract(definition.file)
    assert contract.specification == {3: "3.0.0", 4: "4.0"}[definition.version]
    assert len(contract.interactions) == len(definition.interactions)


@then("a Pact file for the message interaction will NOT have been written")
def wrote_nothing(definition: Definition) -> None:
    assert list(definition.folder.iterdir()) == []


@then(parsers.re(r"the pact file will contain (?P<count>\d+) (message )?interaction"), converters={"count": int})
def wrote_count(definition: Definition, count: int) -> None:
    assert len(definition.written()) == count


@then(parsers.re(r'the first message in the pact file will contain the "(?P<name>.*)" document'))
def wrote_document(definition: Definition, name: str) -> None:
    assert_content(definition.written()[0]["contents"], name)


@then(parsers.re(r'the first message in the pact file content type will be "(?P<media_type>.*)"'))
def wrote_type(definition: Definition, media_type: str) -> None:
    assert definition.written()[0]["metaData"]["contentType"] == media_type


@then(
    parsers.re(
        rf"the first message in the pact file will contain the {PART}message metadata "
        r'"(?P<key>[^"]*)" == "(?P<value>.*)"'
    )
)
def wrote_metadata(definition: Definition, part: str | None, key: str, value: str) -> None:
    entry = definition.written()[0]
    metadata = entry["metaData"] if part is None else entry[part]["metadata"]
    assert metadata[key] == value_cell(unescaped(value))


@then(
    parsers.re(r"the (first message|interaction) in the [pP]act file will contain (?P<count>\d+) provider states?"),
    converters={"count": int},
)
def wrote_states(definition: Definition, count: int) -> None:
    assert len(definition.written()[0]["providerStates"]) == count


@then(parsers.re(r'the (first message|interaction) in the Pact file will contain provider state "(?P<name>.*)"'))
def wrote_state(definition: Definition, name: str) -> None:
    assert name in [state["name"] for state in definition.written()[0]["providerStates"]]


@then(
    parsers.re(
        r'the provider state "(?P<name>.*)" (in the Pact file|for the message) will contain the following parameters:'
    )
)
def wrote_parameters(definition: Definition, name: str, datatable: Table) -> None:
    (row,) = rows(datatable)
    states = definition.written()[0]["providerStates"]
    assert {"name": name, "params": json.loads(row["parameters"])} in states


@then(parsers.re(r'the first interaction in the Pact file will have a type of "(?P<kind>.*)"'))
def wrote_first_kind(definition: Definition, kind: str) -> None:
    assert definition.written()[0]["type"] == kind


@then(parsers.re(r'there will be an interaction in the Pact file with a type of "(?P<kind>.*)"'))
def wrote_kind(definition: Definition, kind: str) -> None:
    assert kind in [entry["type"] for entry in definition.written()]


@then(parsers.re(r"""the first interaction in the Pact file will have "(?P<name>.*)" = '(?P<value>.*)'"""))
def wrote_member(definition: Definition, name: str, value: str) -> None:
    assert definition.written()[0][name] == json.loads(value)


@then(
    parsers.re(
        r'the first interaction in the pact file will contain the "(?P<name>.*)" document '
        r"as (the|a) (?P<part>request|response)"
    )
)
def wrote_part(definition: Definition, name: str, part: str) -> None:
    (message,) = messages_of(definition, part)
    assert_content(message["contents"], name)


@then(
    parsers.re(
        r'the first interaction in the pact file (?P<part>request|response) content type will be "(?P<media_type>.*)"'
    )
)
def wrote_part_type(definition: Definition, part: str, media_type: str) -> None:
    assert [each["contents"]["contentType"] for each in messages_of(definition, part)] == [media_type]


@then(
    parsers.re(r"the first interaction in the pact file will contain (?P<count>\d+) response messages"),
    converters={"count": int},
)
def wrote_responses(definition: Definition, count: int) -> None:
    assert len(messages_of(definition, "response")) == count


@then(
    parsers.re(
        r'the first interaction in the pact file will contain the "(?P<name>.*)" document '
        r"as the (?P<number>first|second) response message"
    )
)
def wrote_response(definition: Definition, name: str, number: str) -> None:
    assert_content(messages_of(definition, "response")[NUMBERS[number]]["contents"], name)


def add_state(definition: Definition, state: ProviderState) -> None:
    definition.change(provider_states=(*definition.current.provider_states, state))


def messages_of(definition: Definition, part: str) -> list[dict[str, Any]]:
    """The request of the first written interaction, or its responses."""
    written = definition.written()[0][part]
    return written if isinstance(written, list) else [written]


def assert_content(contents: Any, name: str) -> None:
    """The written contents (of V4 with their type) are those of a fixture: JSON as a value, else the text."""
    body = document_body(name).body
    assert body is not None
    content = contents["content"] if isinstance(contents, dict) and "content" in contents else contents
    assert content == (body.content.decode() if isinstance(content, str) else json.loads(body.content))
