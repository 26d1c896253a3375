"""How near a request comes to an expected one: what the reference's mock server counts (rule of facts: its score).

One up for a right method, path, query parameter and expected header, one down for each wrong one; a body of another
type counts one down, and so does each place in it that differs. The score only chooses what to report: a request
that matches is answered whatever its score.
"""

from __future__ import annotations

from collections.abc import Sequence

from pact_recorder.http import Request
from pact_recorder.matching.expected import ExpectedRequest
from pact_recorder.matching.mismatches import (
    BodyMismatch,
    BodyTypeMismatch,
    HeaderMismatch,
    MethodMismatch,
    Mismatch,
    PathMismatch,
    QueryMismatch,
)
from pact_recorder.matching.parameters import query_values


def score_request(expected: ExpectedRequest, actual: Request, mismatches: Sequence[Mismatch]) -> int:
    """The score of a request whose `mismatches` were found by matching it; the greater is the nearer."""
    wrong_parameters = {found.parameter for found in mismatches if isinstance(found, QueryMismatch)}
    wrong_headers = {found.key for found in mismatches if isinstance(found, HeaderMismatch)}
    body_paths = {"$" if found.path == "/" else found.path for found in mismatches if isinstance(found, BodyMismatch)}
    wrong_types = any(isinstance(found, BodyTypeMismatch) for found in mismatches)
    return (
        _right(mismatches, MethodMismatch)
        + _right(mismatches, PathMismatch)
        + _balance(_parameters(expected, actual), wrong_parameters)
        + _balance(set(expected.headers), wrong_headers)
        - len(body_paths)
        - wrong_types
    )


def _right(mismatches: Sequence[Mismatch], kind: type) -> int:
    return -1 if any(isinstance(found, kind) for found in mismatches) else 1


def _parameters(expected: ExpectedRequest, actual: Request) -> set[str]:
    wanted = query_values(expected.query_text) if expected.query is None else expected.query
    return {*wanted, *query_values(actual.query)}


def _balance(names: set[str], wrong: set[str]) -> int:
    return len(names) - 2 * len(names & wrong)
