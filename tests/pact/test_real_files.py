"""Contracts found in public repositories: every one is read, and comes back as it was."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pact_recorder.pact import (
    Contract,
    Interaction,
    contract_to_json,
    format_contract,
    load_contract,
    parse_version,
    read_contract,
)

FOLDER = Path(__file__).parents[2] / "../shared/data/pacts"
FILES = sorted(FOLDER.glob("*.json"))

pytestmark = pytest.mark.skipif(not FILES, reason="the shared contract files are not there")


def without_query_text(contract: Contract) -> Contract:
    return replace(
        contract,
        interactions=tuple(
            replace(entry, request=replace(entry.request, query_text=None)) if isinstance(entry, Interaction) else entry
            for entry in contract.interactions
        ),
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_v4_holds_all_of_it(path: Path) -> None:
    contract = load_contract(path)
    document = json.loads(path.read_bytes())
    assert len(contract.interactions) == len(document.get("interactions", [])) + len(document.get("messages", []))
    assert read_contract(format_contract(contract, 4), "x") == without_query_text(contract)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_own_version_loses_nothing(path: Path) -> None:
    contract = without_query_text(load_contract(path))
    version = max(2, parse_version(contract.specification)[0])
    document, lost = contract_to_json(contract, version)
    assert lost == []
    assert read_contract(document, "x") == contract


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_members_survive_in_the_document_itself(path: Path) -> None:
    contract = load_contract(path)
    before = json.loads(path.read_bytes())
    after = json.loads(format_contract(contract, max(2, parse_version(contract.specification)[0])))
    for member in ("consumer", "provider", "_links"):
        assert after.get(member) == before.get(member)
    for old, new in zip(before.get("interactions", []), after.get("interactions", []), strict=True):
        for member in (
            "description",
            "key",
            "comments",
            "interactionMarkup",
            "pluginConfiguration",
            "_id",
            "transport",
        ):
            assert new.get(member) == old.get(member)
