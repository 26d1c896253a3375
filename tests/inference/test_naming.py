"""Descriptions of inferred interactions: readable, different, and the same in every process."""

from __future__ import annotations

import os
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


def test_what_words_cannot_tell_apart_is_numbered_in_an_order_of_its_own() -> None:
    orders = [plainest_first(order) for order in permutations(ALIKE)]
    assert orders == [ALIKE] * len(orders)
    assert describe("PUT /a", ALIKE) == [
        "PUT /a",
        "PUT /a (sent tags)",
        "PUT /a (sent tags) #2",
        "PUT /a (sent tags) #3",
    ]


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
