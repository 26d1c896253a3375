"""Answers found again by the request as it was on the wire: nothing that differs profits, and memory is bounded."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.mock import ContractMock
from pact_recorder.pact import read_contract
from pact_recorder.server.answer_memo import MOST_MANNERS, MOST_MET_ONCE, AnswerMemo
from pact_recorder.server.mock_app import MockApp
from pact_recorder.server.wire import Asked, Fields, Written
from tests.server.mock_contracts import contract, interaction

HOST = (b"host", b"a")
ONE, OTHER = Written(b"head", False, b"one"), Written(b"head", False, b"other")


def asked(
    method: bytes = b"POST", target: bytes = b"/a", fields: Iterable[tuple[bytes, bytes]] = (HOST,), body: bytes = b"xy"
) -> Asked:
    return Asked(method, target, list(fields), body)


def keep(memo: AnswerMemo, asked_: Asked, answer: Written) -> None:
    """Keep an answer to a request whose manner came before."""
    memo.keep(asked_._replace(target=b"/before"), Written(b"x" * 20_000, False, b""))
    memo.keep(asked_, answer)


def sized(length: bytes) -> Fields:
    return [HOST, (b"content-length", length), (b"accept", b"*/*")]


@pytest.mark.parametrize(
    "other",
    [
        asked(b"PUT"),
        asked(target=b"/b"),
        asked(target=b"/a?"),
        asked(body=b"xz"),
        asked()._replace(scheme="https"),
        asked()._replace(server=("127.0.0.2", 80)),
        asked(body=b""),
        asked(target=b"/axy", body=b""),
        asked(fields=[]),
        asked(fields=[(b"host", b"b")]),
        asked(fields=[HOST, HOST]),
        asked(fields=[HOST, (b"content-length", b"2")]),
        asked(fields=[HOST, (b"content-length", b"02")]),
        asked(fields=[HOST, (b"transfer-encoding", b"chunked")]),
    ],
)
def test_a_request_that_differs_is_not_known(other: Asked) -> None:
    memo = AnswerMemo()
    keep(memo, asked(), ONE)
    keep(memo, other, OTHER)
    assert (memo.find(asked()), memo.find(other), len(memo)) == (ONE, OTHER, 2)


def test_a_length_that_is_that_of_the_body_tells_nothing_apart() -> None:
    memo = AnswerMemo()
    keep(memo, asked(fields=sized(b"2")), ONE)
    keep(memo, asked(fields=sized(b"11"), body=b"x" * 11), OTHER)
    assert memo.find(asked(fields=sized(b"2"))) == ONE
    assert memo.find(asked(fields=sized(b"02"))) is None
    assert memo.find(asked(fields=[*sized(b"2")[1:], HOST])) is None


@pytest.mark.parametrize(("any_order", "found"), [(False, None), (True, ONE)])
def test_the_order_of_fields_may_not_matter(any_order: bool, found: Written | None) -> None:
    memo = AnswerMemo(any_order=any_order)
    first, second, third = (b"x-a", b"1"), (b"x-a", b"2"), (b"content-length", b"2")
    keep(memo, asked(fields=[HOST, first, second, third]), ONE)
    memo.keep(asked(target=b"/before", fields=[third, first, HOST, second]), ONE)
    assert memo.find(asked(fields=[third, first, HOST, second])) == found
    assert memo.find(asked(fields=[HOST, second, first, third])) is None
    keep(memo, asked(fields=[third, first, HOST, second]), OTHER)
    assert len(memo) == (1 if any_order else 2)


def test_another_answer_takes_the_place_of_the_first() -> None:
    memo = AnswerMemo()
    keep(memo, asked(), ONE)
    keep(memo, asked(), OTHER)
    assert (memo.find(asked()), len(memo)) == (OTHER, 1)


def test_the_number_of_answers_is_bounded() -> None:
    memo = AnswerMemo(most=3)
    for number in range(10):
        keep(memo, asked(target=b"/%d" % number), ONE)
        assert len(memo) <= 3
        assert memo.find(asked(target=b"/%d" % number)) == ONE


def test_the_bytes_of_answers_are_bounded() -> None:
    memo = AnswerMemo(most_bytes=10_000)
    for number in range(30):
        keep(memo, asked(body=b"%04d" % number * 1_000), ONE)
        assert len(memo) <= 2
    keep(memo, asked(body=b"x" * 100_000), ONE)
    keep(memo, asked(target=b"/large"), Written(b"", False, b"x" * 100_000))
    assert len(memo) == 2
    assert memo.find(asked(body=b"x" * 100_000)) is None


def numbered(number: int) -> Asked:
    return asked(fields=[HOST, (b"x-request-id", b"%d" % number)])


@pytest.mark.parametrize("any_order", [False, True])
def test_header_fields_that_never_come_again_take_no_place(any_order: bool) -> None:
    memo = AnswerMemo(any_order=any_order)
    keep(memo, asked(), ONE)
    for number in range(3 * MOST_MET_ONCE):
        memo.keep(numbered(number), OTHER)
        assert memo.find(asked()) == ONE
    assert len(memo) == 1
    memo.keep(numbered(number), OTHER)
    assert (memo.find(numbered(number)), len(memo)) == (OTHER, 2)


@pytest.mark.parametrize("any_order", [False, True])
def test_of_too_many_manners_the_one_with_the_fewest_answers_goes(any_order: bool) -> None:
    memo = AnswerMemo(any_order=any_order)
    for target in (b"/a", b"/b"):
        keep(memo, asked(target=target), ONE)
    for number in range(3 * MOST_MANNERS):
        keep(memo, numbered(number), OTHER)
        assert memo.find(numbered(number)) == OTHER
        assert len(memo) <= MOST_MANNERS + 1
    assert [memo.find(asked(target=target)) for target in (b"/a", b"/b")] == [ONE, ONE]
    assert memo.find(numbered(0)) is None


def test_what_is_dropped_counts_no_more() -> None:
    size = 1_000
    memo = AnswerMemo(most_bytes=MOST_MANNERS * 2 * size)
    keep(memo, asked(), ONE)
    keep(memo, asked(target=b"/b"), ONE)
    for number in range(10 * MOST_MANNERS):
        keep(memo, numbered(number)._replace(body=b"x" * size), OTHER)
    # Too many bytes would have made it forget everything.
    assert memo.find(asked()) == ONE


SERVED = contract(
    interaction("GET", "/a"),
    interaction("GET", "/a", query={"x": ["1"]}),
    interaction("POST", "/a", {"n": 1}, headers={"Content-Type": "application/json"}),
    interaction("POST", "/a", {"n": 2}, headers={"Content-Type": "application/json", "X-A": "1"}),
    interaction("HEAD", "/a"),
    interaction("PUT", "/b", "text", matchingRules={"path": {"matchers": [{"match": "regex", "regex": "/b\\d*"}]}}),
)
methods = st.sampled_from([b"GET", b"HEAD", b"POST", b"PUT"])
targets = st.sampled_from([b"/a", b"/a?x=1", b"/a?x=2", b"/b1", b"/b2", b"/A", b"/\xff"])
lines = st.lists(st.sampled_from([(b"x-a", b"1"), (b"origin", b"http://b"), (b"content-type", b"text/plain")]))
bodies = st.sampled_from([b"", b'{"n":1}', b'{ "n": 1 }', b'{"n":2}', b"text"])
json_type = (b"content-type", b"application/json")


def requests() -> st.SearchStrategy[Asked]:
    fields = st.builds(lambda more, typed: [HOST, *([json_type] if typed else []), *more], lines, st.booleans())
    return st.builds(Asked, methods, targets, fields, bodies)


@given(st.lists(requests(), min_size=1, max_size=12))
def test_answers_and_what_is_unmet_are_those_of_a_mock_that_remembers_nothing(wanted: list[Asked]) -> None:
    remembering, plain = (ContractMock(read_contract(SERVED, "the contract")) for _ in range(2))
    repeated: list[Asked] = []
    app = MockApp(remembering.reply, repeated=lambda again, _: repeated.append(again), any_order=True)
    for each in (*wanted, *wanted):
        answer = MockApp(plain.answer).respond(each)
        assert app.respond(each) == answer
        assert (each in repeated) <= answer.head.startswith(b"HTTP/1.1 200")
    assert remembering.matched == plain.matched
    assert remembering.mismatches() == plain.mismatches()


def test_the_heads_of_answers_count() -> None:
    memo = AnswerMemo(most_bytes=100_000)
    for number in range(100):
        keep(memo, asked(target=b"/%d" % number), Written(b"%04d" % number * 2_500, False, b""))
        assert len(memo) <= 9
    keep(memo, asked(target=b"/large"), Written(b"x" * 50_000, False, b""))
    assert memo.find(asked(target=b"/large")) is None


def test_what_many_answers_share_counts_once() -> None:
    memo = AnswerMemo(most_bytes=100_000)
    for number in range(200):
        keep(memo, asked(target=b"/%d" % number), Written(bytes([120]) * 10_000, False, bytes([121]) * 5_000))
    assert len(memo) == 200
    first, last = (memo.find(asked(target=b"/%d" % number)) for number in (0, 199))
    assert first is not None
    assert last is not None
    assert first.head is last.head
    assert first.rest is last.rest
