import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.operations import OperationIndex, PathHints, read_hint
from pact_recorder.inference.operations.hints import Hint
from tests.inference.operations.traffic import Sample, gets, names_of, operations_of

USERS = gets("/users/bob", "/users/me", "/users/7/posts", "/users")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("/users/{id}", Hint("", "", ("users", "{id}"))),
        ("GET /users/{id}", Hint("GET", "", ("users", "{id}"))),
        ("api.example.com /users/^", Hint("", "api.example.com", ("users", "^"))),
        ("PUT api.example.com:8443 /a/{b}.json", Hint("PUT", "api.example.com:8443", ("a", "{b}.json"))),
        ("/files/{path+}", Hint("", "", ("files", "{path+}"))),
        ("Shop /a", Hint("", "Shop", ("a",))),
    ],
)
def test_a_hint_is_taken_apart(text: str, hint: Hint) -> None:
    assert read_hint(text) == hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "users",
        "GET",
        "GET users",
        "/a b c",
        "/{a",
        "/a}",
        "/{}",
        "/{a}{b}",
        "/{a b}",
        "/{a+}/b",
        "/x{a+}",
        "/" + "a/" * 30,
    ],
)
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"template|parameter|segments"):
        read_hint(text)


def test_a_depth_at_which_nothing_is_a_parameter_cannot_be_forced() -> None:
    with pytest.raises(ValueError, match="cannot be forced"):
        OperationIndex(PathHints(force=("/users/^",)))


@pytest.mark.parametrize(
    ("hints", "names"),
    [
        (
            PathHints(force=("/users/{id}",)),
            ["GET /users/{id}", "GET /users/{id}", "GET /users/{id}/posts", "GET /users"],
        ),
        (
            PathHints(force=("/users/{id}",), forbid=("/users/me",)),
            ["GET /users/{id}", "GET /users/me", "GET /users/{id}/posts", "GET /users"],
        ),
        (
            PathHints(forbid=("/users/^",)),
            ["GET /users/bob", "GET /users/me", "GET /users/7/posts", "GET /users"],
        ),
        (
            PathHints(forbid=("/users/{any}",)),
            ["GET /users/bob", "GET /users/me", "GET /users/7/posts", "GET /users"],
        ),
        (
            PathHints(force=("/users/{rest+}",)),
            ["GET /users/{rest}", "GET /users/{rest}", "GET /users/{rest}", "GET /users"],
        ),
        (PathHints(force=("POST /users/{id}", "other.host /users/{id}")), names_of(USERS)),
        (
            PathHints(force=("api.example.com /users/{first}", "/users/{second}")),
            ["GET /users/{first}", "GET /users/{first}", "GET /users/{first}/posts", "GET /users"],
        ),
    ],
)
def test_hints_decide(hints: PathHints, names: list[str]) -> None:
    assert names_of(USERS, hints) == names


def test_a_hint_is_stronger_than_any_evidence() -> None:
    users = [Sample(f"GET /users/{name}", {"login": name, "id": 1}) for name in ("ann", "bob", "cy")]
    assert names_of(users) == ["GET /users/{user}"] * 3
    assert names_of(users, PathHints(forbid=("/users/bob",))) == [
        "GET /users/{user}",
        "GET /users/bob",
        "GET /users/{user}",
    ]


def test_a_hint_says_so() -> None:
    forced, constant, *_ = operations_of(USERS, PathHints(force=("/users/{id}",), forbid=("/users/me",)))
    assert [segment.why for segment in (forced.segments[1], constant.segments[1])] == ["hint in pact-recorder.yaml"] * 2
    assert not forced.matches("GET", "/users/me")


def test_a_hint_for_one_method_names_the_parameter_for_all() -> None:
    samples = [Sample("GET /users/bob"), Sample("PUT /users/7")]
    assert names_of(samples, PathHints(force=("GET /users/{id}",))) == ["GET /users/{id}", "PUT /users/{id}"]


def test_a_forced_tail_stands_beside_what_has_more_below() -> None:
    samples = [Sample("GET /f/a/b"), Sample("GET /f/a"), Sample("PUT /f/7/x")]
    assert names_of(samples, PathHints(force=("GET /f/{path+}",))) == [
        "GET /f/{path}",
        "GET /f/{path}",
        "PUT /f/{id}/x",
    ]


def test_a_forced_parameter_takes_what_another_takes_elsewhere() -> None:
    samples = gets("/7.json", "/7.json/users", "/8.json", "/ann/users")
    hints = PathHints(force=("/{id}/users",))
    assert names_of(samples, hints) == ["GET /{id}.json", "GET /{id}/users", "GET /{id}.json", "GET /{id}/users"]
    for sample, operation in zip(samples, operations_of(samples, hints), strict=True):
        assert operation.matches("GET", sample.path), operation.path_pattern


def test_more_constants_than_are_kept_apart_otherwise_stay_constants() -> None:
    samples = gets(*(f"/users/u{number}x" for number in range(1000)))
    assert len(set(names_of(samples, PathHints(forbid=("/users/^",))))) == 1000


segments = st.sampled_from(["users", "me", "7", "^", "{id}", "{id}.json", "{rest+}", "", "{!}", "{=x}"])
paths = st.lists(st.sampled_from(["users", "me", "7", "7.json", "bob", "", "{!}x", "{=x}"]), max_size=4)


@given(
    st.lists(st.lists(segments, max_size=3), max_size=3),
    st.lists(st.lists(segments, max_size=3), max_size=3),
    st.lists(paths),
)
def test_no_hint_makes_a_path_belong_nowhere(
    force: list[list[str]], forbid: list[list[str]], found: list[list[str]]
) -> None:
    hints = PathHints(tuple(_valid(force)), tuple(_valid(forbid)))
    hints = PathHints(tuple(text for text in hints.force if "^" not in text), hints.forbid)
    samples = gets(*("/" + "/".join(parts) for parts in found))
    for sample, operation in zip(samples, operations_of(samples, hints), strict=True):
        assert operation.matches("GET", sample.path), operation.path_pattern


def _valid(hints: list[list[str]]) -> list[str]:
    found: list[str] = []
    for parts in hints:
        text = "/" + "/".join(parts)
        try:
            read_hint(text)
        except ValueError:
            continue
        found.append(text)
    return found
