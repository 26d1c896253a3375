"""Compatibility suite: providers of messages of V3 and V4, verified against a producer in the same process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from compatibility.cells import body_cell, unescaped
from compatibility.suite import paths
from compatibility.tables import Table, members, message_of, metadata_of, with_contents
from compatibility.verifying import Verification, comments_of
from pytest_bdd import given, parsers, scenarios

from pact_recorder.matching import ExpectedMessage
from pact_recorder.pact import MessageInteraction, ProviderState
from pact_recorder.verification import ProducedMessage

FEATURES = ("V3/message_provider", "V4/message_provider")
scenarios(*paths(*FEATURES))

STARTED = r'a provider is started that can generate the "(?P<name>[^"]*)" message with "(?P<body>.*)"'
TO_VERIFY = r'a Pact file for "(?P<name>[^"]*)":"(?P<body>.*)" is to be verified'


@given(parsers.re(STARTED))
def start(verification: Verification, name: str, body: str) -> None:
    produce(verification, name, body, {})


@given(parsers.re(STARTED + " and the following metadata:"))
def start_with_metadata(verification: Verification, name: str, body: str, datatable: Table) -> None:
    produce(verification, name, body, metadata_of(datatable))


@given(parsers.re(TO_VERIFY))
def to_verify(verification: Verification, name: str, body: str) -> None:
    verification.add(message(name, body))


@given(parsers.re(TO_VERIFY + ' with provider state "(?P<state>.*)"'))
def to_verify_with_state(verification: Verification, name: str, body: str, state: str) -> None:
    verification.add(replace(message(name, body), provider_states=(ProviderState(state),)))


@given(parsers.re(TO_VERIFY + " with the following metadata:"))
def to_verify_with_metadata(verification: Verification, name: str, body: str, datatable: Table) -> None:
    verification.add(message(name, body, metadata_of(datatable)))


@given(parsers.re(TO_VERIFY + ", but is marked pending"))
def to_verify_pending(verification: Verification, name: str, body: str) -> None:
    verification.add(replace(message(name, body), pending=True))


@given(parsers.re(TO_VERIFY + " with the following comments:"))
def to_verify_with_comments(verification: Verification, name: str, body: str, datatable: Table) -> None:
    verification.add(replace(message(name, body), comments=comments_of(datatable)))


@given(parsers.re(r'a Pact file for "(?P<name>[^"]*)" is to be verified with the following:'))
def to_verify_configured(verification: Verification, name: str, datatable: Table) -> None:
    expected = message_of(members(datatable), verification.version)
    assert expected.rules
    verification.add(MessageInteraction(name, expected))


def message(name: str, body: str, metadata: Mapping[str, Any] | None = None) -> MessageInteraction:
    """The message of a step: contents as a cell, and metadata."""
    expected = with_contents(ExpectedMessage(metadata=metadata or {}), body_cell(unescaped(body)))
    return MessageInteraction(name, expected)


def produce(verification: Verification, name: str, body: str, metadata: Mapping[str, Any]) -> None:
    """Let the provider make a message, which travels as a message does: metadata as JSON."""
    made = message(name, body, metadata).message
    verification.produce(name, ProducedMessage(made.contents, json.loads(json.dumps(made.metadata))))
