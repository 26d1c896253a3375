from itertools import pairwise

import pytest

from pact_recorder.inference import report_html_plan as plan
from pact_recorder.inference.report_html_plan import chapters_of, room_for
from tests.inference.pages import a_finding, a_report, an_interaction, an_operation


def test_anchors_are_unique_and_go_by_place() -> None:
    operation = an_operation("same", an_interaction("a"), an_interaction("b", response=()))
    chapters = chapters_of([a_report(operation, operation), a_report(operation)])
    sections = [each for chapter in chapters for each in chapter.sections]
    anchors = [chapter.anchor for chapter in chapters] + [each.anchor for each in sections]
    anchors += [part.anchor for section in sections for part in section.parts]
    assert len(set(anchors)) == len(anchors)
    assert [each.anchor for each in sections] == ["c1-1", "c1-2", "c2-1"]


def test_promises_and_what_is_left_out_stand_apart() -> None:
    kept, left = a_finding(), a_finding("$.x", None)
    operation = an_operation("o", an_interaction(request=(left, kept), response=(kept, left)))
    ((section,),) = (chapter.sections for chapter in chapters_of([a_report(operation)]))
    blocks = section.parts[0].blocks
    assert [(each.title, each.findings, each.left_out) for each in blocks] == [
        ("Request", [kept], False),
        ("Request: left out of the contract", [left], True),
        ("Answer", [kept], False),
        ("Answer: left out of the contract", [left], True),
    ]


def test_an_answer_rests_on_samples_of_its_status_and_a_request_on_all() -> None:
    failed = an_interaction("f", (a_finding(),), status=404, samples=1)
    operation = an_operation("o", failed, samples=9, statuses={200: 7, 404: 2})
    ((section,),) = (chapter.sections for chapter in chapters_of([a_report(operation)]))
    assert [(each.title, each.samples) for each in section.parts[0].blocks] == [("Request", 9), ("Answer", 2)]


@pytest.mark.parametrize(
    ("status", "response", "shared"),
    [(200, (a_finding(),), True), (201, (a_finding(),), False), (200, (a_finding("$.y"),), False)],
)
def test_an_answer_that_an_earlier_interaction_has_is_shown_once(status: int, response: tuple, shared: bool) -> None:  # type: ignore[type-arg]
    operation = an_operation("o", an_interaction("a"), an_interaction("b", response=response, status=status))
    ((section,),) = (chapter.sections for chapter in chapters_of([a_report(operation)]))
    first, second = section.parts
    assert second.same_answer is (first if shared else None)
    assert bool(second.blocks) is not shared


def test_answers_without_findings_are_not_the_same() -> None:
    operation = an_operation("o", an_interaction("a", response=()), an_interaction("b", response=()))
    ((section,),) = (chapter.sections for chapter in chapters_of([a_report(operation)]))
    assert [part.same_answer for part in section.parts] == [None, None]


def test_a_short_page_stands_open_and_a_long_one_does_not() -> None:
    short = room_for(chapters_of([a_report()]))
    assert short.open_contents and short.open_interactions
    many = tuple(an_operation(f"GET /{number}") for number in range(200))
    long = room_for(chapters_of([a_report(*many)]))
    assert not long.open_contents and not long.open_interactions


def test_a_huge_operation_takes_nothing_from_small_ones() -> None:
    huge = an_operation("huge", an_interaction(response=tuple(a_finding(f"$.{n}") for n in range(50_000))))
    small = [an_operation(f"s{number}") for number in range(9)]
    room = room_for(chapters_of([a_report(huge, *small)]))
    assert room.scale.rows == plan.MOST_ROWS - len(small)


def test_more_than_there_is_room_for_is_shared_out() -> None:
    reports = [a_report(*(an_operation(f"{n}") for n in range(size))) for size in (10, 3_000, 3_000)]
    chapters = chapters_of(reports)
    room = room_for(chapters)
    assert [len(room.of(chapter)) for chapter in chapters] == [10, 995, 995]
    crowded = an_operation("o", *(an_interaction(f"{n}", (), (a_finding(f"$.{n}"),)) for n in range(9_000)))
    (chapter,) = chapters_of([a_report(crowded)])
    assert len(room_for([chapter]).within(chapter.sections[0])) == plan.MOST_INTERACTIONS


def test_the_scale_goes_up_to_the_greatest_count() -> None:
    operation = an_operation("o", an_interaction(response=(a_finding(seen=7), a_finding(seen=500))))
    scale = room_for(chapters_of([a_report(operation)])).scale
    widths = [scale.width(seen) for seen in (0, 1, 7, 100, 500)]
    assert all(less < more for less, more in pairwise(widths)) and widths[-1] == 100
