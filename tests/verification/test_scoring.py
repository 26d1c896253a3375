import json

from builders import exchange, request, response
from promising import asks, contract, interaction, rule, says

from pact_recorder.http import Exchange, Response
from pact_recorder.verification import Mutant, Scorer, Share
from pact_recorder.verification.mutant import AMBIGUOUS, BREAKING, NON_BREAKING, STRONG, WEAK
from pact_recorder.verification.scoring import NO_INTERACTION

USERS = contract(
    interaction("GET /users/{id}", asks("/users/1", r"/users/\d+"), says({"id": 1, "name": "a"}, root=rule("type"))),
    interaction("GET /users/{id} (404)", asks("/users/1", r"/users/\d+"), says({"error": "x"}, 404, root=rule("type"))),
    interaction("GET /me", asks("/me"), says({"id": 1})),
)


def got(target: str, document: object, status: int = 200) -> Exchange:
    return exchange(request("GET", target), answer(document, status))


def answer(document: object, status: int = 200) -> Response:
    return response(json.dumps(document).encode(), status)


def test_covered_accepted_and_refused() -> None:
    scorer = Scorer(USERS)
    assert scorer.add(got("/users/7", {"id": 7, "name": "b"})).accepted
    assert scorer.add(got("/users/8", {"error": "gone"}, 404)).accepted
    assert not scorer.add(got("/users/9", {"id": 9}), example="s#3").accepted
    assert scorer.add(got("/users/bob", {})) is None
    assert scorer.add(got("/me?x=1", {})) is None
    score = scorer.score()
    assert (score.coverage, score.acceptance) == (Share(3, 5), Share(2, 3))
    assert [(each.name, each.exchanges, each.covered, each.accepted) for each in score.operations] == [
        ("GET /users/{id}", 3, 3, 2)
    ]
    (alarm,) = score.alarms
    assert (alarm.description, alarm.path, alarm.example) == ("GET /users/{id}", "$", "s#3")
    assert "name" in alarm.sentence
    assert [(each.path, each.count) for each in score.uncovered] == [("/me", 1), ("/users/bob", 1)]
    assert score.uncovered[0].reason == "Unexpected query parameter 'x' received"
    assert score.uncovered[1].reason == NO_INTERACTION


def test_a_refusal_is_explained_by_the_interaction_of_its_status() -> None:
    scorer = Scorer(USERS)
    judgement = scorer.add(got("/users/9", {"message": "gone", "code": 1}, 404))
    assert judgement.promise.interaction.description == "GET /users/{id} (404)"


def test_mutants_are_judged_beside_their_answer() -> None:
    scorer = Scorer(USERS)
    mutants = [
        Mutant("status_class_to_5xx", BREAKING, STRONG, "status", "", answer({}, 500)),
        Mutant("field_removed", BREAKING, STRONG, "$.name", "$.name is absent", answer({"id": 7})),
        Mutant("enum_unknown", BREAKING, WEAK, "$.name", "n", answer({"id": 7, "name": "zz"})),
        Mutant("extra_field", NON_BREAKING, STRONG, "$", "", answer({"id": 7, "name": "b", "x": 1})),
        Mutant("nullable_null", NON_BREAKING, STRONG, "$.name", "", answer({"id": 7, "name": None})),
        Mutant("array_emptied", AMBIGUOUS, WEAK, "$", "", answer([])),
    ]
    scorer.add(got("/users/7", {"id": 7, "name": "b"}), mutants, "s#1")
    scorer.add(got("/users/8", {"id": 8}), mutants[3:5], "s#2")
    scorer.add(got("/none", {}), mutants)
    score = scorer.score()
    assert score.mutants.right(BREAKING, STRONG) == Share(2, 2)
    assert score.mutants.right(BREAKING, WEAK) == Share(0, 1)
    assert score.mutants.right(NON_BREAKING, STRONG) == Share(2, 4)
    assert score.mutants.right(NON_BREAKING, STRONG, of_accepted=True) == Share(1, 2)
    assert score.mutants.kinds()[AMBIGUOUS, WEAK, "array_emptied"] == Share(0, 1)
    assert [(each.kind, each.path, each.note, each.example) for each in score.missed] == [
        ("enum_unknown", "$.name", "n", "s#1")
    ]
    # The mutants of a refused answer raise no alarms of their own.
    assert sorted((each.cause, each.count) for each in score.alarms) == [("nullable_null", 1), ("recorded answer", 1)]


def test_a_mutant_alone() -> None:
    scorer = Scorer(USERS)
    mutant = Mutant("field_removed", BREAKING, STRONG, "$.id", "", answer({}))
    assert not scorer.add_mutant(request("GET", "/users/3"), mutant).accepted
    assert scorer.add_mutant(request("GET", "/none"), mutant) is None
    score = scorer.score()
    assert score.mutants.right(BREAKING, STRONG) == Share(1, 1)
    assert score.coverage == Share(0, 0)


def test_operations_of_ones_own() -> None:
    scorer = Scorer(USERS)
    scorer.add(got("/users/7", {"id": 7, "name": "b"}), operation="get a user")
    scorer.add(got("/users/bob", {}), operation="get a user")
    (operation,) = scorer.score().operations
    assert (operation.name, operation.exchanges, operation.covered) == ("get a user", 2, 1)
    assert scorer.score().coverage == Share(1, 2)


def test_a_redacted_recording_of_a_contract_made_otherwise() -> None:
    scorer = Scorer(contract(interaction("GET /me", asks("/me"), says({"token": "abc", "name": "a"}))))
    assert scorer.add(got("/me", {"token": "REDACTED-token-1", "name": "a"})).accepted
    assert not scorer.add(got("/me", {"token": "REDACTED-token-1", "name": "b"})).accepted


def test_what_is_not_covered_stays_bounded() -> None:
    scorer = Scorer(USERS)
    for number in range(3_000):
        scorer.add(got(f"/other/{number}", {}))
    assert scorer.score().coverage == Share(0, 3_000)
    assert len(scorer.score().uncovered) == 1_000
