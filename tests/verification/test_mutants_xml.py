import time

import pytest
from builders import exchange, request
from mutating import mutants

from pact_recorder.http import Body, Headers, Response
from pact_recorder.verification import Mutant
from pact_recorder.verification.mutant import BREAKING, NON_BREAKING, STRONG, WEAK

TEXT = '<?xml version="1.0"?>\n<order id="1"><at>2021-03-04</at><item n="1">a b</item><item>c d</item></order>'


def xml_mutants(text: str, target: str = "/") -> dict[str, Mutant]:
    answer = Response(200, "", Headers([("Content-Type", "text/xml")]), Body(text.encode()))
    return mutants(exchange(request("GET", target), answer))


def content(mutant: Mutant) -> str:
    assert mutant.response.body is not None
    return mutant.response.body.content.decode()


@pytest.mark.parametrize(
    ("kind", "label", "severity", "before", "after"),
    [
        ("xml_element_removed", BREAKING, WEAK, "<at>2021-03-04</at>", ""),
        ("xml_element_renamed", BREAKING, STRONG, "<at>2021-03-04</at>", "<atNew>2021-03-04</atNew>"),
        ("xml_value_format_lost", BREAKING, WEAK, "<at>2021-03-04</at>", "<at>n/a</at>"),
    ],
)
def test_the_only_element_of_a_name(kind: str, label: str, severity: str, before: str, after: str) -> None:
    found = xml_mutants(TEXT)[kind]
    assert (found.label, found.severity, found.path) == (label, severity, "at")
    assert content(found) == TEXT.replace(before, after)


def test_an_element_more_and_another_value() -> None:
    found = xml_mutants(TEXT)
    assert content(found["xml_extra_element"]).replace("<xNewElement>1</xNewElement>", "") == TEXT
    assert found["xml_extra_element"].label == NON_BREAKING
    assert len(content(found["xml_other_value"])) == len(TEXT)
    assert content(found["xml_other_value"]) != TEXT
    assert found["xml_truncated"].label == BREAKING


def test_values_that_are_left_alone() -> None:
    assert "xml_other_value" not in xml_mutants("<a><b>word</b><c>7 8</c><d>REDACTED-d-1</d></a>", "/x/7 8")
    assert xml_mutants("not xml at all").keys() & {"xml_element_removed", "xml_extra_element"} == set()


def test_hostile_text_costs_little() -> None:
    started = time.perf_counter()
    for text in ("<a " * 300_000, "<a>" * 300_000, "<a>x</b>" * 100_000, "<a>" + " " * 500_000 + "</b>"):
        xml_mutants(text)
    assert time.perf_counter() - started < 10
