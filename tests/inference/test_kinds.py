"""How many kinds of requests there may be: what is taken together, what is left out, in any order."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from builders import exchange, json_request, request, response
from hypothesis import given, settings
from hypothesis import strategies as st

from pact_recorder.http import Exchange
from pact_recorder.inference import Inference, Inferred, infer
from pact_recorder.inference.kinds import MOST_KINDS, bounded_kinds, left_out_kinds
from pact_recorder.inference.messages import ANY_NAME, FORM, JSON, MANY_STRUCTURES, NONE, AskedKind
from pact_recorder.matching import JsonValue, compile_request, compile_response
from pact_recorder.pact import Interaction, format_contract

FORM_TYPE = ("Content-Type", "application/x-www-form-urlencoded")


def asked(target: str, answer: int) -> Exchange:
    return exchange(request("GET", target), response(json.dumps({"a": answer}).encode()))


def sent(document: JsonValue, answer: int = 1) -> Exchange:
    return exchange(json_request("POST", "/batch", document), response(json.dumps({"a": answer}).encode()))


def filled_in(form: str, answer: int = 1) -> Exchange:
    return exchange(request("POST", "/form", form.encode(), FORM_TYPE), response(json.dumps({"a": answer}).encode()))


POLLS = [asked(f"/poll?{1690000000000 + number}", number) for number in range(300)]
FORMS = [filled_in(f"f{number}=1", number) for number in range(300)]
MAPS = [sent({"items": {f"k{number}abc": {"q": number}}}, number) for number in range(300)]


def interactions(inferred: Inferred) -> list[Interaction]:
    return [each for each in inferred.contract.interactions if isinstance(each, Interaction)]


def made_of(exchanges: Sequence[Exchange]) -> Inferred:
    return infer(exchanges, "web", "api")


def covered(inferred: Inferred, exchanges: Sequence[Exchange]) -> int:
    """How many requests the contract covers; all answers to them satisfy it."""
    count = 0
    for each in exchanges:
        found = [one for one in interactions(inferred) if not compile_request(one.request).match(each.request)]
        assert all(not compile_response(one.response).match(each.response) for one in found)
        count += bool(found)
    return count


def test_parameters_named_after_the_time_are_one_kind_and_the_contract_says_so() -> None:
    made = made_of(POLLS)
    assert len(interactions(made)) == 1
    assert covered(made, POLLS) == 1
    assert made.left_out == (
        "GET /poll: names of parameters are data in 300 requests, and Pact has no rule for them; "
        "only requests with the names of an example are covered",
    )


def test_the_report_says_that_names_are_data() -> None:
    inference = Inference()
    for each in POLLS:
        inference.add(each)
    [operation] = inference.contract("web", "api", explain=True).report.operations
    [only] = operation.interactions
    assert [(each.path, each.why) for each in only.left_out] == [("query.*", "names of parameters are data")]


def test_a_few_names_that_are_data_have_interactions_of_their_own() -> None:
    few = [asked(f"/poll?{number}", number) for number in range(8)]
    made = made_of(few)
    assert covered(made, few) == len(interactions(made)) == len(few)
    assert made.left_out == ()


def test_a_value_beside_a_name_that_is_data_may_vary() -> None:
    exchanges = [asked(f"/poll?{1000 + number % 10}={number}&id={number}", number) for number in range(40)]
    made = made_of(exchanges)
    assert len(interactions(made)) == 1
    assert covered(made, exchanges) == 4


def test_fields_of_forms_that_are_data() -> None:
    exchanges = [filled_in(f"{number}=1&a=x{number}", number) for number in range(40)]
    made = made_of(exchanges)
    assert len(interactions(made)) == 1
    assert covered(made, exchanges) == 1
    assert "names of parameters are data in 40 requests" in made.left_out[0]


def test_names_that_vary_otherwise_are_bounded_and_the_most_frequent_kept() -> None:
    often = [filled_in("often=1") for _ in range(2)]
    made = made_of([*FORMS[:200], *often])
    assert len(interactions(made)) == MOST_KINDS
    assert covered(made, often) == 2
    assert made.left_out == (
        "POST /form: 137 exchanges left out, with names of parameters or members that vary too much; "
        "the 64 most frequent kinds of requests are covered",
    )


def test_more_kinds_than_are_kept_leave_as_many_out() -> None:
    made = made_of(FORMS)
    assert len(interactions(made)) == MOST_KINDS
    assert made.left_out[0].startswith(f"POST /form: {len(FORMS) - MOST_KINDS} exchanges left out")


def test_entries_of_maps_are_said_by_a_rule() -> None:
    made = made_of(MAPS)
    [only] = interactions(made)
    assert "$.items" in only.request.rules.categories["body"]
    assert covered(made, MAPS) == len(MAPS)
    assert covered(made, [sent({"items": {"other": {"q": 7}}})]) == 1
    assert covered(made, [sent({"others": {"other": {"q": 7}}})]) == 0


@pytest.mark.parametrize("names", [["17", "18"], ["0f8fad5b-d9cb-469f-a165-70867728950e"]])
def test_identifiers_among_members_are_one_kind(names: list[str]) -> None:
    exchanges = [sent({name: {"q": 1}}) for name in names]
    made = made_of(exchanges)
    assert len(interactions(made)) == 1
    assert covered(made, [*exchanges, sent({"4711": {"q": 2}})]) == len(exchanges) + 1


def test_entries_with_different_members_may_be_anything() -> None:
    exchanges = [sent({"items": {"1": {"a": 1}, "2": {"b": [number]}}}) for number in range(3)]
    made = made_of(exchanges)
    [only] = interactions(made)
    assert covered(made, exchanges) == len(exchanges)
    assert only.request.body is not None
    assert covered(made, [sent({"more": 1, "items": {}})]) == 0


def test_of_bodies_with_too_many_different_members_nothing_is_asked() -> None:
    names = [f"m{number}" for number in range(8)]
    exchanges = [
        sent({name: 1 if number % 2 else "x" for bit, name in enumerate(names) if number >> bit & 1}, number)
        for number in range(200)
    ]
    made = made_of(exchanges)
    assert len(interactions(made)) == 1
    assert covered(made, exchanges) == len(exchanges)


MIXED = [*POLLS[:20], *FORMS[:90], *MAPS[:80], *(asked(f"/poll?p{number}=1", number) for number in range(300))]


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(random: object) -> None:
    shuffled = list(MIXED)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = made_of(MIXED), made_of(shuffled)
    assert format_contract(one.contract) == format_contract(other.contract)
    assert one.left_out == other.left_out


def kinds(count: int) -> list[AskedKind]:
    return [AskedKind((f"f{number}",), NONE, "") for number in range(count)]


def test_few_kinds_stay_as_they_are() -> None:
    assert bounded_kinds(kinds(256)) == {}
    assert left_out_kinds(dict.fromkeys(kinds(MOST_KINDS), 1)) == {}


def test_bodies_of_many_structures_are_of_one_kind() -> None:
    many = [AskedKind((), JSON, "", ((f"m{number}", ""),)) for number in range(MOST_KINDS + 1)]
    together = AskedKind((), JSON, "", MANY_STRUCTURES)
    assert bounded_kinds(many[1:]) == {}
    assert bounded_kinds(many) == dict.fromkeys(many, together)
    assert bounded_kinds([together, many[0]]) == {many[0]: together}


def test_names_that_are_data_are_of_one_kind() -> None:
    named = [AskedKind((str(number), "a"), FORM, "", ((str(number), ""), ("b", ""))) for number in range(9)]
    together = AskedKind(("a", ANY_NAME), FORM, "", (("b", ""), (ANY_NAME, "")))
    assert bounded_kinds(named[1:]) == {}
    assert bounded_kinds(named) == dict.fromkeys(named, together)
    assert together.any_names
    assert not named[0].any_names


@given(st.lists(st.integers(0, 400), min_size=300, max_size=400), st.integers(0, 400))
def test_what_is_kept_of_parts_is_kept_of_the_whole(numbers: list[int], cut: int) -> None:
    def kept(found: Sequence[AskedKind]) -> set[AskedKind]:
        known = bounded_kinds(found)
        return {each for kind in found if (each := known.get(kind, kind)) is not None}

    whole = [AskedKind((f"f{number}",), NONE, "") for number in numbers]
    assert kept([*kept(whole[:cut]), *kept(whole[cut:])]) == kept(whole)
