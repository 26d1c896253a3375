"""Words that answers prove to be identifiers, and structure that happens to be in answers too."""

from collections.abc import Sequence

import pytest

from tests.inference.operations.traffic import Sample, gets, names_of, operations_of

REPO = {"id": 1, "name": "hello", "full_name": "octocat/hello", "owner": {"login": "octocat"}}


def names(*samples: Sample) -> list[str]:
    return names_of(samples)


def test_an_answer_to_the_request_itself_is_enough() -> None:
    assert names(Sample("GET /users/octocat", {"login": "octocat"})) == ["GET /users/{user}"]


def test_a_list_that_was_answered_elsewhere_is_enough() -> None:
    listed = Sample("GET /regions", {"data": [{"id": "us-east"}, {"id": "gb-lon"}]})
    assert names(listed, Sample("DELETE /buckets/gb-lon", status=204)) == ["GET /regions", "DELETE /buckets/{bucket}"]


def test_both_parts_of_a_pair_are_found() -> None:
    samples = [Sample("GET /repos/octocat/hello", REPO), Sample("GET /repos/octocat/hello/issues", [{"number": 1}])]
    assert names(*samples) == ["GET /repos/{owner}/{repo}", "GET /repos/{owner}/{repo}/issues"]


def test_a_path_is_proven_as_a_whole() -> None:
    created = Sample("POST /repos/o/r/git/refs", {"ref": "refs/heads/topic"}, 201)
    found = names(created, Sample("DELETE /repos/o/r/git/refs/heads/topic", status=204))
    assert found[1] == "DELETE /repos/o/r/git/refs/{ref}"


@pytest.mark.parametrize(
    "samples",
    [
        [Sample("GET /users", [{"type": "users", "id": 1}]), *gets("/users/1")],
        [
            Sample("GET /repos/o/r/labels", [{"name": "issues"}]),
            *gets("/repos/o/r/issues", "/orgs/o/issues", "/issues"),
        ],
        [
            Sample("GET /items", [{"id": 1, "parts": []}]),
            Sample("GET /things", [{"name": "parts"}]),
            *gets("/items/1/parts"),
        ],
        [Sample("GET /api/v2/zones", {"id": "zones"})],
        [Sample("GET /users/me", {"login": "octocat"})],
        [Sample("GET /groups", [{"id": "users"}]), *gets("/x/users/5", "/y/users/6")],
    ],
    ids=["type", "label", "member", "resource", "me", "collection"],
)
def test_words_of_structure_stay_though_answers_hold_them(samples: Sequence[Sample]) -> None:
    for sample, operation in zip(samples, operations_of(samples), strict=True):
        words = [part for part in sample.path.split("/")[1:] if not part.isdigit() and len(part) > 1]
        assert [segment.text for segment in operation.segments if len(segment.text) > 1] == words


def test_a_reserved_word_that_is_surely_an_identifier_is_one() -> None:
    assert names(Sample("GET /types/test", {"id": "test"}))[0] == "GET /types/{type}"


def test_a_name_that_an_unrelated_answer_holds_by_chance_is_none() -> None:
    samples = [Sample("GET /tools", [{"name": "chat"}]), *gets("/beta/chat", "/beta/images", "/beta/audio")]
    assert names(*samples)[1:] == ["GET /beta/chat", "GET /beta/images", "GET /beta/audio"]


def test_answers_of_other_providers_prove_nothing() -> None:
    elsewhere = Sample("GET /list", {"id": "chat"}, host="other.example.com")
    assert names(elsewhere, Sample("POST /beta/chat/completions"))[1] == "POST /beta/chat/completions"


def test_one_word_is_no_parameter_where_resources_are_named() -> None:
    echoed = Sample("GET /api/v2/dashboard", {"id": "dashboard"})
    assert names(echoed, *gets("/api/v2/monitors", "/api/v2/slo")) == [
        "GET /api/v2/dashboard",
        "GET /api/v2/monitors",
        "GET /api/v2/slo",
    ]


def test_several_are_where_the_answers_say_so() -> None:
    users = [Sample(f"GET /{name}", {"login": name}) for name in ("ann", "bob", "cy")]
    assert names(*users) == ["GET /{login}"] * 3


def test_the_reason_is_told() -> None:
    _, used = operations_of([Sample("GET /users", [{"login": "ann"}]), Sample("PUT /users/ann")])
    assert used.segments[1].why == "produced by GET /users as `login`"
    (echoed,) = operations_of([Sample("GET /users/ann", {"login": "ann"})])
    assert echoed.segments[1].why == "produced by its own answer as `login`"
    (formed, _) = operations_of(gets("/users/7", "/users/8"))
    assert formed.segments[1].why == "integers: 2 seen"
