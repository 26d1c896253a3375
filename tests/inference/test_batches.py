"""Batches of calls: what is promised of them where their items have different parameters."""

import pytest

from pact_recorder.inference.batches import batch_promise
from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.promises import ANYTHING, Promise
from tests.inference.promised import accepts_request, parsed, promised

NAMED = {"$[*].method"}
DIFFERENT = [{"method": "a", "params": {"x": 1}}, {"method": "b", "params": {"y": [2]}}]


def batch(document: list[object]) -> Promise:
    known = parsed(document)
    return batch_promise(promised([document], is_request=True), shape_of([known]), known, NAMED)


def test_what_is_beside_the_names_may_be_anything() -> None:
    made = batch(DIFFERENT)
    assert made.example == [{"method": "a", "params": None}, {"method": "b", "params": None}]
    assert made.rules["$[*].params"] == ANYTHING
    assert accepts_request(made, DIFFERENT)
    assert accepts_request(made, [{"method": "a", "params": [7]}])
    assert not accepts_request(made, [{"method": "a", "params": 1, "more": 2}])


@pytest.mark.parametrize(
    "document",
    [
        [{"method": "a", "params": [1]}, {"method": "b", "params": [2]}],
        [{"method": "a", "params": {"x": 1}}, {"method": "b"}],
        [{"params": {"x": 1}}, {"params": {"y": 1}}],
        [{"method": "a", "params": {"x": 1}}, 5],
        [{"method": "a", "params": {"x": 1}}, None],
        [{"method": "a", "it's": {"x": 1}}, {"method": "a", "it's": {"y": 1}}],
        [],
    ],
    ids=repr,
)
def test_other_batches_stay_as_they_are(document: list[object]) -> None:
    assert batch(document) == promised([document], is_request=True)
