"""Contract documents: the model in memory, reading every version, writing V2 to V4, merging, and files."""

from pact_recorder.pact.files import contract_file_name, load_contract, write_contract
from pact_recorder.pact.json_text import ExactNumber, format_json, parse_json
from pact_recorder.pact.merging import CONFLICT_CHOICES, OnConflict, merge_contracts
from pact_recorder.pact.model import (
    AnyInteraction,
    Contract,
    Interaction,
    MessageInteraction,
    ProviderState,
    SyncMessageInteraction,
)
from pact_recorder.pact.reading import parse_version, read_contract, read_message, read_request, read_response
from pact_recorder.pact.writing import SPECIFICATIONS, SpecVersion, contract_to_json, format_contract

__all__ = [
    "CONFLICT_CHOICES",
    "SPECIFICATIONS",
    "AnyInteraction",
    "Contract",
    "ExactNumber",
    "Interaction",
    "MessageInteraction",
    "OnConflict",
    "ProviderState",
    "SpecVersion",
    "SyncMessageInteraction",
    "contract_file_name",
    "contract_to_json",
    "format_contract",
    "format_json",
    "load_contract",
    "merge_contracts",
    "parse_json",
    "parse_version",
    "read_contract",
    "read_message",
    "read_request",
    "read_response",
    "write_contract",
]
