"""Mutants of real answers: what their labels say is so for the contract that says each answer word for word."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from corpora import Corpus
from recorded_traffic import exchanges_of

from pact_recorder.http import Exchange
from pact_recorder.matching import compile_response
from pact_recorder.mock.translation import expected_response
from pact_recorder.verification.mutant import BREAKING, STRONG
from pact_recorder.verification.mutants import mutants_of
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_profile import Profile

NAMES = ("github-octokit-rb", "linode-linodego", "aws-manageiq", "browser-har-a", "reddit-praw")
SAME_MEANING = {
    "key_order", "whitespace", "unicode_escapes", "reason_phrase", "header_order", "header_case", "header_added",
    "gzip_encoded", "extra_field",
}  # fmt: skip

pytestmark = pytest.mark.corpus


def sampled(path: Path) -> Iterator[Exchange]:
    return islice((each for number, each in enumerate(exchanges_of(path)) if number % 7 == 0), 60)


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_true_of_literal_contracts(name: str, shared: Path) -> None:
    breaking = 0
    for number, exchange in enumerate(sampled(Corpus(name, shared).path)):
        literal = compile_response(expected_response(exchange.response))
        if literal.match(exchange.response):
            continue
        for mutant in mutants_of(exchange, Profile(), Chance.seeded(number)):
            refused = bool(literal.match(mutant.response))
            if mutant.kind in SAME_MEANING:
                assert not refused, (mutant.kind, mutant.note, literal.match(mutant.response)[:2])
            if (mutant.label, mutant.severity) == (BREAKING, STRONG):
                assert refused, (mutant.kind, mutant.note)
                breaking += 1
    assert breaking > 100
