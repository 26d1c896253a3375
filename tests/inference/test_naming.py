"""Descriptions of inferred interactions: readable, different, and the same in every process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import permutations

import pytest

from pact_recorder.inference.messages import AnsweredKind, AskedKind, Structure
from pact_recorder.inference.naming import Subject, describe, plainest_first

JSON_TYPE = "application/json"


def subject(
    *names: str, status: int = 200, structure: Structure = "", credentials: tuple[str, ...] = (), root: str = "dict"
) -> Subject:
    asked = AskedKind(names, "JSON" if structure else "none", JSON_TYPE if structure else "", structure, credentials)
    return Subject(asked, AnsweredKind(status, "JSON", JSON_TYPE, root))


def members(*names: str, items: Structure = "") -> Structure:
    return tuple((name, items) for name in names)


@pytest.mark.parametrize(
    ("other", "description"),
    [
        (subject(status=404), "GET /a (404)"),
        (subject("page"), "GET /a (with page)"),
        (subject(*"abcdefgh"), "GET /a (with a, b, c, d, e, f and 2 more)"),
        (subject(root="list"), "GET /a (an array)"),
        (subject(structure=members("name")), "GET /a (sent as application/json name)"),
        (subject("page", status=404), "GET /a (404, with page)"),
    ],
)
def test_the_plainest_success_has_the_plain_name(other: Subject, description: str) -> None:
    ordered = plainest_first([other, subject()])
    assert ordered == [subject(), other]
    assert describe("GET /a", ordered) == ["GET /a", description]


def test_credentials_are_told() -> None:
    with_key, without = subject(credentials=("authorization",)), subject()
    ordered = plainest_first([without, with_key])
    assert ordered == [with_key, without]
    assert describe("GET /a", ordered) == ["GET /a", "GET /a (without credentials)"]


ALIKE = [
    subject(structure=members("tags", items=items))
    for items in (frozenset(), frozenset([""]), frozenset([members("id")]), frozenset([members("id", "x"), ""]))
]


def test_what_both_sent_is_told_by_what_is_below() -> None:
    orders = [plainest_first(order) for order in permutations(ALIKE)]
    assert orders == [ALIKE] * len(orders)
    assert describe("PUT /a", ALIKE) == [
        "PUT /a",
        "PUT /a (sent tags)",
        "PUT /a (sent tags.id)",
        "PUT /a (sent tags.id, tags.x)",
    ]


def filtering(*names: str) -> Subject:
    return subject(structure=members("filter", items=members(*names)))


def test_descriptions_stay_when_others_come() -> None:
    assert describe("PUT /a", [filtering("a"), filtering("d")])[1] == "PUT /a (sent filter.d)"
    assert describe("PUT /a", plainest_first(map(filtering, "bcad"))) == [
        "PUT /a",
        "PUT /a (sent filter.b)",
        "PUT /a (sent filter.c)",
        "PUT /a (sent filter.d)",
    ]


def test_a_body_with_less_than_the_plainest_is_told_by_what_it_lacks() -> None:
    plainest, other = filtering("a", "b"), subject("page", structure=members("filter", items=members("a")))
    assert describe("PUT /a", [plainest, other])[1] == "PUT /a (with page, sent without filter.b)"


def test_names_of_bodies_are_few_and_short() -> None:
    many = filtering("a", "n" * 500, *(f"m{number}" for number in range(1000)))
    [description] = describe("PUT /a", [filtering("a"), many])[1:]
    assert description.startswith("PUT /a (sent filter.m0, filter.m1, ")
    assert description.endswith(" and 995 more)")
    assert len(describe("PUT /a", [filtering("a"), filtering("a", "n" * 500)])[1]) < 100


def test_what_words_cannot_tell_apart_is_told_by_a_digest_that_others_do_not_change() -> None:
    roots = [subject(root=root) for root in ("dict", "str", "int", "float")]
    known = dict(zip(roots, describe("GET /a", roots), strict=True))
    assert known[roots[0]] == "GET /a"
    assert all(re.fullmatch(r"GET /a \(a value\) #[0-9a-f]{6}", known[other]) for other in roots[1:])
    assert len(set(known.values())) == len(roots)
    fewer = describe("GET /a", [roots[0], roots[3], roots[2]])
    assert fewer == [known[roots[0]], known[roots[3]], known[roots[2]]]


def test_exchanges_that_stand_for_themselves_have_digests_of_their_own() -> None:
    first, second, third = (Subject(subject().asked, subject().answered, only) for only in ("x", "y", "z"))
    descriptions = describe("GET /a", [first, second, third])
    assert descriptions[0] == "GET /a"
    assert describe("GET /a", [first, third])[1] == descriptions[2]
    assert len(set(descriptions)) == 3


def test_equal_subjects_have_different_descriptions() -> None:
    assert len(set(describe("GET /a", [subject()] * 4))) == 4


SHOWN = """
from pact_recorder.inference.messages import AnsweredKind, AskedKind
from pact_recorder.inference.naming import Subject
kinds = [frozenset((("name", ""), (other, "")) for other in "abcdefgh"[start:]) for start in range(4)]
asked = [AskedKind((), "JSON", "application/json", (("items", kind), ("more", frozenset(kinds)))) for kind in kinds]
print([Subject(each, AnsweredKind(200, "JSON", "application/json")).plainness for each in asked])
"""


def test_the_order_is_the_same_in_every_process() -> None:
    shown = {
        subprocess.run(
            [sys.executable, "-c", SHOWN],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(shown) == 1
