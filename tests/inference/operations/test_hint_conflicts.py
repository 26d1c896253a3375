import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.operations.hint_conflicts import conflicts
from pact_recorder.inference.operations.hints import AppliedHints, PathHints


@pytest.mark.parametrize(
    ("force", "forbid", "found"),
    [
        (["/users/{id}", "/users/{name}"], [], [("/users/{name}", "/users/{id}")]),
        (["/users/{id}", "GET /users/me"], [], [("GET /users/me", "/users/{id}")]),
        (["/files/{path+}", "/files/{id}/x"], [], [("/files/{id}/x", "/files/{path+}")]),
        (["/users/{id}"], ["/users/^"], [("/users/^", "/users/{id}")]),
        (["/users/{id}"], ["/users/{any}"], [("/users/{any}", "/users/{id}")]),
        (["/files/{path+}"], ["/files/a/b"], [("/files/a/b", "/files/{path+}")]),
        # What follows has an effect on some path.
        (["/users/{id}", "/users/{id}/posts/{post}"], [], []),
        (["GET /users/{id}", "/users/{name}"], [], []),
        (["a.test /users/{id}", "/users/{name}"], [], []),
        (["/users/u-{id}", "/users/{name}"], [], []),
        (["/users/{id}"], ["/users/me"], []),
        (["/users/{id}"], ["/users/^/posts/^"], []),
        (["GET /users/{id}"], ["/users/^"], []),
        (["/files/{path+}"], ["/files/a"], []),
        (["/files", "/{path+}"], ["/files/^"], []),
        (["/files", "/{path+}", "/files/b"], [], []),
        ([], ["/users/^", "/users/^"], []),
    ],
)
def test_what_can_never_count(force: list[str], forbid: list[str], found: list[tuple[str, str]]) -> None:
    assert [*conflicts(PathHints(tuple(force), tuple(forbid)))] == found


SEGMENTS = st.sampled_from(["a", "ab", "{x}", "{y}", "a{x}", "{x}b"])
ENDS = SEGMENTS | st.just("{z+}")
PREFIXES = st.sampled_from(["", "GET ", "a.test "])


def templates(segments: st.SearchStrategy[str], ends: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(st.lists(segments, max_size=2), ends)
    return st.builds(lambda prefix, found: prefix + "/" + "/".join((*found[0], found[1])), PREFIXES, parts)


@given(
    force=st.lists(templates(SEGMENTS, ENDS), min_size=1, max_size=3, unique=True),
    forbid=st.lists(templates(SEGMENTS | st.just("^"), SEGMENTS | st.just("^")), max_size=2, unique=True),
    paths=st.lists(st.lists(st.sampled_from(["a", "ab", "b", "c", "aab"]), min_size=1, max_size=4), max_size=6),
)
def test_without_what_can_never_count_all_is_as_before(
    force: list[str], forbid: list[str], paths: list[list[str]]
) -> None:
    never = {weaker for weaker, _ in conflicts(PathHints(tuple(force), tuple(forbid)))} - {*force} & {*forbid}
    less = PathHints(
        tuple(each for each in force if each not in never), tuple(each for each in forbid if each not in never)
    )
    for parts in paths:
        for method, provider in (("GET", "a.test"), ("PUT", "b.test")):
            assert marks(PathHints(tuple(force), tuple(forbid)), method, provider, parts) == marks(
                less, method, provider, parts
            )


def marks(hints: PathHints, method: str, provider: str, parts: list[str]) -> list[str]:
    found = list(parts)
    AppliedHints(hints).apply(method, [provider], parts, found)
    return found
