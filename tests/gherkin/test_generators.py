"""Compatibility suite: generators of V3 and V4, straight against the engine."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from compatibility.generating import surroundings
from compatibility.kinds import is_of_kind, value_at
from compatibility.suite import paths
from compatibility.tables import Row, Table, request_of, response_of, rows
from pytest_bdd import given, parsers, scenarios, then, when

from pact_recorder.http import Body
from pact_recorder.matching import (
    ExpectedRequest,
    ExpectedResponse,
    GeneratorMode,
    generate_request,
    generate_response,
)

FEATURES = ("V3/http_generators", "V3/generators", "V4/generators")
scenarios(*paths(*FEATURES))

MODES = {"Consumer": GeneratorMode.CONSUMER, "Provider": GeneratorMode.PROVIDER}


@dataclass
class Preparation:
    """A message with generators, before (`expected`) and after they were applied (`ready`)."""

    expected: ExpectedRequest | ExpectedResponse = field(default_factory=ExpectedRequest)
    ready: ExpectedRequest | ExpectedResponse = field(default_factory=ExpectedRequest)
    mode: GeneratorMode = GeneratorMode.CONSUMER

    def prepare(self, context: Mapping[str, Any]) -> None:
        around = replace(surroundings(self.mode), **context)
        if isinstance(self.expected, ExpectedRequest):
            self.ready = generate_request(self.expected, around)
        else:
            self.ready = generate_response(self.expected, around)


@pytest.fixture
def preparation() -> Preparation:
    return Preparation()


@given("a request configured with the following generators:")
def request_with_generators(preparation: Preparation, version: int, datatable: Table) -> None:
    (row,) = rows(datatable)
    preparation.expected = request_of(row, version)


@given("a response configured with the following generators:")
def response_with_generators(preparation: Preparation, version: int, datatable: Table) -> None:
    (row,) = rows(datatable)
    preparation.expected = response_of(as_response(row), version)


@given(parsers.re(r'the generator test mode is set as "(?P<mode>\w+)"'))
def set_mode(preparation: Preparation, mode: str) -> None:
    preparation.mode = MODES[mode]


@when("the request is prepared for use")
@when("the response is prepared for use")
def prepare(preparation: Preparation) -> None:
    preparation.prepare({})


@when('the request is prepared for use with a "providerState" context:')
def prepare_with_state(preparation: Preparation, datatable: Table) -> None:
    preparation.prepare({"provider_state": json.loads(datatable[0][0])})


@when('the request is prepared for use with a "mockServer" context:')
def prepare_with_mock_server(preparation: Preparation, datatable: Table) -> None:
    preparation.prepare({"mock_server_url": json.loads(datatable[0][0])["href"]})


@then(parsers.re(r'the body value for "(?P<path>.*)" will have been replaced with an? "(?P<kind>.*)"'))
@then(parsers.re(r'the body value for "(?P<path>.*)" will have been replaced with "(?P<kind>.*)"'))
def body_is_generated(preparation: Preparation, path: str, kind: str) -> None:
    body: Body | None = preparation.expected.body
    value = value_at(preparation.ready.body, path)
    assert value != value_at(body, path)
    assert is_of_kind(value, kind)


@then(parsers.re(r'the (request|response) "(?P<part>.*)" will be set as "(?P<text>.*)"'))
def part_is(preparation: Preparation, part: str, text: str) -> None:
    assert texts_of(preparation.ready, part) == [text]


@then(parsers.re(r'the (request|response) "(?P<part>.*)" will not be "(?P<text>.*)"'))
def part_is_not(preparation: Preparation, part: str, text: str) -> None:
    assert texts_of(preparation.expected, part) == [text]
    assert texts_of(preparation.ready, part) != [text]


@then(parsers.re(r'the (request|response) "(?P<part>.*)" will match "(?P<pattern>.*)"'))
def part_matches(preparation: Preparation, part: str, pattern: str) -> None:
    (text,) = texts_of(preparation.ready, part)
    assert re.fullmatch(pattern, text)


def as_response(row: Row) -> Row:
    """The row under the names of a response's columns."""
    return {f"response {name}": cell for name, cell in row.items()}


def texts_of(message: ExpectedRequest | ExpectedResponse, part: str) -> list[str]:
    """The texts of a part by the suite's name: `path`, `status`, `header[NAME]`, `queryParameter[NAME]`."""
    name, _, place = part.removesuffix("]").partition("[")
    if name == "header":
        return list(message.headers[place])
    if isinstance(message, ExpectedResponse):
        return [str({"status": message.status}[name])]
    if name == "queryParameter":
        assert message.query is not None
        return [value or "" for value in message.query[place]]
    return [{"path": message.path, "method": message.method}[name]]
