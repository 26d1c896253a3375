"""What the contract promises of the headers of answers, and what the report says of the others."""

from __future__ import annotations

import json

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.http import Exchange, Headers, Response
from pact_recorder.inference import Inference
from pact_recorder.inference.findings import Finding
from pact_recorder.inference.messages import header_names
from pact_recorder.inference.report import InteractionReport
from pact_recorder.matching import compile_response
from pact_recorder.pact import Interaction

LAST_PAGE = "it depends on the page: the last one, or the only one, may lack it"
CHANGES = "it changes from one answer to the next"
INFRASTRUCTURE = "it belongs to the connection or the infrastructure"
UNKNOWN = "consumers are not known to act on it"


def answered(*fields: tuple[str, str], status: int = 200, number: int = 0) -> Exchange:
    answer = response(json.dumps({"n": number}).encode(), status)
    headers = Headers((*answer.headers.fields, *fields))
    return exchange(request("GET", "/a"), Response(status, "", headers, answer.body))


def inferred(*exchanges: Exchange) -> tuple[Interaction, InteractionReport]:
    inference = Inference()
    for each in exchanges:
        inference.add(each)
    made = inference.contract("web", "api", explain=True)
    [interaction] = made.contract.interactions
    [operation] = made.report.operations
    [report] = operation.interactions
    assert isinstance(interaction, Interaction)
    return interaction, report


def left_out(report: InteractionReport) -> dict[str, str]:
    return {each.path: each.why for each in report.response if each.rule is None}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("X-Total-Count", LAST_PAGE),
        ("Link", LAST_PAGE),
        ("X-Request-Id", CHANGES),
        ("X-RateLimit-Remaining", CHANGES),
        ("Retry-After", CHANGES),
        ("Set-Cookie", "it is a secret, or sets one"),
        ("Server", INFRASTRUCTURE),
        ("Access-Control-Allow-Origin", INFRASTRUCTURE),
        ("Cache-Control", UNKNOWN),
        ("ETag", "fewer than 20 answers had it"),
    ],
)
def test_a_header_that_is_always_there_and_not_promised_is_left_out_for_a_reason(name: str, why: str) -> None:
    interaction, report = inferred(*(answered((name, f"v{number}"), number=number) for number in range(3)))
    assert left_out(report) == {f"header.{name}": why}
    assert [*interaction.response.headers] == ["Content-Type"]


def test_a_header_that_is_not_always_there_is_not_mentioned() -> None:
    exchanges = [answered(("Link", "<b>"), ("Server", "x")), answered(("server", "y"), number=1)]
    for order in (exchanges, exchanges[::-1]):
        assert [path.lower() for path in left_out(inferred(*order)[1])] == ["header.server"]


def test_few_headers_are_told() -> None:
    _, report = inferred(answered(*((f"X-{number:04}", "v") for number in range(1000))))
    assert len(left_out(report)) == 40
    assert len(header_names(answered(*((f"X-{number:04}", "v") for number in range(1000))).response)) == 64


def test_what_a_body_lacks_is_told_before_headers() -> None:
    one = exchange(request("GET", "/a"), response(b'{"n":1,"m":2}', 200, ("Server", "x")))
    other = exchange(request("GET", "/a"), response(b'{"n":1}', 200, ("Server", "x")))
    assert [*left_out(inferred(one, other)[1])] == ["$.m", "header.Server"]


@pytest.mark.parametrize(
    ("status", "name", "values", "refused"),
    [
        (405, "Allow", ["GET", "GET, POST"], "7"),
        (429, "Retry-After", ["5", "Fri, 20 Nov 2026 19:00:00 GMT"], "soon"),
        (503, "Retry-After", ["120"], ""),
    ],
)
def test_what_a_status_asks_for_is_promised_in_its_form(
    status: int, name: str, values: list[str], refused: str
) -> None:
    exchanges = [answered((name, value), status=status) for value in values]
    interaction, report = inferred(*exchanges)
    expected = compile_response(interaction.response)
    assert name in interaction.response.headers
    assert left_out(report) == {}
    assert all(not expected.match(each.response) for each in exchanges)
    assert expected.match(answered((name, refused), status=status).response)
    assert expected.match(answered(status=status).response)


def test_a_value_of_another_form_is_taken() -> None:
    exchanges = [answered(("Retry-After", value), status=429) for value in ("5", "1.5s")]
    interaction, _ = inferred(*exchanges)
    assert all(not compile_response(interaction.response).match(each.response) for each in exchanges)


def test_a_request_is_told_by_path_and_headers() -> None:
    def posted(number: int, *fields: tuple[str, str], status: int = 200) -> Exchange:
        asked = json_request("POST", f"/orders/{4000 + number}", {"a": number})
        headers = Headers((*asked.headers.fields, *fields))
        return exchange(
            request("POST", asked.path, asked.body and asked.body.content, *headers.fields),
            response(b'{"ok":true}', status),
        )

    inference = Inference()
    for number in range(3):
        inference.add(posted(number, ("Authorization", f"Bearer t{number}")))
        inference.add(posted(number, status=401))
    [operation] = inference.contract("web", "api", explain=True).report.operations
    found = {each.path: each for each in operation.interactions[0].request}
    assert found["path"] == Finding("path", r"as /orders/\d+", 3, samples=3, why="{order} may be another")
    authorization = found["header.Authorization"]
    assert (authorization.rule, authorization.seen) == ("any of the scheme Bearer", 3)
    assert found["header.Content-Type"].rule == "as recorded: application/json"


def test_a_credential_that_makes_no_difference_is_left_out() -> None:
    inference = Inference()
    inference.add(exchange(request("GET", "/a", None, ("Authorization", "Bearer t1")), response(b"{}", 200)))
    [operation] = inference.contract("web", "api", explain=True).report.operations
    [found] = operation.interactions[0].request
    assert found == Finding("header.Authorization", None, 1, samples=1, why="no answer shows that it matters")
    inference.add(exchange(request("GET", "/a"), response(b"{}", 200)))
    [operation] = inference.contract("web", "api", explain=True).report.operations
    assert operation.interactions[0].request == ()
