"""Evidence of a place: what is gathered by kind, folded in batches, and joined with that of other places."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from builders import exchange, json_request, request, response
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, Exchange, Headers, Response
from pact_recorder.inference.evidence import MOST_BROKEN, PlaceEvidence
from pact_recorder.inference.messages import BROKEN, JSON, content_of
from pact_recorder.inference.operations import MISSING, OperationIndex
from pact_recorder.matching import JsonValue

BATCH = 64
FOLDS = st.lists(st.booleans(), min_size=12, max_size=12)


def got(path: str, document: JsonValue, status: int = 200, *fields: tuple[str, str]) -> Exchange:
    return exchange(request("GET", path, None, *fields), response(json.dumps(document).encode(), status))


def gathered(exchanges: Sequence[Exchange], folds: Sequence[bool] = ()) -> PlaceEvidence:
    """The evidence of exchanges with one place; `folds` says after which of them it is folded."""
    index, evidence = OperationIndex(), PlaceEvidence()
    for number, each in enumerate(exchanges):
        sent = content_of(each.request)
        place = index.place(each.request, sent.value if sent.form == JSON else MISSING)
        evidence.add(each, sent)
        if number == len(exchanges) - 1 or (number < len(folds) and folds[number]):
            evidence.fold(place, index)
    return evidence


def summary(evidence: PlaceEvidence) -> object:
    return (
        {kind: (each.count, each.shape) for kind, each in evidence.requests.items()},
        {
            kinds: (pair.answers.count, pair.answers.shape, [each.exchange for each in pair.examples])
            for kinds, pair in evidence.pairs.items()
        },
    )


SEVERAL = [
    *(got("/things", {"id": n, "name": f"thing {n}"}) for n in range(4)),
    *(got("/things?page=2", [{"id": n}]) for n in range(2)),
    got("/things", {"message": "gone"}, 404),
    *(exchange(json_request("GET", "/things", {"a": n}), response(b'{"id": 1}')) for n in range(3)),
    exchange(request("GET", "/things"), response(b"{broken")),
    exchange(request("GET", "/things"), response(None, 204)),
]


@given(FOLDS)
def test_it_does_not_matter_when_it_is_folded(folds: list[bool]) -> None:
    assert summary(gathered(SEVERAL, folds)) == summary(gathered(SEVERAL))


@given(st.permutations(SEVERAL))
def test_the_order_makes_no_difference(exchanges: list[Exchange]) -> None:
    assert summary(gathered(exchanges)) == summary(gathered(SEVERAL))


@given(FOLDS)
def test_places_together_are_one_place(sides: list[bool]) -> None:
    parts = [[each for each, side in zip(SEVERAL, sides, strict=True) if side is which] for which in (True, False)]
    joined = PlaceEvidence.of([gathered(part) for part in parts if part])
    assert summary(joined) == summary(gathered(SEVERAL))


def test_kinds_are_kept_apart() -> None:
    evidence = gathered(SEVERAL)
    assert sorted(each.count for each in evidence.requests.values()) == [2, 3, 7]
    found = sorted(
        (answered.status, answered.form, pair.answers.count) for (_, answered), pair in evidence.pairs.items()
    )
    assert found == [
        (200, "JSON", 2),
        (200, "JSON", 3),
        (200, "JSON", 4),
        (200, "broken", 1),
        (204, "none", 1),
        (404, "JSON", 1),
    ]


def test_the_same_body_counts_each_time() -> None:
    [pair] = gathered([got("/things", {"id": 1, "tags": ["a"]})] * 5).pairs.values()
    document = pair.answers.shape.objects
    assert document is not None
    assert pair.answers.count == document.members["body"].seen == 5
    assert len(pair.examples) == 1


def test_the_same_body_of_another_type_is_another_content() -> None:
    types = ("application/xml", "text/plain", "application/xml; charset=utf-8")
    typed = [Response(200, headers=Headers([("Content-Type", each)]), body=Body(b"<a/>")) for each in types]
    evidence = gathered([exchange(request("GET", "/"), each) for each in typed])
    counts = {answered.form: pair.answers.count for (_, answered), pair in evidence.pairs.items()}
    assert counts == {"XML": 2, "text": 1}


def test_a_body_that_overrules_its_header_is_another_content() -> None:
    plain = response(b"<a/>")
    bodies = (Body(b"<a/>"), Body(b"<a/>", media_type="application/xml"), Body(b"<a/>", cut=True))
    evidence = gathered(
        [exchange(request("GET", "/"), Response(200, headers=plain.headers, body=body)) for body in bodies]
    )
    counts = {answered.form: pair.answers.count for (_, answered), pair in evidence.pairs.items()}
    assert counts == {"XML": 1, "broken": 2}


@pytest.mark.parametrize(("count", "size", "full"), [(BATCH - 1, 10, False), (BATCH, 10, True), (1, 1_000_000, True)])
def test_enough_to_fold(count: int, size: int, full: bool) -> None:
    evidence = PlaceEvidence()
    for number in range(count):
        each = exchange(request("GET", f"/{number}"), response(b"x" * size))
        evidence.add(each, content_of(each.request))
    assert evidence.is_full is full


def test_the_index_is_told_what_answers_held() -> None:
    index = OperationIndex()
    for path, each in (("/users", [{"login": "bob"}]), ("/users/bob", {"login": "bob", "age": 3})):
        sample, evidence = got(path, each), PlaceEvidence()
        place = index.place(sample.request, MISSING)
        evidence.add(sample, content_of(sample.request))
        evidence.fold(place, index)
    assert {operation.path_template for operation in index.operations().values()} == {"/users", "/users/{user}"}


def test_several_broken_answers_are_kept() -> None:
    broken = [exchange(request("GET", "/x"), response(b"{" + b"x" * n)) for n in range(MOST_BROKEN + 5)]
    [((_, answered), pair)] = gathered(broken).pairs.items()
    assert (answered.form, len(pair.examples)) == (BROKEN, MOST_BROKEN)


KEY = ("Authorization", "Bearer REDACTED-token-1")


@pytest.mark.parametrize(
    ("with_key", "without_key", "kinds"),
    [((200,), (200,), 1), ((200,), (401,), 2), ((200, 404), (200, 404), 1), ((200, 404), (200,), 2), ((200,), (), 1)],
)
def test_credentials_count_where_they_decide(
    with_key: tuple[int, ...], without_key: tuple[int, ...], kinds: int
) -> None:
    exchanges = [got("/me", {"id": 1}, status, KEY) for status in with_key]
    exchanges += [got("/me", {"id": 1}, status) for status in without_key]
    settled = PlaceEvidence.of([gathered(exchanges)])
    assert len(settled.requests) == kinds
    assert sum(each.count for each in settled.requests.values()) == len(exchanges)
    assert sum(pair.answers.count for pair in settled.pairs.values()) == len(exchanges)
