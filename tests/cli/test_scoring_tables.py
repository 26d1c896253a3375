from pact_recorder.cli.scoring_tables import Scored, score_tables
from pact_recorder.pact import Contract
from pact_recorder.verification import Alarm, ContractScore, Missed, MutantTally, OperationScore, Uncovered

TALLY = MutantTally({("field_removed", "breaking", "strong", True, False): 1})


def lines(score: ContractScore) -> list[str]:
    return list(score_tables(Scored("pact.json", Contract("web", "api\x1b[31m"), ["api.example"], score)))


def alarm(path: str, count: int = 1) -> Alarm:
    return Alarm("GET /a", "GET /a", "recorded answer", path, "type at $", "1", '"x"', "because", "s#1", count)


def test_a_score_without_anything_to_say() -> None:
    found = lines(ContractScore((OperationScore("GET /a", 1200, 1200, 1200, TALLY),), 0, (), (), ()))
    assert found[0] == "pact.json (web → api�[31m) against 1,200 exchanges with api.example"
    assert found[3].split() == ["GET", "/a", "1,200", "100.0", "%", "100.0", "%", "0", "100.0", "%", "-", "-", "-"]
    assert found[4].split()[0] == "all"
    assert found[5:] == [""]


def test_long_lists_are_cut() -> None:
    score = ContractScore(
        (),
        25,
        tuple(alarm(f"$.{number}", 500) for number in range(25)),
        tuple(Missed("GET /a", "field_removed", "strong", f"$.{number}", "n", "s#1") for number in range(30)),
        tuple(Uncovered("GET", f"/{number}", "why", 1) for number in range(21)),
    )
    found = lines(score)
    assert [line for line in found if "more line" in line] == [
        "  and 5 more lines (see --json)",
        "  and 10 more lines (see --json)",
        "  and 1 more line (see --json)",
    ]
    assert "  500 × GET /a: recorded answer, $.0" in found
    assert "  1 × GET /0: why" in found


def test_only_strong_changes_are_listed_as_missed() -> None:
    weak = Missed("GET /a", "enum_unknown", "weak", "$", "", "")
    assert not [line for line in lines(ContractScore((), 0, (), (weak,), ())) if "Missed" in line]
