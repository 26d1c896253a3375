import json

from pact_recorder.http import Body, Headers, Request
from pact_recorder.inference.operations import MISSING
from pact_recorder.inference.operations.evidence import Evidence

FORM = Headers([("Content-Type", "application/x-www-form-urlencoded")])


def asked(body: object) -> Evidence:
    evidence = Evidence()
    evidence.asked(Request("POST", "/", body=Body(json.dumps(body).encode())), body)
    return evidence


def test_only_what_may_name_a_thing_is_kept_of_a_body() -> None:
    body = {
        "id": "ab",
        "note": "some words",
        "code": "x1y2",
        "page": 3,
        "size": 100,
        "on": True,
        "x": None,
        "more": [{"id": "cd"}],
    }
    kept = {where: sample.values() for where, sample in asked(body).bodies.items()}
    assert kept == {"$.id": {"ab"}, "$.code": {"x1y2"}, "$.size": {100}, "$.more[*].id": {"cd"}}


def test_a_scalar_body_is_none() -> None:
    assert asked("text").bodies == asked(None).bodies == asked([]).bodies == {}


def test_a_form_is_kept_whole_whatever_it_was_read_as() -> None:
    evidence = Evidence()
    evidence.asked(Request("POST", "/", headers=FORM, body=Body(b"id=7")), {"id": ["7"]})
    assert evidence.forms.values() == {b"id=7"}
    assert evidence.bodies == {}


def test_hostile_bodies_and_answers_are_bounded() -> None:
    evidence = asked({f"id{number}": [f"v{number}"] * 1000 for number in range(10_000)})
    assert len(evidence.bodies) <= 64
    evidence = asked([[[f"v{number}x"] * 20] * 20 for number in range(100)])
    for number in range(200):
        evidence.asked(Request("GET", "/", f"q={number}"), MISSING)
        evidence.asked(Request("GET", "/", "q" * 10_000), MISSING)
        evidence.answered(200, frozenset(f"n{number}x{each}" for each in range(50)))
        evidence.made(f"x{number}_id", range(number * 10))
        evidence.made(f"x{number}_token", ["t" * 10_000, *map(str, range(number * 10))])
        evidence.presented((f"x-{number}-token", f"Bearer {each}") for each in range(number))
        evidence.parted(0, f"{number}")
        evidence.parted(1, "x" * 10_000)
    assert len(evidence.members) <= 128
    assert len(evidence.produced) <= 64
    assert len(evidence.issued) <= 16
    assert len(evidence.credentials) <= 16
    assert evidence.weight < 200_000
    evidence.narrow(4)
    assert evidence.weight < 3_000


def test_secrets_are_kept_beside_what_names_things() -> None:
    evidence = Evidence()
    evidence.made("access_token", {"abc123"})
    evidence.made("api_key", {"def456"})
    evidence.presented({("authorization", "Bearer abc123"), ("x-api-key", "def456")})
    assert {name: sample.values() for name, sample in evidence.issued.items()} == {"access_token": {"abc123"}}
    assert {name: sample.values() for name, sample in evidence.produced.items()} == {"api_key": {"def456"}}
    assert {name: sample.values() for name, sample in evidence.credentials.items()} == {
        "authorization": {"abc123"},
        "x-api-key": {"def456"},
    }


def test_a_map_is_not_taken_for_members() -> None:
    evidence = Evidence()
    evidence.answered(200, frozenset(f"key{number}" for number in range(100_000)))
    assert evidence.members == set()
    assert evidence.answers == {200: 1}


def test_errors_do_not_tell_members() -> None:
    evidence = Evidence()
    evidence.answered(404, frozenset({"message"}))
    assert evidence.members == set()
