import pytest

from pact_recorder.cli.exporting_tables import Written, advice, result_lines
from pact_recorder.inference.findings import Finding
from pact_recorder.inference.report import InteractionReport, OperationReport, Report
from pact_recorder.pact import Contract
from pact_recorder.server import Exported


def operation(name: str, samples: int, *pieces: str, left_out: int = 0) -> OperationReport:
    findings = (*(Finding(f"$.{place}", None, 1) for place in range(left_out)), Finding("$.kept", "text", 1))
    interaction = InteractionReport(name, 200, samples, (), (), findings, "")
    return OperationReport(name, samples, {200: samples}, (), (), (interaction,), pieces)


def report(*operations: OperationReport) -> Report:
    return Report("web", "shop", operations)


def written(found: Report | None, *left_out: str, lost: tuple[str, ...] = ()) -> Written:
    return Written(Exported(("shop.test",), Contract("web", "shop"), left_out, found), "pacts/web-shop.json", lost)


def test_advice_that_concerns_most_operations_comes_first() -> None:
    reports = [
        report(operation("GET /a", 9, "record errors", "record more"), operation("GET /b", 1, "record errors")),
        report(operation("GET /c", 50, "add items"), operation("GET /d", 3, "record errors", "one value")),
    ]
    assert advice(reports) == [
        "GET /a and 2 more operations: record errors",
        "GET /c: add items",
        "GET /a: record more",
    ]
    assert len(advice(reports, 1)) == 1
    assert advice([]) == []


def test_the_table_of_inferred_contracts() -> None:
    found = report(operation("GET /a", 1, left_out=2), operation("GET /b", 4))
    lines = list(result_lines([written(found, "one", lost=("two",))], ["/film"]))
    assert lines == [
        "provider  operations  interactions  samples  guessed  left out  places left out  contract",
        "shop               2             0        5        1         2                2  pacts/web-shop.json",
        "left out of shop: one",
        "left out of shop: two",
        "places left out: members, parameters and headers that no rule speaks of; --json and --report list them",
        "left out because it was recorded only in part: /film",
    ]


def test_the_table_of_literal_contracts() -> None:
    assert list(result_lines([written(None)], [])) == [
        "provider  interactions  left out  contract",
        "shop                 0         0  pacts/web-shop.json",
    ]


def test_many_sentences_are_counted() -> None:
    lines = list(result_lines([written(None, *map(str, range(100)))], []))
    assert lines[-1] == "left out of shop: and 80 more sentences (see --json)"
    assert len(lines) == 23


@pytest.mark.parametrize("given", [True, False])
def test_the_result_for_programs(given: bool) -> None:
    document = written(report(operation("GET /a", 1, left_out=2)) if given else None, "one").to_json()
    assert (document["provider"], document["hosts"], document["left_out"]) == ("shop", ["shop.test"], ["one"])
    places = [{"interaction": "GET /a", "place": f"$.{place}", "why": ""} for place in range(2)]
    assert document.get("places_left_out") == (places if given else None)
    assert document.get("samples") == (1 if given else None)


def test_foreign_text_cannot_steer_the_terminal() -> None:
    lines = list(result_lines([written(report(operation("GET /\x1b[2J", 1, "do\x1b[2J")), "\x1b[2J")], ["/\x1b[2J"]))
    assert all("\x1b" not in line for line in lines)
