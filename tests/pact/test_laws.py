"""Laws that hold for every contract: nothing is lost that is not listed."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from pact_recorder.pact import Contract, contract_to_json, format_contract, format_json, read_contract
from tests.pact.strategies import any_contracts, contracts, interactions

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def without_implied_transport(contract: Contract) -> Contract:
    """Every interaction before V4 is HTTP: that its transport is `http` needs no saying."""
    return replace(
        contract,
        interactions=tuple(
            replace(entry, transport=None if entry.transport == "http" else entry.transport)
            for entry in contract.interactions
        ),
    )


@unhurried
@given(any_contracts)
def test_v4_keeps_everything(contract: Contract) -> None:
    document, lost = contract_to_json(contract, 4)
    assert lost == []
    assert read_contract(format_json(document), "x") == contract


@unhurried
@given(contracts(interactions))
def test_v3_loses_only_what_it_lists(contract: Contract) -> None:
    check_loss(contract, 3)


@unhurried
@given(contracts(interactions))
def test_v2_loses_only_what_it_lists(contract: Contract) -> None:
    check_loss(contract, 2)


def check_loss(contract: Contract, version) -> None:
    document, lost = contract_to_json(contract, version)
    back = read_contract(format_json(document), "x")
    before = without_implied_transport(contract)
    assert len(back.interactions) == len(before.interactions)
    for number, (old, new) in enumerate(zip(before.interactions, back.interactions, strict=True), start=1):
        noted = any(line.startswith(f"interaction {number}") for line in lost)
        assert (old == new) is not noted, (lost, old, new)
    assert replace(back, interactions=()) == replace(before, interactions=())


@unhurried
@given(any_contracts)
def test_a_second_trip_changes_nothing_more(contract: Contract) -> None:
    for version in (2, 3, 4):
        once = read_contract(format_contract(contract, version), "x")
        assert read_contract(format_contract(once, version), "x") == once
