"""Which sample is shown: rich but readable, and the same one whatever came first."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from builders import exchange, request, response

from pact_recorder.http import Body
from pact_recorder.inference.samples import Example, best_of


def shown(body: bytes, target: str = "/", date: str = "Mon", cut: bool = False) -> Example:
    answer = response(body, 200, ("Date", date))
    whole = exchange(request("GET", target), replace(answer, body=Body(body, cut=cut)))
    return Example(whole, len(body))


def body_of(example: Example) -> bytes:
    body = example.exchange.response.body
    assert body is not None
    return body.content


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (shown(b"x" * 4096), shown(b"x" * 10)),
        (shown(b"x" * 10), shown(b"x" * 4097)),
        (shown(b"x" * 5000), shown(b"x" * 6000)),
        (shown(b"x"), shown(b"x" * 10, cut=True)),
    ],
)
def test_the_better_example(better: Example, worse: Example) -> None:
    assert better < worse and not worse < better
    assert best_of([worse, better], 1) == [better]


@pytest.mark.parametrize("most", [1, 2, 4, 10])
def test_the_order_makes_no_difference(most: int) -> None:
    examples = [*(shown(b"aa", f"/{n}") for n in range(3)), shown(b"aa", "/0", "Tue")]
    chosen = {tuple(best_of(order, most)) for order in permutations(examples)}
    assert len(chosen) == 1
    assert len(*chosen) == min(most, len(examples))


def test_the_same_exchange_is_shown_once() -> None:
    examples = [shown(b"a"), shown(b"a"), shown(b"b")]
    assert sorted(map(body_of, best_of(examples, 10))) == [b"a", b"b"]
