"""The suite's tables as our values: rows of interactions, requests, responses and messages, and changes to them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from compatibility.cells import BodyCell, body_cell, header_fields, json_cell, value_cell
from pact_recorder.http import Headers
from pact_recorder.matching import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.pact import Interaction, read_message, read_request, read_response

Row = Mapping[str, str]
Table = Sequence[Sequence[str]]

_REQUEST_COLUMNS = ("method", "path", "query")


def rows(table: Table) -> list[Row]:
    """The rows of a table whose first row names the columns."""
    names, *lines = table
    return [dict(zip(names, line, strict=True)) for line in lines]


def members(table: Table) -> Row:
    """The cells of a table of two columns, name and value."""
    return {line[0]: line[1] for line in table}


def interaction_of(row: Row, version: int) -> Interaction:
    """The interaction of a row of "the following HTTP interactions have been defined"."""
    return Interaction(f"interaction {row['No']}", request_of(row, version), response_of(row, version))


def request_of(row: Row, version: int, base: ExpectedRequest | None = None) -> ExpectedRequest:
    """The request of a row: what it names, over what `base` has."""
    document: dict[str, Any] = {name: row[name] for name in _REQUEST_COLUMNS if row.get(name)}
    request = read_request(document | _ruled(row), (version, 0), "the suite")
    if base is not None:
        given = {name: getattr(request, name) for name in document}
        if "query" in document:
            given["query_text"] = request.query_text
        request = replace(base, **given)
    headers = _headers(row.get("headers", ""), request.headers)
    headers, body = _with_body(headers, row.get("content type"), body_cell(row.get("body", "")), request.body)
    return replace(request, headers=headers, body=body)


def response_of(row: Row, version: int, base: ExpectedResponse | None = None) -> ExpectedResponse:
    """The response of a row (its columns `response…`): what it names, over what `base` has."""
    document: dict[str, Any] = {"status": int(row["response"])} if row.get("response") else {}
    response = read_response(document | _ruled(row, "response "), (version, 0), "the suite")
    if base is not None:
        response = replace(base, status=response.status if document else base.status)
    headers = _headers(row.get("response headers", ""), response.headers)
    cell = body_cell(row.get("response body", ""))
    headers, body = _with_body(headers, row.get("response content"), cell, response.body)
    return replace(response, headers=headers, body=body)


def message_of(row: Row, version: int, base: ExpectedMessage | None = None) -> ExpectedMessage:
    """The message of a row (`body`, `metadata`, `matching rules`, `generators`), over the contents of `base`."""
    message = read_message(_ruled(row), (version, 0), "the suite")
    base = base or ExpectedMessage()
    metadata = dict(base.metadata) | _metadata_cell(row.get("metadata", ""))
    return with_contents(replace(message, contents=base.contents, metadata=metadata), body_cell(row.get("body", "")))


def with_contents(message: ExpectedMessage, cell: BodyCell | None) -> ExpectedMessage:
    """The message with other contents, whose type its metadata says."""
    if cell is None:
        return message
    typed = {"contentType": cell.media_type} if cell.media_type else {}
    return replace(message, contents=cell.body, metadata={**message.metadata, **typed})


def metadata_of(table: Table) -> dict[str, Any]:
    """The metadata of a table with the columns `key` and `value`."""
    return {row["key"]: value_cell(row["value"]) for row in rows(table)}


def json_members(row: Row) -> dict[str, Any]:
    """The cells of a row as the JSON values that they are."""
    return {name: json.loads(cell) for name, cell in row.items()}


def _ruled(row: Row, prefix: str = "") -> dict[str, Any]:
    columns = {"matchingRules": "matching rules", "generators": "generators"}
    return {member: json_cell(row[prefix + column]) for member, column in columns.items() if row.get(prefix + column)}


def _headers(cell: str, base: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The headers of a cell in place of the base's, whose content type remains."""
    if not cell:
        return {name: tuple(values) for name, values in base.items()}
    kept = {name: tuple(values) for name, values in base.items() if name.lower() == "content-type"}
    given = Headers(header_fields(cell)).grouped()
    return kept | {name: tuple(values) for name, values in given.items()}


def _with_body(
    headers: Mapping[str, tuple[str, ...]], declared: str | None, cell: BodyCell | None, base: Any
) -> tuple[dict[str, tuple[str, ...]], Any]:
    media_type = declared or (cell and cell.media_type)
    typed = {name: values for name, values in headers.items() if not media_type or name.lower() != "content-type"}
    if media_type:
        typed["Content-Type"] = (media_type,)
    return typed, base if cell is None else cell.body


def _metadata_cell(cell: str) -> dict[str, Any]:
    """`{"a": 1}`, or `a=text; b=JSON: {...}`."""
    if cell.startswith("{"):
        loaded: dict[str, Any] = json.loads(cell)
        return loaded
    pairs = (piece.partition("=") for piece in cell.split(";") if piece.strip())
    return {name.strip(): value_cell(value.strip()) for name, _, value in pairs}
