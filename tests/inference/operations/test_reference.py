"""The patterns of paths in the Rust reference, which must say of every path what our own matching says."""

from __future__ import annotations

import pytest

from pact_recorder.inference.operations import Operation, Segment
from tests.differential.cases import Case, Message
from tests.differential.ours import mismatches
from tests.differential.reference import request_matches
from tests.inference.operations.traffic import Sample, gets, operations_of

LOGINS = [Sample(f"GET /users/{name}", {"login": name}) for name in ("ann", "bob")]
FILES = [Sample(f"GET /contents/{path}", {"path": path}) for path in ("a.rb", "lib/b.rb", "lib/c/d.rb")]
PATHS = (
    *("/users/ann", "/users/me", "/users/mel", "/users/me/x", "/users/ann/", "/users/a%20b", "/users/", "/x/users/ann"),
    *("/items/5", "/items/5.json", "/items/x.json", "/items/-5", "/odata/Users('ann')", "/odata/Users('')"),
    *("/contents/a", "/contents/a/b.rb", "/contents/", "/a.b+c(d)/5", "/aXb+c(d)/5", "/jobs/7:cancel", "/jobs/7"),
)


def _operations() -> list[Operation]:
    constants = gets("/users/me", "/users/search", "/items/5", "/items/5.json", "/items/x1y2z3", "/items/-5")
    odd = gets("/odata/Users('ann')", "/a.b+c(d)/5", "/jobs/7:cancel")
    long = Operation("p", "GET", (*(Segment("c" * 60) for _ in range(23)), Segment(name="id", pattern="[^/]+")))
    found = {*operations_of([*LOGINS, *constants]), *operations_of(FILES), *operations_of(odd), long}
    return sorted((each for each in found if each.path_pattern), key=lambda each: each.name)


@pytest.mark.parametrize("operation", _operations(), ids=lambda each: each.name[:60])
def test_all_three_agree(operation: Operation) -> None:
    rule = {"path": {"combine": "AND", "matchers": [{"match": "regex", "regex": operation.path_pattern}]}}
    for path in PATHS:
        case = Case("path", True, Message(path=path), rule, Message(path=path))
        verdicts = request_matches(case), not mismatches(case), operation.matches("GET", path)
        assert len(set(verdicts)) == 1, (path, verdicts)
