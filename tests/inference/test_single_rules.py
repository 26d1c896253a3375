"""For Pact V2 alternatives become one rule, and every sample still satisfies the contract."""

from __future__ import annotations

import json

import pytest
from builders import exchange, request, response

from pact_recorder.inference import infer
from pact_recorder.inference.single_rules import with_single_rules
from pact_recorder.matching import JsonValue, match_response
from pact_recorder.pact import Contract, Interaction, format_contract, read_contract


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        (["bob", None], []),
        ([1, None], ["x", True]),
        ([1.5, 2, None], ["x"]),
        ([True, None], []),
        (["x", 1, None], []),
        (["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", None], ["soon", 5]),
    ],
)
def test_every_sample_satisfies_the_contract_of_v2(values: list[JsonValue], refused: list[JsonValue]) -> None:
    samples = [exchange(request("GET", "/a"), json.dumps({"v": value}).encode()) for value in values]
    [inferred] = infer(samples, "web", "api").contract.interactions
    assert isinstance(inferred, Interaction)
    contract = Contract("web", "api", (with_single_rules(inferred),))
    [written] = read_contract(format_contract(contract, 2), "contract.json").interactions
    assert isinstance(written, Interaction)
    for sample in samples:
        assert match_response(written.response, sample.response) == []
    for value in refused:
        assert match_response(written.response, response(json.dumps({"v": value}).encode())) != []
