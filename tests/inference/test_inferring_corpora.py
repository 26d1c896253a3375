"""Contracts inferred from real traffic: true of every sample, the same in any order, and read by the reference."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from corpora import NAMES, Corpus
from recorded_traffic import by_provider

from pact_recorder.http import Exchange
from pact_recorder.inference import infer
from pact_recorder.matching import match_request, match_response
from pact_recorder.mock.contracts import example_request, example_response
from pact_recorder.pact import Contract, Interaction, format_contract, read_contract
from pact_recorder.verification import Scorer

pytestmark = pytest.mark.corpus

EVERY_CORPUS = pytest.mark.parametrize("name", NAMES)


def inferred(exchanges: Sequence[Exchange], provider: str) -> Contract:
    """The contract as its document is read again."""
    return read_contract(format_contract(infer(exchanges, "consumer", provider).contract), provider)


@EVERY_CORPUS
def test_every_recorded_sample_satisfies_the_contract(name: str, shared: Path) -> None:
    for provider, exchanges in by_provider(Corpus(name, shared).path).items():
        scorer = Scorer(inferred(exchanges, provider))
        for number, each in enumerate(exchanges):
            scorer.add(each, (), str(number))
        score = scorer.score()
        assert (score.coverage.part, score.acceptance.part) == (len(exchanges), len(exchanges)), score


@EVERY_CORPUS
def test_the_examples_of_a_contract_satisfy_its_rules(name: str, shared: Path) -> None:
    for provider, exchanges in by_provider(Corpus(name, shared).path).items():
        for each in inferred(exchanges, provider).interactions:
            assert isinstance(each, Interaction)
            assert match_request(each.request, example_request(each.request)) == [], each.description
            assert match_response(each.response, example_response(each.response)) == [], each.description


@EVERY_CORPUS
def test_the_order_of_exchanges_makes_no_difference(name: str, shared: Path) -> None:
    for provider, exchanges in by_provider(Corpus(name, shared).path).items():
        shuffled = random.Random(7).sample(exchanges, len(exchanges))
        assert format_contract(infer(exchanges, "c", provider).contract) == format_contract(
            infer(shuffled, "c", provider).contract
        )
