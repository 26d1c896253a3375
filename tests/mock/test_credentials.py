"""Whose answer a recorded one is: known clients get their own, unknown ones what they always got."""

import time

import pytest
from builders import Shelf, exchange, request

from pact_recorder.http import Exchange, Request
from pact_recorder.mock import Exhausted, Expectations
from pact_recorder.mock.credentials import credentials_in

Field = tuple[str, str]


def bearer(token: str) -> Field:
    return ("Authorization", f"Bearer {token}")


def cookie(text: str) -> Field:
    return ("Cookie", text)


def asked(*fields: Field) -> Request:
    return request("GET", "/me", None, *fields)


def recorded(*answers: tuple[Field, str] | tuple[Field, Field, str]) -> Expectations:
    """Answers to one request, each with the fields it was recorded with."""
    return Shelf().add(*map(one, answers))


def one(answer: tuple[Field, str] | tuple[Field, Field, str]) -> Exchange:
    *fields, text = answer
    return exchange(asked(*fields), text.encode())  # type: ignore[arg-type]


def gets(
    expectations: Expectations,
    *fields: Field,
    policy: Exhausted = Exhausted.REPEAT_LAST,
    unredacted: Request | None = None,
) -> str:
    found = expectations.answer(asked(*fields), None, 0.0, policy, unredacted)
    body = getattr(found, "body", None)
    return body.content.decode() if body is not None else str(getattr(found, "reason", found))


ADA, BOB = bearer("REDACTED-authorization-1"), bearer("REDACTED-authorization-2")


@pytest.mark.parametrize(
    ("ada", "bob"),
    [
        (ADA, BOB),
        (bearer("tok-ada"), bearer("tok-bob")),
        (("X-Api-Key", "1"), ("X-Api-Key", "2")),
        (cookie("sid=1"), cookie("sid=2")),
        (cookie("lang=en; _shop_session=1"), cookie("lang=en; _shop_session=2")),
        (cookie("visitor=REDACTED-visitor-1"), cookie("visitor=REDACTED-visitor-2")),
    ],
)
def test_a_known_client_gets_its_own_answers_in_order(ada: Field, bob: Field) -> None:
    expectations = recorded((ada, "ada 1"), (bob, "bob 1"), (ada, "ada 2"), (bob, "bob 2"))
    assert [gets(expectations, each) for each in (bob, ada, bob, bob, ada, ada)] == [
        "bob 1",
        "ada 1",
        "bob 2",
        "bob 2",
        "ada 2",
        "ada 2",
    ]
    assert len(expectations) == 1


def test_an_unknown_client_gets_all_answers_in_recorded_order() -> None:
    expectations = recorded((ADA, "1"), (BOB, "2"), (ADA, "3"))
    assert gets(expectations, BOB) == "2"
    assert [gets(expectations, bearer("other")) for _ in range(4)] == ["1", "2", "3", "3"]
    assert gets(expectations, ADA) == "1"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Exhausted.REPEAT_LAST, ["1", "3", "3", "3"]),
        (Exhausted.CYCLE, ["1", "3", "1", "3"]),
        (Exhausted.MISS, ["1", "3", "exhausted", "exhausted"]),
    ],
)
def test_what_follows_the_last_answer_is_decided_for_each_client(policy: Exhausted, expected: list[str]) -> None:
    expectations = recorded((ADA, "1"), (BOB, "2"), (ADA, "3"))
    assert [gets(expectations, ADA, policy=policy) for _ in expected] == expected
    assert gets(expectations, BOB, policy=policy) == "2"


def test_what_is_recorded_later_follows_for_its_client() -> None:
    shelf = Shelf()
    expectations = shelf.add(one((ADA, "1")), one((BOB, "2")))
    policy = Exhausted.MISS
    assert [gets(expectations, ADA, policy=policy) for _ in range(2)] == ["1", "exhausted"]
    shelf.add(one((BOB, "3")), one((ADA, "4")))
    assert [gets(expectations, ADA, policy=policy) for _ in range(2)] == ["4", "exhausted"]
    assert [gets(expectations, BOB, policy=policy) for _ in range(2)] == ["2", "3"]
    expectations.recorded.rewind()
    assert gets(expectations, ADA, policy=policy) == "1"


def test_the_same_answer_several_times_in_a_row_is_given_as_often() -> None:
    expectations = recorded((ADA, "wait"), (BOB, "other"), (ADA, "wait"), (ADA, "done"))
    assert [gets(expectations, ADA) for _ in range(3)] == ["wait", "wait", "done"]


@pytest.mark.parametrize(
    "renewed",
    [
        "_ga={}-0123456789; sid=A",
        "count={}; visitor=long-enough-A",
        "csrftoken=0123456789{}; sid=A",
    ],
)
def test_what_is_renewed_at_every_request_chooses_nothing_beside_what_stays(renewed: str) -> None:
    """Nor when it comes again with what another client sent."""
    bob = renewed.replace("A", "B")
    answers = [(cookie(text.format(number)), f"{text[-1]} {number}") for text in (renewed, bob) for number in range(3)]
    expectations = recorded(*answers)
    for number, expected in [(2, "B 0"), (1, "B 1"), (9, "B 2")]:
        assert gets(expectations, cookie(bob.format(number))) == expected
    assert [gets(expectations, cookie(renewed.format(number))) for number in (8, 7, 6)] == ["A 0", "A 1", "A 2"]


def test_a_session_cookie_that_is_renewed_is_followed_and_never_needed() -> None:
    answers = [(cookie(f"sid={number}"), str(number)) for number in range(3)]
    assert [gets(recorded(*answers), cookie(f"sid={number}")) for number in range(3)] == ["0", "1", "2"]
    fresh = recorded(*answers)
    assert [gets(fresh, cookie(f"sid=new-{number}")) for number in range(3)] == ["0", "1", "2"]


def test_of_several_credentials_as_many_as_possible_count() -> None:
    key = ("X-Api-Key", "app")
    expectations = recorded((key, ADA, "ada"), (key, BOB, "bob"), (("X-Api-Key", "other"), BOB, "bob elsewhere"))
    assert gets(expectations, key, BOB) == "bob"
    assert gets(expectations, ("X-Api-Key", "other"), BOB) == "bob elsewhere"
    assert gets(expectations, ("X-Api-Key", "other"), ADA) == "ada"
    assert [gets(expectations, ("X-Api-Key", "unknown"), BOB) for _ in range(2)] == ["bob", "bob elsewhere"]
    assert [gets(expectations, key, bearer("unknown")) for _ in range(2)] == ["ada", "bob"]


def test_a_session_without_redaction_knows_them_as_they_came() -> None:
    expectations = recorded((bearer("tok-ada"), "ada"), (bearer("tok-bob"), "bob"))
    assert gets(expectations, bearer("REDACTED-authorization-7"), unredacted=asked(bearer("tok-bob"))) == "bob"


def test_short_cookies_are_known_for_such_as_they_came() -> None:
    redacted = asked(cookie("lang=REDACTED-lang-1; visitor=REDACTED-visitor-1"))
    shown = credentials_in(redacted, asked(cookie("lang=en; visitor=0123456789")))
    assert credentials_in(asked(cookie("visitor=REDACTED-visitor-1"))) < shown
    assert credentials_in(asked(cookie("lang=REDACTED-lang-1"))).isdisjoint(shown)
    assert credentials_in() == credentials_in(asked()) == frozenset()


def test_a_first_answer_is_read_only_when_a_known_client_may_want_another() -> None:
    exchanges = [one((ADA, "1")), one((BOB, "2"))]
    loaded: list[int] = []

    def load(reference: int) -> Exchange:
        loaded.append(reference)
        return exchanges[reference]

    expectations = Expectations(load)
    for place, each in enumerate(exchanges):
        expectations.add_recorded(each, place, live=True)
    assert not loaded
    assert gets(expectations, BOB) == "2"
    assert loaded == [0, 1]


def test_a_client_costs_the_same_however_many_there_are() -> None:
    """Each of very many with a session cookie that is renewed; a look at all for each would take many minutes."""
    many = 20_000
    steady = ("X-Api-Key", "app")
    names = ("sid", "session")
    exchanges = [
        one((steady, cookie(f"theme=dark; {names[number % 2]}={number}"), str(number))) for number in range(many)
    ]
    expectations = Expectations(exchanges.__getitem__)
    for place, each in enumerate(exchanges):
        expectations.add_recorded(each, place)
    began = time.process_time()
    for number in range(many):
        assert gets(expectations, steady, cookie(f"theme=light; {names[number % 2]}={number}")) == str(number)
    for number in range(0, many, 10):
        # Two that no request had together.
        assert gets(expectations, steady, cookie(f"sid={number}; session={number + 1}")) == str(number)
    assert [gets(expectations, steady, cookie("sid=new")) for _ in range(3)] == ["0", "1", "2"]
    assert time.process_time() - began < 60
