import json

from pact_recorder.verification import SCORED, ContractScore, MutantTally, OperationScore, Share, total
from pact_recorder.verification.mutant import BREAKING, NON_BREAKING, STRONG

TALLY = MutantTally(
    {
        ("field_removed", BREAKING, STRONG, True, False): 3,
        ("field_removed", BREAKING, STRONG, True, True): 1,
        ("field_removed", BREAKING, STRONG, False, False): 4,
        ("extra_field", NON_BREAKING, STRONG, True, True): 2,
        ("extra_field", NON_BREAKING, STRONG, None, False): 1,
    }
)


def test_shares() -> None:
    assert Share(1, 4).value == 0.25
    assert Share(0, 0).value is None
    assert Share(1, 2) + Share(2, 3) == Share(3, 5)
    assert Share(1, 3).to_json() == {"part": 1, "whole": 3, "share": 0.3333}


def test_what_is_right_depends_on_the_label() -> None:
    assert TALLY.right(BREAKING, STRONG) == Share(7, 8)
    assert TALLY.right(BREAKING, STRONG, of_accepted=True) == Share(3, 4)
    assert TALLY.right(NON_BREAKING, STRONG) == Share(2, 3)
    assert TALLY.kinds()[BREAKING, STRONG, "field_removed"] == Share(1, 8)
    assert total([TALLY, TALLY]).right(BREAKING, STRONG) == Share(14, 16)
    assert set(TALLY.to_json()) == {f"{label} {severity}" for label, severity in SCORED}


def test_a_score_sums_its_operations() -> None:
    operations = (OperationScore("a", 5, 4, 3, TALLY), OperationScore("b", 1, 1, 1, MutantTally()))
    score = ContractScore(operations, 4, (), (), ())
    assert (score.coverage, score.acceptance) == (Share(5, 10), Share(4, 5))
    assert score.mutants.right(BREAKING, STRONG) == Share(7, 8)
    document = json.loads(json.dumps(score.to_json()))
    assert document["coverage"] == {"part": 5, "whole": 10, "share": 0.5}
    assert [each["operation"] for each in document["operations"]] == ["a", "b"]
    assert document["operations"][0]["covered"] == 4
