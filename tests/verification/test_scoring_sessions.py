import json
import random

from builders import exchange, request, response
from promising import asks, contract, interaction, rule, says

from pact_recorder.http import Exchange
from pact_recorder.verification import GivenMutant, Mutant, Seen, Share, of_provider, score_contract
from pact_recorder.verification.mutant import BREAKING, NON_BREAKING, STRONG

TYPES = contract(
    interaction(
        "GET /users/{id}",
        asks("/users/1", r"/users/\d+"),
        says({"id": 1, "name": "a", "site": None}, root=rule("type")),
    )
)


def seen(*exchanges: Exchange) -> list[Seen]:
    return [Seen(each, f"s#{number}") for number, each in enumerate(exchanges, start=1)]


def users(count: int) -> list[Seen]:
    """Users, some of whom have a site."""
    documents = (
        {"id": n, "name": f"Name {n}", "site": f"https://n{n}.example/" if n % 2 else None} for n in range(count)
    )
    return seen(
        *(exchange(request("GET", f"/users/{n}"), json.dumps(each).encode()) for n, each in enumerate(documents))
    )


def test_one_type_rule_over_one_sample() -> None:
    score = score_contract(TYPES, users(20), 1)
    assert score.coverage == Share(20, 20)
    assert score.acceptance == Share(10, 20), "a null that is a text in others"
    breaking = score.mutants.right(BREAKING, STRONG, of_accepted=True)
    assert breaking.whole > 100 and breaking.part / breaking.whole > 0.8
    # Siblings tell that null and text are both fine there.
    assert ("breaking", "strong", "type_changed") in score.mutants.kinds()
    assert not [each for each in score.missed if each.path == "$.site" and each.severity == STRONG]
    assert ("non-breaking", "strong", "nullable_null") in score.mutants.kinds()


def test_neither_order_nor_names_of_exchanges_count() -> None:
    exchanges = users(90)
    shuffled = list(exchanges)
    random.Random(1).shuffle(shuffled)
    first, second = (score_contract(TYPES, each, 1, changed=10).to_json() for each in (exchanges, shuffled))
    assert first["mutants"] == second["mutants"]
    assert first["kinds"] == second["kinds"]
    assert score_contract(TYPES, exchanges, 2, changed=10).to_json()["kinds"] != first["kinds"]


def test_how_many_answers_are_changed() -> None:
    def mutated(changed: int) -> int:
        return (
            score_contract(TYPES, users(100), 1, changed=changed)
            .mutants.kinds()
            .get(("non-breaking", "strong", "reason_phrase"), Share(0, 0))
            .whole
        )

    assert [mutated(0), mutated(1), mutated(10), mutated(1000)] == [0, 2, 10, 40]


def test_given_mutants_are_judged_besides() -> None:
    given = [
        GivenMutant(request("GET", "/users/5"), Mutant("mine", BREAKING, STRONG, "$", "", response(b"[]")), "line 1"),
        GivenMutant(request("GET", "/none"), Mutant("mine", BREAKING, STRONG, "$", "", response(b"[]")), "line 2"),
        GivenMutant(
            request("GET", "/users/5"), Mutant("mine too", NON_BREAKING, STRONG, "$", "", response(b"{}")), "line 3"
        ),
    ]
    score = score_contract(TYPES, users(2), 1, given, changed=0)
    assert score.mutants.kinds() == {
        (BREAKING, STRONG, "mine"): Share(0, 1),
        (NON_BREAKING, STRONG, "mine too"): Share(0, 1),
    }
    assert "mine too" in {each.cause for each in score.alarms}


def test_which_exchanges_a_contract_is_about() -> None:
    exchanges = users(2)
    named, other = contract(), contract(provider="users")
    elsewhere = Seen(exchange(request("GET", "/x")), "e")
    asked = elsewhere.exchange.request
    mixed = [*exchanges, Seen(Exchange(type(asked)("GET", "/x", host="cdn.example"), response()), "c")]
    assert of_provider(mixed, named, None) == exchanges
    assert of_provider(mixed, other, None) == mixed
    assert of_provider(mixed, other, " CDN.example ") == mixed[2:]
    assert of_provider(mixed, named, "nowhere") == []
