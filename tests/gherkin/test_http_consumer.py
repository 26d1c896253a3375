"""Compatibility suite: HTTP consumers of V1 and V2, through a mock server on loopback."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from compatibility.cells import document_body, header_fields
from compatibility.suite import paths
from compatibility.tables import Row, Table, interaction_of, request_of, rows
from compatibility.wire import send
from pytest_bdd import parsers, scenarios, then, when

from pact_recorder import MockServer
from pact_recorder.http import Headers, Request, Response, parse_query
from pact_recorder.matching import BodyMismatch, BodyTypeMismatch, HeaderMismatch, Mismatch, QueryMismatch
from pact_recorder.mock import (
    MissingRequest,
    RequestMismatch,
    RequestNotFound,
    Unmet,
    example_request,
)
from pact_recorder.pact import Contract, Interaction, SpecVersion, load_contract

FEATURES = ("V1/http_consumer", "V2/http_consumer")
scenarios(*paths(*FEATURES))

KINDS = {"query": QueryMismatch, "header": HeaderMismatch, "body": BodyMismatch, "body-content-type": BodyTypeMismatch}
NUMBERS = {"first": 0, "second": 1}
WRITTEN_AS: SpecVersion = 2  # V1 contracts are read; the oldest version written is V2


@dataclass
class ConsumerTest:
    """A consumer's test against a mock server."""

    folder: Path
    contract: Contract = field(default_factory=lambda: Contract("consumer", "provider"))
    mock: MockServer | None = None
    port: int = 0
    response: Response | None = None
    file: Path | None = None

    def unmet(self) -> list[Unmet]:
        assert self.mock is not None
        return self.mock.unmet()

    def differences(self) -> list[Mismatch]:
        return [found for unmet in self.unmet() if isinstance(unmet, RequestMismatch) for found in unmet.mismatches]

    def written(self, number: str) -> Interaction:
        """The interaction of that number in the contract file, as our reader sees it."""
        assert self.file is not None
        interaction = load_contract(self.file).interactions[NUMBERS[number]]
        assert isinstance(interaction, Interaction)
        return interaction

    def document(self) -> dict[str, Any]:
        assert self.file is not None
        document: dict[str, Any] = json.loads(self.file.read_text())
        return document


@pytest.fixture
def test(tmp_path: Path) -> ConsumerTest:
    return ConsumerTest(tmp_path)


@when(parsers.re(r"the mock server is started with interaction (?P<number>\d+)"), converters={"number": int})
def start_with_one(test: ConsumerTest, servers: ExitStack, defined: dict[int, Row], version: int, number: int) -> None:
    start(test, servers, [interaction_of(defined[number], version)])


@when(parsers.re(r'the mock server is started with interactions "(?P<numbers>.*)"'))
def start_with_several(
    test: ConsumerTest, servers: ExitStack, defined: dict[int, Row], version: int, numbers: str
) -> None:
    start(test, servers, [interaction_of(defined[int(number)], version) for number in numbers.split(",")])


@when(
    parsers.re(r"the mock server is started with interaction (?P<number>\d+) but with the following changes:"),
    converters={"number": int},
)
def start_with_changes(
    test: ConsumerTest, servers: ExitStack, defined: dict[int, Row], version: int, number: int, datatable: Table
) -> None:
    (changes,) = rows(datatable)
    interaction = interaction_of(defined[number], version)
    request = replace(request_of(changes, version, interaction.request), rules=interaction.request.rules)
    start(test, servers, [replace(interaction, request=request)])


@when(parsers.re(r"request (?P<number>\d+) is made to the mock server"), converters={"number": int})
def make_request(test: ConsumerTest, defined: dict[int, Row], version: int, number: int) -> None:
    test.response = send(test.port, example_request(request_of(defined[number], version)))


@when(
    parsers.re(r"request (?P<number>\d+) is made to the mock server with the following changes:"),
    converters={"number": int},
)
def make_changed_request(
    test: ConsumerTest, defined: dict[int, Row], version: int, number: int, datatable: Table
) -> None:
    (changes,) = rows(datatable)
    request = example_request(request_of(changes, version, request_of(defined[number], version)))
    test.response = send(test.port, with_raw_headers(request, changes.get("raw headers", "")))


@then(parsers.re(r"a (?P<status>\d+) (success|error) response is returned"), converters={"status": int})
def returned(test: ConsumerTest, status: int) -> None:
    assert test.response is not None
    assert test.response.status == status


@then(parsers.re(r'the payload will contain the "(?P<name>.*)" JSON document'))
def returned_document(test: ConsumerTest, name: str) -> None:
    assert test.response is not None
    assert test.response.body is not None
    assert json.loads(test.response.body.content) == json.loads(content_of(name))


@then(parsers.re(r'the content type will be set as "(?P<media_type>.*)"'))
def returned_type(test: ConsumerTest, media_type: str) -> None:
    assert test.response is not None
    assert test.response.headers.get_all("content-type") == [media_type]


@when("the pact test is done")
def finish(test: ConsumerTest) -> None:
    """What a test framework does at the end of a test: a contract is written only of a test that passed."""
    assert test.mock is not None
    if test.mock.matched:
        test.file = test.mock.write(test.folder)


@then("the mock server status will be OK")
def status_is_fine(test: ConsumerTest) -> None:
    assert test.mock is not None
    assert test.mock.matched
    assert test.unmet() == []


@then("the mock server status will NOT be OK")
def status_is_not_fine(test: ConsumerTest) -> None:
    assert test.mock is not None
    assert not test.mock.matched
    assert test.unmet()


@then(
    parsers.re(
        r"the mock server status will be an expected but not received error for interaction \{(?P<number>\d+)\}"
    ),
    converters={"number": int},
)
def status_is_missing(test: ConsumerTest, number: int) -> None:
    names = [unmet.interaction.description for unmet in test.unmet() if isinstance(unmet, MissingRequest)]
    assert names == [f"interaction {number}"]


@then(
    parsers.re(
        r'the mock server status will be an unexpected "(?P<method>.*)" request received error '
        r"for interaction \{(?P<number>\d+)\}"
    ),
    converters={"number": int},
)
def status_is_unexpected(test: ConsumerTest, defined: dict[int, Row], method: str, number: int) -> None:
    assert unexpected(test) == [(method, defined[number]["path"])]


@then(
    parsers.re(
        r'the mock server status will be an unexpected "(?P<method>.*)" request received error for path "(?P<path>.*)"'
    )
)
def status_is_unexpected_path(test: ConsumerTest, method: str, path: str) -> None:
    assert unexpected(test) == [(method, path)]


@then("the mock server status will be mismatches")
def status_is_mismatches(test: ConsumerTest) -> None:
    assert [unmet.to_json()["type"] for unmet in test.unmet()] == ["request-mismatch"]


@then(parsers.re(r'the mismatches will contain a "(?P<kind>[^"]*)" mismatch with error "(?P<text>.*)"'))
def has_mismatch(test: ConsumerTest, kind: str, text: str) -> None:
    found = [mismatch for mismatch in test.differences() if isinstance(mismatch, KINDS[kind])]
    assert any(text in mismatch.sentence for mismatch in found), test.differences()


@then(
    parsers.re(r'the mismatches will contain a "body" mismatch with path "(?P<path>[^"]*)" with error "(?P<text>.*)"')
)
def has_body_mismatch(test: ConsumerTest, path: str, text: str) -> None:
    found = [mismatch for mismatch in test.differences() if isinstance(mismatch, BodyMismatch)]
    assert [(mismatch.path, mismatch.sentence) for mismatch in found] == [(path, text)]


@then(parsers.re(r"the mock server will write out a Pact file for the interactions? when done"))
def wrote(test: ConsumerTest) -> None:
    assert test.file is not None
    assert test.file.name == "consumer-provider.json"
    assert load_contract(test.file).specification == f"{WRITTEN_AS}.0.0"


@then(parsers.re(r"the mock server will NOT write out a Pact file for the interactions? when done"))
def wrote_nothing(test: ConsumerTest) -> None:
    assert list(test.folder.iterdir()) == []


@then(parsers.re(r"the pact file will contain \{(?P<count>\d+)\} interactions?"), converters={"count": int})
def wrote_count(test: ConsumerTest, count: int) -> None:
    assert len(test.document()["interactions"]) == count


@then(parsers.re(r'the \{(?P<number>\w+)\} interaction request will be for a "(?P<method>.*)"'))
def wrote_method(test: ConsumerTest, number: str, method: str) -> None:
    assert test.document()["interactions"][NUMBERS[number]]["request"]["method"] == method


@then(parsers.re(r'the \{(?P<number>\w+)\} interaction request query parameters will be "(?P<query>.*)"'))
def wrote_query(test: ConsumerTest, number: str, query: str) -> None:
    written = test.document()["interactions"][NUMBERS[number]]["request"]["query"]
    assert parse_query(written) == parse_query(query)


@then(
    parsers.re(
        r'the \{(?P<number>\w+)\} interaction request will contain the header "(?P<name>.*)" with value "(?P<value>.*)"'
    )
)
def wrote_header(test: ConsumerTest, number: str, name: str, value: str) -> None:
    assert test.document()["interactions"][NUMBERS[number]]["request"]["headers"][name] == value


@then(parsers.re(r'the \{(?P<number>\w+)\} interaction request content type will be "(?P<media_type>.*)"'))
def wrote_type(test: ConsumerTest, number: str, media_type: str) -> None:
    assert str(test.written(number).request.media_type) == media_type


@then(
    parsers.re(
        r'the \{(?P<number>\w+)\} interaction (?P<part>request|response) will contain the "(?P<name>.*)" document'
    )
)
def wrote_document(test: ConsumerTest, number: str, part: str, name: str) -> None:
    written = test.document()["interactions"][NUMBERS[number]][part]["body"]
    assert written == json.loads(content_of(name))


def start(test: ConsumerTest, servers: ExitStack, interactions: list[Interaction]) -> None:
    test.contract = replace(test.contract, interactions=tuple(interactions))
    test.mock = servers.enter_context(MockServer(test.contract, specification=WRITTEN_AS))
    test.port = test.mock.port


def unexpected(test: ConsumerTest) -> list[tuple[str, str]]:
    return [(unmet.request.method, unmet.request.path) for unmet in test.unmet() if isinstance(unmet, RequestNotFound)]


def with_raw_headers(request: Request, cell: str) -> Request:
    """The request with the header lines of a cell in place of its own of these names."""
    lines = header_fields(cell)
    kept = request.headers.without({name.lower() for name, _ in lines})
    return replace(request, headers=Headers([*kept, *lines]))


def content_of(name: str) -> bytes:
    body = document_body(name).body
    assert body is not None
    return body.content
