"""Path templates: what every path that an expression matches has in common."""

import pytest
from expecting import rules
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Request
from pact_recorder.matching import ExpectedRequest, match_request
from pact_recorder.mock.contracts import ContractRequest
from pact_recorder.mock.index import RequestIndex
from pact_recorder.mock.path_templates import ANY, PathTemplate, template_of_path, template_of_pattern

TEMPLATES = [
    (r"/users/\d+", ("", "users", ANY), False),
    (r"^/users/\d+$", ("", "users", ANY), False),
    (r"\A/users/\d+\z", ("", "users", ANY), False),
    (r"/Users/[^/]+/orders", ("", "users", ANY, "orders"), False),
    (r"/users/[0-9a-f-]{36}/x", ("", "users", ANY, "x"), False),
    (r"/users/(?:a|b)/x", ("", "users", ANY, "x"), False),
    (r"/users/(?<id>\w+)/x", ("", "users", ANY, "x"), False),
    (r"/v1\.0/x", ("", "v1.0", "x"), False),
    (r"/a/b-?c/d", ("", "a", ANY, "d"), False),
    (r"/a/\d+\.json", ("", "a", ANY), False),
    (r"/users/.*", ("", "users"), True),
    (r"/users/.+/x", ("", "users"), True),
    (r"/users/?", ("", "users"), True),
    (r"/users/[^x]+/x", ("", "users"), True),
    (r"/users/[\W]+/x", ("", "users"), True),
    (r"/users/[+-9]/x", ("", "users"), True),
    (r"/users/[^\p{L}]/x", ("", "users"), True),
    (r"/users/[\x2f]/x", ("", "users"), True),
    (r"/users(/\d+)?", ("",), True),
    (r"/users.*", ("",), True),
]


@pytest.mark.parametrize(("pattern", "segments", "is_open"), TEMPLATES)
def test_a_template_has_what_every_matching_path_has(
    pattern: str, segments: tuple[str | None, ...], is_open: bool
) -> None:
    assert template_of_pattern(pattern) == PathTemplate(segments, is_open)


@pytest.mark.parametrize(
    "pattern",
    [
        "/a|/b",
        "/a/.*|/b",
        "(?i)/a",
        "/a(?=b)",
        "/a\\b",
        "/a[[:alpha:]]",
        "/a[a&&b]",
        "/(a",
        "/" + "(" * 300 + "a" + ")" * 300,
        "/a{",
        "*",
        "/" + "a" * 2_001,
    ],
)
def test_what_cannot_be_told_segment_by_segment_has_no_template(pattern: str) -> None:
    assert template_of_pattern(pattern) is None


@pytest.mark.parametrize(
    ("matchers", "combine", "template"),
    [
        ([{"match": "regex", "regex": "/a/\\d+"}], "AND", PathTemplate(("", "a", ANY))),
        ([{"match": "type"}, {"match": "regex", "regex": "/a/\\d+"}], "AND", PathTemplate(("", "a", ANY))),
        ([{"match": "regex", "regex": "/a/\\d+"}], "OR", PathTemplate(("", "a", ANY))),
        ([{"match": "type"}, {"match": "regex", "regex": "/a/\\d+"}], "OR", None),
        ([{"match": "equality"}], "AND", PathTemplate(("", "a", "1"))),
        ([{"match": "type"}], "AND", None),
    ],
)
def test_the_rules_of_a_path(matchers: list[dict[str, str]], combine: str, template: PathTemplate | None) -> None:
    expected = ExpectedRequest(path="/A/1", rules=rules(combine, path={"$": matchers}))
    assert template_of_path(expected) == template


PIECES = [
    *("/", "a", "b", "/a", "/b/", "\\d", "\\d+", "[^/]+", "[^a]", "[a-z]"),
    *(".", ".*", "(a|b)", "(/a)?", "a?", "/?", "\\.", "[/]", "|"),
]
TEXTS = ["/", "a", "b", "1", ".", "A"]


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.lists(st.sampled_from(TEXTS), max_size=7))
def test_a_template_never_leaves_a_match_out(pieces: list[str], texts: list[str]) -> None:
    pattern, path = "/" + "".join(pieces), "/" + "".join(texts)
    expected = ExpectedRequest(path="/", rules=rules(path={"$": {"match": "regex", "regex": pattern}}))
    if not match_request(expected, Request("GET", path)):
        index: RequestIndex[str] = RequestIndex()
        index.put("it", ContractRequest(expected), "it")
        assert index.candidates(Request("GET", path)) == ["it"]
