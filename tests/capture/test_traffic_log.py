"""The log of requests holds little, and knows what it let go of."""

import pytest
from builders import request, response
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.capture.traffic_log import Cleared, Kind, TrafficLog


def test_an_entry_refers_to_what_it_was_given() -> None:
    log, asked, answer = TrafficLog(), request(), response()
    log.answered(1.0, asked, answer, None)
    log.answered(2.0, asked, answer, 17)
    log.recorded(3.0, 17, 400)
    first, second, third = log.view().entries
    assert first.request is asked
    assert first.response is answer
    assert (second.response, second.reference) == (None, 17)
    assert (third.request, third.response, third.kind) == (None, None, Kind.FORWARDED)


def test_the_oldest_go_when_there_are_too_many_or_they_are_too_large() -> None:
    log = TrafficLog(most=3)
    for at in range(5):
        log.unmatched(float(at), request(), response())
    assert [entry.at for entry in log.view().entries] == [2.0, 3.0, 4.0]
    assert (log.gone, log.evicted) == (2, 2)
    heavy = TrafficLog(most_bytes=1_000_000)
    for at in range(5):
        heavy.forwarded(float(at), request("POST", "/", b"x" * 400_000), None)
    assert [entry.at for entry in heavy.view().entries] == [3.0, 4.0]
    heavy.unmatched(9.0, request("POST", "/", b"x" * 2_000_000), response())
    assert (len(heavy), heavy.gone) == (0, 6)


def test_a_narrower_bound_counts_at_once() -> None:
    log = TrafficLog()
    for at in range(5):
        log.forwarded(float(at), request("POST", "/", b"x" * 1_000), response())
    log.bound(3, 1_000_000)
    assert ([entry.at for entry in log.view().entries], log.gone) == ([2.0, 3.0, 4.0], 2)
    log.bound(100, 4_000)
    assert ([entry.at for entry in log.view().entries], log.gone) == ([4.0], 4)
    log.unmatched(9.0, request(), response())
    assert log.evicted == 5


def test_without_room_nothing_is_held_but_everything_counted() -> None:
    log = TrafficLog(most=0)
    log.unmatched(1.0, request(), response())
    assert (len(log), log.gone, log.counts[Kind.UNMATCHED]) == (0, 0, 1)


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 10))
def test_every_request_is_held_shelved_or_gone(recorded: list[bool], most: int) -> None:
    log = TrafficLog(most=most)
    for at, is_recorded in enumerate(recorded):
        if is_recorded:
            log.recorded(float(at), at, at + 1)
        else:
            log.unmatched(float(at), request(), response())
    view = log.view()
    kept = len(recorded) - len(view.entries)
    assert [entry.at for entry in view.entries] == [float(at) for at in range(kept, len(recorded))]
    assert view.gone == sum(not each for each in recorded[:kept])
    shelved = [at for at in range(kept) if recorded[at]]
    assert view.shelf == (0, shelved[-1] + 1 if shelved else 0)


@pytest.mark.parametrize("most", [2, 100])
def test_what_is_cleared_weighs_nothing(most: int) -> None:
    log = TrafficLog(most=most)
    for at in range(4):
        log.recorded(float(at), at, at + 1)
    log.remove(log.view().entries[:1], Cleared(lambda _: True, 4, 0))
    assert len(log) == min(most, 4) - 1
    log.clear(4, 7)
    view = log.view()
    assert (view.entries, view.shelf, view.loaded, view.cleared, view.gone) == ((), (4, 4), 7, (), 0)
