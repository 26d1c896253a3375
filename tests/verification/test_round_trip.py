"""An exported contract always verifies against the expectations that it came from."""

from __future__ import annotations

import pytest
from hypothesis import given

from pact_recorder.http import Exchange
from pact_recorder.mock import Expectations
from pact_recorder.pact import SpecVersion, format_contract, read_contract
from pact_recorder.server import export_contract
from pact_recorder.verification import verify_contract
from tests.verification.strategies import exchange_lists


def recorded(exchanges: list[Exchange]) -> Expectations:
    expectations = Expectations(lambda reference: exchanges[reference])
    for exchange in exchanges:
        expectations.add_recorded(exchange, exchanges.index(exchange))
    return expectations


@pytest.mark.parametrize("version", [3, 4])
@given(exchange_lists())
def test_a_literal_contract_verifies(version: SpecVersion, exchanges: list[Exchange]) -> None:
    expectations = recorded(exchanges)
    export = export_contract(expectations.all(0.0), "consumer", "provider", version=version)
    read = read_contract(format_contract(export.contract, version), "the export")
    report = verify_contract(read, expectations, 0.0)
    assert report.to_json()["interactions"] == [
        {"description": interaction.description, "verified": True} for interaction in export.contract.interactions
    ]
