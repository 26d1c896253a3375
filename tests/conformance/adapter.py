"""The published testcases of the Pact specification, read with our document reader and given to our engine.

`expected` and `actual` are a testcase's objects as on disk in the form of their specification version. The actual
side has the form of an expected one without rules, so the same reader reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pact_recorder import matching
from pact_recorder.http import Headers, Request, Response, format_query
from pact_recorder.matching import Mismatch
from pact_recorder.pact import parse_version, read_message, read_request, read_response

NAME = "pact-recorder"
Part = dict[str, Any]


def match_request(expected: Part, actual: Part, spec_version: str) -> list[Mismatch]:
    """The mismatches of a request testcase."""
    version = parse_version(spec_version)
    wanted = read_request(expected, version, "expected")
    given = read_request(actual, version, "actual")
    request = Request(
        method=given.method,
        # A testcase may have the path "", which the reader keeps.
        path=given.path,
        query=_raw_query(actual),
        headers=_headers(given.headers),
        body=given.body,
    )
    return matching.match_request(wanted, request)


def match_response(expected: Part, actual: Part, spec_version: str) -> list[Mismatch]:
    """The mismatches of a response testcase."""
    version = parse_version(spec_version)
    wanted = read_response(expected, version, "expected")
    given = read_response(actual, version, "actual")
    return matching.match_response(wanted, Response(given.status, "", _headers(given.headers), given.body))


def match_message(expected: Part, actual: Part, spec_version: str) -> list[Mismatch]:
    """The mismatches of a message testcase."""
    version = parse_version(spec_version)
    wanted = read_message(expected, version, "expected")
    given = read_message(actual, version, "actual")
    return matching.match_message(wanted, given.contents, given.metadata)


def _headers(headers: Mapping[str, tuple[str, ...]]) -> Headers:
    return Headers((name, value) for name, values in headers.items() for value in values)


def _raw_query(actual: Part) -> str | None:
    query = actual.get("query")
    if isinstance(query, Mapping):
        query = format_query((name, value) for name, values in query.items() for value in values)
    return query or None
