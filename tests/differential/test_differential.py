"""A seeded run of the comparison with the reference; `run.py` does larger ones."""

from collections import Counter

import pytest

from tests.differential.cases import CaseMaker
from tests.differential.comparison import DELIBERATE, compare

CASES = 600


@pytest.mark.parametrize("seed", [20_261_120])
def test_the_verdicts_agree_with_the_reference(seed: int) -> None:
    cases = list(CaseMaker(seed).cases(CASES))
    found = compare(cases)
    unexplained = "\n\n".join(str(each) for each in found if not each.reason)
    assert not unexplained, unexplained
    assert len(found) <= CASES // 100


def test_cases_are_of_all_kinds_and_both_verdicts_and_repeatable() -> None:
    cases = list(CaseMaker(3).cases(CASES))
    assert len(Counter(case.kind for case in cases)) == 9
    assert {case.is_request for case in cases} == {True, False}
    assert cases == list(CaseMaker(3).cases(CASES))


def test_every_deliberate_difference_is_documented(request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs/conformance.md").read_text()
    assert all(f"| {reason} |" in page for reason in DELIBERATE)
