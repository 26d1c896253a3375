"""Descriptions are readable, unique and stable."""

from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.mock.descriptions import Subject, describe


def subject(
    path: str = "/a", query: str = "", status: int = 200, host: str = "h", given_: str | None = None
) -> Subject:
    return Subject(given_, "GET", path, path + query, status, host)


def test_the_plainest_form_that_tells_apart() -> None:
    assert describe([subject("/a"), subject("/b")]) == ["GET /a", "GET /b"]
    assert describe([subject("/a", "?x=1"), subject("/a", "?x=2")]) == ["GET /a?x=1", "GET /a?x=2"]
    assert describe([subject(status=200), subject(status=404)]) == ["GET /a (200)", "GET /a (404)"]
    assert describe([subject(host="x"), subject(host="y")]) == ["GET /a (200) at x", "GET /a (200) at y"]
    assert describe([subject(), subject()]) == ["GET /a (200) at h #1", "GET /a (200) at h #2"]


def test_a_given_one_is_kept() -> None:
    assert describe([subject(given_="a user"), subject()]) == ["a user", "GET /a"]
    assert describe([subject(given_="a user"), subject(given_="a user", status=404)]) == [
        "a user (200)",
        "a user (404)",
    ]


subjects = st.builds(
    Subject,
    given=st.none() | st.sampled_from(["a", "GET /a", "GET /a (200) at h #1"]),
    method=st.sampled_from(["GET", "PUT"]),
    path=st.sampled_from(["/a", "/b", "/" + "x" * 300]),
    target=st.sampled_from(["/a", "/a?x", "/" + "x" * 300]),
    status=st.sampled_from([200, 404]),
    host=st.sampled_from(["h", "i"]),
)


@given(st.lists(subjects, max_size=12))
def test_they_are_unique(given_: list[Subject]) -> None:
    described = describe(given_)
    assert len(described) == len(given_)
    assert len(set(described)) == len(described)
