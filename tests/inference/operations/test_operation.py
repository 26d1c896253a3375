import pytest

from pact_recorder.http import Request
from pact_recorder.inference.operations import Operation, Segment
from pact_recorder.inference.operations.operation import literal
from pact_recorder.matching import ExpectedRequest, MatchingRule, MatchingRules, RuleList, compile_request

USER = Segment(name="user", pattern="[^/]+", excluded=("me", "search"))
ID = Segment(name="id", pattern=r"\d+")


def operation(*segments: Segment | str) -> Operation:
    return Operation("p", "GET", tuple(Segment(each) if isinstance(each, str) else each for each in segments))


@pytest.mark.parametrize(
    ("found", "template", "pattern"),
    [
        (operation("users"), "/users", None),
        (operation(""), "/", None),
        (operation("*"), "*", None),
        (operation("users", ID), "/users/{id}", r"/users/\d+"),
        (operation("users", USER), "/users/{user}", r"/users/(?!(?:me|search)(?:/|\z))[^/]+"),
        (operation("a.b", Segment(name="x", pattern=r"\d+", after=".json")), "/a.b/{x}.json", r"/a\.b/\d+\.json"),
        (operation("f", Segment(name="path", pattern=".+", tail=True)), "/f/{path}", "/f/.+"),
    ],
)
def test_template_and_pattern(found: Operation, template: str, pattern: str | None) -> None:
    assert (found.path_template, found.path_pattern) == (template, pattern)
    assert found.name == f"GET {template}"


@pytest.mark.parametrize(
    ("found", "path", "parameters"),
    [
        (operation("users", ID), "/users/7", {"id": "7"}),
        (operation("users", ID), "/users/7/", None),
        (operation("users", ID), "/users/x", None),
        (operation("users", USER), "/users/ann", {"user": "ann"}),
        (operation("users", USER), "/users/meg", {"user": "meg"}),
        (operation("users", USER), "/users/me", None),
        (operation("users", USER, "x"), "/users/me/x", None),
        (operation("users", USER), "/users/a%2Fb", {"user": "a%2Fb"}),
        (operation("users", USER), "/users/a\nb", {"user": "a\nb"}),
        (operation("r", Segment(name="a", pattern="[^/]+"), ID), "/r/x/7", {"a": "x", "id": "7"}),
        (operation("f", Segment(name="path", pattern=".+", tail=True)), "/f/a/b", {"path": "a/b"}),
        (operation("users"), "/users", {}),
    ],
)
def test_paths_that_belong(found: Operation, path: str, parameters: dict[str, str] | None) -> None:
    assert found.matches("GET", path) == (parameters is not None)
    assert not found.matches("PUT", path)
    assert parameters is None or found.parameters(path) == parameters


def test_the_engine_agrees() -> None:
    found = operation("users", USER, "posts", ID)
    assert found.path_pattern is not None
    rule = RuleList((MatchingRule("regex", {"regex": found.path_pattern}),))
    compiled = compile_request(ExpectedRequest("GET", "/users/ann/posts/7", rules=MatchingRules({"path": {"$": rule}})))
    for path in ("/users/ann/posts/7", "/users/me/posts/7", "/users/ann/posts/x", "/users/ann/posts/7/", "/users/ann"):
        assert (not compiled.match(Request("GET", path))) == found.matches("GET", path), path


@pytest.mark.parametrize("text", ["", "a.b", "a+b?c*", "(x)", "[x]", "{x}", "a|b^c$", "\\", "#", "é", "-", " "])
def test_a_literal_matches_itself_only(text: str) -> None:
    found = operation(Segment(name="x", pattern=literal(text), before="<"))
    assert found.matches("GET", f"/<{text}")
    assert not found.matches("GET", f"/<{text}x")


def test_a_pattern_is_never_longer_than_engines_take() -> None:
    constants = ["c" * 60] * 23
    found = operation(*constants, USER)
    path = "/" + "/".join([*constants, "ann"])
    assert found.path_pattern is not None
    assert len(found.path_pattern) < 1_500
    assert found.matches("GET", path)
    assert found.parameters(path) == {"user": "ann"}


def test_the_reason_does_not_make_another_operation() -> None:
    assert operation(Segment(name="a", pattern="x", why="b")) == operation(Segment(name="a", pattern="x", why="c"))
