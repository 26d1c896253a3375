from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.http.identity import exchange_identity
from pact_recorder.recordings.folding import Fold, fold
from pact_recorder.recordings.session import RecordedExchange


def seen(name: str) -> Exchange:
    """`a1` is the answer 1 to the question a."""
    return Exchange(Request("GET", f"/{name[0]}"), Response(200, body=Body(name[1:].encode())))


def again(name: str) -> str:
    return exchange_identity(seen(name))


def entry(name: str, count: int = 1, at: Sequence[int] = ()) -> RecordedExchange:
    return RecordedExchange(seen(name), len(at) or count, tuple(at))


@pytest.mark.parametrize(
    ("kept", "added", "expected"),
    [
        ([], [], {}),
        ([], [seen("a1"), seen("b1")], {0: Fold(1, ()), 1: Fold(1, ())}),
        ([], [seen("a1"), seen("a1"), again("a1")], {0: Fold(3, ())}),
        ([], [seen("a1"), seen("a2"), again("a1")], {0: Fold(2, (1, 3)), 1: Fold(1, (2,))}),
        ([], [seen("a1"), seen("b1"), seen("a2")], {0: Fold(1, (1,)), 1: Fold(1, ()), 2: Fold(1, (3,))}),
        # Entries of the file come first, and keep the places they name.
        ([entry("a1", 2)], [seen("a1")], {0: Fold(3, ())}),
        ([entry("a1", 2)], [seen("a2")], {0: Fold(2, (1, 2)), 1: Fold(1, (3,))}),
        ([entry("a1", at=[1, 3]), entry("a2", at=[2])], [again("a2")], {0: Fold(2, (1, 3)), 1: Fold(2, (2, 4))}),
        ([entry("b1"), entry("a1", at=[1]), entry("a2", at=[3])], [], {
            0: Fold(1, ()), 1: Fold(1, (1,)), 2: Fold(1, (3,)),
        }),
        # Who names no place gets the first free one: b1 is at 2.
        ([entry("b1"), entry("a1", at=[1]), entry("a2", at=[3])], [seen("b2")], {
            0: Fold(1, (2,)), 1: Fold(1, (1,)), 2: Fold(1, (3,)), 3: Fold(1, (4,)),
        }),
        # An entry that a person left twice in the file is one.
        ([entry("a1"), entry("a1", 2)], [], {0: Fold(3, ())}),
        # Places that a person took out of the file leave gaps.
        ([entry("a1", at=[5]), entry("a2", at=[9])], [again("a1")], {0: Fold(2, (5, 10)), 1: Fold(1, (9,))}),
    ],
)  # fmt: skip
def test_what_stays_and_where(
    kept: list[RecordedExchange], added: list[Exchange | str], expected: dict[int, Fold]
) -> None:
    assert fold(kept, added).folds() == expected


def test_a_repeat_of_nothing_known_is_counted() -> None:
    folding = fold([], [seen("a1"), "00" * 16])
    assert folding.folds() == {0: Fold(1, ())}
    assert folding.unknown_repeats == 1


def without_secrets(exchange: Exchange) -> Exchange:
    request = Request(exchange.request.method, exchange.request.path)
    return exchange.with_messages(request, exchange.response)


def test_what_is_equal_after_scrubbing_is_one_and_repeats_find_it() -> None:
    first = Exchange(Request("GET", "/", headers=Headers([("X-Secret", "1")])), Response(200))
    second = Exchange(Request("GET", "/", headers=Headers([("X-Secret", "2")])), Response(200))
    repeats = [exchange_identity(second), exchange_identity(first)]
    assert fold([], [first, second, *repeats], without_secrets).folds() == {0: Fold(4, ())}
    assert fold([], [first, second, *repeats]).folds() == {0: Fold(2, (1, 4)), 1: Fold(2, (2, 3))}


NAMES = st.sampled_from(["a1", "a2", "b1", "c1"])


@given(st.lists(NAMES, max_size=12), st.lists(NAMES, max_size=12))
def test_the_order_told_is_the_order_seen(before: list[str], after: list[str]) -> None:
    """Folding in two steps, with a file in between, keeps the order of several answers to one question."""
    names = list(dict.fromkeys(before))
    first = fold([], map(seen, before)).folds()
    kept = [
        RecordedExchange(seen(name), found.count, found.at) for name, found in zip(names, first.values(), strict=True)
    ]
    folding = fold(kept, map(seen, after)).folds()
    order = [name for name in before + after if name[0] == "a"]
    given_to = list(dict.fromkeys([*before, *after]))
    told = {
        place: name
        for name, found in zip(given_to, folding.values(), strict=True)
        for place in found.at
        if name[0] == "a"
    }
    if len(set(order)) > 1:
        assert [told[place] for place in sorted(told)] == order
    assert sum(found.count for found in folding.values()) == len(before) + len(after)
